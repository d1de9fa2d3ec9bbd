// A first solution: from the least levels upwards, always the step that saves most suppressed rows for its loss.
import { keep } from '@mhmd/columns'
import type { Checker, Snapshot } from './checker.ts'
import { generalised } from './checker.ts'
import { aggregated } from '../metrics/aggregate.ts'
import type { Problem } from './problem.ts'
import type { Solution } from './solution.ts'

/** Offers the first feasible node met on the way up, and the feasible steps beside it. */
export function greedy(problem: Problem, checker: Checker, bottom: Snapshot, offer: (solution: Solution) => void): void {
  const cost = costOf(problem)
  const top = problem.dimensions.map(({ minLevel, levels }) => minLevel + levels - 1)
  let here = bottom
  let verdict = checker.check(here.levels, here, { exhaustive: true })
  let missing = verdict.suppressedRows
  let found = verdict.feasible
  if (found) offer(solutionAt(checker, here.levels))
  while (!found) {
    let best: { levels: Uint8Array; gain: number; missing: number } | undefined
    for (let d = 0; d < top.length; d++) {
      for (let level = (here.levels[d] as number) + 1; level <= (top[d] as number); level++) {
        const levels = here.levels.with(d, level)
        verdict = checker.check(levels, here, { exhaustive: true })
        if (verdict.feasible) {
          found = true
          offer(solutionAt(checker, levels))
        }
        const gain = (missing - verdict.suppressedRows + 1e-3) / (cost(levels) - cost(here.levels) + 1e-9)
        if (best === undefined || gain > best.gain) best = { levels, gain, missing: verdict.suppressedRows }
      }
    }
    if (best === undefined || found) return
    here = { levels: best.levels, cells: keep(checker.rollUp(here, best.levels)) }
    missing = best.missing
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
