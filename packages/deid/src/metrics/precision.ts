// Precision (Sweeney, IJUFKS 10(5), 2002), turned so that smaller is better: mean of level ÷ height over cells, a suppressed row counting 1.
import { factorsOf } from '../metric.ts'
import type { MetricContext, SeparableMetric } from '../metric.ts'
import type { MetricSpec } from '../job.ts'
import { aggregateOf } from './aggregate.ts'

export function precision(spec: MetricSpec, { rows, limit, attributes }: MetricContext): SeparableMetric {
  const factors = factorsOf(spec.suppressionWeight)
  const heights = attributes.map(({ hierarchy }) => hierarchy.levels.length - 1)
  const valueAt = (a: number, level: number): number => (heights[a] === 0 ? 0 : level / (heights[a] as number)) * factors.generalisation
  const perRow = (a: number, level: number): number => rows === 0 ? 0 : (factors.suppression - valueAt(a, level)) / rows
  const generalisation = attributes.map(({ rowsAt }, a) => Float64Array.from(rowsAt, (_, level) => rows === 0 ? 0 : valueAt(a, level)))
  return {
    kind: 'separable',
    type: 'precision',
    generalisation,
    // Where suppression counts for less than the level, suppressing rows lowers the value.
    bound: generalisation.map((values, a) => values.map((value, level) => value + Math.min(0, limit * perRow(a, level)))),
    penalties(suppressed, into) {
      let total = 0
      for (let i = 0; i < suppressed.count; i++) total += suppressed.rows[i] as number
      for (let a = 0; a < attributes.length; a++) into[a] = (into[a] as number) + total * perRow(a, suppressed.levels[a] as number)
    },
    aggregate: aggregateOf(spec.aggregate ?? 'arithmetic-mean', attributes.map(({ weight }) => weight)),
  }
}
