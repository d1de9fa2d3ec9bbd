// Heuristic search for lattices too large to enumerate: from the best node of a greedy chain, coordinate descent over one and over two
// attributes at a time, then again from disturbed solutions until time runs out. Anytime; claims no optimum, but names a proven bound. Each descent step groups
// the table once with its attributes at their least levels, so that all their levels are then checked on few tuples.
import { aggregated } from '../metrics/aggregate.ts'
import { Checker, generalised } from './checker.ts'
import type { Snapshot } from './snapshots.ts'
import { decomposedBounds } from './decomposed-bound.ts'
import type { SearchResult } from './exact.ts'
import { alongChain, greedy } from './greedy.ts'
import { latticeOf } from './lattice.ts'
import type { Problem } from './problem.ts'
import { isBetter, tieWidth } from './solution.ts'
import type { Solution } from './solution.ts'

export interface HeuristicOptions {
  readonly isOutOfTime: () => boolean
  readonly seed: number
  /** Restarts after which the search ends by itself; default 50. */
  readonly mostRestarts?: number
}

const usualRestarts = 50
/** So many restarts in a row that find nothing better make way for a closer bound, where there is time to fill. */
const patience = 3

export function heuristicSearch(problem: Problem, options: HeuristicOptions): SearchResult {
  return new LocalSearch(problem, options).run()
}

class LocalSearch {
  private readonly problem: Problem
  private readonly checker: Checker
  private readonly options: HeuristicOptions
  private readonly bottom: Snapshot
  private readonly seen = new Map<string, number>()
  private readonly random: () => number
  private best: Solution | undefined

  constructor(problem: Problem, options: HeuristicOptions) {
    this.problem = problem
    this.options = options
    this.checker = new Checker(problem)
    this.bottom = { levels: Uint8Array.from(problem.dimensions, ({ minLevel }) => minLevel), cells: problem.base }
    this.random = generator(options.seed)
  }

  run(): SearchResult {
    const { isOutOfTime, mostRestarts = usualRestarts } = this.options
    const bounds = decomposedBounds(this.problem, isOutOfTime)
    let bound = closer(this.leastScore(), bounds)
    const offer = (solution: Solution): void => { this.offer(solution) }
    greedy(this.problem, this.checker, this.bottom, offer)
    alongChain(this.problem, this.checker, this.bottom, offer)
    if (this.best !== undefined) this.descend(this.best)
    for (let [restart, idle] = [0, 0]; this.best !== undefined && restart < mostRestarts && !isOutOfTime(); restart++) {
      idle = this.restart() ? 0 : idle + 1
      if (mostRestarts === Infinity && idle > 0 && idle % patience === 0) bound = closer(bound, bounds)
    }
    return { best: this.best, optimal: false, lowerBound: Math.min(bound, this.best?.score ?? bound), checkedNodes: this.checker.visited.count, latticeSize: latticeOf(this.problem.dimensions).size }
  }

  private offer(solution: Solution): void {
    if (isBetter(solution, this.best, this.problem.order)) this.best = solution
  }

  /** Single attributes until none helps, then pairs; back to single ones after each pair that helped. */
  private descend(from: Solution): void {
    let here = from
    const pairs = this.shuffled(this.problem.dimensions.flatMap((_, a) => this.problem.dimensions.slice(a + 1).map((_, b) => [a, a + 1 + b])))
    for (let since = 0, next = 0; since <= pairs.length && !this.options.isOutOfTime();) {
      const before = here
      if (since === 0) for (const [a] of this.shuffled(this.problem.dimensions.map((_, d) => [d]))) here = this.bestOver(here, [a as number])
      const single = here !== before
      if (!single) here = this.bestOver(here, pairs[next++ % Math.max(1, pairs.length)] ?? [])
      this.offer(here)
      since = here === before ? since + 1 : 0
    }
  }

  /** The best node that differs from `here` in these attributes only. */
  private bestOver(here: Solution, attributes: readonly number[]): Solution {
    if (this.options.isOutOfTime()) return here
    const { dimensions, order } = this.problem
    const least = here.levels.map((level, d) => attributes.includes(d) ? dimensions[d]?.minLevel as number : level)
    const wanted = this.combinations(least, attributes).filter((levels) => this.boundOf(levels) < here.score && !this.seen.has(levels.join()))
    if (wanted.length === 0) return here
    const from = this.checker.snapshots.snapshot(this.bottom, least)
    let best = here
    for (const levels of wanted) {
      if (this.boundOf(levels) > best.score) continue
      const solution = this.solutionAt(levels, from)
      if (solution !== undefined && isBetter(solution, best, order)) best = solution
    }
    return best.score < here.score * (1 - tieWidth) ? best : here
  }

  private combinations(least: Uint8Array, attributes: readonly number[]): Uint8Array[] {
    return attributes.reduce<Uint8Array[]>((all, d) => all.flatMap((levels) => Array.from({ length: this.problem.dimensions[d]?.levels as number }, (_, up) => levels.with(d, (least[d] as number) + up))), [least])
  }

  private shuffled<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const other = Math.floor(this.random() * (i + 1))
      const held = items[i] as T
      items[i] = items[other] as T
      items[other] = held
    }
    return items
  }

  /** Whether a descent from a disturbed solution found a better one. */
  private restart(): boolean {
    const { best } = this
    if (best === undefined) return false
    let { levels } = best
    const moves = 2 + Math.floor(this.random() * 5)
    for (let i = 0; i < moves; i++) {
      const d = Math.floor(this.random() * levels.length)
      const { minLevel, levels: count } = this.problem.dimensions[d] as Problem['dimensions'][number]
      levels = levels.with(d, minLevel + Math.floor(this.random() * count))
    }
    const start = this.solutionAt(levels, this.bottom)
    if (start === undefined) return false
    this.offer(start)
    this.descend(start)
    return this.best !== best
  }

  private solutionAt(levels: Uint8Array, from: Snapshot): Solution | undefined {
    const verdict = this.checker.check(levels, from)
    this.seen.set(levels.join(), verdict.score)
    return verdict.feasible ? { levels, score: verdict.score, suppressedRows: verdict.suppressedRows, classes: verdict.classes } : undefined
  }

  /** What a node scores at least, by generalisation alone. */
  private boundOf(levels: Uint8Array): number {
    const { metric } = this.problem
    if (metric.kind === 'classes') return -Infinity
    const values = new Float64Array(levels.length)
    generalised({ ...metric, generalisation: metric.bound }, levels, values)
    return metric.aggregate.value(aggregated(metric.aggregate, values))
  }

  private leastScore(): number {
    const { metric } = this.problem
    return metric.kind === 'separable' ? this.boundOf(this.bottom.levels) : this.checker.bound(metric, this.bottom.cells, this.bottom.levels)
  }
}

const closer = (bound: number, bounds: Iterator<number, void>): number => Math.max(bound, bounds.next().value ?? bound)

/** Mulberry32: a small seeded generator; drives the order of the search and nothing else. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
