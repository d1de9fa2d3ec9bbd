// The cells of some whole rows, as places in the bytes they were read from: scanning first, encoding afterwards, column by column, so that each has its own time and one dictionary at a time is in the cache.
// Layout: two numbers a cell, row after row; a start below 0 lies in the unquoted bytes, at its complement. Cost: 8 bytes a cell. Allocates nothing once made.
import type { TextIndex } from './text-index.ts'

/** About so many cells are kept: their places and bytes stay in the nearest cache. */
const CELLS = 1 << 13

export class CellBatch {
  readonly width: number
  readonly mostRows: number
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  #rows = 0
  /** Texts of quoted cells end to end; those of the row under way are not kept until it is whole. */
  #unquoted: Uint8Array = new Uint8Array(256)
  #unquotedEnd = 0
  #keptEnd = 0

  constructor(width: number) {
    this.width = width
    this.mostRows = Math.max(1, Math.floor(CELLS / width))
    this.#starts = new Int32Array(this.mostRows * width)
    this.#ends = new Int32Array(this.mostRows * width)
  }

  get rows(): number {
    return this.#rows
  }

  /** The cell of the row under way lies in the bytes themselves. */
  place(column: number, start: number, end: number): void {
    const at = this.#rows * this.width + column
    this.#starts[at] = start
    this.#ends[at] = end
  }

  /** The cell of the row under way is the first `length` of these bytes, which are copied. */
  placeCopy(column: number, bytes: Uint8Array, length: number): void {
    const start = this.#unquotedEnd
    while (start + length > this.#unquoted.length) this.#unquoted = widened(this.#unquoted)
    for (let i = 0; i < length; i++) this.#unquoted[start + i] = bytes[i] as number
    this.#unquotedEnd += length
    this.place(column, ~start, start + length)
  }

  /** The row under way is whole. */
  keepRow(): void {
    this.#rows++
    this.#keptEnd = this.#unquotedEnd
  }

  /** The row under way is not whole yet, and is read again from its start. */
  dropRow(): void {
    this.#unquotedEnd = this.#keptEnd
  }

  /** Writes one column's codes to `out` from `at` on, new texts being added to its index. Its places must be in `bytes`. */
  encode(column: number, bytes: Uint8Array, { texts, out, at }: { readonly texts: TextIndex; readonly out: Uint32Array; readonly at: number }): void {
    const { width } = this
    for (let row = 0, cell = column; row < this.#rows; row++, cell += width) {
      const start = this.#starts[cell] as number
      const end = this.#ends[cell] as number
      out[at + row] = start < 0 ? texts.codeOf(this.#unquoted, ~start, end) : texts.codeOf(bytes, start, end)
    }
  }

  clear(): void {
    this.#rows = this.#unquotedEnd = this.#keptEnd = 0
  }
}

function widened(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(2 * bytes.length)
  larger.set(bytes)
  return larger
}
