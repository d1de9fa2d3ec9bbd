// The people port as a whole: limits, other members' pages, operations, their description, and the portal's pages.
import type { Clock, Log, Randomness } from '@mhmd/base'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import type { FastifyInstance } from 'fastify'
import type { NodeConfig } from './config.ts'
import { withDescription } from './openapi.ts'
import { createDoor } from './people-door.ts'
import { answerOtherPages, authoritiesOf, isSecure } from './people-origins.ts'
import { mountRoutes } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { servePortal } from './portal-pages.ts'
import { createRateLimit, rateLimits } from './rate-limits.ts'
import type { RateLimits } from './rate-limits.ts'
import { sessionCookie, sessionRoutes } from './session-routes.ts'
import { createSessions } from './sessions.ts'
import type { SessionLimits } from './sessions.ts'
import type { Staff } from './staff.ts'

export interface PeopleInterfaceParts {
  readonly store: Store
  readonly staff: Staff
  readonly config: NodeConfig
  readonly members: () => readonly MemberRecord[]
  readonly clock: Clock
  readonly randomness: Randomness
  readonly log: Log
  readonly checkAnswers: boolean
  readonly sessionLimits: SessionLimits | undefined
  readonly rateLimits: RateLimits | undefined
  /** The folder of the built pages; undefined where none are served. */
  readonly portal: string | undefined
}

/** Adds everything to the people port's server. */
export async function mountPeopleInterface(app: FastifyInstance, routes: readonly PeopleRoute[], parts: PeopleInterfaceParts): Promise<void> {
  const { config, clock, log } = parts
  const limits = parts.rateLimits ?? rateLimits
  const secure = isSecure(config)
  const cookie = sessionCookie(config.id, secure)
  const sessions = createSessions({ ...parts, ...(parts.sessionLimits === undefined ? {} : { limits: parts.sessionLimits }) })
  limitAddresses(app, limits, clock)
  answerOtherPages(app, parts.members)
  const all = withDescription([...sessionRoutes({ sessions, staff: parts.staff, cookie, isSecure: secure }), ...routes], { cookie, version: '1' })
  mountRoutes(app, all, { door: createDoor({ ...parts, sessions, cookie, authorities: authoritiesOf(config), perKey: createRateLimit(limits.key, clock) }), log, checkAnswers: parts.checkAnswers })
  if (parts.portal !== undefined) await servePortal(app, { folder: parts.portal, members: parts.members, roles: config.roles })
}

/** Every request of an address counts, and what is refused for want of a key that is known counts once more. */
function limitAddresses(app: FastifyInstance, limits: RateLimits, clock: Clock): void {
  const [all, refused] = [createRateLimit(limits.address, clock), createRateLimit(limits.refused, clock)]
  app.addHook('onRequest', (request, _reply, done) => {
    all.check(request.ip)
    refused.check(request.ip)
    all.note(request.ip)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode === 401) refused.note(request.ip)
    done()
  })
}
