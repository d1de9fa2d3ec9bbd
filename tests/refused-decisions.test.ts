// A decision that the ledger can never take any more: it is out of the way of what she signs next, what it closed stays closed, and nothing opens by itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { decisionKey, lastDecision, linkWith } from '@mhmd/accounts'
import { decide, declareOptOut, onLedger, replaceKey, status, withdraw } from '@mhmd/client'
import type { Device } from '@mhmd/client'
import type { ConsentTerms } from '@mhmd/schema'
import { type Citizen, fileCount, importPatients, oneTimeClient, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const PEOPLE = 4
let network: SmallNetwork
let citizens: Citizen[]

before(async () => {
  network = await smallNetwork({ ledgerAfterMilliseconds: 1500 })
  await importPatients(network, PEOPLE)
  citizens = await settleAll(network, PEOPLE)
  for (const citizen of citizens) await until('she is permitted', async () => (await viewOf(citizen)).versions.consent === 1)
  await fileCount(network)
})
after(() => network.close())

const terms = (citizen: Citizen): ConsentTerms => lastDecision(citizen.device.state, 'rome', 'consent')?.opening.content.terms as ConsentTerms
const decideAnew = (citizen: Citizen, changed: Partial<ConsentTerms> = {}): void => citizen.set(decide(citizen.device, { holder: 'rome', terms: { ...terms(citizen), ...changed } }))

interface View { readonly versions: { readonly consent: number; readonly 'opt-out': number }; readonly next: { readonly consent: number; readonly 'opt-out': number }; readonly preview: readonly { readonly verdict: { readonly answer: string } }[] }
function viewOf({ device }: Citizen): Promise<View> {
  return oneTimeClient(network, 'rome', decisionKey(device.seed, 'rome', linkWith(device.state, 'rome').generation)).get('/people/1/me')
}
const isPermitted = async (citizen: Citizen): Promise<boolean> => (await viewOf(citizen)).preview.some(({ verdict }) => verdict.answer === 'permit')

/** Her decision reaches the hospital alone, and before the hospital takes it to the ledger another key is hers: the ledger refuses it for good. */
async function sentByAnOldKey(citizen: Citizen): Promise<void> {
  const { device } = citizen
  citizen.device = { ...device, addressOf: (member) => member === 'accounts' ? 'http://127.0.0.1:9' : network.url(member) }
  const [sending] = await citizen.send()
  assert.deepEqual([sending?.decision.sent.holder, sending?.decision.sent.provider], [true, false])
  citizen.device = { ...citizen.device, addressOf: device.addressOf }
  citizen.set(await replaceKey(citizen.device, { holder: 'rome', by: 'old-key' }))
  await until('the new key is known', async () => (await viewOf(citizen)).versions.consent > 0)
}

const statusOf = async (citizen: Citizen): Promise<Device['state']> => {
  const { state } = await status(citizen.device, { holder: 'rome' })
  citizen.set(state)
  return state
}

async function arrived(citizen: Citizen): Promise<void> {
  await citizen.send()
  const last = citizen.device.state.decisions.at(-1)
  await until('it is on the ledger', async () => (await onLedger(citizen.device, last!)).code === 'VALID')
}

test('a consent that the ledger refused for good is dropped: the old terms don\'t come back, and her next choice is recorded', async () => {
  const her = citizens[0] as Citizen
  decideAnew(her, { prohibitions: [{ members: ['institute'] }] })
  await sentByAnOldKey(her)
  await until('the hospital has dropped it', async () => (await viewOf(her)).next.consent === 2)
  assert.equal(await isPermitted(her), false, 'her broader, older terms stay closed: her last word was narrower')
  const state = await statusOf(her)
  assert.equal(linkWith(state, 'rome').versions.consent, 1)
  assert.equal(state.decisions.length, 2, 'what opens is not signed again by itself')
  assert.equal(lastDecision(state, 'rome', 'consent')?.statement.version, 1)
  decideAnew(her)
  assert.equal(lastDecision(her.device.state, 'rome', 'consent')?.statement.version, 2)
  await arrived(her)
  await until('she is permitted again', () => isPermitted(her))
})

test('a withdrawal that the ledger refused for good stays enforced, and her device signs it anew', async () => {
  const her = citizens[1] as Citizen
  her.set(withdraw(her.device, { holder: 'rome' }))
  await sentByAnOldKey(her)
  await until('the hospital has set it aside', async () => (await viewOf(her)).next.consent === 2)
  assert.deepEqual([await isPermitted(her), (await viewOf(her)).versions.consent], [false, 1])
  const state = await statusOf(her)
  assert.deepEqual([lastDecision(state, 'rome', 'consent')?.statement.operation, lastDecision(state, 'rome', 'consent')?.statement.version], ['withdraw', 2])
  await arrived(her)
  await until('the ledger shows it', async () => (await viewOf(her)).versions.consent === 2)
  assert.equal(await isPermitted(her), false)
  decideAnew(her, terms(citizens[2] as Citizen))
  await arrived(her)
  await until('she is permitted again', () => isPermitted(her))
})

test('a withdrawal signed after a consent that was never taken is not jammed by it', async () => {
  const her = citizens[2] as Citizen
  const { clock } = her.device
  // Signed away from the network, and over before it was sent.
  decideAnew(her, { until: clock.now() + 300 })
  await new Promise((resolve) => setTimeout(resolve, 400))
  her.set(withdraw(her.device, { holder: 'rome' }))
  assert.equal(lastDecision(her.device.state, 'rome', 'consent')?.statement.version, 3)
  // A busy hospital may not answer at once: she sends it again.
  await until('the hospital enforces it', async () => (await her.send()).at(-1)?.taken?.enforced === 'now')
  assert.equal(await isPermitted(her), false)
  await until('the ledger shows it', async () => (await viewOf(her)).versions.consent === 2)
})

test('an opt-out that the ledger refused for good stays in force', async () => {
  const her = citizens[3] as Citizen
  her.set(declareOptOut(her.device, { holder: 'rome' }))
  await sentByAnOldKey(her)
  await until('the hospital has set it aside', async () => (await viewOf(her)).next['opt-out'] === 1)
  assert.equal(await isPermitted(her), false)
  await her.send()
  await statusOf(her)
  await arrived(her)
  await until('the ledger shows it', async () => (await viewOf(her)).versions['opt-out'] === 1)
  assert.equal(await isPermitted(her), false)
})
