// Alternatives for the release of a table, each carried out: its job, its measured risk and utility, and why it is offered.
import type { Job, ModelSpec } from '../job.ts'
import type { JobTables } from '../prepare.ts'
import { release } from '../release.ts'
import { riskReport } from '../risk/report.ts'
import type { RiskReport } from '../risk/report.ts'
import { utilityReport } from '../utility/report.ts'
import type { UtilityReport } from '../utility/report.ts'
import { MhmdError } from '@mhmd/base'
import { adviseForms } from './forms.ts'
import type { DataKind, FormAdvice, Need, Recipient } from './forms.ts'

export interface RecommendOptions {
  /** Input, roles and hierarchies; its models and limit are replaced by each alternative's. */
  readonly job: Job
  readonly tables: JobTables
  readonly kind: DataKind
  readonly need: Need
  readonly recipient: Recipient
  /** Called at the start of each alternative; its answer is asked now and then, and ends that search once true. */
  readonly startTimer?: () => () => boolean
}

export interface Alternative {
  readonly name: string
  readonly reasons: readonly string[]
  /** Running it gives the figures below. */
  readonly job: Job
  readonly score: number
  readonly optimal: boolean
  readonly levels: Readonly<Record<string, number>>
  readonly suppressedRows: number
  readonly risk: Pick<RiskReport, 'sample' | 'attackers' | 'attributes'>
  readonly utility: Pick<UtilityReport, 'lossByAttribute' | 'marginals' | 'predictions'>
}

export interface Recommendation {
  readonly forms: readonly FormAdvice[]
  /** Best score first; empty where a table of records is no possible form. */
  readonly alternatives: readonly Alternative[]
  /** Alternatives without a solution, by name and code. */
  readonly impossible: readonly { readonly name: string; readonly code: string }[]
}

interface Proposal {
  readonly name: string
  readonly reasons: readonly string[]
  readonly models: readonly ModelSpec[]
  readonly suppressionLimit: number
}

const kFor: Readonly<Record<Recipient, { readonly k: number; readonly reason: string }>> = {
  public: { k: 11, reason: 'classes of 11: highest risk 1/11, the figure of EMA policy 0070 for publication' },
  named: { k: 5, reason: 'classes of 5: highest risk 0.2, usual where a contract binds the recipient' },
  'secure-environment': { k: 3, reason: 'classes of 3: the environment carries most of the protection' },
}

/** Advice on forms and, where generalised records are among the possible ones, alternatives that were carried out. */
export function recommend(options: RecommendOptions): Recommendation {
  const forms = adviseForms(options)
  const isOffered = forms.some(({ form, verdict }) => form === 'generalised' && (verdict === 'recommended' || verdict === 'possible'))
  const tried = isOffered ? proposals(options).map((proposal) => attempt(options, proposal)) : []
  return {
    forms,
    alternatives: tried.filter((found) => 'job' in found).sort((a, b) => a.score - b.score),
    impossible: tried.filter((found) => 'code' in found),
  }
}

/** k alone, and k with two protections of the first sensitive column; each with little and with more suppression. */
function proposals({ job, recipient }: RecommendOptions): Proposal[] {
  const { k, reason } = kFor[recipient]
  const base: ModelSpec = { type: 'k-anonymity', k }
  const column = Object.entries(job.columns).find(([, spec]) => spec.role === 'sensitive')?.[0]
  const kinds: Omit<Proposal, 'suppressionLimit'>[] = [{ name: `k${k}`, reasons: [reason], models: [base] }]
  if (column !== undefined) {
    kinds.push({ name: `k${k}-l3`, reasons: [reason, `three different values of ${column} in each class, so that membership doesn't give it away`], models: [base, { type: 'distinct-l-diversity', column, l: 3 }] })
    kinds.push({ name: `k${k}-t0.2`, reasons: [reason, `${column} in each class within 0.2 of the whole table's distribution, so that a class tells little more than the table`], models: [base, { type: 'equal-t-closeness', column, t: 0.2 }] })
  }
  return kinds.flatMap((kind) => [0.02, 0.05].map((suppressionLimit) => ({ ...kind, name: `${kind.name}-s${suppressionLimit * 100}`, reasons: [...kind.reasons, `at most ${suppressionLimit * 100} % of rows given up`], suppressionLimit })))
}

function attempt(options: RecommendOptions, proposal: Proposal): Alternative | { name: string; code: string } {
  const { name, reasons, models, suppressionLimit } = proposal
  const job: Job = { ...options.job, models, suppressionLimit }
  try {
    const made = release(job, options.tables, options.startTimer === undefined ? {} : { isOutOfTime: options.startTimer() })
    return { name, reasons, job, score: made.score, optimal: made.optimal, levels: made.levels, suppressedRows: made.suppressedRows, ...measured(options, job, made) }
  } catch (error) {
    if (MhmdError.isInstance(error) && (error.code === 'DEID_NO_SOLUTION' || error.code === 'RISK_NO_ROWS')) return { name, code: error.code }
    throw error
  }
}

function measured({ tables }: RecommendOptions, job: Job, made: ReturnType<typeof release>): Pick<Alternative, 'risk' | 'utility'> {
  const named = (role: string): string[] => Object.entries(job.columns).flatMap(([column, spec]) => (spec.role === role ? [column] : []))
  const [quasiIdentifiers, sensitive] = [named('quasi-identifying'), named('sensitive')]
  const { sample, attackers, attributes } = riskReport(made.table, { quasiIdentifiers, sensitive })
  const { lossByAttribute, marginals, predictions } = utilityReport({ input: tables.input, output: made.table, levels: made.levels, hierarchies: tables.hierarchies, quasiIdentifiers, targets: sensitive })
  return { risk: { sample, attackers, attributes }, utility: { lossByAttribute, marginals, predictions } }
}
