// Loss (Iyengar, KDD 2002) as ARX 3.9.2 scores it: a value's share is the part of the hierarchy's rows its label covers, a
// suppressed row has share 1; per attribute x = (mean share − 1/|D|) / (1 − 1/|D|), by default aggregated as geometric mean of x + 1.
import { codeAt } from '@mhmd/columns'
import { factorsOf } from '../metric.ts'
import type { MeasuredAttribute, MetricContext, SeparableMetric } from '../metric.ts'
import type { Hierarchy, HierarchyLevel } from '../hierarchy.ts'
import type { MetricSpec } from '../job.ts'
import { aggregateOf } from './aggregate.ts'

export function loss(spec: MetricSpec, { rows, attributes }: MetricContext): SeparableMetric {
  const factors = factorsOf(spec.suppressionWeight)
  const scales = attributes.map(({ hierarchy }) => scaleOf(hierarchy, rows, factors))
  const generalisation = attributes.map((attribute, a) => Float64Array.from(attribute.rowsAt, (_, level) =>
    (scales[a] as Scale).value(factors.generalisation * coveredRows(attribute, level))))
  return {
    kind: 'separable',
    type: 'loss',
    generalisation,
    bound: generalisation,
    penalties(suppressed, into) {
      for (let a = 0; a < attributes.length; a++) {
        const { levels } = (attributes[a] as MeasuredAttribute).hierarchy
        const { fileRows } = levels[suppressed.levels[a] as number] as HierarchyLevel
        let [covered, count] = [0, 0]
        for (let i = 0; i < suppressed.count; i++) {
          const n = suppressed.rows[i] as number
          const field = suppressed.fields[a]
          if (field === undefined) continue
          covered += n * (fileRows[codeAt(suppressed.cells, field, suppressed.groups[i] as number)] as number)
          count += n
        }
        into[a] = (into[a] as number) + (scales[a] as Scale).penalty(covered, count)
      }
    },
    aggregate: aggregateOf(spec.aggregate ?? 'geometric-mean', attributes.map(({ weight }) => weight)),
  }
}

/** Sum over rows of the hierarchy rows their label covers; an exact integer. */
function coveredRows({ hierarchy, rowsAt }: MeasuredAttribute, level: number): number {
  const { fileRows } = hierarchy.levels[level] as HierarchyLevel
  return (rowsAt[level] as Uint32Array).reduce((sum, count, code) => sum + count * (fileRows[code] as number), 0)
}

interface Scale {
  readonly value: (covered: number) => number
  readonly penalty: (covered: number, count: number) => number
}

function scaleOf({ fileRows: domain }: Hierarchy, rows: number, factors: { generalisation: number; suppression: number }): Scale {
  if (domain <= 1 || rows === 0) return { value: () => 0, penalty: () => 0 }
  const least = factors.generalisation / domain
  const width = 1 - least
  // A suppressed row counts share + s·(1 − share) instead of g·share.
  const change = 1 - factors.suppression - factors.generalisation
  return {
    value: (covered) => Math.max(0, (covered / domain / rows - least) / width),
    penalty: (covered, count) => (change * covered / domain + factors.suppression * count) / rows / width,
  }
}
