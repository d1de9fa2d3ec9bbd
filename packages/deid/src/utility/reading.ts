// How somebody who holds a release reads it: each label stands for all values of the domain under it, each as likely as the other.
import { columnNamed } from '@mhmd/columns'
import type { Codes, Column, Table } from '@mhmd/columns'
import { suppressedRow } from '../risk/classes.ts'
import { SUPPRESSED } from '../hierarchies/source.ts'
import type { HierarchySource } from '../hierarchies/source.ts'

/** One column in input and release: codes of both, and which values each label of the release may stand for. */
export interface ReadColumn {
  readonly name: string
  readonly input: Column
  readonly output: Column
  /** Number of values in the hierarchy, or in the column where there is none. */
  readonly domain: number
  /** Per output code: how many values of the domain it may be. */
  readonly spread: Float64Array
  /** The one output code that the input code has at the released level; -1 where none covers it. */
  readonly labelOf: Int32Array
}

/** Reads a column with the level it was released at; without a hierarchy level 0 is the value and level 1 `*`. */
function readColumn(input: Column, output: Column, at: { readonly level: number; readonly hierarchy?: HierarchySource | undefined }): ReadColumn {
  const labels = labelsOf(input, at)
  const codes = new Map(output.dictionary.map((text, code) => [text, code]))
  const labelOf = Int32Array.from(labels.texts, (text) => codes.get(text) ?? -1)
  const spread = Float64Array.from(output.dictionary, (text) => labels.sizes.get(text) ?? labels.domain)
  return { name: input.name, input, output, domain: labels.domain, spread, labelOf }
}

function labelsOf(input: Column, { level, hierarchy }: { readonly level: number; readonly hierarchy?: HierarchySource | undefined }): { texts: string[]; sizes: Map<string, number>; domain: number } {
  if (hierarchy === undefined) {
    const domain = input.dictionary.length
    const texts = input.dictionary.map((text) => (level === 0 ? text : SUPPRESSED))
    return { texts, sizes: new Map(texts.map((text) => [text, level === 0 ? 1 : domain])), domain }
  }
  const [base, labels] = [hierarchy.table.columns[0], hierarchy.table.columns[level]] as [Column, Column]
  const labelAt = new Map(Array.from(base.codes, (code, row) => [base.dictionary[code] as string, labels.dictionary[labels.codes[row] as number] as string]))
  const sizes = new Map<string, number>()
  for (const label of labelAt.values()) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  return { texts: input.dictionary.map((text) => labelAt.get(text) ?? SUPPRESSED), sizes, domain: hierarchy.table.rows }
}

/** What the utility figures need of a release. */
export interface ReleasedTable {
  readonly input: Table
  readonly output: Table
  /** Level of each quasi-identifier. */
  readonly levels: Readonly<Record<string, number>>
  readonly hierarchies: Readonly<Record<string, HierarchySource>>
  /** The person of each row, where one may have several: errors then are over persons, and a person is in one fold. */
  readonly persons?: Codes
}

/** The released columns, each with its reading, and 1 for each row that is kept. */
export interface Reading {
  readonly rows: number
  readonly columns: readonly ReadColumn[]
  readonly kept: Uint8Array
  readonly keptRows: number
  readonly persons?: Codes
}

/** Rows with `*` in every quasi-identifier are not read at all. */
export function readRelease(released: ReleasedTable, classOf: Uint32Array): Reading {
  const { input, output, levels, hierarchies, persons } = released
  const columns = output.columns.flatMap((column) => {
    const original = columnNamed(input, column.name)
    return original === undefined ? [] : [readColumn(original, column, { level: levels[column.name] ?? 0, hierarchy: hierarchies[column.name] })]
  })
  const kept = Uint8Array.from(classOf, (id) => Number(id !== suppressedRow))
  return { rows: input.rows, columns, kept, keptRows: kept.reduce((sum, flag) => sum + flag, 0), ...(persons && { persons }) }
}

/** The reading of some rows only; what labels stand for stays as it is. */
export function partOf(reading: Reading, members: Uint32Array): Reading {
  const pick = (codes: ArrayLike<number>): Uint32Array => Uint32Array.from(members, (row) => codes[row] as number)
  const kept = Uint8Array.from(members, (row) => reading.kept[row] as number)
  return {
    rows: members.length, kept, keptRows: kept.reduce((sum, flag) => sum + flag, 0), ...(reading.persons && { persons: pick(reading.persons) }),
    columns: reading.columns.map((column) => ({ ...column, input: { ...column.input, codes: pick(column.input.codes) }, output: { ...column.output, codes: pick(column.output.codes) } })),
  }
}
