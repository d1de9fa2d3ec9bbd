import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UseRequest } from '@mhmd/schema'
import { requestFacts } from './request-facts.ts'

const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'NL' }, title: 'Asthma in adults', summary: 'A synthetic request.',
  purpose: 'health-research', uses: [], categories: ['a'], fhirTypes: ['Patient', 'Condition'], form: 'computation', basis: 'consent', from: 0, until: 86_400_000, safeguards: [], returns: [],
}
const key = ((name: string): string => name) as unknown as Parameters<typeof requestFacts>[1]
const factsOf = (document: UseRequest): ReadonlyMap<string, unknown> => new Map(requestFacts(document, key, (id) => id).map(({ name, value }) => [name, value]))

test('whoever decides on a request sees the question itself, code and system', () => {
  const facts = factsOf({ ...request, question: { all: [{ type: 'condition', code: { system: 'http://snomed.info/sct', code: '195967001' } }, { type: 'sex', value: 'female' }] } })
  assert.equal(facts.get('officer.question'), 'cohort.kinds.condition: 195967001 (http://snomed.info/sct); cohort.kinds.sex: cohort.sexes.female')
})

test('a dataset stands under its title, and under its id where no title is known', () => {
  const document: UseRequest = { ...request, dataset: { holder: 'rome', id: '00000000000000000000000002', version: 1 }, variables: ['sex'] }
  const shown = (title?: string): unknown => requestFacts(document, key, (id) => id, title).find(({ name }) => name === 'request.dataset')?.value
  assert.deepEqual([shown('Ages in Rome'), shown()], ['rome, Ages in Rome, v1: sex', 'rome, 00000000000000000000000002, v1: sex'])
})

test('without a question it is about everybody in the dataset', () => assert.equal(factsOf(request).get('officer.question'), 'officer.everybody'))
