// Every reading of a person's records leaves an entry that she reads and that ends with her key; the auditor reads the same without people.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import { accessLog, erase, statements } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import { validateResource } from '@mhmd/fhir'
import { insideOf } from '@mhmd/node/testing'
import type { HolderInside } from '@mhmd/node/testing'
import { type Citizen, ask, fileCount, importPatients, mrn, oneTimeClient, patientName, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const PEOPLE = 26
let network: SmallNetwork
let citizens: Citizen[]
let request: string
const auditor = newSigningKey().key

before(async () => {
  network = await smallNetwork()
  await importPatients(network, PEOPLE)
  citizens = await settleAll(network, PEOPLE)
  request = await fileCount(network)
  await network.staff('rome').post('/staff/1/staff', { key: auditor.publicKey, roles: ['auditor'] })
  await until('all are permitted', async () => (await ask(network, request)).answer.released)
})
after(() => network.close())

interface Event { readonly id: string; readonly recorded: string; readonly agent: readonly { readonly who: { readonly identifier: { readonly value: string } } }[]; readonly entity: readonly { readonly what?: { readonly identifier: { readonly value: string } }; readonly type: { readonly code: string }; readonly detail?: readonly { readonly type: string; readonly valueString: string }[] }[] }
const eventsOf = async (client: ReturnType<typeof oneTimeClient>, path: string): Promise<Event[]> => (await client.get<{ events: Event[] }>(path)).events
const hersOf = ({ device }: Citizen): Promise<Event[]> => eventsOf(oneTimeClient(network, 'rome', decisionKey(device.seed, 'rome')), '/people/1/access-log')
const audited = (): Promise<Event[]> => eventsOf(oneTimeClient(network, 'rome', auditor), '/staff/1/access-log')

test('she reads who opened her records, for what, on which basis and which kinds; each entry is a valid AuditEvent', async () => {
  const her = citizens[3] as Citizen
  const before = (await hersOf(her)).length
  await ask(network, request)
  const events = await hersOf(her)
  assert.equal(events.length, before + 1)
  const [event] = events
  assert.deepEqual(event?.agent.map(({ who }) => who.identifier.value), ['institute', 'rome'])
  assert.equal(event.entity[0]?.what?.identifier.value, request)
  assert.deepEqual(event.entity[0].detail?.slice(0, 2), [{ type: 'basis', valueString: 'consent' }, { type: 'form', valueString: 'computation' }])
  // What was asked, and nothing more: the question is about a condition alone.
  assert.deepEqual(event.entity.slice(1).map(({ type }) => type.code), ['Condition'])
  for (const one of events) assert.deepEqual(validateResource(one, { level: 'full' }).filter(({ severity }) => severity === 'error'), [])
  assert.equal((await accessLog(her.device, { holder: 'rome' })).length, events.length)
})

test('what is said is written before the first record is opened, also for a duty of the hospital\'s own', async () => {
  const { holderVault } = insideOf(network.node('rome')) as HolderInside
  const her = citizens[4] as Citizen
  const before = (await hersOf(her)).length
  const reading = holderVault.records(holderVault.duty('quality'), 'Condition')[Symbol.asyncIterator]()
  await reading.next()
  await reading.return?.()
  const events = await hersOf(her)
  assert.equal(events.length, before + 1)
  assert.deepEqual(events[0]?.agent.map(({ who }) => who.identifier.value), ['rome'])
  assert.deepEqual([events[0].entity[0]?.detail?.[0]?.valueString, events[0].entity[1]?.type.code], ['holder-duty', 'Condition'])
})

test('the auditor reads every reading and nobody in it; others read neither log', async () => {
  const { device } = citizens[3] as Citizen
  const events = await audited()
  assert.equal(events[1]?.entity[0]?.detail?.find(({ type }) => type === 'people')?.valueString, String(PEOPLE))
  assert.deepEqual(new Set((await hersOf(citizens[3] as Citizen)).map(({ id }) => id)), new Set(events.map(({ id }) => id)))
  const text = JSON.stringify(events)
  for (const mark of [patientName(3), mrn(3).value, device.state.links[0]?.subject ?? 'none']) assert.equal(text.includes(mark), false)
  await assert.rejects(eventsOf(oneTimeClient(network, 'rome'), '/staff/1/access-log'), { code: 'NODE_STAFF_UNKNOWN' })
  await assert.rejects(eventsOf(oneTimeClient(network, 'rome', auditor), '/people/1/access-log'), { code: 'NODE_KEY_UNKNOWN' })
})

test('her log ends with her records, and the statement counts it; the auditor\'s stays', async () => {
  const her = citizens[5] as Citizen
  const [hers, runs] = [(await hersOf(her)).length, (await audited()).length]
  assert.ok(hers > 0)
  await erase(her.device, { holder: 'rome' })
  const members = await network.directory()
  const given = (): ReturnType<typeof statements> => statements(her.device, { holder: 'rome', signingKeyOf: (id) => members.find((member) => member.id === id)?.signingKey ?? '' })
  await until('it is stated', async () => (await given()).statements.length > 0)
  assert.deepEqual((await given()).statements[0]?.document.statement.removed.find(({ what }) => what === 'access-log')?.rows, hers)
  assert.deepEqual([(await hersOf(her)).length, (await audited()).length], [0, runs])
})

const readsVault = (text: string): boolean => /import type \{[^}]*\bVault\b[^}]*\} from '@mhmd\/vault'/.test(text) && /\b(?:vault|records|inside)\.(?:read|facts)\(/i.test(text)

test('nothing in a node reads the vault past its log', () => {
  const sources = join(import.meta.dirname, '../packages/node/src')
  // The vault itself is known by its type; the holder's vault, which notes each reading, by another.
  const readers = globSync('**/*.ts', { cwd: sources }).filter((file) => !file.endsWith('.test.ts') && readsVault(readFileSync(join(sources, file), 'utf8')))
  assert.deepEqual(readers, ['holder-vault.ts'])
})
