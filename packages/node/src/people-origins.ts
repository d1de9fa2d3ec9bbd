// Where people's pages come from: this node's own addresses, and those of the other members, whose pages may call here with signed requests (Fetch standard, CORS protocol).
import type { MemberRecord } from '@mhmd/schema'
import type { FastifyInstance } from 'fastify'
import type { NodeConfig } from './config.ts'

/** The names by which people reach this node: a request signed for another server is refused. */
export function authoritiesOf({ people, member }: NodeConfig): string[] {
  const hosts = [people.host, 'localhost', member.serverName]
  return [...hosts.map((host) => `${host}:${people.port}`), ...(people.origin === undefined ? [] : [new URL(people.origin).host])]
}

/** Whether browsers reach this node by TLS. */
export const isSecure = ({ people }: NodeConfig): boolean => people.origin?.startsWith('https:') === true

/** Where a browser of this organisation finds its node's pages: by a name, as passkeys belong to names (Web Authentication, §5.1.2 on RP IDs). */
export const pagesOf = ({ people }: NodeConfig): string => people.origin ?? `http://${people.host === '127.0.0.1' ? 'localhost' : people.host}:${people.port}`

/** A member's people interface, under each of the names that a browser on the same machine may use. */
function originsOf({ peopleEndpoint }: Pick<MemberRecord, 'peopleEndpoint'>): string[] {
  const url = new URL(peopleEndpoint)
  return url.hostname === '127.0.0.1' ? [url.origin, `http://localhost:${url.port}`] : [url.origin]
}

export const memberOrigins = (members: readonly Pick<MemberRecord, 'peopleEndpoint'>[]): ReadonlySet<string> => new Set(members.flatMap(originsOf))

const allowed = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'content-type, content-digest, signature, signature-input, x-upload-token, x-upload-offset',
  'access-control-max-age': '600',
}

/** Pages of members may call, without credentials: what they show is a signature. */
export function answerOtherPages(app: FastifyInstance, members: () => readonly Pick<MemberRecord, 'peopleEndpoint'>[]): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    void reply.header('vary', 'Origin')
    if (origin === undefined || !memberOrigins(members()).has(origin)) return done()
    void reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after' })
    if (request.method !== 'OPTIONS') return done()
    void reply.headers(allowed).code(204).send()
  })
  // So that a preflight reaches the hook above; without an allowed origin there is nothing at this address.
  app.options('/*', (_request, reply) => reply.callNotFound())
}
