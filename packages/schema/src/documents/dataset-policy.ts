// What a dataset's policy asks of the engine: its own models, and its gate's thresholds as models of the same search, so that what is found keeps to what the gate measures (decision 0028).
import type { DatasetPolicy } from './dataset.ts'

type Model = DatasetPolicy['models'][number]

/** Fewest people who look alike, by who receives the table; the sources stand in decision 0028. */
export const policyPresets = { agreement: 5, publication: 11, 'secure-environment': 3 } as const
export type PolicyPreset = keyof typeof policyPresets

/** The fewest people of a class under which nobody is found with a greater chance. A chance of 0.2 is a class of five: rounding of the quotient must not make it six. */
export const leastClass = (chance: number): number => Math.ceil(1 / chance - 1e-9)

export const kOf = (models: readonly Model[]): number => models.reduce((k, model) => (model.type === 'k-anonymity' ? Math.max(k, model.k) : k), 1)

/** The policy with classes of so many people, and thresholds that say the same; an average that asks for more stays. */
export function withClassesOf(k: number, policy: DatasetPolicy): DatasetPolicy {
  const { averageRisk } = policy.thresholds
  const isStricter = leastClass(averageRisk) > kOf(policy.models)
  return { ...policy, models: [{ type: 'k-anonymity', k }, ...policy.models.filter(({ type }) => type !== 'k-anonymity')], thresholds: { ...policy.thresholds, highestRisk: 1 / k, averageRisk: isStricter ? Math.min(averageRisk, 1 / k) : 1 / k } }
}

/** Where a draft begins: nothing leaves but to a named recipient under an agreement. */
export const firstPolicy = (models: readonly Model[] = []): DatasetPolicy =>
  withClassesOf(policyPresets.agreement, { forms: ['anonymised'], suppressionLimit: 0.05, models: [...models], thresholds: { highestRisk: 1, averageRisk: 1, uniques: 0, distinctValues: 1 } })

interface Asking {
  /** Sensitive columns that leave. */
  readonly sensitive: readonly string[]
  /** Whether somebody has several rows: models that count rows can't be asked then. */
  readonly hasSeveralRows: boolean
}

/** What the engine searches under this policy. Whatever satisfies it keeps to the policy's thresholds. */
export function modelsAsked({ models, thresholds }: Pick<DatasetPolicy, 'models' | 'thresholds'>, { sensitive, hasSeveralRows }: Asking): Model[] {
  const { highestRisk, averageRisk, distinctValues } = thresholds
  const k = Math.max(kOf(models), leastClass(highestRisk), hasSeveralRows ? leastClass(averageRisk) : 1)
  const own = models.filter((model) => model.type !== 'k-anonymity' && (!('column' in model) || sensitive.includes(model.column)))
  const diverse = distinctValues > 1 ? sensitive.map((column): Model => ({ type: 'distinct-l-diversity', column, l: distinctValues })) : []
  return [{ type: 'k-anonymity', k }, ...own, ...diverse, ...(leastClass(averageRisk) > k ? [{ type: 'average-risk', threshold: averageRisk } as const] : [])]
}

/** A threshold that the policy's own models don't reach by themselves: the search is asked for it as well. */
export type Unimplied =
  | { readonly threshold: 'highestRisk' | 'averageRisk'; readonly needs: number }
  | { readonly threshold: 'distinctValues'; readonly needs: number; readonly column: string }

export function unimplied({ models, thresholds }: Pick<DatasetPolicy, 'models' | 'thresholds'>, sensitive: readonly string[]): Unimplied[] {
  const { highestRisk, averageRisk, distinctValues } = thresholds
  const k = kOf(models)
  const isAveraged = models.some((model) => model.type === 'average-risk' && model.threshold <= averageRisk + 1e-9)
  const valuesOf = (name: string): number => models.reduce((most, model) => ('column' in model && model.column === name && 'l' in model ? Math.max(most, model.l) : most), 1)
  return [
    ...(leastClass(highestRisk) > k ? [{ threshold: 'highestRisk', needs: leastClass(highestRisk) } as const] : []),
    ...(leastClass(averageRisk) > Math.max(k, leastClass(highestRisk)) && !isAveraged ? [{ threshold: 'averageRisk', needs: averageRisk } as const] : []),
    ...sensitive.filter((column) => valuesOf(column) < distinctValues).map((column) => ({ threshold: 'distinctValues', needs: distinctValues, column } as const)),
  ]
}

/** The policy with models that reach its thresholds by themselves. */
export function mended(policy: DatasetPolicy, sensitive: readonly string[]): DatasetPolicy {
  const models = unimplied(policy, sensitive).reduce<Model[]>((all, gap) => {
    if ('column' in gap) return [...all.filter((model) => model.type !== 'distinct-l-diversity' || model.column !== gap.column), { type: 'distinct-l-diversity', column: gap.column, l: gap.needs }]
    if (gap.threshold === 'averageRisk') return [...all.filter(({ type }) => type !== 'average-risk'), { type: 'average-risk', threshold: gap.needs }]
    return [{ type: 'k-anonymity', k: gap.needs }, ...all.filter(({ type }) => type !== 'k-anonymity')]
  }, [...policy.models])
  return { ...policy, models }
}
