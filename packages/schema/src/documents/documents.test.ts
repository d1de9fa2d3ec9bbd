import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentTermsDocument, datasetDocument, offeredDatasetDocument, questionDocument, useRequestDocument } from '../index.ts'
import type { ConsentTerms, Dataset, UseRequest } from '../index.ts'

const terms: ConsentTerms = {
  format: 'mhmd-consent-terms/1', from: 0, until: 10, despiteOptOut: false, returnsWanted: ['study-results'],
  permissions: [{ recipients: { members: ['institute'], classes: [], countries: ['EU'] }, purposes: ['health-research'], uses: [], categories: ['a'], fhirTypes: ['Condition'], form: 'computation' }],
  prohibitions: [{ uses: ['commercial'] }],
}
const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '0123456789abcdefghjkmnpqrs', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Asthma', summary: '', purpose: 'health-research', uses: [],
  categories: ['a'], fhirTypes: ['Condition'], question: { all: [{ type: 'age', from: 18, on: '2026-01-01' }] }, form: 'computation', basis: 'consent', from: 0, until: 10, safeguards: [], returns: [],
}

test('good documents are accepted', () => {
  assert.equal(consentTermsDocument.parse(terms), terms)
  assert.equal(useRequestDocument.parse(request), request)
})

for (const [why, document, value] of [
  ['an unknown member', consentTermsDocument, { ...terms, secret: 1 }],
  ['a purpose of care in consent terms', consentTermsDocument, { ...terms, permissions: [{ ...terms.permissions[0], purposes: ['care'] }] }],
  ['the identified form in consent terms', consentTermsDocument, { ...terms, permissions: [{ ...terms.permissions[0], form: 'identified' }] }],
  ['a prohibition that states nothing', consentTermsDocument, { ...terms, prohibitions: [{}] }],
  ['a permission of advertising', consentTermsDocument, { ...terms, permissions: [{ ...terms.permissions[0], uses: ['advertising'] }] }],
  ['a fractional time', consentTermsDocument, { ...terms, until: 1.5 }],
  ['an absurd time', consentTermsDocument, { ...terms, until: 1e18 }],
  ['a category twice', useRequestDocument, { ...request, categories: ['a', 'a'] }],
  ['no category', useRequestDocument, { ...request, categories: [] }],
  ['a member id that climbs folders', useRequestDocument, { ...request, requester: { ...request.requester, member: '../etc' } }],
  ['a country in lower case', useRequestDocument, { ...request, requester: { ...request.requester, country: 'it' } }],
  ['a text', useRequestDocument, 'request'],
  ['a question without criteria', questionDocument, { all: [] }],
  ['a criterion that is two', questionDocument, { all: [{ type: 'sex', value: 'male', on: '2026-01-01' }] }],
  ['a day that no month has', questionDocument, { all: [{ type: 'age', on: '2026-13-01' }] }],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => document.parse(value), { code: 'SCHEMA_NOT_VALID' }))
}

test('an error names what is missing', () => {
  const { until: _, prohibitions: __, ...rest } = terms
  assert.throws(() => consentTermsDocument.parse(rest), { message: /\/ \(required: until,prohibitions\)/ })
})

test('an error names places and rules, never a value or an unknown member', () => {
  try {
    consentTermsDocument.parse({ ...terms, MARKED_NAME: 1, until: 'MARKED_VALUE', permissions: ['MARKED_ITEM'] })
    assert.fail()
  } catch (error) {
    const shown = JSON.stringify(error) + String(error)
    assert.ok(!shown.includes('MARKED') && shown.includes('/until (type: integer)'), shown)
  }
})

const dataset: Dataset = {
  format: 'mhmd-dataset/1', title: 'Diagnoses', summary: '', categories: ['a'], view: { resource: 'Condition', select: [{ column: [{ name: 'code', path: 'code' }] }] },
  columns: [{ name: 'code', role: 'sensitive', reason: 'A diagnosis' }, { name: 'age', role: 'quasi-identifying', reason: 'Known to neighbours', values: 'number', hierarchy: { type: 'interval', widths: [5, 10] } }],
  scenario: { attacker: 'prosecutor', knows: ['age'], text: 'A neighbour' },
  policy: { forms: ['anonymised'], models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.1, thresholds: { highestRisk: 0.2, averageRisk: 0.1, uniques: 0, distinctValues: 2 } },
}

test('a dataset with a view, and one that is described alone, are accepted; a request names one', () => {
  assert.equal(datasetDocument.parse(dataset), dataset)
  offeredDatasetDocument.parse(dataset)
  offeredDatasetDocument.parse({ title: 'Diagnoses', summary: '', categories: ['a'] })
  useRequestDocument.parse({ ...request, form: 'anonymised', dataset: { holder: 'rome', id: '0123456789abcdefghjkmnpqrs', version: 1 }, variables: ['code', 'age'] })
})

for (const [why, value] of [
  ['a column without a role', { ...dataset, columns: [{ name: 'code', reason: '' }] }],
  ['a column name that is no identifier', { ...dataset, columns: [{ name: 'a b', role: 'sensitive', reason: '' }] }],
  ['a threshold above one', { ...dataset, policy: { ...dataset.policy, thresholds: { ...dataset.policy.thresholds, highestRisk: 2 } } }],
  ['a model that reads another file', { ...dataset, policy: { ...dataset.policy, models: [{ type: 'k-map', k: 2, population: { path: '/etc/passwd' } }] } }],
  ['the identified form', { ...dataset, policy: { ...dataset.policy, forms: ['identified'] } }],
  ['a view without a resource type', { ...dataset, view: { select: [{}] } }],
] as const) {
  test(`refuses a dataset with ${why}`, () => assert.throws(() => offeredDatasetDocument.parse(value), { code: 'SCHEMA_NOT_VALID' }))
}
