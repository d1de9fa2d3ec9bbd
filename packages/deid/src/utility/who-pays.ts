// Who pays for a release: suppressed rows and lost information by subgroup, and lost information by attribute.
import { columnNamed } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import type { Reading, ReleasedTable } from './reading.ts'

/** A share with Wilson's 95 % interval. */
export interface Share {
  readonly share: number
  readonly low: number
  readonly high: number
}

export interface SubgroupPrice {
  readonly value: string
  readonly rows: number
  readonly suppressed: Share
  /** Mean over rows and quasi-identifiers of the part of the domain a label leaves open: 0 exact, 1 nothing known. */
  readonly loss: number
  readonly lossStandardError: number
}

const Z = 1.959963984540054

/** Wilson, JASA 22 (1927) 209-212. */
export function wilson(hits: number, rows: number): Share {
  if (rows === 0) return { share: Number.NaN, low: 0, high: 1 }
  const p = hits / rows
  const scale = 1 + (Z * Z) / rows
  const middle = (p + (Z * Z) / (2 * rows)) / scale
  const half = (Z * Math.sqrt((p * (1 - p)) / rows + (Z * Z) / (4 * rows * rows))) / scale
  return { share: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/** Part of its domain that each row's cell leaves open, by quasi-identifier; 1 in suppressed rows. */
function openParts(reading: Reading, quasiIdentifiers: readonly string[]): Float64Array[] {
  return reading.columns.filter(({ name }) => quasiIdentifiers.includes(name)).map(({ output, spread, domain }) =>
    Float64Array.from(output.codes, (code, row) => (reading.kept[row] === 0 ? 1 : ((spread[code] as number) - 1) / Math.max(1, domain - 1))))
}

/** Mean open part by quasi-identifier, over all rows. */
export function lossByAttribute(reading: Reading, quasiIdentifiers: readonly string[]): Record<string, number> {
  const names = reading.columns.map(({ name }) => name).filter((name) => quasiIdentifiers.includes(name))
  return Object.fromEntries(openParts(reading, quasiIdentifiers).map((parts, index) => [names[index] as string, parts.reduce((sum, part) => sum + part, 0) / parts.length]))
}

/** By value of a column of the input, largest group first. */
export function priceBySubgroup(released: ReleasedTable, reading: Reading, by: { readonly column: string; readonly quasiIdentifiers: readonly string[] }): SubgroupPrice[] {
  const column = columnNamed(released.input, by.column)
  if (column === undefined) return []
  const parts = openParts(reading, by.quasiIdentifiers)
  const sums = column.dictionary.map(() => ({ rows: 0, suppressed: 0, loss: 0, squares: 0 }))
  column.codes.forEach((code, row) => {
    const sum = sums[code] as (typeof sums)[number]
    const loss = parts.reduce((total, part) => total + (part[row] as number), 0) / parts.length
    sum.rows++
    sum.suppressed += 1 - (reading.kept[row] as number)
    sum.loss += loss
    sum.squares += loss * loss
  })
  return sums.map((sum, code) => priceOf(column, code, sum)).filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows)
}

function priceOf(column: Column, code: number, { rows, suppressed, loss, squares }: { rows: number; suppressed: number; loss: number; squares: number }): SubgroupPrice {
  const mean = loss / rows
  return { value: column.dictionary[code] as string, rows, suppressed: wilson(suppressed, rows), loss: mean, lossStandardError: Math.sqrt(Math.max(0, squares / rows - mean * mean) / rows) }
}
