// PostgreSQL's failures as the store's errors. Only the code is kept: PostgreSQL's details may quote keys.
import { MhmdError } from '@mhmd/base'
import { storeErrors } from '@mhmd/store'

const codeOf = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : undefined
}

/** SQLSTATE of a transaction that lost against another and may be tried again (serialization_failure, deadlock_detected). */
export const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error) ?? '')

/** SQLSTATE of a statement that waited longer for a lock than its `lock_timeout` (lock_not_available). */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === '55P03'

/** SQLSTATE of a table that is made twice (duplicate_table). */
export const isAlreadyThere = (error: unknown): boolean => codeOf(error) === '42P07'

/** Errors of the closure itself pass as they are; conflicts too, for the caller to try again. */
export function asStoreError(error: unknown): unknown {
  if (MhmdError.isInstance(error) || isConflict(error)) return error
  const code = codeOf(error)
  if (code === undefined && !(error instanceof Error && /timeout|terminated|connect/i.test(error.message))) return error
  return storeErrors.UNAVAILABLE({ reason: `PostgreSQL or the way to it says ${code ?? 'that the connection ended'}` })
}
