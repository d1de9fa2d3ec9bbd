// Risk in a survey sample: each row stands for `weight` people, so the size of its class in the population is estimated, not known.
// Source: Benedetti & Franconi, Statistical and technological solutions for controlled data dissemination (1998); Hundepool et al.,
// Statistical Disclosure Control (2012) §3.3: F | f is negative binomial with f successes at p = f / Σ weights, and the risk is E[1/F | f].
import type { Classes } from './classes.ts'
import { suppressedRow } from './classes.ts'
import { riskErrors } from './errors.ts'

export interface WeightedRisk {
  /** Per class. */
  readonly risks: Float64Array
  /** Expected re-identifications among the rows, and their share. */
  readonly expected: number
  readonly averageRisk: number
  readonly highestRisk: number
}

/** Weights are one a row, each at least 1. */
export function weightedRisk(classes: Classes, weights: ArrayLike<number>): WeightedRisk {
  const people = new Float64Array(classes.sizes.length)
  classes.classOf.forEach((id, row) => {
    const weight = weights[row]
    if (weight === undefined || !(weight >= 1 && Number.isFinite(weight))) throw riskErrors.BAD_WEIGHT({ row: row + 1 })
    if (id !== suppressedRow) people[id] = (people[id] as number) + weight
  })
  const risks = Float64Array.from(classes.sizes, (size, id) => expectedInverse(size, size / (people[id] as number)))
  const expected = risks.reduce((sum, risk, id) => sum + risk * (classes.sizes[id] as number), 0)
  return { risks, expected, averageRisk: expected / classes.rows, highestRisk: risks.reduce((a, b) => Math.max(a, b), 0) }
}

/**
 * E[1/F] for F negative binomial from `seen` with chance p = ∫₀¹ y^(seen−1)·p / (p + (1−p)y) dy.
 * Large p: a series in 1−p whose terms are Beta functions; small p: upwards from ln(1/p)·p/(1−p), where the recurrence shrinks errors.
 */
export function expectedInverse(seen: number, p: number): number {
  if (p >= 1) return 1 / seen
  return p < 0.5 ? byRecurrence(seen, p) : bySeries(seen, p)
}

function byRecurrence(seen: number, p: number): number {
  const odds = p / (1 - p)
  let integral = odds * Math.log(1 / p)
  for (let size = 1; size < seen; size++) integral = odds * (1 / size - integral)
  return integral
}

function bySeries(seen: number, p: number): number {
  let [term, sum] = [1 / seen, 0]
  for (let m = 1; term > sum * 1e-17; m++) {
    sum += term
    term *= ((1 - p) * m) / (seen + m)
  }
  return p * sum
}

/** The chance that at least one member of a household is re-identified, for each row of it; members count as independent. */
export function householdRisk(risks: ArrayLike<number>, householdOf: ArrayLike<number>): Float64Array {
  const safe = new Map<number, number>()
  for (let row = 0; row < risks.length; row++) safe.set(householdOf[row] as number, (safe.get(householdOf[row] as number) ?? 1) * (1 - (risks[row] as number)))
  return Float64Array.from({ length: risks.length }, (_, row) => 1 - (safe.get(householdOf[row] as number) as number))
}
