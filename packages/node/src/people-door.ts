// Who calls: one key, shown by a signature over this request (RFC 9421) or, for staff's own pages, by a session; then whether its role may.
import type { Clock } from '@mhmd/base'
import type { PublicKey } from '@mhmd/crypto'
import { storedReplays, verifyRequest } from '@mhmd/messages'
import type { Store } from '@mhmd/store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { nodeErrors } from './errors.ts'
import type { RateLimit } from './rate-limits.ts'
import { isToken } from './sessions.ts'
import type { LiveSession, Sessions } from './sessions.ts'
import { isStaffRole } from './staff.ts'
import type { Staff } from './staff.ts'

interface Shown {
  readonly key: PublicKey
  readonly session?: LiveSession
}

interface Asked {
  readonly method: string
  readonly roles: readonly string[]
  readonly needsSignature?: true
}

/** Gives the caller, or refuses: MESSAGES_REQUEST_…, NODE_SESSION_…, NODE_CSRF, NODE_SIGNATURE_NEEDED, NODE_STAFF_…, NODE_TOO_MANY. */
export type Door = (request: FastifyRequest, reply: FastifyReply, route: Asked) => Promise<Shown>

export interface DoorParts {
  readonly store: Store
  readonly staff: Staff
  readonly sessions: Sessions
  /** The cookie's name. */
  readonly cookie: string
  readonly clock: Clock
  readonly authorities: readonly string[]
  /** How often one key may ask. */
  readonly perKey: RateLimit
}

export function createDoor(parts: DoorParts): Door {
  const options = { clock: parts.clock, replays: storedReplays(parts.store, parts.clock), authorities: parts.authorities }

  async function inSession(secret: string, request: FastifyRequest, route: Asked): Promise<Shown> {
    requireOwnPage(request, parts.authorities)
    const session = await parts.sessions.use(secret)
    if (route.method !== 'GET' && !isToken(String(request.headers['x-mhmd-csrf'] ?? ''), session.csrf)) throw nodeErrors.CSRF()
    if (!worksInSession(route)) throw nodeErrors.SIGNATURE_NEEDED()
    return { key: session.key, session }
  }

  return async (request, reply, route) => {
    if (route.roles.includes('public')) return { key: '' }
    const secret = request.headers['signature-input'] === undefined ? cookieOf(request.headers.cookie, parts.cookie) : undefined
    const shown = secret === undefined ? { key: await verifyRequest(received(request), options) } : await inSession(secret, request, route)
    parts.perKey.check(shown.key)
    parts.perKey.note(shown.key)
    if (shown.session !== undefined) void reply.header('x-mhmd-session-until', String(shown.session.idleUntil))
    const roles = route.roles.filter((role) => role === 'staff' || isStaffRole(role))
    if (roles.length > 0) await parts.staff.require(shown.key, ...roles)
    return shown
  }
}

/** What staff's pages read and do; nothing in a citizen's name. */
export const worksInSession = ({ method, roles, needsSignature }: Asked): boolean =>
  needsSignature !== true && (roles.some((role) => role === 'staff' || isStaffRole(role)) || (method === 'GET' && roles.includes('anyone')))

/** Browsers say where a request comes from; what an old one leaves out, its `Origin` tells. A page on another port is another site's here, though its cookies are the same. */
function requireOwnPage({ headers, method }: FastifyRequest, authorities: readonly string[]): void {
  const { host = '', origin, 'sec-fetch-site': site } = headers
  const isRead = method === 'GET'
  const fromHere = site === undefined ? (isRead && origin === undefined) || origin === `http://${host}` || origin === `https://${host}` : site === 'same-origin' || (isRead && site === 'none')
  if (!fromHere || !authorities.includes(host)) throw nodeErrors.SESSION_ELSEWHERE()
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  return (header ?? '').split('; ').find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
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
