// A proven lower bound for lattices too large to search: groups of dimensions, each solved exactly by itself.
// Looking at some dimensions only merges classes, so under k-anonymity the rows suppressed there are suppressed in the whole as well,
// and a group's own optimum bounds its part of every score. Holds for metrics that separate and only grow with suppression.
import { keep, regroup, stepOf, Workspace } from '@mhmd/columns'
import type { SeparableMetric } from '../metric.ts'
import { exactSearch } from './exact.ts'
import type { Problem } from './problem.ts'

/** Nodes of one group's lattice at most, unless told otherwise. */
const usualNodes = 4096

const growing: ReadonlySet<string> = new Set(['loss', 'non-uniform-entropy', 'non-uniform-entropy-monotone'])

/** The bound, or undefined where models or metric don't allow one; Infinity where a group alone has no solution. */
export function decomposedBound(problem: Problem, isOutOfTime: () => boolean, mostNodes = usualNodes): number | undefined {
  const { metric, classModels, base } = problem
  if (metric.kind !== 'separable' || !growing.has(metric.type) || base.weights.length > 1 || classModels.some(({ type }) => type !== 'k-anonymity')) return undefined
  let folded = metric.aggregate.start
  for (const group of groupsOf(problem, mostNodes)) {
    if (isOutOfTime()) return undefined
    const { best, optimal } = exactSearch(partOf(problem, metric, group), isOutOfTime)
    if (!optimal) return undefined
    folded = metric.aggregate.fold(folded, best?.score ?? Infinity)
  }
  return metric.aggregate.value(folded)
}

/** Neighbours in the chain's order, which puts attributes of like size together, as many as fit. */
function groupsOf({ dimensions }: Problem, mostNodes: number): Set<number>[] {
  const groups: Set<number>[] = []
  let nodes = Infinity
  dimensions.forEach(({ levels }, d) => {
    nodes *= levels
    if (nodes <= mostNodes) groups.at(-1)?.add(d)
    else {
      groups.push(new Set([d]))
      nodes = levels
    }
  })
  return groups
}

/** The problem as the group sees it: other dimensions have one level, one value and no part in the score, which stays folded. */
function partOf(problem: Problem, metric: SeparableMetric, group: ReadonlySet<number>): Problem {
  const { dimensions, base } = problem
  const blank = dimensions.flatMap((dimension, d) => group.has(d) ? [] : [stepOf(dimension.field, new Uint32Array(dimension.step(dimension.minLevel, dimension.minLevel).map.length))])
  const { aggregate } = metric
  const { persons: _, target: __, ...rows } = problem
  return {
    ...rows,
    dimensions: dimensions.map((dimension, d) => group.has(d) ? dimension : { ...dimension, levels: 1 }),
    base: keep(regroup({ ...base, words: base.words.slice(0, problem.keyWords) }, blank, new Workspace())),
    sensitive: [],
    sampleModels: [],
    metric: { ...metric, aggregate: { ...aggregate, term: (attribute, x) => group.has(attribute) ? aggregate.term(attribute, x) : aggregate.start, value: (folded) => folded } },
  }
}
