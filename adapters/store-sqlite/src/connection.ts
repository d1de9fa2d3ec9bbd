// One SQLite connection: its settings and its cached statements. Loads nothing else, since the thread of checkpoints starts with it.
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'

export interface Connection {
  readonly database: DatabaseSync
  /** The prepared statement of this text, kept for the life of the connection. */
  statement(sql: string): StatementSync
  close(): void
}

export const PAGE_BYTES = 8192

/**
 * synchronous=NORMAL syncs log and file around a checkpoint; at a commit the store syncs the log itself (log-sync.ts). secure_delete overwrites what is deleted with zeros.
 */
export function connect(path: string): Connection {
  const database = new DatabaseSync(path, { timeout: 5000 })
  database.exec(`PRAGMA page_size=${PAGE_BYTES}; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=0`)
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

/** The writer: its log stands, in a folder that is synced, before anything is committed to it. */
export function connectWriter(path: string): Connection {
  const connection = connect(path)
  connection.database.exec('PRAGMA synchronous=FULL; PRAGMA user_version=1; PRAGMA synchronous=NORMAL')
  return connection
}
