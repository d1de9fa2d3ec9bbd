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

export interface MeanLoss {
  /** Rows, or persons. */
  readonly units: number
  readonly loss: number
  readonly lossStandardError: number
  readonly suppressed: Share
}

export interface SubgroupPrice {
  /** Null for the small groups together. */
  readonly value: string | null
  /** Rows, or persons where the release counts them. */
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

/** Groups of fewer units than `fewest` are told together, under no value. */
export interface Subgroups {
  readonly column: string
  readonly quasiIdentifiers: readonly string[]
  readonly fewest?: number
}

interface Sum {
  rows: number
  suppressed: number
  loss: number
  squares: number
}

/** By value of a column of the input, largest group first, with the group's rows. The unit is a row, or a person with a row of that value. */
export function priceBySubgroup(released: ReleasedTable, reading: Reading, { column: name, quasiIdentifiers, fewest = 0 }: Subgroups): (SubgroupPrice & { readonly members: Uint32Array })[] {
  const column = columnNamed(released.input, name)
  if (column === undefined) return []
  const sums = column.dictionary.map((): Sum => ({ rows: 0, suppressed: 0, loss: 0, squares: 0 }))
  for (const { code, loss, suppressed } of unitsOf(column, reading, quasiIdentifiers)) add(sums[code] as Sum, { rows: 1, suppressed, loss, squares: loss * loss })
  const others: Sum = { rows: 0, suppressed: 0, loss: 0, squares: 0 }
  for (const sum of sums) if (sum.rows < fewest) add(others, sum)
  const isTold = (code: number): boolean => (sums[code] as Sum).rows >= fewest
  const membersOf = (isOne: (code: number) => boolean): Uint32Array => Uint32Array.from(column.codes.keys()).filter((row) => isOne(column.codes[row] as number))
  const told = sums.flatMap((sum, code) => (sum.rows > 0 && isTold(code) ? [{ ...priceOf(column.dictionary[code] as string, sum), members: membersOf((own) => own === code) }] : [])).sort((a, b) => b.rows - a.rows)
  return others.rows === 0 ? told : [...told, { ...priceOf(null, others), members: membersOf((own) => !isTold(own)) }]
}

function add(to: Sum, { rows, suppressed, loss, squares }: Sum): void {
  to.rows += rows
  to.suppressed += suppressed
  to.loss += loss
  to.squares += squares
}

/** Each row, or each person once a value, with the mean of what her rows lost. */
function unitsOf(column: Column, reading: Reading, quasiIdentifiers: readonly string[]): Iterable<{ readonly code: number; readonly loss: number; readonly suppressed: number }> {
  const parts = openParts(reading, quasiIdentifiers)
  const { persons, kept } = reading
  const units = new Map<number, { code: number; rows: number; loss: number; suppressed: number }>()
  column.codes.forEach((code, row) => {
    const key = persons === undefined ? row : (persons[row] as number) * column.dictionary.length + code
    const unit = units.get(key) ?? { code, rows: 0, loss: 0, suppressed: 0 }
    if (unit.rows++ === 0) units.set(key, unit)
    unit.loss += parts.reduce((total, part) => total + (part[row] as number), 0) / parts.length
    unit.suppressed += 1 - (kept[row] as number)
  })
  return [...units.values()].map(({ code, rows, loss, suppressed }) => ({ code, loss: loss / rows, suppressed: suppressed / rows }))
}

function priceOf(value: string | null, { rows, suppressed, loss, squares }: Sum): SubgroupPrice {
  const mean = loss / rows
  return { value, rows, suppressed: wilson(suppressed, rows), loss: mean, lossStandardError: Math.sqrt(Math.max(0, squares / rows - mean * mean) / rows) }
}

/** Mean loss over all rows or persons: the uncertain fellow of the metric's score, which is exact for this table and says nothing of the next. */
export function meanLoss(reading: Reading, quasiIdentifiers: readonly string[]): MeanLoss {
  const everybody: Column = { name: '', dictionary: [''], codes: new Uint8Array(reading.rows) }
  const sum: Sum = { rows: 0, suppressed: 0, loss: 0, squares: 0 }
  for (const { loss, suppressed } of unitsOf(everybody, reading, quasiIdentifiers)) add(sum, { rows: 1, suppressed, loss, squares: loss * loss })
  const { rows, suppressed, loss, lossStandardError } = priceOf(null, sum)
  return { units: rows, loss, lossStandardError, suppressed }
}
