// Classes of rows alike in their quasi-identifiers, rows that are suppressed whole left out.
import { columnNamed, layOut, packRows, regroup, Workspace } from '@mhmd/columns'
import type { Codes, Column, Table } from '@mhmd/columns'
import { SUPPRESSED } from '../hierarchies/source.ts'
import { riskErrors } from './errors.ts'

/** Class size -> number of classes of that size. */
export type ClassSizes = ReadonlyMap<number, number>

/** `classOf[row]` is the row's class, or `suppressedRow`; `sizes[class]` its rows. */
export interface Classes {
  readonly classOf: Uint32Array
  readonly sizes: Uint32Array
  /** Rows in classes. */
  readonly rows: number
  /** Rows with `*` in every quasi-identifier. */
  readonly suppressedRows: number
}

export const suppressedRow = 0xffffffff

/** The columns of these names, or RISK_UNKNOWN_COLUMN. */
export function columnsNamed(table: Table, names: readonly string[]): Column[] {
  if (names.length === 0) throw riskErrors.NO_QUASI_IDENTIFIER()
  return names.map((name) => {
    const column = columnNamed(table, name)
    if (column === undefined) throw riskErrors.UNKNOWN_COLUMN({ column: name })
    return column
  })
}

/** Groups the table's rows by these columns. */
export function classesOf(table: Table, quasiIdentifiers: readonly string[]): Classes {
  const columns = columnsNamed(table, quasiIdentifiers)
  const { fields } = layOut(columns.map((column) => column.dictionary.length))
  const words = packRows(table.rows, columns.map((column) => column.codes), fields, columns.map(() => undefined))
  const workspace = new Workspace()
  const groups = regroup({ size: table.rows, words, weights: [new Uint32Array(table.rows).fill(1)] }, [], workspace)
  const sizes = (groups.weights[0] as Uint32Array).slice(0, groups.size)
  return withoutSuppressed(columns, workspace.groupOf.slice(0, table.rows), sizes)
}

function withoutSuppressed(columns: readonly Column[], classOf: Uint32Array, sizes: Uint32Array): Classes {
  const stars = columns.map((column) => column.dictionary.indexOf(SUPPRESSED))
  const first = stars.includes(-1) ? -1 : classOf.findIndex((_, row) => columns.every((column, index) => column.codes[row] === stars[index]))
  if (first < 0) return { classOf, sizes, rows: classOf.length, suppressedRows: 0 }
  const gone = classOf[first] as number
  const suppressedRows = sizes[gone] as number
  const renumbered = classOf.map((id) => (id === gone ? suppressedRow : id > gone ? id - 1 : id))
  return { classOf: renumbered, sizes: sizes.filter((_, id) => id !== gone), rows: classOf.length - suppressedRows, suppressedRows }
}

/** The same classes counted in persons, given the person of each row: several rows of one in a class are one. */
export function inPersons({ classOf, sizes }: Classes, persons: Codes): Uint32Array {
  const counts = new Uint32Array(sizes.length)
  const seen = new Set<number>()
  classOf.forEach((own, row) => {
    const key = (persons[row] as number) * sizes.length + own
    if (own === suppressedRow || seen.has(key)) return
    seen.add(key)
    counts[own] = (counts[own] as number) + 1
  })
  return counts
}

/** How many classes there are of each size. */
export function sizesOf(sizes: Uint32Array): ClassSizes {
  const counts = new Map<number, number>()
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1)
  return counts
}

/** Rows in all classes. */
export function rowsIn(sizes: ClassSizes): number {
  return [...sizes].reduce((rows, [size, classes]) => rows + size * classes, 0)
}

/** Number of classes. */
export function classesIn(sizes: ClassSizes): number {
  return [...sizes.values()].reduce((sum, classes) => sum + classes, 0)
}
