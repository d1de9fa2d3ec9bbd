// Brings a hierarchy together with one column of a table: which level code each of the column's values has.
import { makeCodes, placesOf } from '@mhmd/columns'
import type { Codes, Column } from '@mhmd/columns'
import type { Hierarchy, HierarchyLevel } from '../hierarchy.ts'
import { hierarchyErrors } from './errors.ts'
import { SUPPRESSED } from './source.ts'
import type { HierarchySource } from './source.ts'

/** How a hierarchy covers a column: counts only. `firstMissingRow` counts from 1. */
export interface Coverage {
  readonly values: number
  readonly missingValues: number
  readonly missingRows: number
  readonly firstMissingRow: number | undefined
  /** Values of the hierarchy that don't occur in the column. */
  readonly unusedValues: number
}

/** The compiled hierarchy; throws HIERARCHY_VALUE_MISSING or HIERARCHY_STAR_VALUE with the first place. */
export function compileHierarchy(source: HierarchySource, column: Column): Hierarchy {
  const { attribute, table: { columns, rows } } = source
  checkStar(attribute, column)
  const rowOf = fileRowOf(source, column)
  // Rows are looked at only where a text of the dictionary isn't covered; it need not occur.
  const covered = rowOf.includes(-1) ? coverageOf(source, column) : undefined
  if (covered?.firstMissingRow !== undefined) throw hierarchyErrors.VALUE_MISSING({ attribute, row: covered.firstMissingRow, values: covered.missingValues })
  return { attribute, fileRows: rows, levels: columns.map((level, index) => (index === 0 ? identity(column) : compiledLevel(level, rowOf))) }
}

/** What a hierarchy covers of a column. */
export function coverageOf(source: HierarchySource, column: Column): Coverage {
  const rowOf = fileRowOf(source, column)
  const counts = new Uint32Array(column.dictionary.length)
  for (const code of column.codes) counts[code] = (counts[code] as number) + 1
  let values = 0
  let missingValues = 0
  let missingRows = 0
  rowOf.forEach((row, code) => {
    if (counts[code] === 0) return
    values++
    if (row >= 0) return
    missingValues++
    missingRows += counts[code] as number
  })
  const first = missingValues === 0 ? undefined : column.codes.findIndex((code) => (rowOf[code] as number) < 0) + 1
  return { values, missingValues, missingRows, firstMissingRow: first, unusedValues: source.table.rows - (values - missingValues) }
}

function checkStar(attribute: string, column: Column): void {
  const star = column.dictionary.indexOf(SUPPRESSED)
  const row = star < 0 ? -1 : column.codes.indexOf(star)
  if (row >= 0) throw hierarchyErrors.STAR_VALUE({ attribute, row: row + 1 })
}

/** Per dictionary code of the column, the hierarchy's row of that value, or -1. */
function fileRowOf(source: HierarchySource, column: Column): Int32Array {
  const base = source.table.columns[0] as Column
  const rows = new Int32Array(base.dictionary.length)
  for (let row = 0; row < base.codes.length; row++) rows[base.codes[row] as number] = row
  return placesOf(column.dictionary, base.dictionary).map((code) => code < 0 ? -1 : rows[code] as number)
}

function identity(column: Column): HierarchyLevel {
  const size = column.dictionary.length
  const codeOf = makeCodes(size, size)
  for (let code = 0; code < size; code++) codeOf[code] = code
  return { codeOf, labels: column.dictionary, fileRows: new Uint32Array(size).fill(1) }
}

/** Only labels that the column reaches get a code, in order of the column's dictionary. A dictionary text that never occurs and isn't in the hierarchy goes with code 0. */
function compiledLevel(level: Column, rowOf: Int32Array): HierarchyLevel {
  const fileRows = new Uint32Array(level.dictionary.length)
  const { codes } = level
  for (let row = 0; row < codes.length; row++) fileRows[codes[row] as number] = (fileRows[codes[row] as number] as number) + 1
  const compact = new Int32Array(level.dictionary.length).fill(-1)
  const used: number[] = []
  const wide = new Uint32Array(rowOf.length)
  for (let i = 0; i < wide.length; i++) {
    const row = rowOf[i] as number
    if (row < 0) continue
    const code = codes[row] as number
    if (compact[code] === -1) compact[code] = used.push(code) - 1
    wide[i] = compact[code] as number
  }
  const codeOf: Codes = makeCodes(used.length, wide.length)
  codeOf.set(wide)
  return { codeOf, labels: used.map((code) => level.dictionary[code] as string), fileRows: Uint32Array.from(used, (code) => fileRows[code] as number) }
}
