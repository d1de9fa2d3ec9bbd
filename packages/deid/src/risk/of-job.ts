// What a job says of the risk of a table: which columns attackers know, which they want, and whose the rows are.
import { columnNamed } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import type { Job } from '../job.ts'
import { riskErrors } from './errors.ts'
import type { Persons } from './person-risk.ts'
import type { RiskOptions } from './report.ts'

/**
 * Columns of the table by their roles, and persons where the job names them: by the table's own person column, else row by row by the job's input.
 * Throws RISK_NO_PERSONS where neither tells: rows are never counted instead.
 */
export function riskOptionsOf(job: Job, table: Table, input?: Table): RiskOptions {
  const named = (role: string): string[] => Object.entries(job.columns).flatMap(([name, spec]) => (spec.role === role ? [name] : []))
  const persons = personsOf(job, table, input)
  return { quasiIdentifiers: named('quasi-identifying'), sensitive: named('sensitive').filter((name) => columnNamed(table, name) !== undefined), ...(persons && { persons }) }
}

function personsOf({ person }: Job, table: Table, input: Table | undefined): Persons | undefined {
  if (person === undefined) return undefined
  const own = columnNamed(table, person.column) ?? (input?.rows === table.rows ? columnNamed(input, person.column) : undefined)
  if (own === undefined) throw riskErrors.NO_PERSONS({ column: person.column })
  return { of: own.codes, visits: person.visits ?? 1, ordered: person.ordered ?? false }
}
