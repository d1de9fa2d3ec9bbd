// What fastify does with an error: one log line, one rendered body.
import { MhmdError, newId } from '@mhmd/base'
import type { Log } from '@mhmd/base'
import { renderError } from '@mhmd/messages'
import { randomBytes } from 'node:crypto'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { transportErrors } from './errors.ts'

/** A fastify error handler: one log line (code and route, never a message), one rendered body. */
export function errorHandler(log: Log): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const known = knownError(error, request)
    const correlationId = newId({ bytes: (length) => randomBytes(length) })
    const { status, body } = renderError(known, correlationId)
    log('http.refused', { code: body.error.code, status, method: request.method, route: request.routeOptions.url, ...(status >= 500 ? { correlationId, cause: causeOf(known) } : {}) })
    const { afterSeconds } = body.error.details
    if (typeof afterSeconds === 'number') void reply.header('retry-after', String(afterSeconds))
    if (!reply.sent) void reply.code(status).type('application/problem+json').send(JSON.stringify(body))
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
