// What checked nodes prove of more specific ones: rows that stay suppressed there, and what those add to a separable metric, dimension by dimension.
// Layout: a number a node, and one a node and dimension. Proofs go down the lattice from successor to predecessor as nodes are visited.
import type { SeparableMetric } from '../metric.ts'
import type { Lattice } from './lattice.ts'
import type { Verdict } from './verdict.ts'

/** Beyond, the proofs of every node and dimension would not fit. */
const mostProofs = 2 ** 24

export class InheritedFloors {
  private readonly lattice: Lattice
  private readonly metric: SeparableMetric
  /** Rows that stay suppressed at a node, as its successors prove. */
  private readonly floors: Float64Array
  /** Per node and dimension, what those rows add to the metric. */
  private readonly extras: Float64Array

  constructor(lattice: Lattice, metric: SeparableMetric) {
    this.lattice = lattice
    this.metric = metric
    this.floors = new Float64Array(lattice.size)
    this.extras = new Float64Array(lattice.size * lattice.sizes.length)
  }

  static fits({ size, sizes }: Lattice): boolean {
    return size * sizes.length <= mostProofs
  }

  /** Whether rows are proven to stay suppressed. */
  has(node: number): boolean {
    return (this.floors[node] as number) > 0
  }

  /** What a check of the node proves. */
  remember(node: number, verdict: Verdict): void {
    const { floors, extras } = this
    floors[node] = Math.max(floors[node] as number, verdict.floorRows)
    const at = node * verdict.floorPenalties.length
    verdict.floorPenalties.forEach((extra, d) => { if (extra > (extras[at + d] as number)) extras[at + d] = extra })
  }

  /** Hands on to a node what its immediate successors prove. */
  inherit(node: number, digits: Uint8Array): void {
    const { floors, extras, lattice: { strides, sizes } } = this
    const width = sizes.length
    for (let d = 0; d < width; d++) {
      if ((digits[d] as number) + 1 >= (sizes[d] as number)) continue
      const successor = node + (strides[d] as number)
      if ((floors[successor] as number) === 0) continue
      if ((floors[successor] as number) > (floors[node] as number)) floors[node] = floors[successor] as number
      for (let e = 0; e < width; e++) if ((extras[successor * width + e] as number) > (extras[node * width + e] as number)) extras[node * width + e] = extras[successor * width + e] as number
    }
  }

  /** The least folded score the node can have. */
  bestPossible(node: number, digits: Uint8Array): number {
    const { extras, metric: { aggregate, bound } } = this
    let folded = aggregate.start
    for (let d = 0; d < digits.length; d++) {
      const base = bound[d]?.[(digits[d] as number) + (this.lattice.minLevels[d] as number)] as number
      folded = aggregate.fold(folded, aggregate.term(d, base + (extras[node * digits.length + d] as number)))
    }
    return folded
  }
}
