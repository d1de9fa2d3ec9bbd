// The people port's one way in: whose key asks is established once, then the role, then the input's schema, and only then its handler runs.
import type { Clock, Log } from '@mhmd/base'
import { MhmdError } from '@mhmd/base'
import type { PublicKey } from '@mhmd/crypto'
import { storedReplays, verifyRequest } from '@mhmd/messages'
import { documentType } from '@mhmd/schema'
import type { DocumentType } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { nodeErrors } from './errors.ts'
import { refusalsOf } from './people-refusals.ts'
import { isStaffRole } from './staff.ts'
import type { Staff, StaffRole } from './staff.ts'

/** Who may call: anybody with a key; a person whose key is enrolled here, which the handler looks up; all of staff; staff with a role. */
export type Caller = 'anyone' | 'citizen' | 'staff' | StaffRole

/** What a handler gets: whose key asks, the checked body and query, and the path's parameters. */
export interface PeopleCall<B> {
  readonly key: PublicKey
  readonly body: B
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | undefined>>
}

/** One operation of the people interface; `GET /openapi.json` is made from these, and says nothing else. */
export interface PeopleRoute<B = unknown> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** What it does, in one sentence. */
  readonly summary: string
  /** Any one of these suffices. Staff's roles are enforced before the handler runs. */
  readonly roles: readonly Caller[]
  readonly body?: DocumentType<B>
  /** Parameters of the query, each a text. */
  readonly query?: DocumentType<Readonly<Record<string, string | undefined>>>
  /** Schemas of the path's parameters that are no ids. */
  readonly params?: Readonly<Record<string, TSchema>>
  /** The schema of the answer, status 200. In tests an answer that doesn't fit is an error. */
  readonly answer: TSchema
  /** Codes of the errors with which it may refuse, beside those that follow from the members above (`people-refusals.ts`). In tests another one is an error. */
  readonly refusals: readonly string[]
  handle(call: PeopleCall<B>): Promise<unknown>
}

/** Keeps the body's type between its document and its handler. */
export const route = <B>(definition: PeopleRoute<B>): PeopleRoute => definition

export interface MountParts {
  readonly store: Store
  readonly staff: Staff
  readonly clock: Clock
  readonly log: Log
  readonly authorities: readonly string[]
  /** Whether answers and refusals are held against their description: in tests. */
  readonly checkAnswers: boolean
}

/** Mounts routes: key first, then the role, then the input's schema, then the handler. */
export function mountRoutes(app: FastifyInstance, routes: readonly PeopleRoute[], parts: MountParts): void {
  const options = { clock: parts.clock, replays: storedReplays(parts.store, parts.clock), authorities: parts.authorities }
  for (const one of routes) {
    const { method, path, roles, body, query, handle } = one
    const staffRoles = roles.filter((role) => role === 'staff' || isStaffRole(role))
    const call = async (request: FastifyRequest): Promise<unknown> => {
      const key = await verifyRequest(received(request), options)
      if (staffRoles.length > 0) await parts.staff.require(key, ...staffRoles)
      return handle({
        key,
        body: body === undefined ? undefined : body.parse(request.body),
        params: request.params as Record<string, string>,
        query: query === undefined ? {} : query.parse(request.query),
      })
    }
    const answer = parts.checkAnswers ? asDescribed(one, call, parts.log) : call
    app.route({ method, url: path, handler: async (request, reply) => reply.type('application/json').send(JSON.stringify(await answer(request) ?? {})) })
  }
}

/** The same call, held against what its route says of itself. */
function asDescribed(route: PeopleRoute, call: (request: FastifyRequest) => Promise<unknown>, log: Log): (request: FastifyRequest) => Promise<unknown> {
  const name = `${route.method} ${route.path}`
  const document = documentType(`answer of ${name}`, route.answer)
  const refusals = refusalsOf(route)
  const otherwise = (why: string): MhmdError => {
    log('answer-not-as-described', { route: name, why })
    return nodeErrors.NOT_AS_DESCRIBED({ route: name, why })
  }
  return async (request) => {
    const answer = await call(request).catch((error: unknown) => {
      if (MhmdError.isInstance(error) && !refusals.has(error.code)) throw otherwise(error.code)
      throw error
    })
    try {
      // As it travels: what JSON leaves out is not there.
      document.parse(JSON.parse(JSON.stringify(answer ?? {})))
    } catch (error) {
      throw otherwise(MhmdError.isInstance(error) ? error.message : 'it is not JSON')
    }
    return answer
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
