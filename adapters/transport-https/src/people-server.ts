// The port for citizens and staff: TLS where a certificate is given, plain http on loopback only. Who asks is told by the request's signature, not by the connection.
import type { KeyAndCertificate } from './certificates.ts'
import { transportErrors } from './errors.ts'
import { listen, newApp } from './listen.ts'
import type { RunningServer, ServerOptions } from './listen.ts'

export interface PeopleServerOptions extends ServerOptions {
  readonly tls?: KeyAndCertificate
  /** Whether browsers reach it by TLS, here or at a proxy before it. Default: whether it has a certificate. */
  readonly isSecure?: boolean
}

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/

/** Starts the people port. Throws TRANSPORT_PLAIN_HTTP_REFUSED, TRANSPORT_PORT_TAKEN, TRANSPORT_CANNOT_LISTEN. */
export async function startPeopleServer(options: PeopleServerOptions): Promise<RunningServer> {
  if (options.tls === undefined && !loopback.test(options.host)) throw transportErrors.PLAIN_HTTP_REFUSED({ host: options.host })
  const app = newApp(options, options.tls === undefined ? {} : { https: { key: options.tls.key, cert: options.tls.cert, minVersion: 'TLSv1.2' } })
  app.decorateRequest('member', '')
  const headers = securityHeaders(options.isSecure ?? options.tls !== undefined)
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers)
    done()
  })
  return await listen(app, options)
}

/** What every answer says to a browser; pages set a content policy and caching of their own. */
const securityHeaders = (isSecure: boolean): Readonly<Record<string, string>> => ({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  ...(isSecure ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
})
