// A proven lower bound for lattices too large to search: groups of dimensions, each solved exactly by itself.
// Looking at some dimensions only merges classes, so under k-anonymity the rows suppressed there are suppressed in the whole as well,
// and a group's own optimum bounds its part of every score. Holds for metrics that separate and only grow with suppression.
import { keep, regroup, stepOf, Workspace } from '@mhmd/columns'
import type { SeparableMetric } from '../metric.ts'
import { exactSearch } from './exact.ts'
import type { Problem } from './problem.ts'

/** Nodes of the largest group's lattice for the first bound, unless told otherwise, and at all. */
const [firstNodes, mostNodes] = [2 ** 14, 2 ** 20]

const growing: ReadonlySet<string> = new Set(['loss', 'non-uniform-entropy', 'non-uniform-entropy-monotone'])

/** Bounds from fewer and fewer, larger and larger groups: each is closer and dearer than the one before. None where models or metric don't allow one. */
export function* decomposedBounds(problem: Problem, isOutOfTime: () => boolean, first = firstNodes): Generator<number, void> {
  const { metric, classModels, base, dimensions } = problem
  if (metric.kind !== 'separable' || !growing.has(metric.type) || base.weights.length > 1 || classModels.some(({ type }) => type !== 'k-anonymity')) return
  const largest = (count: number): number => Math.max(...groupsOf(problem, count).map((group) => nodesOf(problem, group)))
  let count = 1
  while (count < dimensions.length && largest(count) > first) count++
  for (; count > 0 && largest(count) <= mostNodes; count--) {
    const bound = boundBy(problem, metric, { groups: groupsOf(problem, count), isOutOfTime })
    if (bound === undefined) return
    yield bound
  }
}

/** Undefined where time runs out; Infinity where a group alone has no solution. */
function boundBy(problem: Problem, metric: SeparableMetric, { groups, isOutOfTime }: { groups: readonly ReadonlySet<number>[]; isOutOfTime: () => boolean }): number | undefined {
  let folded = metric.aggregate.start
  for (const group of groups) {
    if (isOutOfTime()) return undefined
    const { best, optimal } = exactSearch(partOf(problem, metric, group), isOutOfTime)
    if (!optimal) return undefined
    folded = metric.aggregate.fold(folded, best?.score ?? Infinity)
  }
  return metric.aggregate.value(folded)
}

const nodesOf = ({ dimensions }: Problem, group: ReadonlySet<number>): number => dimensions.reduce((nodes, { levels }, d) => group.has(d) ? nodes * levels : nodes, 1)

/** Neighbours in the chain's order, which puts attributes of like size together, in groups whose lattices are about as large as each other. */
function groupsOf({ dimensions }: Problem, count: number): Set<number>[] {
  const share = dimensions.reduce((bits, { levels }) => bits + Math.log2(levels), 0) / count
  const groups: Set<number>[] = [new Set()]
  let bits = 0
  dimensions.forEach(({ levels }, d) => {
    // In the group that holds the attribute's middle.
    if (bits + Math.log2(levels) / 2 > share * groups.length && groups.length < count) groups.push(new Set())
    groups.at(-1)?.add(d)
    bits += Math.log2(levels)
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
