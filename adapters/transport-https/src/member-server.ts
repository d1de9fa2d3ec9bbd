// The port for other members: TLS 1.3 with client certificates, and an allow list that gives each connection its member.
import type { Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import { pinOf } from './certificates.ts'
import type { KeyAndCertificate, Pin } from './certificates.ts'
import { transportErrors } from './errors.ts'
import { listen, newApp } from './listen.ts'
import type { RunningServer, ServerOptions } from './listen.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the member that the connection was authenticated as; empty on a people port. */
    member: string
  }
}

export interface MemberServerOptions extends ServerOptions {
  /** Own certificate, and the roots of all active members. Asked again at every `refresh`. */
  readonly tls: () => KeyAndCertificate & { readonly ca: readonly string[] }
  /** The active member that lists this key, asked at every request: who was suspended is refused on open connections too. */
  readonly allowList: (pin: Pin) => string | undefined
}

export interface MemberServer extends RunningServer {
  /** Takes the present `tls()` for all connections from now on. */
  refresh(): void
}

/** Starts the member port. Throws TRANSPORT_PORT_TAKEN, TRANSPORT_CANNOT_LISTEN. */
export async function startMemberServer(options: MemberServerOptions): Promise<MemberServer> {
  const app = newApp(options, { https: secureContext(options) })
  app.decorateRequest('member', '')
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    request.member = memberOf(request, options.allowList)
  })
  const running = await listen(app, options)
  return { ...running, refresh: () => (app.server as unknown as Server).setSecureContext(secureContext(options)) }
}

function secureContext(options: MemberServerOptions): object {
  const { key, cert, ca } = options.tls()
  return { key, cert, ca: [...ca], requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }
}

interface Peer {
  readonly pin: Pin
  readonly validTo: number
}

const peers = new WeakMap<TLSSocket, Peer>()

function memberOf(request: FastifyRequest, allowList: MemberServerOptions['allowList']): string {
  const { pin, validTo } = peerOf(request.raw.socket as TLSSocket)
  if (Date.now() > validTo) throw transportErrors.PEER_CERTIFICATE_EXPIRED({ pin })
  const member = allowList(pin)
  if (member === undefined) throw transportErrors.PEER_NOT_LISTED({ pin })
  return member
}

function peerOf(socket: TLSSocket): Peer {
  const known = peers.get(socket)
  if (known !== undefined) return known
  const certificate = socket.getPeerX509Certificate()
  // TLS has refused connections without a certificate; this stands for the day that setting is lost.
  if (certificate === undefined || !socket.authorized) throw transportErrors.PEER_NOT_LISTED({ pin: 'none' })
  const peer = { pin: pinOf(certificate), validTo: Date.parse(certificate.validTo) }
  peers.set(socket, peer)
  return peer
}
