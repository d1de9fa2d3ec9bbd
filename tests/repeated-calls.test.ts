// A call whose answer was lost is made again with the same identity: it takes effect once, and the second answer is the first one's.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@mhmd/base'
import { onLedger, send } from '@mhmd/client'
import { homePaths } from '@mhmd/node/home'
import { Citizen, asthma, fileCount, importPatients, randomness, requestView, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
before(async () => {
  network = await smallNetwork()
  await importPatients(network, 2)
})
after(() => network.close())

const asked = (id: string, title: string): object => ({
  id, holders: ['rome'], class: 'research-organisation', title, summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition', 'Patient'], question: { all: [{ type: 'condition', code: asthma }] }, days: 30,
})
const inbox = async (): Promise<string[]> => (await network.staff('rome').get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')).requests.map((row) => row.document.id)

test('a request filed again with its id is filed once; another one with that id is refused', async () => {
  const institute = network.staff('institute')
  const id = newId(randomness)
  const [first, second] = await Promise.all([institute.post('/staff/1/requests', asked(id, 'Twice')), institute.post('/staff/1/requests', asked(id, 'Twice'))])
  assert.deepEqual([first, second, await institute.post('/staff/1/requests', asked(id, 'Twice'))], [{ request: id }, { request: id }, { request: id }])
  await assert.rejects(institute.post('/staff/1/requests', asked(id, 'Another')), { code: 'NODE_STATE' })
  await until('it arrives', async () => (await inbox()).includes(id))
  assert.equal((await inbox()).filter((one) => one === id).length, 1)
  const { requests } = await institute.get<{ requests: { request: string; title: string }[] }>('/staff/1/requests')
  assert.deepEqual(requests.filter((row) => row.request === id).map((row) => row.title), ['Twice'])
})

test('a request that the contracts refuse leaves nothing behind', async () => {
  const institute = network.staff('institute')
  const id = newId(randomness)
  await assert.rejects(institute.post('/staff/1/requests', { ...asked(id, 'Nobody'), holders: ['nowhere'] }), { code: 'NODE_LEDGER_REFUSED' })
  await assert.rejects(institute.get(`/staff/1/requests/${id}`), { code: 'NODE_NOT_FOUND' })
})

test('an ask made again with its id is answered once', async () => {
  const request = await fileCount(network)
  const ask = newId(randomness)
  const path = `/staff/1/requests/${request}/asks`
  const answers = [await network.staff('institute').post(path, { ask }), await network.staff('institute').post(path, { ask })]
  assert.deepEqual(answers, [{ ask, holders: ['rome'] }, { ask, holders: ['rome'] }])
  // One that is asked afterwards is answered after both, had there been two.
  const last = newId(randomness)
  await network.staff('institute').post(path, { ask: last })
  await until('both are answered', async () => new Set((await requestView(network, request)).answered.map((row) => row.ask)).size === 2)
  const { jobs } = await network.staff('rome').get<{ jobs: { kind: string; input: { ask?: string } }[] }>('/staff/1/jobs')
  assert.deepEqual(jobs.filter((job) => job.kind === 'count').map((job) => job.input.ask).sort(), [ask, last].sort())
})

test('the end of an upload sent again gives the same job, also once the import is done', async () => {
  const staff = network.staff('rome')
  const body = Buffer.from(`${JSON.stringify({ resourceType: 'Patient', id: 'again', identifier: [{ system: 'urn:example:again', value: '1' }] })}\n`)
  const { id, token } = await staff.post<{ id: string; token: string }>('/staff/1/imports', { name: 'again.ndjson', size: body.length, sha256: createHash('sha256').update(body).digest('base64url') })
  const put = async (offset: number): Promise<unknown> => (await fetch(`${network.url('rome')}/staff/1/uploads/${id}`, { method: 'PUT', body: body.subarray(offset), headers: { 'content-type': 'application/vnd.mhmd.upload', 'x-upload-token': token, 'x-upload-offset': String(offset) } })).json()
  const first = await put(0) as { job: string }
  assert.match(first.job, /^[0-9a-z]{26}$/)
  assert.deepEqual(await put(body.length), first)
  await until('the import is done', async () => (await staff.get<{ state: string }>(`/staff/1/imports/${first.job}`)).state === 'done')
  assert.deepEqual(await put(0), first)
  const { jobs } = await staff.get<{ jobs: { input: { upload?: string } }[] }>('/staff/1/jobs')
  assert.equal(jobs.filter((job) => job.input.upload === id).length, 1)
})

test('a decision sent to the provider again once it stands is not sent to the ledger again', async () => {
  const citizen = await Citizen.settle(network, 1)
  const decision = citizen.device.state.decisions.at(-1)
  assert.ok(decision !== undefined)
  await until('it stands', async () => (await onLedger(citizen.device, decision)).code === 'VALID')
  const before = await onLedger(citizen.device, decision)
  await send({ ...citizen.device, state: { ...citizen.device.state, decisions: [{ ...decision, sent: { holder: true, provider: false } }] } })
  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.deepEqual(await onLedger(citizen.device, decision), before)
})

test('what a kill left in the spool folder is deleted at the next start', async () => {
  await network.stopNode('rome')
  const { spool } = homePaths(network.home('rome'))
  writeFileSync(join(spool, `${newId(randomness)}.part`), 'left over')
  await network.start('rome')
  await until('the folder is swept', () => Promise.resolve(readdirSync(spool).length === 0))
})
