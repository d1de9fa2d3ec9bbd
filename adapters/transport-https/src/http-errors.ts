// The one table between kinds of error and HTTP status, used in both directions by member and people interfaces.
import { MhmdError, newId, publicError } from '@mhmd/base'
import type { ErrorDetails, ErrorKind, Log } from '@mhmd/base'
import { randomBytes } from 'node:crypto'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { transportErrors } from './errors.ts'

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
const statusOfCode: Readonly<Record<string, number>> = { TRANSPORT_BODY_TOO_LARGE: 413, TRANSPORT_MEDIA_TYPE: 415 }

export interface ErrorBody {
  readonly error: { readonly code: string; readonly kind: ErrorKind; readonly message: string; readonly remedy: string; readonly details: ErrorDetails }
}

/** Status and body of an error as the outside may see it; a bug shows only its correlation id. */
export function renderError(error: unknown, correlationId: string): { readonly status: number; readonly body: ErrorBody } {
  const shown = publicError(error, correlationId)
  return { status: statusOfCode[shown.code] ?? statusOfKind[shown.kind], body: { error: shown } }
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

/** A fastify error handler: one log line (code and route, never a message), one rendered body. */
export function errorHandler(log: Log): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const known = knownError(error, request)
    const correlationId = newId({ bytes: (length) => randomBytes(length) })
    const { status, body } = renderError(known, correlationId)
    log('http.refused', { code: body.error.code, status, method: request.method, route: request.routeOptions.url, ...(status >= 500 ? { correlationId, cause: causeOf(known) } : {}) })
    if (!reply.sent) void reply.code(status).type('application/json').send(body)
  }
}

// The class of a foreign error is safe to log; its message might quote a person's data.
function causeOf(error: unknown): string {
  if (MhmdError.isInstance(error)) return error.code
  return error instanceof Error ? error.name : typeof error
}

function knownError(error: unknown, request: FastifyRequest): unknown {
  if (MhmdError.isInstance(error)) return error
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return transportErrors.BODY_TOO_LARGE({ limit: request.routeOptions.bodyLimit })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return transportErrors.MEDIA_TYPE()
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY' || code === 'FST_ERR_CTP_INVALID_JSON_BODY') return transportErrors.BAD_JSON()
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return transportErrors.BAD_REQUEST(undefined, { cause: error })
  return error
}
