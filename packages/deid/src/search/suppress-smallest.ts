// Models of a whole release, and suppression: all classes of the smallest size go, again and again, until the models hold. Those of one size stay or go together, so that the order of rows changes nothing.
import type { Cells } from '@mhmd/columns'
import type { Problem } from './problem.ts'
import type { Verdict } from './verdict.ts'

/** What a check has found of its node so far; by class, whether it is suppressed. */
interface Judging {
  readonly problem: Problem
  readonly verdict: Verdict
  readonly suppressed: Uint8Array
  /** Classes that lose rows, and how many. */
  readonly groups: Uint32Array
  readonly rows: Uint32Array
}

/** `already` classes lose rows by other models; returns how many do in the end. */
export function suppressSmallest(cells: Cells, already: number, { verdict, problem: { sampleModels, rows: all, limit }, suppressed, groups, rows: lost }: Judging): number {
  const sizes = cells.weights[0] as Uint32Array
  const histogram = new Map<number, number>()
  for (let group = 0; group < cells.size; group++) if (suppressed[group] === 0 && sizes[group] !== 0) histogram.set(sizes[group] as number, (histogram.get(sizes[group] as number) ?? 0) + 1)
  const ascending = [...histogram.keys()].sort((a, b) => a - b)
  let [cut, rows] = [0, all - verdict.suppressedRows]
  const satisfied = (): boolean => rows === 0 || sampleModels.every((model) => model.satisfied(histogram, rows))
  // Beyond the limit the node is infeasible whatever the models say.
  while (all - rows <= limit && !satisfied()) {
    cut = ascending.shift() as number
    rows -= cut * (histogram.get(cut) as number)
    histogram.delete(cut)
  }
  let count = already
  for (let group = 0; group < cells.size && cut > 0; group++) {
    const size = sizes[group] as number
    if (suppressed[group] === 1 || size === 0 || size > cut) continue
    suppressed[group] = 1
    groups[count] = group
    lost[count++] = size
    verdict.suppressedRows += size
    verdict.classes--
  }
  // With nothing to suppress, a model that generalisation preserves and that fails here fails at every more specific node.
  if (cut > 0 && limit === 0 && sampleModels.every(({ monotone }) => monotone.generalisation)) verdict.floorRows = Math.max(verdict.floorRows, 1)
  return count
}
