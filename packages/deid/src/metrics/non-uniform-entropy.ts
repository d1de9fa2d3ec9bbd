// Non-uniform entropy (De Waal and Willenborg 1999; Gionis and Tassa, TKDE 21(2), 2009) in bits, as ARX 3.9.2 scores it.
// Per attribute: over all rows −log2(rows of the original value / rows of its generalised value), a suppressed row counted with
// the value it would have had. The plain variant adds the entropy of the suppressed rows' generalised values; the monotone one doesn't.
import { codeAt } from '@mhmd/columns'
import { factorsOf } from '../metric.ts'
import type { MeasuredAttribute, MetricContext, SeparableMetric } from '../metric.ts'
import type { HierarchyLevel } from '../hierarchy.ts'
import type { MetricSpec } from '../job.ts'
import { aggregateOf } from './aggregate.ts'

export function nonUniformEntropy(spec: MetricSpec, { attributes }: MetricContext): SeparableMetric {
  const factors = factorsOf(spec.suppressionWeight)
  const generalisation = attributes.map((attribute) => Float64Array.from(attribute.rowsAt, (_, level) => factors.generalisation * bitsLost(attribute, level)))
  const counters = attributes.map(({ rowsAt }) => new Float64Array(Math.max(1, ...rowsAt.map((counts) => counts.length))))
  const monotone = spec.type === 'non-uniform-entropy-monotone'
  return {
    kind: 'separable',
    type: spec.type,
    generalisation,
    bound: generalisation,
    penalties(suppressed, into) {
      if (monotone || suppressed.count === 0) return
      let total = 0
      for (let i = 0; i < suppressed.count; i++) total += suppressed.rows[i] as number
      for (let a = 0; a < attributes.length; a++) {
        const counter = counters[a] as Float64Array
        counter.fill(0)
        const field = suppressed.fields[a]
        if (field === undefined) continue
        for (let i = 0; i < suppressed.count; i++) {
          const code = codeAt(suppressed.cells, field, suppressed.groups[i] as number)
          counter[code] = (counter[code] as number) + (suppressed.rows[i] as number)
        }
        into[a] = (into[a] as number) + factors.suppression * entropyBits(counter, total)
      }
    },
    aggregate: aggregateOf(spec.aggregate ?? 'sum', attributes.map(({ weight }) => weight)),
  }
}

/** Sum over rows of log2(rows of the generalised value / rows of the original value). Summed in order of size, so that row order leaves no trace. */
function bitsLost({ hierarchy, rowsAt }: MeasuredAttribute, level: number): number {
  const { codeOf } = hierarchy.levels[level] as HierarchyLevel
  const general = rowsAt[level] as Uint32Array
  const base = rowsAt[0] as Uint32Array
  const terms = new Float64Array(base.length)
  for (let code = 0; code < base.length; code++) {
    const [count, rows] = [base[code] as number, general[codeOf[code] as number] as number]
    if (count !== rows && count !== 0) terms[code] = count * Math.log2(rows / count)
  }
  terms.sort()
  let sum = 0
  for (let i = 0; i < terms.length; i++) sum += terms[i] as number
  return sum
}

function entropyBits(counts: Float64Array, total: number): number {
  const terms: number[] = []
  for (const count of counts) if (count > 0) terms.push(count * Math.log2(total / count))
  return terms.sort((a, b) => a - b).reduce((sum, term) => sum + term, 0)
}
