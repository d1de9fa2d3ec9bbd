// A record system's bulk export into a hospital's vault: the key shown, the order kept, cut and resumed files, what changed since, removals told, kills of the node. The server is the strict double of tests/support.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startBulkServer } from './support/bulk-server.ts'
import type { BulkServer } from './support/bulk-server.ts'
import { smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
let server: BulkServer
before(async () => {
  network = await smallNetwork()
  server = await startBulkServer(22_000 + process.pid % 400)
})
after(async () => {
  await network.close()
  await server.close()
})

interface Shown { readonly id: string; readonly since: string | null; readonly jwks: { readonly keys: readonly Record<string, string>[] } }
interface State { readonly state: string; readonly code?: string; readonly report: { readonly read: number; readonly added: number; readonly unchanged: number; readonly quarantined: number } | null }

const add = async (more = {}, registered = true): Promise<Shown> => {
  const clientId = randomUUID()
  const source = await network.staff('rome').post<Shown>('/staff/1/bulk-sources', { name: 'the wards', url: server.url, tokenUrl: server.tokenUrl, clientId, ...more })
  if (registered) server.register(clientId, source.jwks.keys)
  return source
}
const start = async ({ id }: Shown): Promise<string> => (await network.staff('rome').post<{ job: string }>(`/staff/1/bulk-sources/${id}/runs`, {})).job
const stateOf = (job: string): Promise<State> => network.staff('rome').get(`/staff/1/imports/${job}`)
const ended = async (job: string): Promise<State> => {
  await until('the job ends', async () => (await stateOf(job)).state !== 'waiting')
  return stateOf(job)
}
const patients = (from: number, count: number): string => Array.from({ length: count }, (_, at) => `${JSON.stringify({ resourceType: 'Patient', id: `b${from + at}`, gender: 'female' })}\n`).join('')
const conditions = (from: number, count: number): string => Array.from({ length: count }, (_, at) => `${JSON.stringify({ resourceType: 'Condition', id: `bc${from + at}`, subject: { reference: `Patient/b${from + at}` } })}\n`).join('')
const removal = `${JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [{ request: { method: 'DELETE', url: 'Patient/b3' } }] })}\n`
const leftInFolder = (): string[] => readdirSync(join(network.home('rome'), 'data/bulk'))

for (const algorithm of ['ES384', 'RS384']) {
  test(`everything is exported and imported with ${algorithm}; the next export is of what changed, and removals are told and not carried out`, async () => {
    const source = await add({ algorithm })
    assert.deepEqual(source.jwks.keys.map((key) => [key['alg'], key['d']]), [[algorithm, undefined]])
    server.provide({ Patient: patients(0, 20), Condition: conditions(0, 20) })
    const first = await ended(await start(source))
    assert.deepEqual([first.state, first.report?.read], ['done', 40])
    server.provide({ Patient: patients(20, 1) }, removal)
    const second = await ended(await start(source))
    assert.deepEqual([second.state, second.report?.read, second.report?.quarantined], ['done', 2, 1])
    const { quarantine } = await network.staff('rome').get<{ quarantine: { source: string; code: string }[] }>('/staff/1/quarantine')
    assert.ok(quarantine.some(({ source: name, code }) => name === 'the wards' && code === 'FHIR_BUNDLE_REMOVAL'))
    assert.deepEqual(server.complaints, [])
    assert.equal((await network.staff('rome').get<{ subjects: number }>('/staff/1/records')).subjects, 21)
    assert.deepEqual(leftInFolder(), [])
  })
}

test('a file that breaks off goes on at its byte, and a token that is no longer taken is renewed', async () => {
  const source = await add()
  server.provide({ Patient: patients(100, 50) })
  server.breakAfter(1000)
  const before = server.steps.length
  const job = await start(source)
  await until('the export is under way', async () => server.steps.length > before)
  server.forgetTokens()
  assert.equal((await ended(job)).state, 'done')
  const bytes = server.steps.slice(before).filter((step) => step.startsWith('bytes')).map((step) => Number(step.split(' ')[2]))
  assert.deepEqual([bytes.length, bytes[0], (bytes[1] ?? 0) > 0], [2, 0, true])
  assert.deepEqual(server.complaints, [])
})

test('a node that stops while the export is prepared asks on for the same one, and orders none anew', async () => {
  const source = await add()
  server.provide({ Patient: patients(200, 5) })
  server.hold()
  const before = server.steps.length
  const job = await start(source)
  await until('its state was asked', async () => server.steps.slice(before).filter((step) => step === 'GET exports').length > 2)
  await network.stopNode('rome')
  server.release()
  await network.start('rome')
  assert.equal((await ended(job)).state, 'done')
  assert.equal(server.steps.slice(before).filter((step) => step === 'GET fhir').length, 1)
})

test('a key that the server does not know ends the job with a code', async () => {
  server.provide({ Patient: patients(300, 1) })
  const state = await ended(await start(await add({}, false)))
  assert.deepEqual([state.state, state.code], ['failed', 'NODE_BULK_REFUSED'])
})

test('the token is shown to no other host than the record system\'s own', async () => {
  server.provide({ Patient: patients(400, 1) })
  server.moveFiles()
  const state = await ended(await start(await add()))
  assert.deepEqual([state.state, state.code], ['failed', 'NODE_BULK_ORIGIN'])
})

test('plain http to another machine, and an address with a query, are refused', async () => {
  await assert.rejects(add({ url: 'http://records.example/fhir' }), { code: 'NODE_BAD_INPUT' })
  await assert.rejects(add({ url: 'https://records.example/fhir?x=1' }), { code: 'SCHEMA_NOT_VALID' })
  await assert.rejects(network.staff('rome').post('/staff/1/bulk-sources/01arz3ndektsv4rrffq69g5fav/runs', {}), { code: 'NODE_NOT_FOUND' })
})
