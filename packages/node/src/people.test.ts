import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentType } from '@mhmd/schema'
import { startPeopleServer } from '@mhmd/transport-https'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { openApiOf } from './openapi.ts'
import { Reply, mountRoutes, route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const Answer = Type.Object({ count: Type.Integer({ minimum: 0 }) }, { additionalProperties: false })
const of = (more: Partial<PeopleRoute>): PeopleRoute => route({ method: 'GET', path: '/x', summary: 'Counts something for a test.', roles: ['public'], answer: Answer, refusals: [], handle: async () => ({ count: 1 }), ...more })

async function answered(one: PeopleRoute, checkAnswers: boolean, query = ''): Promise<{ status: number; body: any; logged: object[]; headers: Headers }> {
  const logged: object[] = []
  const log = (event: string, details?: object): void => { if (event === 'answer-not-as-described') logged.push(details ?? {}) }
  const server = await startPeopleServer({ host: '127.0.0.1', port: 0, log, register: (app) => mountRoutes(app, [one], { door: async () => ({ key: '' }), log, checkAnswers }) })
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/x${query}`)
    return { status: answer.status, body: await answer.json(), logged, headers: answer.headers }
  } finally {
    await server.close()
  }
}

test('in tests an answer that is not as described is an error, outside it passes', async () => {
  for (const wrong of [{ count: -1 }, { count: 1, name: 'x' }, {}, undefined, { count: undefined }, new Reply({ answer: { count: '1' } })]) {
    const strict = await answered(of({ handle: async () => wrong }), true)
    assert.deepEqual([strict.status, strict.body.error.code, strict.logged.length], [500, 'INTERNAL', 1])
    assert.equal((await answered(of({ handle: async () => wrong }), false)).status, 200)
  }
  // As it travels: what JSON leaves out is not there.
  for (const right of [{ count: 1, more: undefined }, new Reply({ answer: { count: 1 }, headers: { 'x-y': 'z' } })]) assert.equal((await answered(of({ handle: async () => right }), true)).status, 200)
})

test('in tests a refusal that is not as described is an error', async () => {
  const handle = async (): Promise<never> => { throw nodeErrors.NOT_FOUND({ what: 'thing' }) }
  assert.equal((await answered(of({ handle, refusals: ['NODE_NOT_FOUND'] }), true)).status, 404)
  assert.equal((await answered(of({ handle }), false)).status, 404)
  const strict = await answered(of({ handle }), true)
  assert.deepEqual([strict.status, strict.logged], [500, [{ route: 'GET /x', why: 'NODE_NOT_FOUND' }]])
})

test('a query is checked like a body', async () => {
  const query = documentType('test-query', Type.Object({ from: Type.Optional(Type.String({ pattern: '^[0-9]+$' })) }, { additionalProperties: false }))
  const one = of({ query, handle: async (call) => ({ count: Number(call.query['from'] ?? 7) }) })
  assert.deepEqual([(await answered(one, true)).body.count, (await answered(one, true, '?from=12')).body.count], [7, 12])
  for (const wrong of ['?from=x', '?from=1&from=2', '?other=1', '?__proto__=1', '?from[a]=1']) assert.deepEqual([(await answered(one, true, wrong)).status, wrong], [400, wrong])
})

test('a route that names an unknown refusal is found when the description is made', () => {
  assert.throws(() => openApiOf([of({ refusals: ['NODE_NO_SUCH_CODE'] })], { cookie: 'c', version: '1' }), /NODE_NO_SUCH_CODE/)
})
