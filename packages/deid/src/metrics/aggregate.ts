// Aggregation of per-attribute values into one score, with attribute weights.
import type { Aggregate } from '../metric.ts'
import type { MetricSpec } from '../job.ts'

type AggregateName = NonNullable<MetricSpec['aggregate']>

/** The geometric mean is taken of x + 1, so that one attribute at zero doesn't hide the others. Equal weights cancel out of both means. */
export function aggregateOf(name: AggregateName, weights: readonly number[]): Aggregate {
  const equal = weights.every((weight) => weight === weights[0])
  const total = equal ? weights.length : weights.reduce((sum, weight) => sum + weight, 0)
  const weightOf = (attribute: number): number => weights[attribute] as number
  const share = (attribute: number): number => equal ? 1 : weightOf(attribute)
  const add = (left: number, right: number): number => left + right
  const table: Record<AggregateName, Aggregate> = {
    'geometric-mean': {
      start: 1,
      fold: (left, right) => left * right,
      term: equal ? (_, x) => 1 + x : (attribute, x) => (1 + x) ** share(attribute),
      value: (folded) => total === 0 ? 0 : folded ** (1 / total) - 1,
    },
    'arithmetic-mean': { start: 0, fold: add, term: (attribute, x) => share(attribute) * x, value: (folded) => total === 0 ? 0 : folded / total },
    'sum': { start: 0, fold: add, term: (attribute, x) => weightOf(attribute) * x, value: (folded) => folded },
    'maximum': { start: 0, fold: Math.max, term: (attribute, x) => weightOf(attribute) * x, value: (folded) => folded },
  }
  return table[name]
}

/** Applies an aggregate to one value an attribute. */
export function aggregated(aggregate: Aggregate, values: Float64Array): number {
  let folded = aggregate.start
  for (let a = 0; a < values.length; a++) folded = aggregate.fold(folded, aggregate.term(a, values[a] as number))
  return folded
}
