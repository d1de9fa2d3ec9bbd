// Alternatives for the release of a table, each carried out: its job, its measured risk and utility, and why it is offered.
import { columnNamed } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import type { ModelSpec } from '../job.ts'
import { carriedOut } from './alternatives.ts'
import type { Alternative, Impossible, Proposal, Start } from './alternatives.ts'
import { adviseForms } from './forms.ts'
import type { DataKind, FormAdvice, Need, Recipient } from './forms.ts'

export interface RecommendOptions extends Start {
  readonly kind: DataKind
  readonly need: Need
  readonly recipient: Recipient
  /** Called at the start of each alternative; its answer is asked now and then, and ends that search once true. */
  readonly startTimer?: () => () => boolean
}

export interface Recommendation {
  readonly forms: readonly FormAdvice[]
  /** Best score first; empty where a table of records is no possible form. */
  readonly alternatives: readonly Alternative[]
  /** Alternatives without a solution, by name and code. */
  readonly impossible: readonly Impossible[]
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
  const lacking = isOffered ? lackOf(options) : undefined
  const tried = isOffered && lacking === undefined ? proposals(options).map((proposal) => carriedOut(options, proposal, options.startTimer === undefined ? {} : { isOutOfTime: options.startTimer() })) : []
  return {
    forms,
    alternatives: tried.filter((found) => 'job' in found).sort((a, b) => a.score - b.score),
    impossible: [...(lacking === undefined ? [] : [{ name: options.kind, code: lacking }]), ...tried.filter((found) => 'code' in found)],
  }
}

/** The code of what a kind of data needs and the job lacks. */
function lackOf(options: RecommendOptions): string | undefined {
  if (options.kind === 'set' && setColumns(options).length === 0) return deidErrors.NO_SET_COLUMN({}).code
  return options.kind === 'sequence' && options.job.person === undefined ? deidErrors.NO_PERSON_COLUMN({}).code : undefined
}

interface SetColumn {
  readonly column: string
  readonly separator: string
}

/** Of every ten texts one at least must hold several items. */
const SEVERAL_SHARE = 0.1

/** Sensitive columns whose cells hold several items. */
function setColumns({ job, tables }: RecommendOptions): SetColumn[] {
  return Object.entries(job.columns).flatMap(([column, { role }]) => {
    const texts = role === 'sensitive' ? columnNamed(tables.input, column)?.dictionary ?? [] : []
    const separator = [';', '|'].find((one) => texts.filter((text) => text.includes(one)).length > SEVERAL_SHARE * texts.length)
    return separator === undefined ? [] : [{ column, separator }]
  })
}

/** What each kind of data adds: for sets, items known of a person; for sequences, visits known of her. */
function variants(options: RecommendOptions, k: number): Pick<Proposal, 'name' | 'reasons' | 'models' | 'known'>[] {
  const sets = setColumns(options)
  if (options.kind === 'set') {
    return [1, 2].map((m) => ({ name: `-m${m}`, reasons: [`${m === 1 ? 'any item' : `any ${m} items`} of ${sets.map(({ column }) => column).join(', ')} that somebody may know shared by ${k}`], models: sets.map(({ column, separator }): ModelSpec => ({ type: 'km-anonymity', column, k, m, separator })) }))
  }
  if (options.kind === 'sequence') {
    return [
      { name: '-v1', reasons: ['one visit of a person known'], models: [], known: { visits: 1 } },
      { name: '-v2', reasons: ['any two visits of a person known'], models: [], known: { visits: 2 } },
      { name: '-v2-ordered', reasons: ['any two visits of a person known, and which came first'], models: [], known: { visits: 2, ordered: true } },
    ]
  }
  return [{ name: '', reasons: [], models: [] }]
}

/** k alone, and k with protections of the first sensitive column that fit what is counted; each with little and with more suppression, and as the kind of data asks. */
function proposals(options: RecommendOptions): Proposal[] {
  const { job, recipient } = options
  const { k, reason } = kFor[recipient]
  const base: ModelSpec = { type: 'k-anonymity', k }
  const sets = setColumns(options).map(({ column }) => column)
  const column = Object.entries(job.columns).find(([name, spec]) => spec.role === 'sensitive' && !sets.includes(name))?.[0]
  const kinds: Omit<Proposal, 'suppressionLimit'>[] = [{ name: `k${k}`, reasons: [reason], models: [base] }]
  if (column !== undefined) {
    kinds.push({ name: `k${k}-l3`, reasons: [reason, `three different values of ${column} in each class, so that membership doesn't give it away`], models: [base, { type: 'distinct-l-diversity', column, l: 3 }] })
    if (job.person === undefined) kinds.push({ name: `k${k}-t0.2`, reasons: [reason, `${column} in each class within 0.2 of the whole table's distribution, so that a class tells little more than the table`], models: [base, { type: 'equal-t-closeness', column, t: 0.2 }] })
  }
  const wide = kinds.flatMap((kind) => variants(options, k).map(({ name, reasons, models, known }) => ({ ...kind, name: `${kind.name}${name}`, reasons: [...kind.reasons, ...reasons], models: [...kind.models, ...models], ...(known && { known }) })))
  return wide.flatMap((kind) => [0.02, 0.05].map((suppressionLimit) => ({ ...kind, name: `${kind.name}-s${suppressionLimit * 100}`, reasons: [...kind.reasons, `at most ${suppressionLimit * 100} % of rows given up`], suppressionLimit })))
}
