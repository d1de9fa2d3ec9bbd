// The people port's one way in: every request is signed by a person's key (RFC 9421), checked once, before its handler runs.
import type { Clock, Log } from '@mhmd/base'
import type { PublicKey } from '@mhmd/crypto'
import { storedReplays, verifyRequest } from '@mhmd/messages'
import type { DocumentType } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** What a handler gets: whose key signed, the checked body, and the path's parameters. */
export interface PeopleCall<B> {
  readonly key: PublicKey
  readonly body: B
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

/** One operation of the people interface. */
export interface PeopleRoute<B = unknown> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: DocumentType<B>
  handle(call: PeopleCall<B>): Promise<unknown>
}

/** Keeps the body's type between its document and its handler. */
export const route = <B>(definition: PeopleRoute<B>): PeopleRoute => definition

/** Mounts routes: signature first, then the body's schema, then the handler. */
export function mountRoutes(app: FastifyInstance, routes: readonly PeopleRoute[], parts: { store: Store; clock: Clock; log: Log; authorities: readonly string[] }): void {
  const options = { clock: parts.clock, replays: storedReplays(parts.store, parts.clock), authorities: parts.authorities }
  for (const { method, path, body, handle } of routes) {
    app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        const key = await verifyRequest(received(request), options)
        const answer = await handle({
          key,
          body: body === undefined ? undefined : body.parse(request.body),
          params: request.params as Record<string, string>,
          query: request.query as Record<string, string>,
        })
        return reply.type('application/json').send(JSON.stringify(answer ?? {}))
      },
    })
  }
}

function received(request: FastifyRequest): Parameters<typeof verifyRequest>[0] {
  const url = new URL(request.url, 'http://node')
  return {
    method: request.method,
    authority: request.headers.host ?? '',
    path: url.pathname,
    query: url.search,
    headers: request.headers,
    body: request.rawBody,
  }
}
