// A release under (ε, δ)-differential privacy: levels fixed beforehand or privately chosen, a random sample of the rows, classes below k dropped.
// What leaves is a multiset of generalised rows in the order of their texts: neither the number of rows nor their order is the input's.
import { columnNamed, columnOf, textAt } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import { SUPPRESSED } from '../hierarchies/source.ts'
import type { Job, MaskSpec, ModelSpec } from '../job.ts'
import { rationalOfNumber } from '../masks/decimals.ts'
import { uniformBelow } from '../masks/samplers.ts'
import { SecretStream } from '../masks/secret-stream.ts'
import { prepare } from '../prepare.ts'
import type { JobTables } from '../prepare.ts'
import { compileProblem } from '../search/problem.ts'
import { privateSearch } from './private-search.ts'
import { samplingDenominator, samplingFor } from './sampling.ts'
import type { Sampling } from './sampling.ts'

export type PrivacySpec = Extract<ModelSpec, { type: 'differential-privacy' }>

/** The job's differential-privacy model, where it has one. */
export function privacyOf(job: Job): PrivacySpec | undefined {
  return job.models.find((model) => model.type === 'differential-privacy')
}

/** What ε and δ came to. */
export interface PrivacyFigures {
  readonly epsilon: number
  readonly delta: number
  readonly searchEpsilon: number
  readonly k: number
  readonly beta: number
}

export interface PrivateParts {
  /** An ordinary job on the sample: fixed levels, k, anything may be suppressed. Undefined where the sample is empty. */
  readonly sampled: { readonly job: Job; readonly tables: JobTables } | undefined
  readonly figures: PrivacyFigures
}

/** Masks that look at other rows would carry one person's influence into them. */
const crossing: ReadonlySet<MaskSpec['type']> = new Set(['microaggregation', 'rank-swapping', 'pram'])

/** Below, k takes long to find and nothing is left of any table; above, ε says nothing. */
const [leastEpsilon, mostEpsilon] = [0.01, 10] as const

/** Throws DEID_DP_…. */
export function privateParts(job: Job, tables: JobTables, { spec, secret }: { spec: PrivacySpec; secret: Uint8Array }): PrivateParts {
  checkPrivate(job, tables)
  const { epsilon, delta, searchEpsilon = 0 } = spec
  if (epsilon - searchEpsilon < leastEpsilon || epsilon > mostEpsilon) throw deidErrors.PARAMETER_IMPOSSIBLE({ parameter: 'differential-privacy.epsilon', allowed: `from ${leastEpsilon} (without searchEpsilon) to ${mostEpsilon}` })
  const sampling = samplingFor(epsilon - searchEpsilon, delta)
  const fixed = searchEpsilon === 0 ? fixedLevels(job, tables) : chosenLevels(job, tables, { sampling, searchEpsilon, secret })
  const columns = Object.fromEntries(Object.entries(job.columns).map(([name, column]) => [name, fixed[name] === undefined ? column : { ...column, minLevel: fixed[name], maxLevel: fixed[name] }]))
  const input = sampleOf(tables.input, sampling, secret)
  const { metric: _, ...rest } = job
  return {
    figures: { epsilon, delta, searchEpsilon, k: sampling.k, beta: sampling.beta },
    sampled: input.rows === 0 ? undefined : { job: { ...rest, columns, models: [{ type: 'k-anonymity', k: sampling.k }], suppressionLimit: 1, search: { type: 'exact' } }, tables: { ...tables, input } },
  }
}

function checkPrivate(job: Job, { hierarchies }: JobTables): void {
  const other = [...job.models.map(({ type }) => type).filter((type) => type !== 'differential-privacy'), ...(job.masks ?? []).map(({ type }) => type).filter((type) => crossing.has(type)), ...(job.localRecoding === true ? ['local recoding'] : [])]
  if (job.models.length > 1 || other[0] !== undefined) throw deidErrors.DP_ALONE({ what: other[0] ?? 'a second of its kind' })
  for (const [column, { role }] of Object.entries(job.columns)) {
    if (role === 'sensitive' || role === 'insensitive') throw deidErrors.DP_COLUMN({ column })
    // A hierarchy made from the values that occur would tell which ones do.
    if (role === 'quasi-identifying' && hierarchies[column] === undefined) throw deidErrors.HIERARCHY_MISSING({ column, needed: 'differential-privacy' })
  }
}

function fixedLevels(job: Job, { hierarchies }: JobTables): Record<string, number> {
  return Object.fromEntries(Object.entries(job.columns).filter(([, { role }]) => role === 'quasi-identifying').map(([name, { minLevel = 0, maxLevel }]) => {
    const top = (hierarchies[name]?.table.columns.length ?? 1) - 1
    if (minLevel !== (maxLevel ?? top)) throw deidErrors.DP_SEARCHES({})
    return [name, minLevel]
  }))
}

function chosenLevels(job: Job, tables: JobTables, { sampling, searchEpsilon, secret }: { sampling: Sampling; searchEpsilon: number; secret: Uint8Array }): Record<string, number> {
  const { input } = prepare({ ...job, models: [{ type: 'k-anonymity', k: 1 }] }, tables)
  const problem = compileProblem(input)
  const hierarchies = problem.order.map((index) => (input.quasiIdentifiers[index] as (typeof input.quasiIdentifiers)[number]).hierarchy)
  const levels = privateSearch(problem, { epsilon: rationalOfNumber(searchEpsilon), least: Math.ceil(sampling.k / sampling.beta), hierarchies }, new SecretStream(secret, 'private-search'))
  return Object.fromEntries(problem.dimensions.map(({ name }, d) => [name, levels[d] as number]))
}

function sampleOf(table: Table, { kept }: Sampling, secret: Uint8Array): Table {
  const source = new SecretStream(secret, 'sample')
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter(() => uniformBelow(samplingDenominator, source) < kept)
  return { rows: rows.length, columns: table.columns.map((column) => ({ ...column, codes: Uint32Array.from(rows, (row) => column.codes[row] as number) })) }
}

/** The rows that are kept, ordered by their texts. Where none is suppressed a row of nothing but `*` is one at the top of every hierarchy. */
export function keptMultiset({ table, suppressedRows }: { readonly table: Table; readonly suppressedRows: number }): Table {
  const rows = Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => textAt(column, row))).filter((cells) => suppressedRows === 0 || cells.some((cell) => cell !== SUPPRESSED))
  const keyed = rows.map((cells) => JSON.stringify(cells)).sort()
  const sorted = keyed.map((key) => JSON.parse(key) as string[])
  return { rows: sorted.length, columns: table.columns.map(({ name }, c) => columnOf(name, sorted.map((cells) => cells[c] as string))) }
}

/** The columns such a release has, without rows. */
export function emptyRelease(job: Job, input: Table): Table {
  return { rows: 0, columns: input.columns.filter(({ name }) => job.columns[name]?.role === 'quasi-identifying').map(({ name }): Column => columnOf(columnNamed(input, name)?.name ?? name, [])) }
}
