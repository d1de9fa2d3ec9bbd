// The examples that newcomers start from: each is taken by the door it is for, as it stands.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { decide, status } from '@mhmd/client'
import { consentTermsDocument } from '@mhmd/schema'
import { Citizen, importPatients, importText, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const example = (name: string): any => JSON.parse(readFileSync(new URL(`../docs/examples/${name}`, import.meta.url), 'utf8'))

let network: SmallNetwork
before(async () => {
  network = await smallNetwork()
})
after(() => network.close())

test('the patient is imported whole, and found by the identifier that the guide names', async () => {
  await importText(network, JSON.stringify(example('patient.json')))
  assert.deepEqual((await network.staff('rome').get<{ quarantine: unknown[] }>('/staff/1/quarantine')).quarantine, [])
  const guide = readFileSync(new URL('../docs/examples/README.md', import.meta.url), 'utf8')
  const [, system, value] = /--system (\S+) --value (\S+)/.exec(guide) ?? []
  assert.ok((await network.staff('rome').post<{ code: string }>('/staff/1/link-codes', { system, value })).code)
})

test('the terms are terms, not over yet, and come into force', async () => {
  await importPatients(network, 1)
  const her = await Citizen.settle(network, 0)
  her.set(decide(her.device, { holder: 'rome', terms: consentTermsDocument.parse(example('consent-terms.json')) }))
  await her.send()
  assert.ok(consentTermsDocument.is(example('table-terms.json')))
  await until('the ledger shows them', async () => (await status(her.device, { holder: 'rome' })).view.choices.some((choice: any) => choice.basis === 'consent' && choice.version === 2 && choice.state === 'active'))
})

test('the request is filed and the dataset registered; the question is about what the patient has', async () => {
  const request = example('request.json')
  // The small network has one of the three hospitals.
  assert.match((await network.staff('institute').post<{ request: string }>('/staff/1/requests', { ...request, holders: ['rome'] })).request, /^[0-9a-z]{26}$/)
  assert.deepEqual(request.holders, ['rome', 'berlin', 'paris'])
  assert.ok((await network.staff('rome').post<{ height: number }>('/staff/1/datasets', example('dataset.json'))).height > 0)
  assert.ok(example('consent-terms.json').returnsWanted.every((wanted: string) => request.returns.includes(wanted)), 'who permits by the example is counted by the example')
  const { system, code } = request.question.all[0].code
  assert.ok(example('patient.json').entry.some(({ resource }: any) => resource.code?.coding[0].system === system && resource.code.coding[0].code === code))
})
