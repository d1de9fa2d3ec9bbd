// Bodies: JSON is parsed from its raw bytes, which stay beside it because people's signatures cover them; the rest stays bytes.
import { fromUtf8 } from '@mhmd/base'
import type { FastifyInstance } from 'fastify'
import { transportErrors } from './errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body's bytes as they came; empty when there was none. */
    rawBody: Uint8Array
  }
}

const DEPTH_LIMIT = 64
const NOTHING = new Uint8Array(0)

export function acceptBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody')
  app.addHook('onRequest', (request, _reply, done) => {
    request.rawBody = NOTHING
    done()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body as Buffer
    try {
      done(null, parseJson(request.rawBody))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addContentTypeParser(['application/octet-stream', 'application/x-ndjson'], { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body as Buffer
    done(null, body)
  })
}

/** The value of JSON bytes. Throws TRANSPORT_BAD_JSON, TRANSPORT_TOO_DEEP. Members named `__proto__` are refused, as no document of ours has one. */
function parseJson(bytes: Uint8Array): unknown {
  if (depthOf(bytes) > DEPTH_LIMIT) throw transportErrors.TOO_DEEP({ limit: DEPTH_LIMIT })
  try {
    return JSON.parse(fromUtf8(bytes), refusePrototype)
  } catch (cause) {
    throw transportErrors.BAD_JSON(undefined, { cause })
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('a member named __proto__')
  return value
}

/** The deepest nesting of brackets outside strings: found before parsing, so that no recursive reader can be overflowed. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === 0x22) inString = !inString
    else if (inString) i += byte === 0x5c ? 1 : 0
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return deepest
}
