import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf } from '@mhmd/columns'
import fc from 'fast-check'
import { compileView, readyViews, viewTable } from '@mhmd/fhir'
import type { PersonTable } from '@mhmd/fhir'
import { catalogueEntryDocument, datasetDocument } from '@mhmd/schema'
import type { Dataset, ViewDefinition } from '@mhmd/schema'
import { checkDataset } from './check.ts'
import { atLeast, entryOf } from './entry.ts'
import { peopleAlone, profileTable } from './profile.ts'
import { suggestColumns } from './suggest.ts'

const definition: ViewDefinition = { resource: 'Condition', select: [{ column: [
  { name: 'patient_id', path: 'subject.getReferenceKey(Patient)' }, { name: 'code', path: 'code.coding.first().code', description: 'SNOMED CT' }, { name: 'status', path: 'clinicalStatus.coding.first().code' },
  { name: 'onset_date', path: 'onset.ofType(dateTime).toString().substring(0, 10)', type: 'date' }, { name: 'note', path: 'note.text.first()' },
] }] }
const view = compileView(definition)

/** Person i of n has two conditions; the last one's code is hers alone, and she alone has no date. */
const rowsOf = (people: number): Promise<PersonTable> => viewTable(view, Array.from({ length: people }, (_, i) => ({
  person: `s${i}`,
  resources: ['a', i === people - 1 ? 'RARE' : 'b'].map((code) => ({ resourceType: 'Condition', subject: { reference: `Patient/p${i}` }, code: { coding: [{ code }] }, clinicalStatus: { coding: [{ code: 'active' }] }, ...(i === people - 1 ? {} : { onsetDateTime: `2020-01-${String(1 + i % 20).padStart(2, '0')}` }), note: [{ text: `MARKED ${i}` }] })),
})))

const dataset = (more: Partial<Dataset> = {}): Dataset => datasetDocument.parse({
  format: 'mhmd-dataset/1', title: 'Conditions', summary: '', categories: ['a'], view: definition,
  columns: [
    { name: 'patient_id', role: 'identifying', reason: 'a key' }, { name: 'code', role: 'sensitive', reason: 'a diagnosis' }, { name: 'status', role: 'insensitive', reason: 'one value' },
    { name: 'onset_date', role: 'quasi-identifying', reason: 'others know it', values: 'date', hierarchy: { type: 'date', units: ['month', 'year'] } }, { name: 'note', role: 'identifying', reason: 'free text' },
  ],
  scenario: { attacker: 'prosecutor', knows: ['onset_date'], text: 'A neighbour who remembers when it began' },
  policy: { forms: ['anonymised'], models: [{ type: 'k-anonymity', k: 5 }, { type: 'distinct-l-diversity', column: 'code', l: 2 }], suppressionLimit: 0.1, thresholds: { highestRisk: 0.2, averageRisk: 0.1, uniques: 0, distinctValues: 2 } },
  ...more,
})
const withColumns = (change: (columns: Dataset['columns']) => Dataset['columns']): Dataset => dataset({ columns: change(dataset().columns) })

test('a profile counts rows, people, what is missing, different values, and people alone with one', async () => {
  const profile = profileTable(view, await rowsOf(30))
  assert.deepEqual([profile.rows, profile.people, profile.mostRowsOfAPerson], [60, 30, 2])
  assert.deepEqual(profile.columns.map(({ name, values, missing, distinct, alone }) => [name, values, missing, distinct, alone]), [
    ['patient_id', 'text', 0, 30, 30], ['code', 'text', 0, 3, 1], ['status', 'text', 0, 1, 0], ['onset_date', 'date', 2, 20, 11], ['note', 'text', 0, 30, 30],
  ])
  assert.equal(peopleAlone(await rowsOf(30), ['code', 'onset_date']), 12)
  assert.equal(peopleAlone(await rowsOf(30), []), 0)
  assert.ok(!JSON.stringify(profile).includes('MARKED'))
})

test('people alone with a value: as counted value by value', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('', 'x', 'y', 'z', 'w'), fc.constantFrom('p', 'q', 'r')), { maxLength: 20 }), (rows) => {
    const rowsOf: PersonTable = { table: { rows: rows.length, columns: [columnOf('a', rows.map(([value]) => value))] }, person: columnOf('person', rows.map(([, whose]) => whose)) }
    const wholeOf = new Map<string, Set<string>>()
    for (const [value, whose] of rows) wholeOf.set(value, (wholeOf.get(value) ?? new Set()).add(whose))
    const expected = new Set([...wholeOf].filter(([value, people]) => value !== '' && people.size === 1).map(([, people]) => [...people][0]))
    assert.equal(profileTable({ ...view, columns: [] }, rowsOf).columns[0]?.alone, expected.size)
  }))
})

test('roles are suggested with reasons, by meaning before shape; quasi-identifiers get a hierarchy', async () => {
  const rows = await rowsOf(30)
  const suggested = suggestColumns(definition, view, rows, profileTable(view, rows))
  assert.deepEqual(suggested.map(({ name, role }) => [name, role]), [['patient_id', 'identifying'], ['code', 'sensitive'], ['status', 'insensitive'], ['onset_date', 'quasi-identifying'], ['note', 'identifying']])
  assert.ok(suggested.every(({ reason }) => reason.length > 10))
  assert.deepEqual(suggested[3]?.hierarchy, { type: 'date', units: ['month', 'quarter', 'year', 'decade'] })
  // What is suggested is a document's columns as they stand.
  checkDataset(dataset({ columns: suggested }))
})

test('the ready views: keys identify, codes and results are sensitive, what others know is quasi-identifying', async () => {
  const suggestedOf = async (name: string, resources: readonly object[]): Promise<Record<string, string>> => {
    const ready = readyViews.get(name) as ViewDefinition
    const compiled = compileView(ready)
    const rows = await viewTable(compiled, resources.map((resource, i) => ({ person: `s${i}`, resources: [resource] })))
    return Object.fromEntries(suggestColumns(ready, compiled, rows, profileTable(compiled, rows)).map((column) => [column.name, column.role]))
  }
  const many = (of: (i: number) => object): object[] => Array.from({ length: 40 }, (_, i) => of(i))
  const demographics = await suggestedOf('demographics', many((i) => ({ resourceType: 'Patient', id: `p${i}`, gender: i % 2 ? 'male' : 'female', birthDate: `19${40 + i}-02-03`, address: [{ postalCode: `021${10 + i % 5}`, city: i % 2 ? 'A' : 'B' }], maritalStatus: { coding: [{ code: i % 2 ? 'M' : 'S' }] } })))
  assert.deepEqual(['patient_id', 'sex', 'birth_date', 'postal_code', 'city', 'marital_status'].map((name) => demographics[name]), ['identifying', ...Array.from({ length: 5 }, () => 'quasi-identifying')])
  const labs = await suggestedOf('labs', many((i) => ({ resourceType: 'Observation', status: 'final', subject: { reference: `Patient/p${i}` }, category: [{ coding: [{ code: 'laboratory' }] }], code: { coding: [{ system: 'http://loinc.org', code: i % 2 ? '2160-0' : '718-7', display: i % 2 ? 'Creatinine' : 'Hemoglobin' }] }, effectiveDateTime: `2020-01-${10 + i % 15}`, valueQuantity: { value: 1 + i / 10, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' } })))
  assert.deepEqual(['patient_id', 'code', 'display', 'value', 'effective_date', 'status'].map((name) => labs[name]), ['identifying', 'sensitive', 'sensitive', 'sensitive', 'quasi-identifying', 'insensitive'])
})

for (const [why, code, wrong] of [
  ['a column that nobody classified', 'CATALOGUE_UNCLASSIFIED', withColumns((columns) => columns.map((column) => (column.name === 'note' ? { ...column, role: 'unclassified' } : column)))],
  ['a column of the view that it leaves out', 'CATALOGUE_UNCLASSIFIED', withColumns((columns) => columns.slice(0, -1))],
  ['a column that the view doesn\'t have', 'CATALOGUE_COLUMN_UNKNOWN', withColumns((columns) => [...columns, { name: 'other', role: 'insensitive', reason: '' }])],
  ['a column twice', 'CATALOGUE_COLUMN_TWICE', withColumns((columns) => [...columns, columns[0] as Dataset['columns'][number]])],
  ['an attacker who knows a sensitive column', 'CATALOGUE_KNOWN_COLUMN', dataset({ scenario: { attacker: 'prosecutor', knows: ['code'], text: 'x' } })],
  ['an attacker who knows a column that isn\'t there', 'CATALOGUE_COLUMN_UNKNOWN', dataset({ scenario: { attacker: 'prosecutor', knows: ['age'], text: 'x' } })],
  ['a model of a column that isn\'t sensitive', 'CATALOGUE_SENSITIVE_MODEL', dataset({ policy: { ...dataset().policy, models: [{ type: 'distinct-l-diversity', column: 'status', l: 2 }] } })],
  ['levels that end before they begin', 'CATALOGUE_LEVELS', withColumns((columns) => columns.map((column) => (column.name === 'onset_date' ? { ...column, minLevel: 2, maxLevel: 1 } : column)))],
  ['a view that can\'t be compiled', 'VIEW_BAD_PATH', dataset({ view: { resource: 'Condition', select: [{ column: [{ name: 'code', path: 'code.' }] }] } })],
  ['a view that is none', 'SCHEMA_NOT_VALID', dataset({ view: { resource: 'Condition', select: [{ columns: [] }] } })],
] as const) {
  test(`a dataset with ${why} is refused`, () => assert.throws(() => checkDataset(wrong), { code }))
}

test('an entry follows its schema and holds no value, hierarchy, reason, scenario or exact figure', async () => {
  const profile = profileTable(view, await rowsOf(73))
  const entry = catalogueEntryDocument.parse(entryOf(dataset(), checkDataset(dataset()), profile))
  assert.deepEqual([entry.peopleAtLeast, entry.resource, entry.columns?.map((column) => column.missing)], [50, 'Condition', ['none', 'none', 'none', 'few', 'none']])
  assert.equal(entry.columns?.[1]?.description, 'SNOMED CT')
  const text = JSON.stringify(entry)
  for (const hidden of ['MARKED', 'RARE', 'neighbour', 'a diagnosis', 'month', '73', '146']) assert.ok(!text.includes(hidden), hidden)
})

test('nothing is said of fewer than ten people, and no share of fewer than fifty', async () => {
  const entry = async (people: number): Promise<ReturnType<typeof entryOf>> => entryOf(dataset(), view, profileTable(view, await rowsOf(people)))
  assert.equal('peopleAtLeast' in await entry(9), false)
  assert.deepEqual([(await entry(49)).peopleAtLeast, (await entry(49)).columns?.some((column) => 'missing' in column)], [20, false])
  assert.deepEqual([10, 19, 20, 50, 99, 100, 450_000].map(atLeast), [10, 10, 20, 50, 50, 100, 200_000])
})
