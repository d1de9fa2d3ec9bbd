// The ledger's interface as OpenAPI 3.1: every transaction, asset and event as a component, and the paths by which members submit and read. Served by the embedded engine, and by a gateway before Fabric.
import { contractsTable, refusalTable, stateQueries, stateSchemas } from '@mhmd/contracts'
import { Digest, Id, Time, TransactionShape, eventSchemas } from '@mhmd/schema'

type Json = Readonly<Record<string, unknown>>

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const json = (schema: Json): Json => ({ content: { 'application/json': { schema } } })
const closed = (properties: Json, required: readonly string[] = Object.keys(properties)): Json => ({ type: 'object', required, properties, additionalProperties: false })
const list = (items: Json): Json => ({ type: 'array', items })
const count = { type: 'integer', minimum: 0 }

/** Component names take no `@` and no space. */
const nameOf = (contract: string, operation: string): string => `${contract.replace('@', '.')}.${operation}`

const calls = Object.entries(contractsTable).flatMap(([contract, { operations }]) => Object.entries(operations).map(([operation, { schema }]) => ({ contract, operation, payload: schema, name: nameOf(contract, operation) })))

function transactions(): Json {
  const { payload: _, ...outer } = TransactionShape.properties
  return Object.fromEntries(calls.flatMap(({ contract, operation, payload, name }) => [
    [name, { title: `${contract} ${operation}`, ...closed({ ...outer, contract: { const: contract }, operation: { const: operation }, payload: ref(`${name}.payload`) }) }],
    [`${name}.payload`, payload],
  ]))
}

function components(): Json {
  const events = Object.keys(eventSchemas)
  return {
    ...transactions(),
    ...Object.fromEntries(Object.entries(stateSchemas).map(([name, schema]) => [`asset.${name}`, schema])),
    ...Object.fromEntries(Object.entries(eventSchemas).map(([name, schema]) => [`event.${name}`, closed({ name: { const: name }, payload: schema })])),
    transaction: { oneOf: calls.map(({ name }) => ref(name)) },
    asset: { anyOf: Object.keys(stateSchemas).map((name) => ref(`asset.${name}`)) },
    event: { oneOf: events.map((name) => ref(`event.${name}`)) },
    key: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 16, description: 'The asset\'s name, then the parts of its key.' },
    refusal: { type: 'string', enum: Object.keys(refusalTable).sort() },
    receipt: { oneOf: [
      closed({ status: { const: 'committed' }, operationId: Id, transactionId: Digest, height: count, index: count, code: { type: 'string' }, events: list(ref('event')) }),
      closed({ status: { const: 'refused' }, operationId: Id, transactionId: Digest, refusal: { type: 'object', required: ['code'], properties: { code: ref('refusal') } } }),
    ] },
    submission: closed({ transaction: ref('transaction'), privateValue: closed({ key: ref('key'), value: { type: 'string', description: 'base64url' } }) }, ['transaction']),
    head: closed({ height: { type: 'integer', minimum: -1 }, hash: { type: 'string' } }),
    block: closed({ height: count, previous: Digest, time: Time, hash: Digest, committed: list(closed({ transaction: ref('transaction'), code: { type: 'string' }, writes: list(closed({ key: ref('key'), value: { description: 'An asset, or null where it is deleted.' } })), events: list(ref('event')) })) }),
    problem: { type: 'object', required: ['error'], properties: { error: { type: 'object', required: ['code', 'kind', 'remedy'], properties: { code: { type: 'string' }, kind: { type: 'string' }, remedy: { type: 'string' } } } } },
  }
}

interface Operation {
  readonly summary: string
  readonly parameters?: readonly Json[]
  readonly body?: Json
  readonly answer: Json
}

function operation(id: string, { summary, parameters = [], body, answer }: Operation): Json {
  return { operationId: id, summary, parameters, ...(body === undefined ? {} : { requestBody: { required: true, ...body } }), responses: { 200: { description: summary, ...answer }, default: { description: 'A problem (RFC 9457).', content: { 'application/problem+json': { schema: ref('problem') } } } }, security: [{ member: [] }] }
}

const query = (name: string, schema: Json, required = true): Json => ({ name, in: 'query', required, schema })
/** A key in the address is JSON text. */
const keyQuery = (name: string, required = true): Json => ({ name, in: 'query', required, content: { 'application/json': { schema: ref('key') } } })
const asked = (answers: 'one' | 'list'): string => Object.entries(stateQueries).filter(([, one]) => one.answers === answers).map(([name]) => name).join('; ')
const lines = (schema: Json): Json => ({ content: { 'application/x-ndjson': { schema } } })

const paths = (): Json => ({
  '/ledger/1/submit': { post: operation('submit', { summary: 'Submits transactions, one a line. An operation id takes effect once, however often it is sent.', body: { content: { 'application/octet-stream': { schema: ref('submission') } }, description: 'One such object a line as JSON, at most 2,000 lines.' }, answer: json(closed({ results: list({ oneOf: [closed({ receipt: ref('receipt') }), ref('problem')] }) })) }) },
  '/ledger/1/outcome/{operationId}': { get: operation('outcome', { summary: 'What became of an operation.', parameters: [{ name: 'operationId', in: 'path', required: true, schema: Id }], answer: json(closed({ receipt: { oneOf: [ref('receipt'), { type: 'null' }] } })) }) },
  '/ledger/1/state': { get: operation('state', { summary: `One asset by its key: ${asked('one')}.`, parameters: [keyQuery('key')], answer: json(closed({ value: ref('asset') }, [])) }) },
  '/ledger/1/range': { get: operation('range', { summary: `Assets below the leading parts of a key: ${asked('list')}.`, parameters: [keyQuery('prefix'), keyQuery('after', false), query('limit', { type: 'integer', minimum: 0, maximum: 10_000 }, false)], answer: json(closed({ entries: list(closed({ key: ref('key'), value: ref('asset') })) })) }) },
  '/ledger/1/head': { get: operation('head', { summary: 'The newest block.', answer: json(ref('head')) }) },
  '/ledger/1/blocks': { get: operation('blocks', { summary: 'Every block from a height on, one a line, then new ones as they come, and the head each second that none does.', parameters: [query('from', count)], answer: lines({ oneOf: [ref('block'), closed({ head: ref('head') })] }) }) },
  '/ledger/1/private/get': { post: operation('private-get', { summary: 'A private value of this member\'s own.', body: json(closed({ key: ref('key') })), answer: json(closed({ value: { type: ['string', 'null'], description: 'base64url' } })) }) },
  '/ledger/1/private/purge': { post: operation('private-purge', { summary: 'Destroys a private value of this member\'s own.', body: json(closed({ key: ref('key') })), answer: json(closed({})) }) },
})

export const ledgerOpenApi = (): Json => ({
  openapi: '3.1.1',
  info: { title: 'MyHealthMyData: the ledger of one network', version: '1', summary: 'What members submit to the ledger and read from it, from the schemas of its contracts.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
  servers: [{ url: '/' }],
  paths: paths(),
  components: { schemas: components(), securitySchemes: { member: { type: 'mutualTLS', description: 'A certificate whose key stands in the member\'s record.' } } },
})
