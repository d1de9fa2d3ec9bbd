// Heuristic search for lattices too large to enumerate: greedy ascent, then local search over neighbours, restarted from disturbed
// solutions until time runs out. Anytime; claims no optimum. The bound is the least any node can score.
import { keep } from '@mhmd/columns'
import { aggregated } from '../metrics/aggregate.ts'
import { Checker, generalised } from './checker.ts'
import type { Snapshot } from './checker.ts'
import type { SearchResult } from './exact.ts'
import { greedy } from './greedy.ts'
import { latticeOf } from './lattice.ts'
import type { Problem } from './problem.ts'
import { isBetter, tieWidth } from './solution.ts'
import type { Solution } from './solution.ts'

export interface HeuristicOptions {
  readonly isOutOfTime: () => boolean
  readonly seed: number
  /** Restarts after which the search ends by itself. */
  readonly mostRestarts?: number
}

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
    greedy(this.problem, this.checker, this.bottom, (solution) => { this.offer(solution) })
    const start = this.best ?? this.solutionAt(this.top(), this.bottom)
    if (start !== undefined) {
      this.offer(start)
      this.improve(start)
      for (let restart = 0; restart < (this.options.mostRestarts ?? 1000) && !this.options.isOutOfTime(); restart++) this.restart()
    }
    return { best: this.best, optimal: false, lowerBound: this.leastScore(), checkedNodes: this.checker.checks, latticeSize: latticeOf(this.problem.dimensions).size }
  }

  private offer(solution: Solution): void {
    if (isBetter(solution, this.best, this.problem.order)) this.best = solution
  }

  private top(): Uint8Array {
    return Uint8Array.from(this.problem.dimensions, ({ minLevel, levels }) => minLevel + levels - 1)
  }

  /** Steepest descent: the best neighbour, until none is better. */
  private improve(from: Solution): Solution {
    for (let here = from; ;) {
      const next = this.bestNeighbour(here)
      if (next === undefined || next.score >= here.score * (1 - tieWidth)) return here
      this.offer(next)
      here = next
      if (this.options.isOutOfTime()) return here
    }
  }

  /** Neighbours: one level up or down, and one down with another up. All are checked from the tuples at their meet. */
  private bestNeighbour(here: Solution): Solution | undefined {
    const wanted = this.neighbours(here.levels).filter((levels) => this.boundOf(levels) < here.score && !this.seen.has(levels.join()))
    if (wanted.length === 0) return undefined
    wanted.sort((a, b) => this.boundOf(a) - this.boundOf(b))
    const meet = here.levels.map((_, d) => Math.min(...wanted.map((levels) => levels[d] as number)))
    const from: Snapshot = { levels: meet, cells: keep(this.checker.rollUp(this.bottom, meet)) }
    let best: Solution | undefined
    for (const levels of wanted) {
      if (this.options.isOutOfTime()) break
      if (best !== undefined && this.boundOf(levels) > best.score) continue
      const solution = this.solutionAt(levels, from)
      if (solution !== undefined && isBetter(solution, best, this.problem.order)) best = solution
    }
    return best
  }

  private neighbours(levels: Uint8Array): Uint8Array[] {
    const { dimensions } = this.problem
    const moved = (from: Uint8Array, d: number, by: number): Uint8Array[] => {
      const level = (from[d] as number) + by
      const { minLevel, levels: count } = dimensions[d] as Problem['dimensions'][number]
      return level < minLevel || level >= minLevel + count ? [] : [from.with(d, level)]
    }
    const each = dimensions.map((_, d) => d)
    const down = each.flatMap((d) => moved(levels, d, -1).map((node) => ({ node, d })))
    return [...down.map(({ node }) => node), ...each.flatMap((d) => moved(levels, d, 1)), ...down.flatMap(({ node, d }) => each.filter((other) => other !== d).flatMap((other) => moved(node, other, 1)))]
  }

  private restart(): void {
    if (this.best === undefined) return
    let levels = this.best.levels
    const moves = 2 + Math.floor(this.random() * 4)
    for (let i = 0; i < moves; i++) {
      const d = Math.floor(this.random() * levels.length)
      const { minLevel, levels: count } = this.problem.dimensions[d] as Problem['dimensions'][number]
      levels = levels.with(d, minLevel + Math.floor(this.random() * count))
    }
    const start = this.solutionAt(levels, this.bottom)
    if (start === undefined) return
    this.offer(start)
    this.improve(start)
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
    const { metric, fields } = this.problem
    if (metric.kind === 'separable') return this.boundOf(this.bottom.levels)
    return metric.bound(this.checker.classesOf(this.bottom.cells), fields, this.bottom.levels)
  }
}

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
