// Microaggregation: groups of at least k like records, each value replaced by its group's mean. MDAV (Domingo-Ferrer and Torra, DMKD 11, 2005)
// for several columns; for one column the optimum (Hansen and Mukherjee, IEEE TKDE 15(4), 2003). Deterministic: records are taken in
// order of their values, so the order of rows only tells which of equal records goes where.
import type { Column } from '@mhmd/columns'
import { columnOf } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import type { MaskSpec } from '../job.ts'
import { rationalOf } from './decimals.ts'

type MicroaggregationSpec = Extract<MaskSpec, { type: 'microaggregation' }>

/** MDAV compares every record with every centre: beyond this it would take minutes. */
const mostRecords = 60_000

export function microaggregated(columns: readonly Column[], spec: MicroaggregationSpec): Column[] {
  const values = columns.map((column) => numbersOf(column))
  const rows = values[0]?.length ?? 0
  if (rows < spec.k) throw deidErrors.PARAMETER_IMPOSSIBLE({ parameter: 'microaggregation.k', allowed: 'at most the number of rows' })
  const order = Array.from({ length: rows }, (_, row) => row).sort((a, b) => values.reduce((by, own) => by || (own[a] as number) - (own[b] as number), 0))
  if (spec.method === 'mdav' && rows > mostRecords) throw deidErrors.MASK_TOO_LARGE({ mask: 'mdav', rows, most: mostRecords })
  const means = values.map((own) => new Float64Array(own.length))
  const average = (own: Float64Array, into: Float64Array, group: readonly number[]): void => {
    const mean = group.map((row) => own[row] as number).sort((a, b) => a - b).reduce((sum, value) => sum + value, 0) / group.length
    for (const row of group) into[row] = mean
  }
  if (spec.method === 'mdav') for (const group of mdav(order.map((row) => ({ row, at: standardised(values, row) })), spec.k)) values.forEach((own, c) => { average(own, means[c] as Float64Array, group) })
  else values.forEach((own, c) => {
    for (const group of optimalGroups(order.toSorted((a, b) => (own[a] as number) - (own[b] as number)), own, spec.k)) average(own, means[c] as Float64Array, group)
  })
  return columns.map((column, c) => columnOf(column.name, Array.from(means[c] as Float64Array, (mean) => String(Number(mean.toPrecision(12))))))
}

function numbersOf(column: Column): Float64Array {
  const numbers = column.dictionary.map((text) => rationalOf(text) === undefined ? Number.NaN : Number(text))
  return Float64Array.from(column.codes, (code, row) => {
    if (Number.isNaN(numbers[code])) throw deidErrors.MASK_VALUE({ mask: 'microaggregation', column: column.name, row: row + 1 })
    return numbers[code] as number
  })
}

const scales = new WeakMap<Float64Array, { readonly mean: number; readonly deviation: number }>()

/** A record in units of each column's standard deviation. */
function standardised(values: readonly Float64Array[], row: number): number[] {
  return values.map((own) => {
    let scale = scales.get(own)
    if (scale === undefined) {
      const sorted = own.toSorted()
      const mean = sorted.reduce((sum, value) => sum + value, 0) / own.length
      const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length)
      scales.set(own, (scale = { mean, deviation: deviation === 0 ? 1 : deviation }))
    }
    return ((own[row] as number) - scale.mean) / scale.deviation
  })
}

interface Point { readonly row: number; readonly at: readonly number[] }

const distance = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, c) => sum + (value - (b[c] as number)) ** 2, 0)

/** Groups of rows: around the record farthest from the centre and the one farthest from that, again and again. */
export function mdav(points: readonly Point[], k: number): number[][] {
  let left = [...points]
  const groups: number[][] = []
  const take = (from: Point): void => {
    const near = nearest(left, from.at, k)
    groups.push([...near].map(({ row }) => row))
    left = left.filter((point) => !near.has(point))
  }
  while (left.length >= 3 * k) {
    const first = farthest(left, centre(left))
    take(first)
    take(farthest(left, first.at))
  }
  if (left.length >= 2 * k) take(farthest(left, centre(left)))
  if (left.length > 0) groups.push(left.map(({ row }) => row))
  return groups
}

function centre(points: readonly Point[]): number[] {
  const sums = (points[0]?.at ?? []).map(() => 0)
  for (const { at } of points) at.forEach((value, c) => { sums[c] = (sums[c] as number) + value })
  return sums.map((sum) => sum / points.length)
}

function farthest(points: readonly Point[], from: readonly number[]): Point {
  let [found, most] = [points[0] as Point, -1]
  for (const point of points) {
    const far = distance(point.at, from)
    if (far > most) [found, most] = [point, far]
  }
  return found
}

/** The k nearest; the first of equal ones. */
function nearest(points: readonly Point[], from: readonly number[], k: number): Set<Point> {
  const distances = points.map(({ at }) => distance(at, from))
  const limit = (distances.length <= k ? Infinity : distances.toSorted((a, b) => a - b)[k - 1]) as number
  const inside = points.filter((_, i) => (distances[i] as number) < limit)
  for (let i = 0; i < points.length && inside.length < k; i++) if (distances[i] === limit) inside.push(points[i] as Point)
  return new Set(inside)
}

/** Rows in order of value, cut into groups of k to 2k − 1 with the least sum of squares: the shortest path over the cuts. */
export function optimalGroups(sorted: readonly number[], values: Float64Array, k: number): number[][] {
  const n = sorted.length
  if (n < 2 * k) return [[...sorted]]
  const shift = values[sorted[n >> 1] as number] as number
  const [sums, squares] = [new Float64Array(n + 1), new Float64Array(n + 1)]
  sorted.forEach((row, i) => {
    const value = (values[row] as number) - shift
    sums[i + 1] = (sums[i] as number) + value
    squares[i + 1] = (squares[i] as number) + value * value
  })
  const within = (from: number, to: number): number => (squares[to] as number) - (squares[from] as number) - ((sums[to] as number) - (sums[from] as number)) ** 2 / (to - from)
  const [cost, cut] = [new Float64Array(n + 1).fill(Infinity), new Uint32Array(n + 1)]
  cost[0] = 0
  for (let to = k; to <= n; to++) {
    for (let from = Math.max(0, to - 2 * k + 1); from <= to - k; from++) {
      const sum = (cost[from] as number) + within(from, to)
      if (sum < (cost[to] as number)) [cost[to], cut[to]] = [sum, from]
    }
  }
  const groups: number[][] = []
  for (let to = n; to > 0; to = cut[to] as number) groups.push(sorted.slice(cut[to], to))
  return groups
}

