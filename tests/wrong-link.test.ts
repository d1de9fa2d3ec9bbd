// A key linked to the wrong patient's records: closed at the desk, it decides nothing about them, and what left by it is called back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import { decide, withdraw } from '@mhmd/client'
import type { ConsentTerms } from '@mhmd/schema'
import { type Citizen, ask, fileCount, importPatients, mrn, oneTimeClient, releasesOf, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const PEOPLE = 26
let network: SmallNetwork
let citizens: Citizen[]
let request: string

before(async () => {
  network = await smallNetwork()
  await importPatients(network, PEOPLE)
  citizens = await settleAll(network, PEOPLE - 1)
  request = await fileCount(network)
  await until('all are permitted', async () => (await ask(network, request)).answer.released && (await releasesOf(network))[0]?.considered === PEOPLE - 1)
})
after(() => network.close())

const clientOf = ({ device }: Citizen): ReturnType<typeof oneTimeClient> => oneTimeClient(network, 'rome', decisionKey(device.seed, 'rome'))

test('it is unknown from then on, its consent counts no more, and what left by it is called back', async () => {
  const her = citizens[3] as Citizen
  const terms = her.device.state.decisions[0]?.opening.content.terms as ConsentTerms
  const before = (await releasesOf(network))[0]
  const { closed } = await network.staff('rome').post<{ closed: number }>('/staff/1/key-closings', mrn(3))
  assert.deepEqual(await network.staff('rome').post('/staff/1/key-closings', mrn(3)), { closed }, 'closed twice, it was closed once')
  await ask(network, request)
  assert.equal((await releasesOf(network))[0]?.considered, PEOPLE - 2)
  await until('the figure she was in is removed', async () => ((await releasesOf(network)).find(({ id }) => id === before?.id)?.recall?.answered ?? null) !== null)
  for (const path of ['/people/1/me', '/people/1/uses', '/people/1/access-log', '/people/1/statements']) await assert.rejects(clientOf(her).get(path), { code: 'NODE_KEY_UNKNOWN' })
  her.set(decide(her.device, { holder: 'rome', terms }))
  const [sending] = await her.send()
  assert.equal(sending?.decision.sent.holder, false)
  // Even once her provider has it on the ledger, it opens nothing.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await ask(network, request)
  assert.equal((await releasesOf(network))[0]?.considered, PEOPLE - 2)
})

test('others\' links are as before; a patient without a link has none to close; only the desk closes', async () => {
  const other = citizens[4] as Citizen
  other.set(withdraw(other.device, { holder: 'rome' }))
  assert.equal((await other.send())[0]?.taken?.enforced, 'now')
  await assert.rejects(network.staff('rome').post('/staff/1/key-closings', mrn(PEOPLE - 1)), { code: 'NODE_STATE' })
  await assert.rejects(network.staff('rome').post('/staff/1/key-closings', { ...mrn(0), value: 'nobody' }), { code: 'NODE_SUBJECT_UNKNOWN' })
  await assert.rejects(oneTimeClient(network, 'rome').post('/staff/1/key-closings', mrn(0)), { code: 'NODE_STAFF_UNKNOWN' })
})
