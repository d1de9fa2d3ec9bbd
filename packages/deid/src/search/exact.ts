// Exact search over the full-domain lattice: depth first over prefixes of the chain of dimensions, general nodes before specific ones.
// A node is skipped when its score's lower bound exceeds the best score found, or when a more general node proves that more
// rows than the limit stay suppressed. Bounds: generalisation alone, plus what rows cost that stay suppressed below a checked
// node. Each subtree is checked from the tuples grouped at the meet of its open nodes.
import { Checker } from './checker.ts'
import { greedy } from './greedy.ts'
import { InheritedFloors } from './inherited-floors.ts'
import { decrement, digitsOf, foldedBounds, foldedThreshold, latticeOf, markedBelow, subtreeOf } from './lattice.ts'
import type { Lattice, Subtree } from './lattice.ts'
import type { Problem } from './problem.ts'
import { leastScore, offerScore, takes } from './shared-search.ts'
import type { Board, Help, Share } from './shared-search.ts'
import type { Snapshot } from './snapshots.ts'
import { isBetter, tieWidth } from './solution.ts'
import type { Solution } from './solution.ts'
import { classesOfRecord, rarities, widthOf } from './witness.ts'

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

/** Witnesses are called where the checks of a subtree's open nodes would cost more than one: so many tuples each, as a share of the subtree's. */
const checkShare = 1 / 16
/** They go on being called until so many in a row rule out nodes whose checks would cost less. */
const patience = 3
/** Beyond the caches, passes over all tuples are dear: a witness must rule out so much of what is open, else the subtrees call their own. */
const [dearTuples, tellingShare] = [1 << 17, 1 / 4]

/** So many open nodes of a subtree are checked without tuples of their own. */
const few = 2

const infeasible = 1
const done = 2

/** The same result for any number of threads that help, except how many nodes were checked. */
export function exactSearch(problem: Problem, isOutOfTime: () => boolean = () => false, help?: Help): SearchResult {
  return new ExactSearch(problem, isOutOfTime, help?.board).run(help) ?? exactSearch(problem, isOutOfTime)
}

/** One helping thread's part. */
export function helpedSearch(problem: Problem, board: Board): Share {
  return new ExactSearch(problem, () => Atomics.load(board.stop, 0) === 1, board).share()
}

class ExactSearch {
  private readonly problem: Problem
  private readonly lattice: Lattice
  private readonly checker: Checker
  private readonly status: Uint8Array
  /** Absent where the metric isn't separable or the lattice is large. */
  private readonly floors: InheritedFloors | undefined
  private readonly bounds: Float64Array | undefined
  private readonly isOutOfTime: () => boolean
  /** Where several threads search: what they share. */
  private readonly board: Board | undefined
  private best: Solution | undefined
  private threshold = Infinity
  private foldedThreshold = Infinity
  private stopped = false
  private readonly usesWitnesses: boolean
  private readonly witnessWidth: number

  constructor(problem: Problem, isOutOfTime: () => boolean, board?: Board) {
    this.problem = problem
    this.isOutOfTime = isOutOfTime
    this.board = board
    this.lattice = latticeOf(problem.dimensions)
    this.checker = new Checker(problem)
    this.status = board?.status ?? new Uint8Array(this.lattice.size)
    this.witnessWidth = widthOf(problem.sensitive, this.lattice)
    const isTelling = this.checker.leastSize > 1 || (this.witnessWidth > 1 && problem.classModels.some(({ monotone }) => monotone.generalisation))
    this.usesWitnesses = problem.limit === 0 && isTelling && problem.base.weights.length === 1
    const { metric } = problem
    if (metric.kind === 'separable') {
      this.bounds = foldedBounds(this.lattice, metric)
      if (InheritedFloors.fits(this.lattice)) this.floors = new InheritedFloors(this.lattice, metric)
    }
  }

  /** Undefined where a thread that helped has failed. */
  run(help: Help | undefined): SearchResult | undefined {
    const bottom = this.bottom()
    greedy(this.problem, this.checker, bottom, (solution) => { this.offer(solution) })
    help?.begin()
    this.visit(0, 0, this.lattice.size, bottom)
    const shares = help === undefined ? [] : help.end(this.isOutOfTime)
    if (shares === undefined) return undefined
    for (const { best } of shares) if (best !== undefined) this.offer(best)
    const optimal = !this.stopped && !shares.some(({ stopped }) => stopped)
    // Two threads may have looked at one node.
    const checkedNodes = Math.min(this.lattice.size, shares.reduce((sum, { checks }) => sum + checks, this.checker.visited.count))
    return { best: this.best, optimal, lowerBound: optimal ? this.best?.score ?? Infinity : this.openBound(), checkedNodes, latticeSize: this.lattice.size }
  }

  /** A helping thread's part, which begins where the searching one has a first solution. */
  share(): Share {
    this.visit(0, 0, this.lattice.size, this.bottom())
    return { best: this.best, checks: this.checker.visited.count, stopped: this.stopped }
  }

  private bottom(): Snapshot {
    return { levels: Uint8Array.from(this.lattice.minLevels), cells: this.problem.base }
  }

  private offer(solution: Solution): void {
    if (!isBetter(solution, this.best, this.problem.order)) return
    this.best = solution
    this.lower(solution.score)
    if (this.board !== undefined) offerScore(this.board, solution.score)
  }

  /** Nothing is looked for that scores worse. */
  private lower(score: number): void {
    const threshold = score + Math.abs(score) * tieWidth
    if (threshold >= this.threshold) return
    this.threshold = threshold
    const { metric } = this.problem
    if (metric.kind === 'separable') this.foldedThreshold = foldedThreshold(metric.aggregate.value, threshold)
  }

  /** Whether a subtree is left to another thread; hears of the least score otherwise. */
  private isLeft(board: Board, { depth, from, to }: { depth: number; from: number; to: number }): boolean {
    if (depth === board.depth && !takes(board, from / (to - from))) return true
    this.lower(leastScore(board))
    return false
  }

  /** Nodes `from … to − 1` share the first `depth` digits; `snapshot` lies at or below all of them that are open. */
  private visit(depth: number, from: number, to: number, snapshot: Snapshot): void {
    if (this.board !== undefined && this.isLeft(this.board, { depth, from, to })) return
    const { meet, open, count } = this.openNodes(from, to)
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
    if (this.usesWitnesses) this.callWitnesses({ depth, from, snapshot: tighter }, count)
    const stride = this.lattice.strides[depth] as number
    for (let start = to - stride; start >= from; start -= stride) this.visit(depth + 1, start, start + stride, tighter)
  }

  private tighten(snapshot: Snapshot, meet: Uint8Array): Snapshot | undefined {
    if (meet.every((level, d) => level === snapshot.levels[d])) return snapshot
    const { metric } = this.problem
    if (metric.kind === 'separable') return this.checker.snapshots.shorter(snapshot, meet)
    const tighter = this.checker.snapshots.snapshot(snapshot, meet)
    if (this.checker.bound(metric, tighter.cells, meet) > this.threshold) return undefined
    return tighter
  }

  /** The first few open nodes of a range, general ones first, how many there are, and the meet of all open nodes' levels. */
  private openNodes(from: number, to: number): { open: number[]; count: number; meet: Uint8Array } {
    const { lattice, status, bounds, foldedThreshold } = this
    const digits = digitsOf(lattice, to - 1, new Uint8Array(lattice.sizes.length))
    const least = new Uint8Array(lattice.sizes.length).fill(255)
    const open: number[] = []
    let count = 0
    for (let node = to - 1; node >= from; node--) {
      if (status[node] === 0 && (bounds === undefined || (bounds[node] as number) <= foldedThreshold) && !this.isRuledOut(node, digits)) {
        if (count++ <= few) open.push(node)
        for (let d = 0; d < digits.length; d++) if ((digits[d] as number) < (least[d] as number)) least[d] = digits[d] as number
      }
      decrement(digits, lattice.sizes)
    }
    return { open, count, meet: least.map((digit, d) => digit + (lattice.minLevels[d] as number)) }
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
    this.judgeNode(node, snapshot, false)
  }

  private judgeNode(node: number, snapshot: Snapshot, exhaustive: boolean): void {
    const digits = digitsOf(this.lattice, node, new Uint8Array(this.lattice.sizes.length))
    const levels = digits.map((digit, d) => digit + (this.lattice.minLevels[d] as number))
    const { checker, problem } = this
    const verdict = checker.check(levels, snapshot, { exhaustive })
    this.status[node] = verdict.floorRows > problem.limit ? infeasible : done
    if (!verdict.feasible) return
    if (verdict.floorRows > 0) this.floors?.remember(node, verdict)
    if (verdict.score <= this.threshold) this.offer({ levels, score: verdict.score, suppressedRows: verdict.suppressedRows, classes: verdict.classes })
  }

  /** Where nothing may be suppressed: checks the node above most open ones of a subtree, and asks the record that stands out most in its violating classes. */
  private callWitnesses({ depth, from, snapshot }: { depth: number; from: number; snapshot: Snapshot }, count: number): void {
    const { problem, lattice, checker, status, witnessWidth: width } = this
    const subtree = subtreeOf(lattice, depth, from)
    const { size } = snapshot.cells
    const least = (size + 2 * subtree.size * width) / (size * checkShare)
    let rarity: Uint32Array | undefined
    for (let [open, idle] = [count, 0]; open >= least && idle < patience && !this.isOutOfTime();) {
      const node = from + this.aboveMost(from, subtree)
      this.judgeNode(node, snapshot, true)
      const record = status[node] === infeasible ? checker.outlier(snapshot, (rarity ??= rarities(problem, snapshot))) : -1
      if (record >= 0) this.testify(from, classesOfRecord(record, { problem, snapshot, subtree, width }))
      const before = open
      open = 0
      for (let other = from; other < from + subtree.size; other++) if (this.isOpen(other)) open++
      const asked = size < dearTuples ? least : tellingShare * before
      idle = before - open < asked ? idle + 1 : 0
    }
  }

  /** The open node of a subtree that lies above most others. */
  private aboveMost(from: number, subtree: Subtree): number {
    const below = markedBelow(subtree, (node) => this.isOpen(from + node))
    let above = -1
    for (let node = 0; node < subtree.size; node++) if (this.isOpen(from + node) && (above < 0 || (below[node] as number) > (below[above] as number))) above = node
    return above
  }

  private isOpen(node: number): boolean {
    return this.status[node] === 0 && (this.bounds === undefined || (this.bounds[node] as number) <= this.foldedThreshold)
  }

  /** Rules out every open node of a subtree at which the record's class violates. */
  private testify(from: number, counts: Uint32Array): void {
    const { status, checker, witnessWidth: width } = this
    for (let node = 0; node * width < counts.length; node++) if (this.isOpen(from + node) && checker.violates(counts, node * width, width)) status[from + node] = infeasible
  }

  /** Rules a node out by what its immediate successors prove, and hands their proofs on to it. */
  private isClosed(node: number): boolean {
    if (this.status[node] !== 0) return true
    const digits = digitsOf(this.lattice, node, new Uint8Array(this.lattice.sizes.length))
    if (this.bounds !== undefined && (this.bounds[node] as number) > this.foldedThreshold) return true
    if (this.isRuledOut(node, digits)) return true
    if (this.floors === undefined) return false
    this.floors.inherit(node, digits)
    if (!this.floors.has(node) || this.floors.bestPossible(node, digits) <= this.foldedThreshold) return false
    this.status[node] = done
    return true
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
