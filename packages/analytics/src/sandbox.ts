// SQL of an auditor's own: one SELECT over views and tables, with limits, one at a time.
import type { Database } from './database.ts'
import { readSnapshot } from './reading.ts'
import type { Limits, Rows } from './reading.ts'

export const sandboxLimits: Limits = { milliseconds: 10_000, rows: 10_000, characters: 8_000_000 }

export interface SqlAnswer extends Rows {
  readonly height: number
  readonly hash: string
}

const turns = new WeakMap<Database, Promise<unknown>>()

/** Waits for the one before it. Throws ANALYTICS_SQL_REFUSED, ANALYTICS_SQL_FAILED, ANALYTICS_SQL_LIMIT. */
export function runSql(database: Database, sql: string, limits: Limits = sandboxLimits): Promise<SqlAnswer> {
  const before = turns.get(database) ?? Promise.resolve()
  const answer = before.then(() => readSnapshot(database, limits, async ({ head, select }) => ({ ...await select(sql), ...head })))
  turns.set(database, answer.catch(() => undefined))
  return answer
}
