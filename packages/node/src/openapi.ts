// The description of the people interface (OpenAPI 3.1), made of the routes that are mounted and of nothing else.
import { accountsErrors } from '@mhmd/accounts'
import { analyticsErrors } from '@mhmd/analytics/questions'
import { catalogueErrors } from '@mhmd/catalogue'
import { consentErrors } from '@mhmd/consent'
import { cryptoErrors } from '@mhmd/crypto'
import { deidErrors, hierarchyErrors, riskErrors } from '@mhmd/deid'
import { fhirErrors, viewErrors } from '@mhmd/fhir'
import { ledgerErrors } from '@mhmd/ledger'
import { messagesErrors, statusOf } from '@mhmd/messages'
import { releaseErrors } from '@mhmd/release'
import { schemaErrors } from '@mhmd/schema'
import type { DocumentType } from '@mhmd/schema'
import { storeErrors } from '@mhmd/store'
import { transportErrors } from '@mhmd/transport-https'
import { vaultErrors } from '@mhmd/vault'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { worksInSession } from './people-door.ts'
import { refusalsOf } from './people-refusals.ts'
import { paramsOf, route } from './people.ts'
import type { PeopleRoute } from './people.ts'

type Json = Readonly<Record<string, unknown>>

/** The tables of the errors that may leave through the people port. */
const tables = [nodeErrors, analyticsErrors, messagesErrors, transportErrors, schemaErrors, ledgerErrors, storeErrors, vaultErrors, releaseErrors, fhirErrors, viewErrors, catalogueErrors, consentErrors, accountsErrors, cryptoErrors, deidErrors, hierarchyErrors, riskErrors].map(({ table }) => table)

function statusOfRefusal(code: string): number {
  for (const { prefix, rows } of tables) {
    const row = (rows as Readonly<Record<string, { kind: Parameters<typeof statusOf>[0]['kind'] }>>)[code.slice(prefix.length + 1)]
    if (code.startsWith(`${prefix}_`) && row !== undefined) return statusOf({ code, kind: row.kind })
  }
  throw new Error(`a route names ${code} as a refusal, which is in no table of errors`)
}

const Problem = {
  type: 'object', description: 'A problem document (RFC 9457); `error` is what programs go by.',
  required: ['type', 'title', 'status', 'detail', 'error'],
  properties: {
    type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' },
    error: { type: 'object', required: ['code', 'kind', 'message', 'remedy', 'details'], properties: { code: { type: 'string' }, kind: { type: 'string' }, message: { type: 'string' }, remedy: { type: 'string' }, details: { type: 'object' } } },
  },
}

const inAngles = (path: string): string => path.replace(/:([A-Za-z]+)/g, '{$1}')
const idOf = ({ method, path }: PeopleRoute): string => [method.toLowerCase(), ...path.split('/').filter((part) => part !== '' && part !== '1').map((part) => part.replace(':', 'by-').replace('.', '-'))].join('-')

function parametersOf({ path, params, query, headers }: PeopleRoute): Json[] {
  return [...named(paramsOf({ path, ...(params === undefined ? {} : { params }) }), 'path'), ...named(query, 'query'), ...named(headers, 'header')]
}

function named(document: DocumentType<unknown> | undefined, place: string): Json[] {
  const { properties = {}, required = [] } = (document?.schema ?? {}) as { properties?: Readonly<Record<string, Json>>; required?: readonly string[] }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: place, required: required.includes(name), schema }))
}

function bodyOf({ body, upload }: PeopleRoute): Json {
  if (upload !== undefined) return { requestBody: { required: true, content: { [upload.type]: { schema: { type: 'string', format: 'binary' } } } } }
  return body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: { $ref: `#/components/schemas/${body.name}` } } } } }
}

function responsesOf(one: PeopleRoute): Json {
  const byStatus = Map.groupBy([...refusalsOf(one)].sort(), statusOfRefusal)
  const refused = [...byStatus].map(([status, codes]) => [status, { description: codes.join(', '), content: { 'application/problem+json': { schema: { allOf: [{ $ref: '#/components/schemas/problem' }, { properties: { error: { properties: { code: { enum: codes } } } } }] } } } }])
  return { 200: { description: one.summary, content: { [one.answerType ?? 'application/json']: { schema: one.answer } } }, ...Object.fromEntries(refused) as Json }
}

function securityOf(one: PeopleRoute): Json[] {
  if (one.roles.includes('public')) return []
  const session = one.method === 'GET' ? { session: [] } : { session: [], csrf: [] }
  return [{ signature: [] }, ...(worksInSession(one) ? [session] : [])]
}

const operationOf = (one: PeopleRoute): Json => ({
  operationId: idOf(one), summary: one.summary, tags: [one.path.split('/')[1] ?? ''], 'x-mhmd-callers': one.roles,
  parameters: parametersOf(one), ...bodyOf(one), responses: responsesOf(one), security: securityOf(one),
})

/** The document, with every schema in it. Throws where a route names a refusal that no table of errors has. */
export function openApiOf(routes: readonly PeopleRoute[], { cookie, version }: { readonly cookie: string; readonly version: string }): Json {
  const bodies = routes.flatMap(({ body }) => body === undefined ? [] : [[body.name, body.schema] as const])
  const paths = Map.groupBy(routes, ({ path }) => inAngles(path))
  return {
    openapi: '3.1.1',
    info: { title: 'MyHealthMyData: the people interface of one node', version, summary: 'What citizens\' devices, staff\'s pages and programs ask of a node. Each operation names who may call it.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths: Object.fromEntries([...paths].map(([path, ofPath]) => [path, Object.fromEntries(ofPath.map((one) => [one.method.toLowerCase(), operationOf(one)]))])),
    components: {
      schemas: { problem: Problem, ...Object.fromEntries(bodies) },
      securitySchemes: {
        signature: { type: 'apiKey', in: 'header', name: 'signature', description: 'HTTP Message Signature (RFC 9421) named `mhmd` with Ed25519 over "@method" "@authority" "@path" "@query" "content-digest", with created, expires, nonce and keyid; good once, for a minute. See packages/messages.' },
        session: { type: 'apiKey', in: 'cookie', name: cookie, description: 'Given by POST /session/1, which is signed; 15 minutes without use, 8 hours in all; for pages of this very origin.' },
        csrf: { type: 'apiKey', in: 'header', name: 'x-mhmd-csrf', description: 'The token that POST and GET /session/1 give.' },
      },
    },
  }
}

/** The operation that gives the document, which describes it too. */
export function withDescription(routes: readonly PeopleRoute[], options: { readonly cookie: string; readonly version: string }): PeopleRoute[] {
  const own = route({
    method: 'GET', path: '/openapi.json', roles: ['public'], refusals: [],
    summary: 'This description.',
    answer: Type.Object({ openapi: Type.Literal('3.1.1'), paths: Type.Record(Type.String(), Type.Unknown()) }),
    handle: async () => document,
  })
  const all = [...routes, own]
  const document = openApiOf(all, options)
  return all
}
