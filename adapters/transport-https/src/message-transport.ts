// Envelopes over mutual TLS: the transport port of `messages`, and the route by which they come in.
import type { Accept, Transport } from '@mhmd/messages'
import type { FastifyInstance } from 'fastify'
import { transportErrors } from './errors.ts'
import type { MemberClient, Peer } from './member-client.ts'

const PATH = '/members/1/messages'
const BODY_LIMIT = 512 * 1024

/** `peerOf` gives where an active member listens; undefined for all others. */
export function httpsTransport(client: MemberClient, peerOf: (member: string) => Peer | undefined): Transport {
  return {
    send: async (to, bytes, signal) => {
      const peer = peerOf(to)
      if (peer === undefined) throw transportErrors.NO_SUCH_MEMBER({ member: to })
      return await client.bytes({ ...peer, method: 'POST', path: PATH, body: bytes, ...(signal === undefined ? {} : { signal }) })
    },
  }
}

/** Adds the route to a member server. */
export function receiveMessages(app: FastifyInstance, accept: Accept): void {
  app.post(PATH, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const answer = await accept(request.rawBody, request.member)
    return reply.type('application/octet-stream').send(Buffer.from(answer))
  })
}
