// An error as a page shows it: the code to quote, and what its kind says about what happened and what is safe.
import { MhmdError } from '@mhmd/base'
import type { ErrorKind } from '@mhmd/base'

export interface Failure {
  readonly code: string
  readonly kind: ErrorKind
  /** The node's own words, in English. */
  readonly message: string
  readonly remedy: string
  readonly details: Readonly<Record<string, unknown>>
}

export function failureOf(error: unknown): Failure {
  if (MhmdError.isInstance(error)) return { code: error.code, kind: error.kind, message: error.message, remedy: error.remedy, details: error.details }
  return { code: 'PORTAL_UNEXPECTED', kind: 'bug', message: '', remedy: '', details: {} }
}
