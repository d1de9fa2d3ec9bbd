// Cells: distinct tuples of codes packed into 32-bit words, each with one or more weights (how many rows it stands for).
import type { Codes } from './table.ts'

/** Where one field lies: its word, and its bits there. */
export interface Field {
  readonly word: number
  readonly shift: number
  readonly mask: number
}

/** `size` tuples; `words[w][i]` and `weights[v][i]` belong to tuple i. Arrays may be longer than `size`. */
export interface Cells {
  readonly size: number
  readonly words: readonly Uint32Array[]
  readonly weights: readonly Uint32Array[]
}

/** Replaces one field: `codes[code]` is the new code, `map[code]` the same shifted into place. */
export interface Step {
  readonly field: Field
  readonly map: Uint32Array
  readonly codes: Uint32Array
  /** Whether every code stays as it is. */
  readonly isIdentity: boolean
}

const bitsFor = (cardinality: number): number => cardinality <= 1 ? 0 : 32 - Math.clz32(cardinality - 1)

/** Places fields of the given cardinalities into as few words as first-fit-decreasing finds, starting at `firstWord`. */
export function layOut(cardinalities: readonly number[], firstWord = 0): { fields: Field[]; words: number } {
  const used: number[] = []
  const fields = new Array<Field>(cardinalities.length)
  const order = cardinalities.map((size, index) => ({ index, bits: bitsFor(size) })).sort((a, b) => b.bits - a.bits || a.index - b.index)
  for (const { index, bits } of order) {
    let word = used.findIndex((taken) => taken + bits <= 32)
    if (word < 0) word = used.push(0) - 1
    const shift = used[word] as number
    fields[index] = { word: firstWord + word, shift: shift === 32 ? 0 : shift, mask: bits === 32 ? 0xffffffff : (1 << bits) - 1 }
    used[word] = shift + bits
  }
  return { fields, words: used.length }
}

/** Packs rows into words: one tuple a row, not yet grouped. `maps[f]` turns the column's codes into the field's codes. */
export function packRows(rows: number, columns: readonly Codes[], fields: readonly Field[], maps: readonly (Codes | undefined)[]): Uint32Array[] {
  const count = fields.reduce((most, field) => Math.max(most, field.word + 1), 1)
  const words = Array.from({ length: count }, () => new Uint32Array(rows))
  fields.forEach((field, index) => {
    const codes = columns[index] as Codes
    const map = maps[index]
    const word = words[field.word] as Uint32Array
    const shift = field.shift
    if (field.mask === 0) return
    if (map === undefined) for (let row = 0; row < rows; row++) word[row] = (word[row] as number) | ((codes[row] as number) << shift)
    else {
      const shifted = new Uint32Array(map.length)
      for (let code = 0; code < shifted.length; code++) shifted[code] = (map[code] as number) << shift
      for (let row = 0; row < rows; row++) word[row] = (word[row] as number) | (shifted[codes[row] as number] as number)
    }
  })
  return words
}

/** The code a tuple holds in a field. */
export function codeAt(cells: Cells, field: Field, index: number): number {
  return ((cells.words[field.word] as Uint32Array)[index] as number) >>> field.shift & field.mask
}

/** The step that maps a field's codes by `map`. */
export function stepOf(field: Field, map: ArrayLike<number>): Step {
  const codes = Uint32Array.from(map)
  const shifted = new Uint32Array(map.length)
  let isIdentity = true
  for (let code = 0; code < codes.length; code++) {
    shifted[code] = (codes[code] as number) << field.shift
    if (codes[code] !== code) isIdentity = false
  }
  return { field, map: shifted, codes, isIdentity }
}
