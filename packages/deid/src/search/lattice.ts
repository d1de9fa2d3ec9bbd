// The lattice of nodes: one level a dimension, numbered in mixed radix with the first dimension most significant.
import type { Dimension } from './problem.ts'
import type { SeparableMetric } from '../metric.ts'

/** Node n is at level `minLevels[d] + floor(n / strides[d]) mod sizes[d]`. A more general node has a larger number. */
export interface Lattice {
  readonly size: number
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
  readonly minLevels: readonly number[]
}

export function latticeOf(dimensions: readonly Dimension[]): Lattice {
  const sizes = dimensions.map(({ levels }) => levels)
  const strides = new Array<number>(sizes.length).fill(1)
  for (let d = sizes.length - 2; d >= 0; d--) strides[d] = (strides[d + 1] as number) * (sizes[d + 1] as number)
  return { size: sizes.reduce((product, size) => product * size, 1), sizes, strides, minLevels: dimensions.map(({ minLevel }) => minLevel) }
}

/** Digits of a node: levels above the least ones. */
export function digitsOf({ sizes, strides }: Lattice, node: number, into: Uint8Array): Uint8Array {
  let rest = node
  for (let d = 0; d < sizes.length; d++) {
    const stride = strides[d] as number
    const digit = Math.floor(rest / stride)
    into[d] = digit
    rest -= digit * stride
  }
  return into
}

/** The folded aggregate of every node when nothing is suppressed: a lower bound of its score. */
export function foldedBounds({ sizes, minLevels }: Lattice, metric: SeparableMetric): Float64Array {
  const { aggregate, bound } = metric
  let bounds = Float64Array.of(aggregate.start)
  sizes.forEach((size, d) => {
    const terms = Array.from({ length: size }, (_, digit) => aggregate.term(d, bound[d]?.[(minLevels[d] as number) + digit] as number))
    const next = new Float64Array(bounds.length * size)
    for (let i = 0; i < bounds.length; i++) for (let digit = 0; digit < size; digit++) next[i * size + digit] = aggregate.fold(bounds[i] as number, terms[digit] as number)
    bounds = next
  })
  return bounds
}
