// Declarations at a hospital's desk: two colleagues, never hers, always hers to take back.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { declareOptOut, enrol, onLedger, openAccount, send, status, withdrawOptOut } from '@mhmd/client'
import type { Device, PeopleClient } from '@mhmd/client'
import { newDeviceState, newSeed } from '@mhmd/accounts'
import { signStatement, statementKinds } from '@mhmd/contracts'
import { newSigningKey } from '@mhmd/crypto'
import { Citizen, clock, fileCount, importPatients, mrn, oneTimeClient, randomness, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
let desk: PeopleClient
const [first, second] = [newSigningKey().key, newSigningKey().key]
const evidence = 'E'.repeat(43)
before(async () => {
  network = await smallNetwork()
  await importPatients(network, 3)
  for (const { publicKey } of [first, second]) await network.staff('rome').post('/staff/1/staff', { key: publicKey, roles: ['desk'] })
  desk = oneTimeClient(network, 'rome', first)
})
after(() => network.close())

type Kind = 'consent' | 'opt-out'
interface Draft { readonly draft: string; readonly statement: any; readonly notice: string }
const draft = (index: number, kind: Kind, more: object = {}): Promise<Draft> =>
  desk.post<Draft>('/staff/1/desk-declarations/drafts', { ...mrn(index), kind, operation: 'set', evidence, staff: [first.publicKey, second.publicKey], ...more })
const signed = ({ draft: id, statement }: Draft, signers = [first, second]): Promise<{ version: number; height: number }> =>
  desk.post('/staff/1/desk-declarations', { draft: id, signatures: signers.map((key) => signStatement(statementKinds.deskDeclaration, statement, key)) })
const choice = async (citizen: { device: Device }, basis: Kind): Promise<any> => ((await status(citizen.device, { holder: 'rome' })).view as any).choices.find((one: any) => one.basis === basis)

test('it takes two colleagues of the desk, and both their signatures', async () => {
  await assert.rejects(draft(0, 'opt-out', { staff: [first.publicKey, first.publicKey] }), { code: 'SCHEMA_NOT_VALID' })
  await assert.rejects(draft(0, 'opt-out', { staff: [first.publicKey, newSigningKey().key.publicKey] }), { code: 'NODE_STAFF_UNKNOWN' })
  const officer = newSigningKey().key.publicKey
  await network.staff('rome').post('/staff/1/staff', { key: officer, roles: ['dpo'] })
  await assert.rejects(draft(0, 'opt-out', { staff: [first.publicKey, officer] }), { code: 'NODE_STAFF_ROLE' })
  await assert.rejects(oneTimeClient(network, 'rome').post('/staff/1/desk-declarations/drafts', {}), { code: /NODE_STAFF_UNKNOWN|SCHEMA_NOT_VALID/ })
  await assert.rejects(draft(0, 'opt-out', { value: 'MRN-none' }), { code: 'NODE_SUBJECT_UNKNOWN' })
  await assert.rejects(draft(0, 'consent'), { code: 'NODE_BAD_INPUT' }, 'a consent needs terms')
  const one = await draft(0, 'opt-out')
  await assert.rejects(signed(one, [first, first]), { code: 'NODE_RECORD_MISMATCH' })
  await assert.rejects(signed({ ...one, statement: { ...one.statement, version: 2 } }), { code: 'NODE_RECORD_MISMATCH' })
  await assert.rejects(signed({ ...one, draft: '0'.repeat(26) }), { code: 'NODE_NOT_FOUND' })
})

test('an opt-out needs no account; she finds it when she enrols, and takes it back herself', async () => {
  const { version } = await signed(await draft(1, 'opt-out'))
  assert.equal(version, 1)
  const her: { device: Device } = { device: { state: newDeviceState({ network: network.id, provider: 'accounts' }), seed: newSeed(randomness), addressOf: (member) => network.url(member), clock, randomness } }
  const set = (state: Device['state']): void => { her.device = { ...her.device, state } }
  await openAccount(her.device)
  const { code } = await network.staff('rome').post<{ code: string }>('/staff/1/link-codes', mrn(1))
  set((await enrol(her.device, { holder: 'rome', code })).state)
  await until('her key is known', async () => status(her.device, { holder: 'rome' }).then(({ state }) => { set(state); return true }, () => false))
  assert.deepEqual({ by: (await choice(her, 'opt-out')).by, state: (await choice(her, 'opt-out')).state }, { by: 'desk', state: 'active' })

  set(withdrawOptOut(her.device, { holder: 'rome' }))
  const last = her.device.state.decisions.at(-1)!
  assert.equal(last.statement.version, 2)
  set((await send(her.device)).state)
  await until('the ledger has it', async () => (await onLedger(her.device, last)).code === 'VALID')
  await until('the hospital sees it', async () => (await choice(her, 'opt-out')).state === 'withdrawn')
  assert.equal((await choice(her, 'opt-out')).by, 'subject')
  await assert.rejects(signed(await draft(1, 'opt-out', { operation: 'withdraw' })), { code: 'NODE_LEDGER_REFUSED' }, 'the desk takes back only what the desk declared')
})

test('her own decision stands above the desk\'s consent, and the desk may still close for her', async () => {
  const anna = await Citizen.settle(network, 0)
  const request = await fileCount(network)
  const verdict = async (): Promise<string> => ((await status(anna.device, { holder: 'rome' })).view as any).preview.find((row: any) => row.request === request).verdict.answer
  await until('her consent is on the ledger', async () => await verdict() === 'permit')
  const terms = anna.device.state.decisions.at(-1)!.opening.content.terms
  await assert.rejects(signed(await draft(0, 'consent', { terms })), { code: 'NODE_LEDGER_REFUSED', message: /CONTRACT_SUBJECT_DECIDED/ })
  assert.equal(await verdict(), 'permit')
  await signed(await draft(0, 'opt-out'))
  assert.equal(await verdict(), 'deny')

  anna.set((await status(anna.device, { holder: 'rome' })).state)
  anna.set(withdrawOptOut(anna.device, { holder: 'rome' }))
  await anna.send()
  await until('her word counts again', async () => await verdict() === 'permit')
  anna.set(declareOptOut(anna.device, { holder: 'rome' }))
  await anna.send()
  assert.equal(await verdict(), 'deny', 'at once, before the ledger has it')
})
