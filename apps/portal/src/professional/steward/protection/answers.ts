// What the node answers about the search for a draft's protection.
import type { Dataset, DatasetPolicy } from '@mhmd/schema'
import { number, tenths } from '../../../words/language.ts'

export const riskAxes = ['highestRisk', 'averageRisk', 'attributeGain'] as const
export const lossAxes = ['loss', 'score', 'pairs', 'accuracyLost'] as const
export type RiskAxis = (typeof riskAxes)[number]
export type LossAxis = (typeof lossAxes)[number]

export interface Share {
  readonly share: number
  readonly low: number
  readonly high: number
}

export interface Alternative {
  readonly name: string
  readonly policy: DatasetPolicy
  readonly axes: Readonly<Record<RiskAxis | LossAxis, number>>
  readonly optimal: boolean
  readonly suppressedRows: number
  readonly suppressedPersons: number | null
  readonly whole: { readonly units: number; readonly loss: number; readonly lossStandardError: number; readonly suppressed: Share }
  readonly predictions: readonly { readonly target: string; readonly release: Share; readonly input: Share; readonly baseline: Share }[]
}

export interface WholeAlternative extends Alternative {
  readonly classes: number
  readonly levels: Readonly<Record<string, number>>
  readonly heights: Readonly<Record<string, number>>
  readonly lossByAttribute: Readonly<Record<string, number>>
  readonly marginals: readonly Distance[]
  readonly pairs: readonly Distance[]
  readonly subgroups: Readonly<Record<string, readonly { readonly value: string | null; readonly rows: number; readonly suppressed: Share; readonly loss: number; readonly lossStandardError: number; readonly pairs: MeanDistance; readonly predictions: readonly { readonly target: string; readonly release: Share; readonly input: Share; readonly baseline: Share }[] }[]>>
  readonly unit: 'row' | 'person'
  readonly sample: { readonly smallestClassSize: number; readonly averageRisk: number }
  readonly job: object
}

interface MeanDistance {
  readonly distance: number
  readonly standardError: number
  readonly byChance: number
}

interface Distance extends MeanDistance {
  readonly columns: readonly string[]
}

export interface Protection {
  readonly protection: string | null
  readonly job: string | null
  readonly state: 'none' | 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly code: string | null
  readonly isOutdated: boolean
  readonly done: number
  readonly total: number
  readonly people: number | null
  readonly alternatives: readonly Alternative[]
  readonly impossible: readonly { readonly name: string; readonly code: string }[]
  readonly undominated: Readonly<Record<string, readonly string[]>>
}

export const figure = (value: number): string => number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 })
export const percent = (share: number): string => number(100 * share, tenths)

/** People alone with one value are alone with any combination; and how many would be, were the columns independent and each of its values as common as the others. */
export function estimateOf({ columns }: Dataset, profile: { readonly people: number; readonly columns: readonly { readonly name: string; readonly distinct: number; readonly alone: number }[] }): { readonly alone: number; readonly combinations: number; readonly expected: number } {
  const known = profile.columns.filter(({ name }) => columns.some((column) => column.name === name && column.role === 'quasi-identifying'))
  const combinations = known.reduce((product, { distinct }) => product * Math.max(1, distinct), 1)
  const alone = known.reduce((most, column) => Math.max(most, column.alone), 0)
  return { alone, combinations, expected: known.length === 0 ? 0 : Math.max(alone, Math.round(profile.people * Math.exp((profile.people - 1) * Math.log1p(-Math.min(1 - 1e-12, 1 / combinations))))) }
}

/** The same models, limit and thresholds, in whatever order their members stand. */
export function isSamePolicy(a: DatasetPolicy, b: DatasetPolicy): boolean {
  const text = ({ models, suppressionLimit, thresholds }: DatasetPolicy): string => JSON.stringify([models.map((model) => Object.entries(model).sort(([x], [y]) => x < y ? -1 : 1)), suppressionLimit, thresholds.highestRisk, thresholds.averageRisk, thresholds.uniques, thresholds.distinctValues])
  return text(a) === text(b)
}
