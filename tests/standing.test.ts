// Members suspend one of them and take it back: by votes at their own nodes, seen at every other. Meanwhile the contracts refuse what it submits, other members' ports are closed to it, and people keep their rights there.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { erase, isActive, onLedger, readDirectory, withdraw } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import { Citizen, fileCount, importPatients, oneTimeClient, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
let her: Citizen
let other: Citizen
before(async () => {
  network = await smallNetwork()
  await importPatients(network, 4)
  ;[her, other] = await Promise.all([Citizen.settle(network, 0), Citizen.settle(network, 2)])
})
after(() => network.close())

type Voter = 'rome' | 'institute' | 'accounts'
interface Shown { readonly id: string; readonly state: string; readonly version: number; readonly votes: readonly string[] }

const vote = (by: Voter, to: 'suspensions' | 'reinstatements', about: { readonly member: string; readonly version: number }): Promise<{ state: string }> => network.staff(by).post(`/staff/1/members/${to}`, about)
const shownAt = async (node: Voter, member: string): Promise<Shown | undefined> => (await network.staff(node).get<{ members: readonly Shown[] }>('/staff/1/network')).members.find(({ id }) => id === member)
const refusedBy = (code: string) => (error: unknown): boolean => (error as { code?: string }).code === 'NODE_LEDGER_REFUSED' && JSON.stringify(error).includes(code)
const registersDesk = (): Promise<unknown> => network.staff('rome').post('/staff/1/staff', { key: newSigningKey().key.publicKey, roles: ['desk'] })

test('one vote suspends nobody and is shown; none is taken in one\'s own case, twice, about another state, or from who is no administrator', async () => {
  assert.equal((await vote('institute', 'suspensions', { member: 'rome', version: 1 })).state, 'active')
  await until('the vote is shown at another node', async () => (await shownAt('rome', 'rome'))?.votes.join() === 'institute')
  await registersDesk()
  await assert.rejects(vote('institute', 'suspensions', { member: 'rome', version: 1 }), refusedBy('CONTRACT_ALREADY_VOTED'))
  await assert.rejects(vote('rome', 'suspensions', { member: 'rome', version: 1 }), refusedBy('CONTRACT_OWN_CASE'))
  await assert.rejects(vote('accounts', 'suspensions', { member: 'rome', version: 2 }), refusedBy('CONTRACT_VERSION_CONFLICT'))
  await assert.rejects(vote('accounts', 'suspensions', { member: 'nobody', version: 1 }), refusedBy('CONTRACT_NOT_A_MEMBER'))
  await assert.rejects(vote('accounts', 'reinstatements', { member: 'rome', version: 1 }), refusedBy('CONTRACT_NOT_SUSPENDED'))
  const auditor = newSigningKey().key
  await network.staff('accounts').post('/staff/1/staff', { key: auditor.publicKey, roles: ['auditor'] })
  await assert.rejects(oneTimeClient(network, 'accounts', auditor).post('/staff/1/members/suspensions', { member: 'rome', version: 1 }), { code: 'NODE_STAFF_ROLE' })
})

test('the second vote suspends: every node hears it, the member\'s own too, whose acts the contracts now refuse', async () => {
  const request = await fileCount(network)
  assert.equal((await vote('accounts', 'suspensions', { member: 'rome', version: 1 })).state, 'suspended')
  for (const node of ['rome', 'institute', 'accounts'] as const) await until(`${node} shows it`, async () => (await shownAt(node, 'rome'))?.state === 'suspended')
  await assert.rejects(registersDesk(), refusedBy('CONTRACT_MEMBER_SUSPENDED'))
  assert.equal((await network.staff('rome').get<{ pendingLedgerEffects: number }>('/staff/1/status')).pendingLedgerEffects, 0)
  await assert.rejects(network.staff('institute').post(`/staff/1/requests/${request}/messages`, { to: 'rome', text: 'Which codes?' }), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(fileCount(network), refusedBy('CONTRACT_HOLDER_UNKNOWN'))
})

test('people find a suspended hospital in the directory, withdraw there and on the ledger, and have their records erased; new links and requests leave it out', async () => {
  const directory = await readDirectory(oneTimeClient(network, 'accounts'))
  assert.deepEqual(directory.members.filter((member) => !isActive(member)).map(({ id }) => id), ['rome'])
  her.set(withdraw(her.device, { holder: 'rome' }))
  await until('her withdrawal is at both', async () => {
    await her.send()
    return her.device.state.decisions.every(({ sent }) => sent.holder && sent.provider)
  })
  const decision = her.device.state.decisions.at(-1)
  assert.ok(decision !== undefined)
  await until('the ledger has it', async () => (await onLedger(her.device, decision)).code === 'VALID')
  const { height } = await onLedger(her.device, decision)
  await until('and so has the suspended hospital\'s node', async () => (await network.staff('rome').get<{ height: number }>('/staff/1/status')).height >= Number(height))
  const { erasure } = await erase(other.device, { holder: 'rome' })
  await until('her records are erased', async () => (await network.staff('rome').get<{ document: object | null }>(`/staff/1/erasures/${erasure}`)).document !== null)
})

test('a node that starts while it is suspended still hears the ledger; two votes take it back, and a vote from before counts no more', async () => {
  await network.stopNode('rome')
  await network.start('rome')
  await until('it hears the ledger', async () => (await shownAt('rome', 'rome'))?.state === 'suspended' && (await network.staff('rome').get<{ confirmedMillisecondsAgo: number | null }>('/staff/1/status')).confirmedMillisecondsAgo !== null)
  await assert.rejects(vote('institute', 'reinstatements', { member: 'rome', version: 1 }), refusedBy('CONTRACT_VERSION_CONFLICT'))
  assert.equal((await vote('institute', 'reinstatements', { member: 'rome', version: 2 })).state, 'suspended')
  assert.equal((await vote('accounts', 'reinstatements', { member: 'rome', version: 2 })).state, 'active')
  await until('its own node shows it', async () => (await shownAt('rome', 'rome'))?.state === 'active')
  await registersDesk()
  assert.equal((await vote('institute', 'suspensions', { member: 'rome', version: 3 })).state, 'active', 'the votes of the first suspension are about a record that is gone')
})

test('the vote of a member that is suspended since is shown no more, as it counts no more; its own node names the votes about it', async () => {
  await vote('institute', 'suspensions', { member: 'ledger', version: 1 })
  await until('the vote is shown', async () => (await shownAt('rome', 'ledger'))?.votes.join() === 'institute')
  const version = (await shownAt('rome', 'institute'))?.version ?? 0
  for (const by of ['rome', 'accounts'] as const) await vote(by, 'suspensions', { member: 'institute', version })
  await until('the institute is suspended', async () => (await shownAt('rome', 'institute'))?.state === 'suspended')
  assert.deepEqual((await shownAt('rome', 'ledger'))?.votes, [])
  await vote('rome', 'reinstatements', { member: 'institute', version: version + 1 })
  await until('its own node shows who wants it back', async () => (await shownAt('institute', 'institute'))?.votes.join() === 'rome')
  await vote('accounts', 'reinstatements', { member: 'institute', version: version + 1 })
  await until('its vote is shown again', async () => (await shownAt('rome', 'ledger'))?.votes.join() === 'institute')
})

test('a suspended ledger operator still orders, and is taken back', async () => {
  await vote('accounts', 'suspensions', { member: 'ledger', version: 1 })
  await until('rome shows it', async () => (await shownAt('rome', 'ledger'))?.state === 'suspended')
  await network.stopNode('rome')
  await network.start('rome')
  await until('rome hears the ledger', async () => (await shownAt('rome', 'ledger'))?.state === 'suspended')
  for (const by of ['institute', 'accounts'] as const) await vote(by, 'reinstatements', { member: 'ledger', version: 2 })
  await until('rome shows it as active', async () => (await shownAt('rome', 'ledger'))?.state === 'active')
})
