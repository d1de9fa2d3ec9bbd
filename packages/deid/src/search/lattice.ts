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

/** The nodes that share the first `depth` digits of node `from`, numbered from 0: a lattice whose first dimensions have one level. */
export interface Subtree {
  readonly size: number
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
  /** By dimension, shared ones included. */
  readonly minLevels: readonly number[]
}

export function subtreeOf(lattice: Lattice, depth: number, from: number): Subtree {
  const digits = digitsOf(lattice, from, new Uint8Array(lattice.sizes.length))
  return {
    size: depth === 0 ? lattice.size : lattice.strides[depth - 1] as number,
    sizes: lattice.sizes.map((size, d) => d < depth ? 1 : size),
    strides: lattice.strides,
    minLevels: lattice.minLevels.map((level, d) => d < depth ? level + (digits[d] as number) : level),
  }
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

/** Per node, how many marked nodes lie at or below it. */
export function markedBelow({ sizes, strides, size }: Subtree, isMarked: (node: number) => boolean): Uint32Array {
  const counts = Uint32Array.from({ length: size }, (_, node) => isMarked(node) ? 1 : 0)
  sizes.forEach((levels, d) => { if (levels > 1) sumAlong(counts, strides[d] as number, levels) })
  return counts
}

/** Adds to each entry what stands before it along one dimension. */
export function sumAlong(counts: Uint32Array, stride: number, levels: number): void {
  for (let block = 0; block < counts.length; block += stride * levels) {
    for (let node = block + stride; node < block + stride * levels; node++) counts[node] = (counts[node] as number) + (counts[node - stride] as number)
  }
}

/** The largest folded value whose score is at most the threshold, a little rounded up. */
export function foldedThreshold(value: (folded: number) => number, threshold: number): number {
  let [low, high] = [0, 1]
  while (value(high) <= threshold && high < 1e300) high *= 2
  for (let i = 0; i < 200 && high - low > high * 1e-15; i++) {
    const middle = (low + high) / 2
    if (value(middle) <= threshold) low = middle
    else high = middle
  }
  return high
}

/** The digits of the node before. */
export function decrement(digits: Uint8Array, sizes: readonly number[]): void {
  for (let d = digits.length - 1; d >= 0; d--) {
    if ((digits[d] as number) > 0) {
      digits[d] = (digits[d] as number) - 1
      return
    }
    digits[d] = (sizes[d] as number) - 1
  }
}
