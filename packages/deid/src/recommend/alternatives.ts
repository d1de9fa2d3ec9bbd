// Alternatives for the release of a table: each proposal carried out and measured, with the job that gives its figures again.
import { MhmdError } from '@mhmd/base'
import { columnNamed } from '@mhmd/columns'
import type { Job, ModelSpec, PersonSpec } from '../job.ts'
import type { JobTables } from '../prepare.ts'
import { release } from '../release.ts'
import type { Release, ReleaseOptions } from '../released.ts'
import { riskOptionsOf } from '../risk/of-job.ts'
import { riskReport } from '../risk/report.ts'
import type { RiskReport } from '../risk/report.ts'
import { utilityReport } from '../utility/report.ts'
import type { UtilityReport } from '../utility/report.ts'

/** What an alternative asks of the engine, and why. */
export interface Proposal {
  readonly name: string
  readonly reasons: readonly string[]
  readonly models: readonly ModelSpec[]
  readonly suppressionLimit: number
  /** What an attacker may know of a person's visits, where the alternatives differ in it. */
  readonly known?: Pick<PersonSpec, 'visits' | 'ordered'>
}

/** What a release leaves an attacker and a reader. */
export interface MeasuredRelease {
  readonly risk: Pick<RiskReport, 'unit' | 'sample' | 'attackers' | 'persons' | 'attributes'>
  readonly utility: UtilityReport
}

export interface Alternative extends MeasuredRelease, Pick<Release, 'score' | 'optimal' | 'lowerBound' | 'levels' | 'classes' | 'suppressedRows' | 'suppressedPersons' | 'sets'> {
  readonly name: string
  readonly reasons: readonly string[]
  /** Running it gives these figures. */
  readonly job: Job
}

/** A proposal without a solution. */
export interface Impossible {
  readonly name: string
  readonly code: string
}

/** Input, roles and hierarchies; models and limit of the job are each proposal's. */
export interface Start {
  readonly job: Job
  readonly tables: JobTables
}

/** A column of more values tells no subgroups. */
const MOST_SUBGROUPS = 20
/** Smaller groups are told together: a figure about two people is one about each. */
const FEWEST_OF_A_SUBGROUP = 5
const noSolution = new Set(['DEID_NO_SOLUTION', 'RISK_NO_ROWS'])

export function carriedOut({ job: start, tables }: Start, { name, reasons, models, suppressionLimit, known }: Proposal, options: Pick<ReleaseOptions, 'isOutOfTime' | 'pool'> = {}): Alternative | Impossible {
  const job: Job = { ...start, models, suppressionLimit, ...(start.person && known && { person: { ...start.person, ...known } }) }
  try {
    const { score, optimal, lowerBound, levels, classes, suppressedRows, suppressedPersons, sets, ...made } = release(job, tables, options)
    return {
      name, reasons, job: optimal ? job : atLevels(job, levels), score, optimal, lowerBound, levels, classes, suppressedRows, ...(suppressedPersons !== undefined && { suppressedPersons }), ...(sets && { sets }),
      ...measuredRelease(job, tables, { table: made.table, levels }),
    }
  } catch (error) {
    if (MhmdError.isInstance(error) && noSolution.has(error.code)) return { name, code: error.code }
    throw error
  }
}

/** A search that was cut short ends elsewhere next time: its levels are written into the job. */
function atLevels(job: Job, levels: Release['levels']): Job {
  const columns = Object.fromEntries(Object.entries(job.columns).map(([name, column]) => [name, typeof levels[name] !== 'number' ? column : { ...column, minLevel: levels[name], maxLevel: levels[name] }]))
  return { ...job, columns, search: { type: 'exact' } }
}

/** Risk and utility of a release with as many rows as its input. Throws RISK_NO_ROWS where none is kept. */
export function measuredRelease(job: Job, { input, hierarchies }: JobTables, { table, levels }: Pick<Release, 'table' | 'levels'>): MeasuredRelease {
  const options = riskOptionsOf(job, table, input)
  const { unit, sample, attackers, persons, attributes } = riskReport(table, options)
  const { quasiIdentifiers, sensitive = [] } = options
  return {
    risk: { unit, sample, attackers, ...(persons && { persons }), attributes },
    utility: utilityReport({
      input, output: table, levels, hierarchies, quasiIdentifiers, targets: sensitive, subgroups: subgroupsOf(job, input), fewestOfASubgroup: FEWEST_OF_A_SUBGROUP, ...(options.persons && { persons: options.persons.of }),
    }),
  }
}

/** Columns with few values that are neither identifying nor sensitive. */
function subgroupsOf({ columns }: Job, input: JobTables['input']): string[] {
  return Object.entries(columns).flatMap(([name, { role }]) => {
    const values = columnNamed(input, name)?.dictionary.length ?? 0
    return (role === 'quasi-identifying' || role === 'insensitive') && values > 1 && values <= MOST_SUBGROUPS ? [name] : []
  })
}
