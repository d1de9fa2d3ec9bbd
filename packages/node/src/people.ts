// The people port's operations: what each one says of itself, and the one way in: the caller first, then the input's schema, and only then its handler.
import type { Readable } from 'node:stream'
import type { Log } from '@mhmd/base'
import { MhmdError } from '@mhmd/base'
import type { PublicKey } from '@mhmd/crypto'
import { Id, documentType } from '@mhmd/schema'
import type { DocumentType } from '@mhmd/schema'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { TSchema } from 'typebox'
import { nodeErrors } from './errors.ts'
import type { Door } from './people-door.ts'
import { refusalsOf } from './people-refusals.ts'
import type { LiveSession } from './sessions.ts'
import type { StaffRole } from './staff.ts'

/** Who may call: anybody at all; anybody with a key; a person whose key is enrolled here, which the handler looks up; all of staff; staff with a role. */
export type Caller = 'public' | 'anyone' | 'citizen' | 'staff' | StaffRole

type Texts = Readonly<Record<string, string | undefined>>

/** What a handler gets: whose key asks, the checked input, and the path's parameters. */
export interface PeopleCall<B> {
  /** Empty where the public may call. */
  readonly key: PublicKey
  readonly body: B
  readonly params: Readonly<Record<string, string>>
  readonly query: Texts
  /** Those that the route declares. */
  readonly headers: Texts
  /** Where the key is shown by a session. */
  readonly session?: LiveSession
}

/** One operation of the people interface; `GET /openapi.json` is made from these, and says nothing else. */
export interface PeopleRoute<B = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** What it does, in one sentence. */
  readonly summary: string
  /** Any one of these suffices. Staff's roles are enforced before the handler runs. */
  readonly roles: readonly Caller[]
  /** A session can't call it: it gives somebody power here, or says something in a person's own name. */
  readonly needsSignature?: true
  readonly body?: DocumentType<B>
  /** A body of this media type that the handler reads as it comes, instead of a document. */
  readonly upload?: { readonly type: string; readonly limit: number }
  /** Parameters of the query, each a text. */
  readonly query?: DocumentType<Texts>
  /** Headers of the operation's own, in small letters. */
  readonly headers?: DocumentType<Texts>
  /** Schemas of the path's parameters that are no ids. */
  readonly params?: Readonly<Record<string, TSchema>>
  /** The schema of the answer, status 200. In tests an answer that doesn't fit is an error. */
  readonly answer: TSchema
  /** Its media type, where it is not JSON. */
  readonly answerType?: string
  /** Codes of the errors with which it may refuse, beside those that follow from the members above (`people-refusals.ts`). In tests another one is an error. */
  readonly refusals: readonly string[]
  handle(call: PeopleCall<B>): Promise<unknown>
}

/** An answer with headers of its own, or one that is a stream of another media type. */
export class Reply {
  readonly headers: Readonly<Record<string, string>>
  readonly answer: unknown
  readonly stream: Readable | undefined

  constructor(parts: { readonly headers?: Readonly<Record<string, string>>; readonly answer?: unknown; readonly stream?: Readable }) {
    this.headers = parts.headers ?? {}
    this.answer = parts.answer
    this.stream = parts.stream
  }
}

/** Keeps the body's type between its document and its handler. */
export const route = <B>(definition: PeopleRoute<B>): PeopleRoute => definition

/** A body that the handler reads itself. */
export const uploaded = (call: PeopleCall<unknown>): Readable => call.body as Readable

export interface MountParts {
  readonly door: Door
  readonly log: Log
  /** Whether answers and refusals are held against their description: in tests. */
  readonly checkAnswers: boolean
}

type Call = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** Mounts routes: the caller first, then the input's schema, then the handler. */
export function mountRoutes(app: FastifyInstance, routes: readonly PeopleRoute[], { door, log, checkAnswers }: MountParts): void {
  for (const type of new Set(routes.flatMap(({ upload }) => upload?.type ?? []))) app.addContentTypeParser(type, (_request, payload, done) => done(null, payload))
  for (const one of routes) {
    const params = paramsOf(one)
    const call: Call = async (request, reply) => one.handle({ ...await door(request, reply, one), params: named(params, request.params), ...inputOf(request, one) })
    const answered = checkAnswers ? asDescribed(one, call, log) : call
    app.route({ method: one.method, url: one.path, ...(one.upload === undefined ? {} : { bodyLimit: one.upload.limit }), handler: async (request, reply) => send(reply, await answered(request, reply), one.answerType) })
  }
}

/** The path's parameters: ids, where the route doesn't say otherwise. */
export function paramsOf({ path, params }: Pick<PeopleRoute, 'path' | 'params'>): DocumentType<Readonly<Record<string, string>>> {
  return documentType('path', Type.Object(Object.fromEntries([...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => [name, params?.[name] ?? Id])))) as DocumentType<Readonly<Record<string, string>>>
}

/** What the path names. Throws NODE_NOT_FOUND where that can be no id: nothing goes by it. */
function named(params: ReturnType<typeof paramsOf>, found: unknown): Readonly<Record<string, string>> {
  const given: unknown = { ...found as object }
  if (!params.is(given)) throw nodeErrors.NOT_FOUND({ what: 'id' })
  return given
}

function inputOf(request: FastifyRequest, { body, upload, query, headers }: PeopleRoute): Omit<PeopleCall<unknown>, 'key' | 'session' | 'params'> {
  const shown = Object.keys((headers?.schema as { properties?: object } | undefined)?.properties ?? {}).flatMap((name) => request.headers[name] === undefined ? [] : [[name, request.headers[name]]])
  return {
    query: query === undefined ? {} : query.parse({ ...request.query as object }),
    headers: headers === undefined ? {} : headers.parse(Object.fromEntries(shown)),
    body: upload === undefined ? body?.parse(request.body) : request.body,
  }
}

function send(reply: FastifyReply, answer: unknown, type = 'application/json'): FastifyReply {
  if (!(answer instanceof Reply)) return reply.type(type).send(JSON.stringify(answer ?? {}))
  return reply.headers(answer.headers).type(type).send(answer.stream ?? JSON.stringify(answer.answer ?? {}))
}

/** The same call, held against what its route says of itself. */
function asDescribed(route: PeopleRoute, call: Call, log: Log): Call {
  const name = `${route.method} ${route.path}`
  const document = documentType(`answer of ${name}`, route.answer)
  const refusals = refusalsOf(route)
  const otherwise = (why: string): MhmdError => {
    log('answer-not-as-described', { route: name, why })
    return nodeErrors.NOT_AS_DESCRIBED({ route: name, why })
  }
  return async (request, reply) => {
    const answer = await call(request, reply).catch((error: unknown) => {
      if (MhmdError.isInstance(error) && !refusals.has(error.code)) throw otherwise(error.code)
      throw error
    })
    const shown = answer instanceof Reply ? answer.answer : answer
    // As it travels: what JSON leaves out is not there.
    if (route.answerType === undefined && !document.is(JSON.parse(JSON.stringify(shown ?? {})))) throw otherwise(whyNot(document, shown))
    return answer
  }
}

function whyNot(document: DocumentType<unknown>, value: unknown): string {
  try {
    document.parse(JSON.parse(JSON.stringify(value ?? {})))
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return ''
}
