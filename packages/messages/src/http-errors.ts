// The one table between kinds of error and HTTP status, and the body an error travels in: a problem document (RFC 9457) with the house's error in it; used by member and people interfaces, in both directions.
import { MhmdError, publicError } from '@mhmd/base'
import type { ErrorDetails, ErrorKind } from '@mhmd/base'

export const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  unavailable: 503,
  bug: 500,
}

// Where HTTP has a status of its own that says more than the kind does.
const statusOfCode: Readonly<Record<string, number>> = { TRANSPORT_BODY_TOO_LARGE: 413, TRANSPORT_MEDIA_TYPE: 415, NODE_TOO_MANY: 429 }

/** The status of an error by its code and kind. */
export const statusOf = ({ code, kind }: { readonly code: string; readonly kind: ErrorKind }): number => statusOfCode[code] ?? statusOfKind[kind]

export interface ErrorBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly error: { readonly code: string; readonly kind: ErrorKind; readonly message: string; readonly remedy: string; readonly details: ErrorDetails }
}

/** Status and body of an error as the outside may see it; a bug shows only its correlation id. */
export function renderError(error: unknown, correlationId: string): { readonly status: number; readonly body: ErrorBody } {
  const shown = publicError(error, correlationId)
  const status = statusOf(shown)
  return { status, body: { type: `urn:mhmd:error:${shown.code}`, title: shown.message, status, detail: shown.remedy, error: shown } }
}

/** The error a server rendered, as it was thrown there; undefined when the body is no such error. */
export function reviveError(body: unknown): MhmdError | undefined {
  const error = (body as Partial<ErrorBody> | null)?.error
  if (typeof error !== 'object' || error === null) return undefined
  const { code, kind, message, remedy } = error
  if (![code, kind, message, remedy].every((part) => typeof part === 'string' && part.length <= 2000)) return undefined
  if (!/^[A-Z][A-Z0-9_]*$/.test(code) || !Object.hasOwn(statusOfKind, kind)) return undefined
  return new MhmdError({ code, kind, message, remedy, details: plainDetails(error.details) })
}

function plainDetails(details: unknown): ErrorDetails {
  if (typeof details !== 'object' || details === null) return {}
  return Object.fromEntries(Object.entries(details as Record<string, unknown>).filter((entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1])))
}
