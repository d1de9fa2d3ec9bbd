// The description of the people interface at real nodes: it names what is mounted and nothing else, and says of each operation what a program needs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { smallNetwork } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly 'x-mhmd-callers': readonly string[]
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[]
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Readonly<Record<string, { readonly schema: object }>> }>>
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
}
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

const names = ['rome', 'institute', 'accounts', 'access'] as const
let network: SmallNetwork
const documents = new Map<string, Described>()
before(async () => {
  network = await smallNetwork({ withAccessBody: true })
  for (const name of names) documents.set(name, await (await fetch(`${network.url(name)}/openapi.json`)).json() as Described)
})
after(() => network.close())

const described = (name: string): Described => documents.get(name) as Described
const operations = (name: string): [string, Operation][] => Object.entries(described(name).paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]))
const doorsOf = (name: typeof names[number]): string[] => network.node(name).doors.filter((door) => /^[A-Z]+ \//.test(door)).map((door) => door.replace(/:([A-Za-z]+)/g, '{$1}'))

test('what is mounted is described, and what is described is mounted', () => {
  for (const name of names) assert.deepEqual(operations(name).map(([door]) => door).sort(), doorsOf(name).sort(), name)
})

test('each operation says what it does, who may call it, its answer and its refusals, under a name of its own', () => {
  for (const name of names) {
    const all = operations(name)
    assert.equal(new Set(all.map(([, { operationId }]) => operationId)).size, all.length)
    for (const [door, operation] of all) {
      assert.match(operation.summary, /^[A-Z].{10,}\.$/, door)
      assert.ok(operation['x-mhmd-callers'].length > 0, door)
      assert.ok(operation.responses['200'] !== undefined, door)
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        if (status === '200') continue
        assert.match(description, /^[A-Z_]+(, [A-Z_]+)*$/, door)
        assert.deepEqual(Object.keys(content), ['application/problem+json'], door)
      }
      for (const wanted of door.matchAll(/\{([A-Za-z]+)\}/g)) assert.ok(operation.parameters.some((one) => one.in === 'path' && one.name === wanted[1]), door)
      assert.equal(Object.keys(operation.responses).includes('401'), !operation['x-mhmd-callers'].includes('public'), door)
    }
  }
})

test('a session is offered for nothing of a citizen\'s, and a change in one needs the token', () => {
  for (const name of names) {
    for (const [door, { security, 'x-mhmd-callers': callers }] of operations(name)) {
      const session = security.find((one) => one['session'] !== undefined)
      if (callers.includes('citizen')) assert.equal(session, undefined, door)
      if (session !== undefined && !door.startsWith('GET')) assert.ok(session['csrf'] !== undefined, door)
      if (!callers.includes('public')) assert.ok(security.some((one) => one['signature'] !== undefined), door)
    }
  }
})

test('every schema it refers to is in it', () => {
  for (const name of names) for (const [, reference] of JSON.stringify(described(name)).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) assert.ok(described(name).components.schemas[reference ?? ''] !== undefined, reference)
})
