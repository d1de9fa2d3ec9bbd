// How far the distributions that a reader of the release infers lie from the input's: columns and pairs of columns, with standard errors.
// The distance is total variation: the largest difference in the share of any set of values, 0 to 1.
import type { Reading, ReadColumn } from './reading.ts'

export interface MeanDistance {
  readonly distance: number
  /** Of the distance, by the delta method over rows, or over persons. */
  readonly standardError: number
  /** What the distance of a fresh sample of the same size would be on average: smaller differences mean nothing. */
  readonly byChance: number
}

export interface Distance extends MeanDistance {
  readonly columns: readonly string[]
}

const single = ({ columns }: Reading): ReadColumn[][] => columns.map((column) => [column])
const paired = ({ columns }: Reading): ReadColumn[][] => columns.flatMap((first, index) => columns.slice(index + 1).map((second) => [first, second]))

export const marginalDistances = (reading: Reading): Distance[] => single(reading).map((columns) => stated(reading, columns))
export const pairDistances = (reading: Reading): Distance[] => paired(reading).map((columns) => stated(reading, columns))
export const meanMarginal = (reading: Reading): MeanDistance => mean(reading, single(reading))
export const meanPair = (reading: Reading): MeanDistance => mean(reading, paired(reading))

function stated(reading: Reading, columns: readonly ReadColumn[]): Distance {
  const { distance, byChance, moves } = distanceOf(reading, columns)
  return { columns: columns.map(({ name }) => name), distance, byChance, standardError: errorOf(reading, moves) }
}

/** Of several distances over the same rows: their moves belong to the same people and are added first. */
function mean(reading: Reading, all: readonly (readonly ReadColumn[])[]): MeanDistance {
  const moves = new Float64Array(reading.rows)
  let [distance, byChance] = [0, 0]
  for (const columns of all) {
    const found = distanceOf(reading, columns)
    distance += found.distance / all.length
    byChance += found.byChance / all.length
    found.moves.forEach((move, row) => { moves[row] = (moves[row] as number) + move / all.length })
  }
  return { distance, byChance, standardError: errorOf(reading, moves) }
}

/** Shares that differ by less are the same number by other sums: they move nothing. */
const rounding = 1e-12

interface Found {
  readonly distance: number
  readonly byChance: number
  /** By row: how it moves the distance. */
  readonly moves: Float64Array
}

/**
 * Input share p and inferred share r of each cell that occurs in the input. As both sum to 1, the distance is Σ max(0, p − r)
 * over these cells; cells that only the reader imagines need not be visited.
 */
function distanceOf({ rows, kept, keptRows }: Reading, columns: readonly ReadColumn[]): Found {
  const inputs = keysOf(columns.map(({ input: { codes, dictionary } }) => ({ codes, size: dictionary.length })), rows)
  const outputs = keysOf(columns.map(({ output: { codes, dictionary } }) => ({ codes, size: dictionary.length })), rows)
  const [counts, above, mass, inExcess] = [tally(inputs.space, rows), tally(inputs.space, rows), tally(outputs.space, rows), tally(outputs.space, rows)]
  const first: number[] = []
  for (let row = 0; row < rows; row++) {
    if (counts.add(inputs.keys[row] as number, 1) === 1) first.push(row)
    if (kept[row] === 1) mass.add(outputs.keys[row] as number, 1)
  }
  let [distance, byChance] = [0, 0]
  for (const row of first) {
    const p = counts.get(inputs.keys[row] as number) / rows
    const label = labelCell(columns, row)
    const r = label === undefined || keptRows === 0 ? 0 : mass.get(label.key) / keptRows / label.spread
    byChance += Math.sqrt((2 * p * (1 - p)) / (Math.PI * rows)) / 2
    if (p - r <= rounding) continue
    distance += p - r
    above.add(inputs.keys[row] as number, 1)
    if (label !== undefined) inExcess.add(label.key, 1 / label.spread)
  }
  // Each row moves the distance by its own cell's membership and by its label's part in the excess.
  const moves = Float64Array.from({ length: rows }, (_, row) => above.get(inputs.keys[row] as number) - (kept[row] === 0 ? 0 : (rows / keptRows) * inExcess.get(outputs.keys[row] as number)) - distance)
  return { distance, byChance, moves }
}

/** One number a row for its codes in several columns, and how many there could be. */
function keysOf(columns: readonly { readonly codes: ArrayLike<number>; readonly size: number }[], rows: number): { readonly keys: Float64Array; readonly space: number } {
  const keys = new Float64Array(rows)
  for (const { codes, size } of columns) for (let row = 0; row < rows; row++) keys[row] = (keys[row] as number) * size + (codes[row] as number)
  return { keys, space: columns.reduce((product, { size }) => product * size, 1) }
}

interface Tally {
  /** The sum after it. */
  readonly add: (key: number, value: number) => number
  readonly get: (key: number) => number
}

/** Sums by key: in an array where the keys are few for the rows. */
function tally(space: number, rows: number): Tally {
  if (space <= 8 * rows + 1024) {
    const sums = new Float64Array(space)
    return { add: (key, value) => (sums[key] = (sums[key] as number) + value), get: (key) => sums[key] as number }
  }
  const sums = new Map<number, number>()
  const get = (key: number): number => sums.get(key) ?? 0
  return { add: (key, value) => { const sum = get(key) + value; sums.set(key, sum); return sum }, get }
}

/** The label cell that a row's value cell lies under, and how many value cells do; undefined where the release has no such label. */
function labelCell(columns: readonly ReadColumn[], row: number): { readonly key: number; readonly spread: number } | undefined {
  const codes = columns.map(({ labelOf, input }) => labelOf[input.codes[row] as number] as number)
  if (codes.includes(-1)) return undefined
  const key = columns.reduce((sum, { output }, index) => sum * output.dictionary.length + (codes[index] as number), 0)
  return { key, spread: columns.reduce((product, { spread }, index) => product * (spread[codes[index] as number] as number), 1) }
}

/** The spread of rows' moves, or of persons' sums, is the error. */
function errorOf({ rows, persons }: Reading, moves: Float64Array): number {
  const sums = tally(persons === undefined ? rows : Infinity, rows)
  const units = new Set<number>()
  moves.forEach((move, row) => {
    const unit = persons?.[row] ?? row
    sums.add(unit, move)
    units.add(unit)
  })
  let squares = 0
  for (const unit of units) squares += sums.get(unit) ** 2
  return Math.sqrt(squares) / rows
}
