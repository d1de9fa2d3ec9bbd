import assert from 'node:assert/strict'
import { test } from 'node:test'
import { datasetRoles } from '@mhmd/schema'
import type { Dataset, DatasetColumn, DatasetRole } from '@mhmd/schema'
import fc from 'fast-check'
import { beginning, decided, knowableColumns, lacks, tellingColumns } from './draft-document.ts'
import type { Draft } from './draft-document.ts'

const suggested: readonly DatasetColumn[] = [
  { name: 'patient_id', role: 'identifying', reason: 'it is the key of a record', values: 'text' },
  { name: 'sex', role: 'quasi-identifying', reason: 'known to everybody', values: 'text', hierarchy: { type: 'suppression' } },
  { name: 'birth_date', role: 'quasi-identifying', reason: 'known to neighbours', values: 'date', hierarchy: { type: 'date', units: ['year', 'decade'] } },
  { name: 'code', role: 'sensitive', reason: 'part of the record', values: 'text' },
]
const draft: Draft = {
  id: '0'.repeat(26), state: 'done', code: null, resource: 'Condition', title: 'Conditions', view: { resource: 'Condition', select: [{}], title: 'Conditions', description: 'One row a condition.' }, findings: [],
  profile: null, columns: suggested, created: 0, dataset: null, from: null, document: null, kept: 0,
}
const begun = (of: Draft, before?: Dataset): Dataset => beginning(of, { before, inWords: ({ title, description }) => [title, description] })
const suggestionOf = (name: string): DatasetColumn | undefined => suggested.find((column) => column.name === name)
const asSuggested = (document: Dataset): Dataset => suggested.reduce((all, { name, role }) => decided(all, name, role, suggestionOf(name)), document)

test('a draft begins with every column open and no scenario: it lacks each of them, and offers nothing by itself', () => {
  const document = begun(draft)
  assert.deepEqual([document.title, document.summary, document.columns.map(({ role }) => role)], ['Conditions', 'One row a condition.', ['unclassified', 'unclassified', 'unclassified', 'unclassified']])
  const italian = beginning(draft, { inWords: ({ title, description }) => [`it: ${title}`, `it: ${description}`] })
  assert.deepEqual([italian.title, italian.summary], ['it: Conditions', 'it: One row a condition.'], 'in the words of who reads')
  assert.deepEqual(lacks(document).map(({ lack, column }) => column ?? lack), ['patient_id', 'sex', 'birth_date', 'code', 'text'])
})

test('what was decided before is where it goes on: what the draft kept, or else the version before', () => {
  const before = { ...begun(draft), title: 'The version before' }
  const kept = { ...begun(draft), title: 'What was kept' }
  assert.equal(begun(draft, before).title, 'The version before')
  assert.equal(begun({ ...draft, document: kept }, before).title, 'What was kept')
})

test('with the suggestions taken it has their reasons and hierarchies, and lacks the scenario\'s words alone', () => {
  const document = asSuggested(begun(draft))
  assert.deepEqual(document.columns, suggested)
  assert.deepEqual(document.scenario.knows, ['sex', 'birth_date'])
  assert.deepEqual(lacks(document), [{ lack: 'text', at: 'draft-attack' }])
  assert.deepEqual(lacks({ ...document, scenario: { ...document.scenario, text: 'A neighbour' } }), [])
})

test('a reason that the steward wrote stays hers', () => {
  const written = { ...begun(draft), columns: begun(draft).columns.map((column) => ({ ...column, reason: 'Mine' })) }
  assert.ok(asSuggested(written).columns.every(({ reason }) => reason === 'Mine'))
})

test('a dataset of identifying columns alone, without a title, a form or anything the attacker knows, says so', () => {
  const document = asSuggested(begun(draft))
  const codes = (change: Partial<Dataset>): readonly string[] => lacks({ ...document, ...change }).map(({ lack }) => lack)
  assert.ok(codes({ title: ' ' }).includes('title'))
  assert.ok(codes({ categories: [] }).includes('category'))
  assert.ok(codes({ policy: { ...document.policy, forms: [] } }).includes('form'))
  assert.ok(codes({ scenario: { ...document.scenario, knows: [] } }).includes('knows'))
  assert.ok(codes({ columns: document.columns.map((column) => ({ ...column, role: 'identifying' })) }).includes('quasi'))
})

// The rules by which `checkDataset` of packages/catalogue refuses: whatever is decided in whatever order, the page holds to them.
test('however she decides and changes her mind, the attacker knows no other columns than may be known, and models protect sensitive ones', () => {
  const decision = fc.record({ name: fc.constantFrom(...suggested.map(({ name }) => name)), role: fc.constantFrom<DatasetRole>(...datasetRoles), models: fc.boolean() })
  fc.assert(fc.property(fc.array(decision, { maxLength: 20 }), (decisions) => {
    const document = decisions.reduce((all, { name, role, models }) => {
      const next = decided(all, name, role, suggestionOf(name))
      return models && role === 'sensitive' ? { ...next, policy: { ...next.policy, models: [...next.policy.models, { type: 'distinct-l-diversity' as const, column: name, l: 2 }] } } : next
    }, begun(draft))
    const knowable = new Set(knowableColumns(document))
    assert.ok(document.scenario.knows.every((name) => knowable.has(name)))
    assert.equal(new Set(document.scenario.knows).size, document.scenario.knows.length)
    for (const model of document.policy.models) assert.ok(!('column' in model) || document.columns.find(({ name }) => name === model.column)?.role === 'sensitive')
    for (const { role, hierarchy } of document.columns) assert.equal(hierarchy !== undefined, role === 'quasi-identifying')
    assert.equal(lacks(document).filter(({ lack }) => lack === 'columns').length, document.columns.filter(({ role }) => role === 'unclassified').length)
  }))
})

test('a column that stays as it is and has values of single people is told, as the gate would refuse it', () => {
  const column = (name: string, alone: number): NonNullable<Draft['profile']>['columns'][number] => ({ name, values: 'text', missing: 0, distinct: 9, alone })
  const profile = { rows: 20, people: 10, alone: 0, mostRowsOfAPerson: 2, columns: [column('patient_id', 10), column('sex', 0), column('birth_date', 3), column('code', 1)] }
  const document = asSuggested(begun(draft))
  assert.deepEqual(tellingColumns(document, profile), [])
  const open = decided(decided(document, 'birth_date', 'insensitive'), 'code', 'insensitive')
  assert.deepEqual(tellingColumns(open, profile), [{ name: 'birth_date', alone: 3 }, { name: 'code', alone: 1 }])
  assert.deepEqual(tellingColumns({ ...open, policy: { ...open.policy, thresholds: { ...open.policy.thresholds, uniques: 0.2 } } }, profile), [{ name: 'birth_date', alone: 3 }])
  assert.deepEqual(tellingColumns(open, null), [])
})
