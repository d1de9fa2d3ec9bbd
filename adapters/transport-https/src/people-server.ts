// The port for citizens and staff: TLS where a certificate is given, plain http on loopback only. Who asks is told by the request's signature, not by the connection.
import type { KeyAndCertificate } from './certificates.ts'
import { transportErrors } from './errors.ts'
import { listen, newApp } from './listen.ts'
import type { RunningServer, ServerOptions } from './listen.ts'

export interface PeopleServerOptions extends ServerOptions {
  readonly tls?: KeyAndCertificate
}

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/

/** Starts the people port. Throws TRANSPORT_PLAIN_HTTP_REFUSED, TRANSPORT_PORT_TAKEN, TRANSPORT_CANNOT_LISTEN. */
export async function startPeopleServer(options: PeopleServerOptions): Promise<RunningServer> {
  if (options.tls === undefined && !loopback.test(options.host)) throw transportErrors.PLAIN_HTTP_REFUSED({ host: options.host })
  const app = newApp(options, options.tls === undefined ? {} : { https: { key: options.tls.key, cert: options.tls.cert, minVersion: 'TLSv1.2' } })
  app.decorateRequest('member', '')
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    reply.header('x-content-type-options', 'nosniff')
  })
  return await listen(app, options)
}
