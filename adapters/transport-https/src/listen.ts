// What member and people servers share: a fastify instance with our bodies, our errors, and one way to open its port.
import type { Log } from '@mhmd/base'
import { renderError } from '@mhmd/messages'
import type { Socket } from 'node:net'
import fastify from 'fastify'
import type { FastifyInstance, FastifyRequest, FastifyServerOptions } from 'fastify'
import { transportErrors } from './errors.ts'
import { errorHandler } from './error-handler.ts'
import { acceptBodies } from './json-body.ts'

/** A server that listens. `port` is the one in use, also where 0 was asked for. */
export interface RunningServer {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** Adds routes and hooks. Handlers get a request whose sender was authenticated, and throw MhmdErrors. */
export type Register = (app: FastifyInstance) => void | Promise<void>

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly register: Register
  readonly log: Log
  /** Largest body in bytes; routes may set their own. Default 1 MiB. */
  readonly bodyLimit?: number
}

export function newApp(options: ServerOptions, transport: object): FastifyInstance {
  const onError = errorHandler(options.log)
  const app = fastify({
    ...transport,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    forceCloseConnections: true,
    // For a whole request with its body: uploads may be long, and are taken up again when cut.
    requestTimeout: 3_600_000,
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: (_error, request, reply) => onError(transportErrors.BAD_REQUEST(), request, reply),
    clientErrorHandler: refuseUnreadable,
  } as FastifyServerOptions) as FastifyInstance
  acceptBodies(app)
  app.setErrorHandler(onError)
  app.setNotFoundHandler((request: FastifyRequest, reply) => onError(transportErrors.NO_SUCH_PATH(), request, reply))
  return app
}

// Bytes that are no HTTP request never reach fastify's error handler.
function refuseUnreadable(_error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy()
  const { status, body } = renderError(transportErrors.BAD_REQUEST(), '')
  const text = JSON.stringify(body)
  socket.end(`HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`)
}

/** Opens the port. Throws TRANSPORT_PORT_TAKEN, TRANSPORT_CANNOT_LISTEN. */
export async function listen(app: FastifyInstance, options: ServerOptions): Promise<RunningServer> {
  const { host, port } = options
  await options.register(app)
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    const reason = (cause as NodeJS.ErrnoException).code
    if (reason === undefined) throw cause
    throw reason === 'EADDRINUSE' ? transportErrors.PORT_TAKEN({ host, port }, { cause }) : transportErrors.CANNOT_LISTEN({ host, port, reason }, { cause })
  }
  const address = app.server.address()
  return { host, port: typeof address === 'object' && address !== null ? address.port : port, close: () => app.close() }
}
