// One process per store: an exclusive lock on `STORE-lock`, held by the operating system for as long as the process lives.
import { DatabaseSync } from 'node:sqlite'
import { basename } from 'node:path'
import { storeErrors } from '@mhmd/store'
import { isSqliteFailure } from './failures.ts'

/** SQLite's own file lock is used because it works alike on every system and dies with its process. Throws STORE_IN_USE. */
export function lockFile(path: string): { release(): void } {
  const database = new DatabaseSync(`${path}-lock`)
  try {
    database.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isSqliteFailure(error)) throw storeErrors.IN_USE({ file: basename(path) }, { cause: error })
    throw error
  }
  return { release: () => database.close() }
}
