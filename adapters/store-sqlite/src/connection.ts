// One SQLite connection: its settings, its cached statements, and SQLite's failures as the store's errors.
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { MhmdError } from '@mhmd/base'
import { storeErrors } from '@mhmd/store'

/** SQLite's primary result codes that callers can act on (sqlite.org/rescode.html). */
const BUSY = 5
const LOCKED = 6

export interface Connection {
  readonly database: DatabaseSync
  /** The prepared statement of this text, kept for the life of the connection. */
  statement(sql: string): StatementSync
  close(): void
}

/** synchronous=FULL syncs the log at every commit; secure_delete overwrites what is deleted with zeros. */
export function connect(path: string): Connection {
  const database = new DatabaseSync(path, { timeout: 5000 })
  database.exec('PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=4000')
  const statements = new Map<string, StatementSync>()
  return {
    database,
    statement: (sql) => {
      const known = statements.get(sql)
      if (known !== undefined) return known
      const made = database.prepare(sql)
      statements.set(sql, made)
      return made
    },
    close: () => {
      statements.clear()
      database.close()
    },
  }
}

interface SqliteFailure extends Error {
  readonly errcode: number
  readonly errstr: string
}

export const isSqliteFailure = (error: unknown): error is SqliteFailure =>
  error instanceof Error && (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR'

/** A table that this connection's state doesn't hold (yet): to a reader it is simply empty. */
export const isMissingTable = (error: unknown): boolean => isSqliteFailure(error) && error.message.startsWith('no such table')

/** SQLite's failures as STORE_IN_USE or STORE_UNAVAILABLE; every other error (the closure's own) as it is. */
export function asStoreError(error: unknown, file: string): unknown {
  if (MhmdError.isInstance(error) || !isSqliteFailure(error)) return error
  const primary = error.errcode & 0xff
  if (primary === BUSY || primary === LOCKED) return storeErrors.IN_USE({ file }, { cause: error })
  return storeErrors.UNAVAILABLE({ reason: `SQLite says ${error.errstr} (${error.errcode})` }, { cause: error })
}
