// A first solution: along a chain of single steps ordered by entropy saved for its cost, bisect for feasibility; then, from a few
// steps below that boundary, climb again, always by the step that saves most suppressed rows for its cost.
import { aggregated } from '../metrics/aggregate.ts'
import type { Checker } from './checker.ts'
import { generalised } from './checker.ts'
import type { Problem } from './problem.ts'
import type { Snapshot } from './snapshots.ts'
import type { Solution } from './solution.ts'

/** Steps below the boundary from which the second climb starts: far enough to choose, near enough to be cheap. */
const stepsBack = 5

type Offer = (solution: Solution) => void

export function greedy(problem: Problem, checker: Checker, bottom: Snapshot, offer: Offer): void {
  const cost = costOf(problem)
  const path = chainOf(problem, bottom.levels, cost)
  const boundary = bisect(checker, path, bottom, offer)
  const start = path[Math.max(0, boundary - stepsBack)] as Uint8Array
  if (boundary > 0) climb({ problem, checker, cost, offer, here: checker.snapshots.snapshot(bottom, start) })
}

/** Offers every feasible node of the chain: a start where almost anything is feasible because much may be suppressed. */
export function alongChain(problem: Problem, checker: Checker, bottom: Snapshot, offer: Offer): void {
  let from = bottom
  for (const levels of chainOf(problem, bottom.levels, costOf(problem))) {
    from = checker.snapshots.snapshot(from, levels)
    if (checker.check(levels, from).feasible) offer(solutionAt(checker, levels))
  }
}

/** The nodes from bottom to top; each step is the one with the most entropy saved for its cost, seen from the columns alone. */
function chainOf({ dimensions, entropies }: Problem, bottom: Uint8Array, cost: (levels: Uint8Array) => number): Uint8Array[] {
  const path = [bottom]
  for (let here = bottom; ;) {
    let [best, most] = [undefined as Uint8Array | undefined, -Infinity]
    dimensions.forEach(({ minLevel, levels }, d) => {
      const level = (here[d] as number) + 1
      if (level >= minLevel + levels) return
      const next = here.with(d, level)
      const saved = (entropies[d]?.[level - 1] as number) - (entropies[d]?.[level] as number)
      const gain = (saved + 1e-6) / (cost(next) - cost(here) + 1e-9)
      if (gain > most) [best, most] = [next, gain]
    })
    if (best === undefined) return path
    path.push((here = best))
  }
}

/** The first feasible place of the chain that bisection meets, or its length. */
function bisect(checker: Checker, path: readonly Uint8Array[], bottom: Snapshot, offer: Offer): number {
  let [low, high] = [-1, path.length]
  let from = bottom
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const levels = path[middle] as Uint8Array
    if (checker.check(levels, from).feasible) {
      offer(solutionAt(checker, levels))
      high = middle
    } else {
      low = middle
      from = checker.snapshots.snapshot(from, levels)
    }
  }
  return high
}

function climb({ problem, checker, cost, offer, here }: { problem: Problem; checker: Checker; cost: (levels: Uint8Array) => number; offer: Offer; here: Snapshot }): void {
  const top = problem.dimensions.map(({ minLevel, levels }) => minLevel + levels - 1)
  let missing = checker.check(here.levels, here, { exhaustive: true }).suppressedRows
  for (let from: Snapshot | undefined = here; from !== undefined;) {
    const { levels: lower } = from
    let best: { levels: Uint8Array; gain: number; missing: number } | undefined
    let found = false
    for (let d = 0; d < top.length; d++) {
      for (let level = (lower[d] as number) + 1; level <= (top[d] as number); level++) {
        const levels = lower.with(d, level)
        const { feasible, suppressedRows } = checker.check(levels, from, { exhaustive: true })
        if (feasible) {
          found = true
          offer(solutionAt(checker, levels))
        }
        const gain = (missing - suppressedRows + 1e-3) / (cost(levels) - cost(lower) + 1e-9)
        if (best === undefined || gain > best.gain) best = { levels, gain, missing: suppressedRows }
      }
    }
    missing = best?.missing ?? 0
    from = best === undefined || found ? undefined : checker.snapshots.snapshot(from, best.levels)
  }
}

function solutionAt({ verdict }: Checker, levels: Uint8Array): Solution {
  return { levels, score: verdict.score, suppressedRows: verdict.suppressedRows, classes: verdict.classes }
}

/** Cost of generalisation alone: the metric's where it separates, else the mean level. */
function costOf({ metric, dimensions }: Problem): (levels: Uint8Array) => number {
  if (metric.kind === 'separable') {
    const values = new Float64Array(dimensions.length)
    return (levels) => {
      generalised(metric, levels, values)
      return metric.aggregate.value(aggregated(metric.aggregate, values))
    }
  }
  return (levels) => levels.reduce((sum, level, d) => sum + (level - (dimensions[d]?.minLevel as number)) / Math.max(1, (dimensions[d]?.levels as number) - 1), 0)
}
