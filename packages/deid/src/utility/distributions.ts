// How far the distributions that a reader of the release infers lie from the input's: columns and pairs of columns, with standard errors.
// The distance is total variation: the largest difference in the share of any set of values, 0 to 1.
import type { Reading, ReadColumn } from './reading.ts'

export interface Distance {
  readonly columns: readonly string[]
  readonly distance: number
  /** Of the distance, by the delta method over rows. */
  readonly standardError: number
  /** What the distance of a fresh sample of the same size would be on average: smaller differences mean nothing. */
  readonly byChance: number
}

export function marginalDistances(reading: Reading): Distance[] {
  return reading.columns.map((column) => distanceOf(reading, [column]))
}

export function pairDistances(reading: Reading): Distance[] {
  return reading.columns.flatMap((first, index) => reading.columns.slice(index + 1).map((second) => distanceOf(reading, [first, second])))
}

/**
 * Input share p and inferred share r of each cell that occurs in the input. As both sum to 1, the distance is Σ max(0, p − r)
 * over these cells; cells that only the reader imagines need not be visited.
 */
function distanceOf(reading: Reading, columns: readonly ReadColumn[]): Distance {
  const { rows } = reading
  const cells = countCells(reading, columns)
  const mass = releasedMass(reading, columns)
  const above = new Map<number, number>()
  const inExcess = new Map<number, number>()
  let [distance, byChance] = [0, 0]
  for (const [key, { count, label }] of cells) {
    const p = count / rows
    const r = label === undefined ? 0 : (mass.get(label.key) ?? 0) / label.spread
    byChance += Math.sqrt((2 * p * (1 - p)) / (Math.PI * rows)) / 2
    if (p <= r) continue
    distance += p - r
    above.set(key, 1)
    if (label !== undefined) inExcess.set(label.key, (inExcess.get(label.key) ?? 0) + 1 / label.spread)
  }
  return { columns: columns.map(({ name }) => name), distance, byChance, standardError: spreadOfRows(reading, columns, { above, inExcess, distance }) }
}

interface Cell {
  count: number
  /** The label cell this value cell lies under; undefined where the release has no such label. */
  readonly label: { readonly key: number; readonly spread: number } | undefined
}

const keyOf = (columns: readonly ReadColumn[], code: (column: ReadColumn) => number, size: (column: ReadColumn) => number): number => columns.reduce((key, column) => key * size(column) + code(column), 0)
const inputKey = (columns: readonly ReadColumn[], row: number): number => keyOf(columns, ({ input }) => input.codes[row] as number, ({ input }) => input.dictionary.length)
const outputKey = (columns: readonly ReadColumn[], row: number): number => keyOf(columns, ({ output }) => output.codes[row] as number, ({ output }) => output.dictionary.length)

function countCells({ rows }: Reading, columns: readonly ReadColumn[]): Map<number, Cell> {
  const cells = new Map<number, Cell>()
  for (let row = 0; row < rows; row++) {
    const key = inputKey(columns, row)
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, { count: 1, label: labelCell(columns, row) })
    else cell.count++
  }
  return cells
}

function labelCell(columns: readonly ReadColumn[], row: number): Cell['label'] {
  const codes = columns.map(({ labelOf, input }) => labelOf[input.codes[row] as number] as number)
  if (codes.includes(-1)) return undefined
  const key = columns.reduce((sum, { output }, index) => sum * output.dictionary.length + (codes[index] as number), 0)
  return { key, spread: columns.reduce((product, { spread }, index) => product * (spread[codes[index] as number] as number), 1) }
}

/** Share of the kept rows in each label cell. */
function releasedMass({ rows, kept, keptRows }: Reading, columns: readonly ReadColumn[]): Map<number, number> {
  const mass = new Map<number, number>()
  for (let row = 0; row < rows; row++) {
    if (kept[row] === 0) continue
    const key = outputKey(columns, row)
    mass.set(key, (mass.get(key) ?? 0) + 1 / keptRows)
  }
  return mass
}

/** Each row moves the distance by its own cell's membership and by its label's part in the excess; their spread over rows is the error. */
function spreadOfRows({ rows, kept, keptRows }: Reading, columns: readonly ReadColumn[], found: { above: Map<number, number>; inExcess: Map<number, number>; distance: number }): number {
  let squares = 0
  for (let row = 0; row < rows; row++) {
    const own = found.above.get(inputKey(columns, row)) ?? 0
    const read = kept[row] === 0 ? 0 : (rows / keptRows) * (found.inExcess.get(outputKey(columns, row)) ?? 0)
    squares += (own - read - found.distance) ** 2
  }
  return Math.sqrt(squares) / rows
}
