// Exact search over the full-domain lattice: depth first over prefixes of the chain of dimensions, general nodes before specific ones.
// A node is skipped when its score's lower bound exceeds the best score found, or when a more general node proves that more
// rows than the limit stay suppressed. Bounds: generalisation alone, plus what rows cost that stay suppressed below a checked
// node. Each subtree is checked from the tuples grouped at the meet of its open nodes.
import { Checker } from './checker.ts'
import type { Snapshot } from './checker.ts'
import { greedy } from './greedy.ts'
import { digitsOf, foldedBounds, latticeOf } from './lattice.ts'
import type { Lattice } from './lattice.ts'
import type { Problem } from './problem.ts'
import { isBetter, tieWidth } from './solution.ts'
import type { Solution } from './solution.ts'
import { classesOfRecord, rarestTuple, widthOf } from './witness.ts'

export interface SearchResult {
  readonly best: Solution | undefined
  readonly optimal: boolean
  /** No node scores less than this. */
  readonly lowerBound: number
  readonly checkedNodes: number
  readonly latticeSize: number
}

/** Nodes beyond which the exact search's arrays would not fit. */
export const mostNodes = 2 ** 25

/** A witness costs a pass over the base and one over the lattice; it is called once so many times that work was done without one. */
const witnessPays = 2

/** So many open nodes of a subtree are checked without tuples of their own. */
const few = 2

const infeasible = 1
const done = 2

export function exactSearch(problem: Problem, isOutOfTime: () => boolean = () => false): SearchResult {
  return new ExactSearch(problem, isOutOfTime).run()
}

class ExactSearch {
  private readonly problem: Problem
  private readonly lattice: Lattice
  private readonly checker: Checker
  private readonly status: Uint8Array
  /** Rows that stay suppressed at a node, as its successors prove. */
  private readonly floors: Float64Array | undefined
  /** Per node and dimension, what those rows add to the metric. */
  private readonly extras: Float64Array | undefined
  private readonly bounds: Float64Array | undefined
  private readonly isOutOfTime: () => boolean
  private best: Solution | undefined
  private threshold = Infinity
  private foldedThreshold = Infinity
  private stopped = false
  private readonly usesWitnesses: boolean
  private readonly witnessWidth: number
  private readonly witnessCost: number
  /** Tuples grouped since the last witness. */
  private work = 0

  constructor(problem: Problem, isOutOfTime: () => boolean) {
    this.problem = problem
    this.isOutOfTime = isOutOfTime
    this.lattice = latticeOf(problem.dimensions)
    this.checker = new Checker(problem)
    this.status = new Uint8Array(this.lattice.size)
    this.witnessWidth = widthOf(problem.sensitive, this.lattice)
    this.witnessCost = problem.base.size + this.lattice.size * this.witnessWidth
    const isTelling = this.checker.leastSize > 1 || (this.witnessWidth > 1 && problem.classModels.some(({ monotone }) => monotone.generalisation))
    this.usesWitnesses = problem.limit === 0 && isTelling && problem.base.weights.length === 1
    const { metric } = problem
    if (metric.kind === 'separable') {
      this.bounds = foldedBounds(this.lattice, metric)
      if (this.lattice.size * problem.dimensions.length <= 2 ** 24) {
        this.floors = new Float64Array(this.lattice.size)
        this.extras = new Float64Array(this.lattice.size * problem.dimensions.length)
      }
    }
  }

  run(): SearchResult {
    const bottom: Snapshot = { levels: Uint8Array.from(this.lattice.minLevels), cells: this.problem.base }
    greedy(this.problem, this.checker, bottom, (solution) => { this.offer(solution) })
    this.visit(0, 0, this.lattice.size, bottom)
    const score = this.best?.score ?? Infinity
    return { best: this.best, optimal: !this.stopped, lowerBound: this.stopped ? this.openBound() : score, checkedNodes: this.checker.checks, latticeSize: this.lattice.size }
  }

  private offer(solution: Solution): void {
    if (!isBetter(solution, this.best, this.problem.order)) return
    this.best = solution
    this.threshold = solution.score + Math.abs(solution.score) * tieWidth
    const { metric } = this.problem
    if (metric.kind === 'separable') this.foldedThreshold = foldedThreshold(metric.aggregate.value, this.threshold)
  }

  /** Nodes `from … to − 1` share the first `depth` digits; `snapshot` lies at or below all of them that are open. */
  private visit(depth: number, from: number, to: number, snapshot: Snapshot): void {
    const { meet, open } = this.openNodes(from, to)
    if (open.length === 0 || this.stopped) return
    if (open.length <= few || to - from === 1) {
      for (const node of open) this.checkNode(node, snapshot)
      return
    }
    const tighter = this.tighten(snapshot, meet)
    if (tighter === undefined) {
      this.status.fill(done, from, to)
      return
    }
    const stride = this.lattice.strides[depth] as number
    for (let start = to - stride; start >= from; start -= stride) this.visit(depth + 1, start, start + stride, tighter)
  }

  private tighten(snapshot: Snapshot, meet: Uint8Array): Snapshot | undefined {
    if (meet.every((level, d) => level === snapshot.levels[d])) return snapshot
    const tighter = this.checker.snapshot(snapshot, meet)
    this.work += snapshot.cells.size
    const { metric } = this.problem
    if (metric.kind === 'classes' && this.checker.bound(metric, tighter.cells, meet) > this.threshold) return undefined
    return tighter
  }

  /** The first few open nodes of a range, general ones first, and the meet of all open nodes' levels. */
  private openNodes(from: number, to: number): { open: number[]; meet: Uint8Array } {
    const { lattice, status, bounds, foldedThreshold } = this
    const digits = digitsOf(lattice, to - 1, new Uint8Array(lattice.sizes.length))
    const least = new Uint8Array(lattice.sizes.length).fill(255)
    const open: number[] = []
    for (let node = to - 1; node >= from; node--) {
      if (status[node] === 0 && (bounds === undefined || (bounds[node] as number) <= foldedThreshold) && !this.isRuledOut(node, digits)) {
        if (open.length <= few) open.push(node)
        for (let d = 0; d < digits.length; d++) if ((digits[d] as number) < (least[d] as number)) least[d] = digits[d] as number
      }
      decrement(digits, lattice.sizes)
    }
    return { open, meet: least.map((digit, d) => digit + (lattice.minLevels[d] as number)) }
  }

  /** Whether an immediate successor is known to be infeasible for all its predecessors; remembers it. */
  private isRuledOut(node: number, digits: Uint8Array): boolean {
    const { strides, sizes } = this.lattice
    for (let d = 0; d < digits.length; d++) {
      if ((digits[d] as number) + 1 < (sizes[d] as number) && this.status[node + (strides[d] as number)] === infeasible) {
        this.status[node] = infeasible
        return true
      }
    }
    return false
  }

  private checkNode(node: number, snapshot: Snapshot): void {
    if (this.stopped || this.isClosed(node)) return
    if ((this.checker.checks & 15) === 0 && this.isOutOfTime()) {
      this.stopped = true
      return
    }
    const digits = digitsOf(this.lattice, node, new Uint8Array(this.lattice.sizes.length))
    const levels = digits.map((digit, d) => digit + (this.lattice.minLevels[d] as number))
    const { checker, problem } = this
    const verdict = checker.check(levels, snapshot)
    this.status[node] = verdict.floorRows > problem.limit ? infeasible : done
    this.work += snapshot.cells.size
    if (this.status[node] === infeasible && this.usesWitnesses && this.work > witnessPays * this.witnessCost) this.testify(node, levels, snapshot)
    if (!verdict.feasible) return
    if (verdict.floorRows > 0) this.remember(node)
    if (verdict.score <= this.threshold) this.offer({ levels, score: verdict.score, suppressedRows: verdict.suppressedRows, classes: verdict.classes })
  }

  /** Where nothing may be suppressed, the rarest record of an infeasible node rules out every node at which it is still rare. */
  private testify(node: number, levels: Uint8Array, snapshot: Snapshot): void {
    const { problem, lattice, status, checker } = this
    this.work = 0
    const record = rarestTuple(problem, lattice, node, checker.classes(levels, snapshot))
    if (record < 0) return
    const counts = classesOfRecord(record, problem, lattice)
    for (let other = 0; other < lattice.size; other++) if (status[other] === 0 && checker.violates(counts, other * this.witnessWidth, this.witnessWidth)) status[other] = infeasible
  }

  private remember(node: number): void {
    const { floors, extras, checker: { verdict } } = this
    if (floors === undefined || extras === undefined) return
    floors[node] = Math.max(floors[node] as number, verdict.floorRows)
    const at = node * verdict.floorPenalties.length
    verdict.floorPenalties.forEach((extra, d) => { if (extra > (extras[at + d] as number)) extras[at + d] = extra })
  }

  /** Rules a node out by what its immediate successors prove, and hands their proofs on to it. */
  private isClosed(node: number): boolean {
    if (this.status[node] !== 0) return true
    const digits = digitsOf(this.lattice, node, new Uint8Array(this.lattice.sizes.length))
    if (this.bounds !== undefined && (this.bounds[node] as number) > this.foldedThreshold) return true
    if (this.isRuledOut(node, digits)) return true
    if (this.floors === undefined || this.extras === undefined) return false
    this.inherit(node, digits, this.floors, this.extras)
    if ((this.floors[node] as number) === 0 || this.bestPossible(node, digits, this.extras) <= this.foldedThreshold) return false
    this.status[node] = done
    return true
  }

  private inherit(node: number, digits: Uint8Array, floors: Float64Array, extras: Float64Array): void {
    const { strides, sizes } = this.lattice
    const width = sizes.length
    for (let d = 0; d < width; d++) {
      if ((digits[d] as number) + 1 >= (sizes[d] as number)) continue
      const successor = node + (strides[d] as number)
      if ((floors[successor] as number) === 0) continue
      if ((floors[successor] as number) > (floors[node] as number)) floors[node] = floors[successor] as number
      for (let e = 0; e < width; e++) if ((extras[successor * width + e] as number) > (extras[node * width + e] as number)) extras[node * width + e] = extras[successor * width + e] as number
    }
  }

  private bestPossible(node: number, digits: Uint8Array, extras: Float64Array): number {
    const { metric } = this.problem
    if (metric.kind !== 'separable') return -Infinity
    const { aggregate, bound } = metric
    let folded = aggregate.start
    for (let d = 0; d < digits.length; d++) {
      const base = bound[d]?.[(digits[d] as number) + (this.lattice.minLevels[d] as number)] as number
      folded = aggregate.fold(folded, aggregate.term(d, base + (extras[node * digits.length + d] as number)))
    }
    return folded
  }

  /** After a stop: the least bound of any node not ruled out. */
  private openBound(): number {
    const { metric } = this.problem
    const score = this.best?.score ?? Infinity
    if (metric.kind === 'classes') return Math.min(score, this.checker.bound(metric, this.problem.base, Uint8Array.from(this.lattice.minLevels)))
    let least = Infinity
    this.status.forEach((status, node) => { if (status === 0 && (this.bounds?.[node] as number) < least) least = this.bounds?.[node] as number })
    return Math.min(score, metric.aggregate.value(least))
  }
}

/** The largest folded value whose score is at most the threshold, a little rounded up. */
function foldedThreshold(value: (folded: number) => number, threshold: number): number {
  let [low, high] = [0, 1]
  while (value(high) <= threshold && high < 1e300) high *= 2
  for (let i = 0; i < 200 && high - low > high * 1e-15; i++) {
    const middle = (low + high) / 2
    if (value(middle) <= threshold) low = middle
    else high = middle
  }
  return high
}

function decrement(digits: Uint8Array, sizes: readonly number[]): void {
  for (let d = digits.length - 1; d >= 0; d--) {
    if ((digits[d] as number) > 0) {
      digits[d] = (digits[d] as number) - 1
      return
    }
    digits[d] = (sizes[d] as number) - 1
  }
}

