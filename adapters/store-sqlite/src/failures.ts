// SQLite's failures as the store's errors.
import { MhmdError } from '@mhmd/base'
import { storeErrors } from '@mhmd/store'

/** SQLite's primary result codes that callers can act on (sqlite.org/rescode.html). */
const BUSY = 5
const LOCKED = 6

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
