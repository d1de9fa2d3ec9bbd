// What a hospital's people port refuses: strangers, wrong roles, link codes of others, decisions that don't fit, requests out of turn, and everything while blind.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { decisionKey } from '@mhmd/accounts'
import { decide, enrol, holdersOfAccount, onLedger, openAccount, peopleClient, status, withdraw } from '@mhmd/client'
import type { Device } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import { Citizen, asthma, clock, importPatients, mrn, oneTimeClient, randomness, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
let anna: Citizen
let bea: Citizen
before(async () => {
  network = await smallNetwork({ blindAfterMilliseconds: 1500 })
  await importPatients(network, 4)
  anna = await Citizen.settle(network, 0)
  bea = await Citizen.settle(network, 1)
})
after(() => network.close())

const atRome = (citizen: Citizen): ReturnType<typeof peopleClient> => peopleClient({ baseUrl: network.url('rome'), key: decisionKey(citizen.device.seed, 'rome', 1), clock, randomness })
const lastOf = (state: Device['state']): Record<string, any> => {
  const { sent: _, ...decision } = state.decisions.at(-1) as unknown as Record<string, any>
  return decision
}
const terms = (): any => lastOf(anna.device.state)['opening'].content.terms

test('without a signature nothing is answered', async () => {
  for (const path of ['/staff/1/status', '/people/1/me', '/people/1/directory']) {
    const answer = await fetch(`${network.url('rome')}${path}`)
    assert.equal(answer.status, 401, path)
    assert.match((await answer.json() as { error: { code: string } }).error.code, /^MESSAGES_/)
  }
})

test('a key that nobody knows is refused, as staff and as a citizen', async () => {
  const stranger = oneTimeClient(network, 'rome')
  await assert.rejects(stranger.get('/staff/1/status'), { code: 'NODE_STAFF_UNKNOWN' })
  await assert.rejects(stranger.get('/people/1/me'), { code: 'NODE_KEY_UNKNOWN' })
  await assert.rejects(oneTimeClient(network, 'accounts').get('/people/1/account'), { code: 'NODE_KEY_UNKNOWN' })
  await assert.rejects(atRome(anna).get('/staff/1/releases'), { code: 'NODE_STAFF_UNKNOWN' }, 'a citizen is no staff')
})

test('her provider tells a new device of hers where she has keys, and nobody else', async () => {
  assert.deepEqual(await holdersOfAccount(anna.device), ['rome'])
  const newcomer: Device = { ...anna.device, seed: randomness.bytes(32) }
  await assert.rejects(holdersOfAccount(newcomer), { code: 'NODE_KEY_UNKNOWN' })
  await openAccount(newcomer)
  assert.deepEqual(await holdersOfAccount(newcomer), [])
})

test('each member of staff may do what her role says, and no more', async () => {
  const key = newSigningKey().key
  await network.staff('rome').post('/staff/1/staff', { key: key.publicKey, roles: ['dpo'] })
  const officer = oneTimeClient(network, 'rome', key)
  assert.equal((await officer.get<{ member: string }>('/staff/1/status')).member, 'rome')
  const file = { name: 'x', size: 1, sha256: 'A'.repeat(43) }
  await assert.rejects(officer.post('/staff/1/imports', file), { code: 'NODE_STAFF_ROLE' })
  await assert.rejects(officer.post('/staff/1/link-codes', mrn(0)), { code: 'NODE_STAFF_ROLE' })
  await assert.rejects(officer.post('/staff/1/staff', { key: key.publicKey, roles: ['admin'] }), { code: 'NODE_STAFF_ROLE' })
  await assert.rejects(network.staff('rome').post('/staff/1/staff', { key: key.publicKey, roles: ['owner'] }), { code: 'SCHEMA_NOT_VALID' })
  // Forty-three characters hold 258 bits, and two of them must be zero (RFC 4648 §3.5): found by schemathesis.
  await assert.rejects(network.staff('rome').post('/staff/1/staff', { key: `${key.publicKey.slice(0, 42)}B`, roles: ['dpo'] }), { code: 'SCHEMA_NOT_VALID' })
})

test('a link code links the person it was made for, once', async () => {
  await assert.rejects(network.staff('rome').post('/staff/1/link-codes', { ...mrn(0), value: 'MRN-none' }), { code: 'NODE_SUBJECT_UNKNOWN' })
  const { code } = await network.staff('rome').post<{ code: string }>('/staff/1/link-codes', mrn(2))
  const device = (): Device => ({ ...anna.device, state: { ...anna.device.state, links: [], decisions: [] }, seed: randomness.bytes(32) })
  const first = device()
  await openAccount(first)
  await enrol(first, { holder: 'rome', code })
  await assert.rejects(enrol(device(), { holder: 'rome', code }), { code: 'NODE_LINK_CODE' })
  await assert.rejects(enrol(device(), { holder: 'rome', code: '0000-0000-0000-0000' }), { code: 'NODE_LINK_CODE' })
})

test('a decision must fit in every part, and a refused one changes nothing', async () => {
  const { state } = await status(anna.device, { holder: 'rome' })
  const present = { ...anna.device, state }
  const decided = decide(present, { holder: 'rome', terms: terms() })
  const next = lastOf(decided)
  const afterNext = lastOf(withdraw({ ...present, state: decided }, { holder: 'rome' }))
  const post = (body: unknown, by = anna): Promise<unknown> => atRome(by).post('/people/1/decisions', body)
  const mismatch = (why: RegExp): object => ({ code: 'NODE_RECORD_MISMATCH', message: why })
  await assert.rejects(post(afterNext), mismatch(/version 2 is next/))
  await assert.rejects(post({ ...next, signature: `${next['signature'][0] === 'A' ? 'B' : 'A'}${next['signature'].slice(1)}` }), mismatch(/signature/))
  await assert.rejects(post({ ...next, opening: { ...next['opening'], salt: randomnessText() } }), mismatch(/opening/))
  await assert.rejects(post({ ...next, opening: { ...next['opening'], content: { ...next['opening'].content, terms: null } } }), mismatch(/opening/))
  await assert.rejects(post(lastOf(decide(present, { holder: 'rome', terms: terms(), notice: randomnessText() }))), mismatch(/notice/))
  const past = { now: () => clock.now() - 60_000 }
  await assert.rejects(post(lastOf(decide({ ...present, clock: past }, { holder: 'rome', terms: { ...terms(), from: 0, until: past.now() + 1000 } }))), mismatch(/over already/))
  await assert.rejects(post(next, bea), mismatch(/key enrolled/))
  await assert.rejects(post({ ...next, statement: { ...next['statement'], holder: 'berlin' } }), mismatch(/holder/))
  await assert.rejects(post({ ...next, more: 1 }), { code: 'SCHEMA_NOT_VALID' })
  assert.deepEqual((await status(anna.device, { holder: 'rome' })).view.versions, { consent: 1, 'opt-out': 0 })
  const taken = await post(next)
  assert.deepEqual({ ...taken as object, receivedAt: 0 }, { ...await post(next) as object, receivedAt: 0 }, 'the same decision may come twice')
  anna.set(decided)
})

const randomnessText = (): string => Buffer.from(randomness.bytes(32)).toString('base64url')

test('a decision that was never hers to make is refused by the contracts and told to her', async () => {
  const forged = lastOf(decide(bea.device, { holder: 'rome', terms: terms() }))
  const item = { statement: { ...forged['statement'], version: 9 }, key: forged['key'], signature: forged['signature'] }
  const account = await import('@mhmd/accounts').then(({ accountKey }) => peopleClient({ baseUrl: network.url('accounts'), key: accountKey(bea.device.seed, 'accounts'), clock, randomness }))
  await account.post('/people/1/account/decisions', { kind: 'consent', item })
  const codeOf = async (): Promise<string> => (await onLedger(bea.device, forged as never)).code
  await until('the batch is decided', async () => !['WAITING', 'SENT'].includes(await codeOf()))
  assert.equal(await codeOf(), 'CONTRACT_BAD_SIGNATURE')
})

test('requests are answered in turn, or not at all', async () => {
  const rome = network.staff('rome')
  const institute = network.staff('institute')
  await assert.rejects(rome.post('/staff/1/inbox/00000000000000000000000000/answer', { state: 'accepted' }), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(institute.post('/staff/1/requests/00000000000000000000000000/asks', {}), { code: 'NODE_NOT_FOUND' })
  for (const mistyped of ['0'.repeat(25), `${'0'.repeat(25)}U`, 'none']) await assert.rejects(institute.get(`/staff/1/requests/${mistyped}`), { code: 'NODE_NOT_FOUND' }, mistyped)
  const { request } = await institute.post<{ request: string }>('/staff/1/requests', {
    holders: ['rome'], class: 'research-organisation', title: 'Asthma', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition', 'Patient'], question: { all: [{ type: 'condition', code: asthma }] }, days: 30,
  })
  await assert.rejects(institute.post(`/staff/1/requests/${request}/asks`, {}), { code: 'NODE_STATE' }, 'before anybody agreed')
  await until('it arrives', async () => (await rome.get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')).requests.some(({ document }) => document.id === request))
  await assert.rejects(rome.post(`/staff/1/inbox/${request}/answer`, { state: 'perhaps' }), { code: 'SCHEMA_NOT_VALID' })
  for (const reason of ['A_B', 'ETHICAL', `NOT_${'E'.repeat(21)}`]) await assert.rejects(rome.post(`/staff/1/inbox/${request}/answer`, { state: 'refused', reason }), { code: 'SCHEMA_NOT_VALID' }, `${reason}: the ledger would refuse it`)
  await rome.post(`/staff/1/inbox/${request}/answer`, { state: 'refused', reason: 'NOT_ETHICAL' })
  await until('the refusal arrives', async () => (await institute.get<{ answers: Record<string, { reason: string }> }>(`/staff/1/requests/${request}`)).answers['rome']?.reason === 'NOT_ETHICAL')
  await assert.rejects(institute.post(`/staff/1/requests/${request}/asks`, {}), { code: 'NODE_STATE' }, 'after a refusal')
})

// Last, because the ledger stays away.
test('a hospital that does not hear the ledger closes its doors and says so', async () => {
  await network.ledger.stop()
  await until('it is blind', async () => (await atRome(anna).get<{ doors: string }>('/people/1/me')).doors !== 'open')
  assert.equal((await atRome(anna).get<{ doors: string }>('/people/1/me')).doors, 'closed: NODE_BLIND')
  const { requests: [first] } = await network.staff('rome').get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')
  await assert.rejects(network.staff('rome').post(`/staff/1/inbox/${first?.document.id}/answer`, { state: 'accepted' }), { code: 'NODE_BLIND' })
  const taken = await atRome(anna).post<{ enforced: string }>('/people/1/decisions', lastOf(withdraw(anna.device, { holder: 'rome' })))
  assert.equal(taken.enforced, 'now', 'what closes is taken all the same')
})
