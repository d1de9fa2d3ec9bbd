// Signing in and out: a signed request opens a session of this browser, and the session says how long it lasts.
import { Exactly, PublicKeyText, Roles, When } from './people-answers.ts'
import { nodeErrors } from './errors.ts'
import { Reply, route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import type { LiveSession, Sessions } from './sessions.ts'
import type { Staff } from './staff.ts'
import Type from 'typebox'

/** The server ends sessions; the cookie only must not end before. */
const COOKIE_SECONDS = 86_400

const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const SessionShown = Exactly({ key: PublicKeyText, roles: Roles, csrf: Token, idleUntil: When, expires: When })

/** Ports share cookies, so that a member's name is in the cookie's; `__Host-` keeps it from being set by others where there is TLS. */
export const sessionCookie = (member: string, isSecure: boolean): string => `${isSecure ? '__Host-' : ''}mhmd-session-${member}`

export function sessionRoutes(parts: { readonly sessions: Sessions; readonly staff: Staff; readonly cookie: string; readonly isSecure: boolean }): PeopleRoute[] {
  const { sessions, staff } = parts
  const cookie = (value: string, seconds: number): Readonly<Record<string, string>> => ({ 'set-cookie': `${parts.cookie}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${parts.isSecure ? '; Secure' : ''}` })
  const shown = async ({ key, csrf, idleUntil, expires }: LiveSession): Promise<object> => ({ key, roles: (await staff.require(key, 'staff')).roles, csrf, idleUntil, expires })
  return [
    route({
      method: 'POST', path: '/session/1', roles: ['staff'], needsSignature: true, refusals: [],
      summary: 'Signs in: opens a session for the key that signs, as a cookie, and gives the token that changing requests need beside it.',
      answer: SessionShown,
      handle: async ({ key }) => {
        const { secret, ...session } = await sessions.open(key)
        return new Reply({ answer: await shown(session), headers: cookie(secret, COOKIE_SECONDS) })
      },
    }),
    route({
      method: 'GET', path: '/session/1', roles: ['staff'], refusals: ['NODE_SESSION_OVER'],
      summary: 'The session of this browser: whose key, which roles, and until when.',
      answer: SessionShown,
      handle: async ({ session }) => {
        if (session === undefined) throw nodeErrors.SESSION_OVER()
        return shown(session)
      },
    }),
    route({
      method: 'DELETE', path: '/session/1', roles: ['staff'], refusals: ['NODE_SESSION_OVER'],
      summary: 'Signs out: the session is over at once.',
      answer: Exactly({ ended: Type.Literal(true) }),
      handle: async ({ session }) => {
        if (session === undefined) throw nodeErrors.SESSION_OVER()
        await sessions.end(session.id)
        return new Reply({ answer: { ended: true }, headers: cookie('', 0) })
      },
    }),
  ]
}
