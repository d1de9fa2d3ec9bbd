import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewDefinitionDocument } from '@mhmd/schema'
import type { ViewDefinition } from '@mhmd/schema'
import { compileView } from './compile-view.ts'
import { runView } from './rows.ts'

const ofPatient = (view: Partial<ViewDefinition>): ViewDefinition => ({ resource: 'Patient', select: [{ column: [{ name: 'id', path: 'id' }] }], ...view })
const ofPath = (path: string, resource = 'Patient'): ViewDefinition => ({ resource, select: [{ column: [{ name: 'cell', path }] }] })
const nested = (depth: number): ViewDefinition['select'][number] => depth === 0 ? { column: [{ name: 'id', path: 'id' }] } : { select: [nested(depth - 1)] }

const bad: readonly (readonly [why: string, code: string, at: string, view: ViewDefinition])[] = [
  ['an unknown resource type', 'VIEW_UNKNOWN_RESOURCE', '/resource', ofPatient({ resource: 'Patients' })],
  ['a path that is cut off', 'VIEW_BAD_PATH', '/select/0/column/0/path', ofPath('name.')],
  ['a bracket left open', 'VIEW_BAD_PATH', '/select/0/column/0/path', ofPath('name.where(use = \'official\'')],
  ['a quantity with a unit', 'VIEW_BAD_PATH', '/select/0/column/0/path', ofPath('value.ofType(Quantity) > 5 \'mg\'', 'Observation')],
  ['a path nested without end', 'VIEW_BAD_PATH', '/select/0/column/0/path', ofPath('('.repeat(500))],
  ['a word of another language', 'VIEW_BAD_PATH', '/where/0/path', ofPatient({ where: [{ path: 'name ; drop' }] })],
  ['a text that never ends', 'VIEW_BAD_PATH', '/where/0/path', ofPatient({ where: [{ path: 'gender = \'male' }] })],
  ['an unknown function', 'VIEW_UNKNOWN_FUNCTION', '/select/0/column/0/path', ofPath('name.resolve()')],
  ['a function of JavaScript', 'VIEW_UNKNOWN_FUNCTION', '/select/0/column/0/path', ofPath('name.constructor()')],
  ['an argument too few', 'VIEW_BAD_ARGUMENTS', '/select/0/column/0/path', ofPath('name.where()')],
  ['an argument too many', 'VIEW_BAD_ARGUMENTS', '/select/0/forEach', { resource: 'Patient', select: [{ forEach: 'name.first(1)', column: [{ name: 'use', path: 'use' }] }] }],
  ['an unknown type', 'VIEW_UNKNOWN_TYPE', '/select/0/column/0/path', ofPath('value.ofType(Amount)', 'Observation')],
  ['a type asked too late', 'VIEW_TYPE_NOT_TOLD', '/select/0/column/0/path', ofPath('value.first().ofType(string)', 'Observation')],
  ['an unknown constant', 'VIEW_UNKNOWN_CONSTANT', '/select/0/column/0/path', ofPath('%other')],
  ['a constant that is no date', 'VIEW_BAD_CONSTANT', '/constant/0', ofPatient({ constant: [{ name: 'day', valueDate: 'yesterday' }] })],
  ['a constant twice', 'VIEW_BAD_CONSTANT', '/constant/1', ofPatient({ constant: [{ name: 'a', valueInteger: 1 }, { name: 'a', valueInteger: 2 }] })],
  ['a constant that hides %rowIndex', 'VIEW_BAD_CONSTANT', '/constant/0', ofPatient({ constant: [{ name: 'rowIndex', valueInteger: 1 }] })],
  ['two iterations', 'VIEW_TWO_ITERATIONS', '/select/0', { resource: 'Patient', select: [{ forEach: 'name', forEachOrNull: 'name', column: [{ name: 'use', path: 'use' }] }] }],
  ['a select without columns', 'VIEW_NO_COLUMNS', '/select/1', { resource: 'Patient', select: [{ column: [{ name: 'id', path: 'id' }] }, { forEach: 'name' }] }],
  ['a column twice', 'VIEW_COLUMN_TWICE', '/select/1/column/0', { resource: 'Patient', select: [{ column: [{ name: 'id', path: 'id' }] }, { column: [{ name: 'id', path: 'gender' }] }] }],
  ['branches with other columns', 'VIEW_UNION_MISMATCH', '/select/0/unionAll/1', { resource: 'Patient', select: [{ unionAll: [{ column: [{ name: 'a', path: 'id' }] }, { column: [{ name: 'b', path: 'id' }] }] }] }],
  ['selects nested without end', 'VIEW_TOO_DEEP', '/select/0', { resource: 'Patient', select: [nested(100)] }],
]

for (const [why, code, at, view] of bad) {
  test(`a view with ${why} is refused with its place and a remedy`, () => {
    assert.throws(() => compileView(viewDefinitionDocument.parse(view)), (error: { code: string; details: { at: string }; remedy: string }) => error.code === code && error.details.at.startsWith(at) && error.remedy.length > 10)
  })
}

for (const [why, view] of [
  ['an unknown member', { resource: 'Patient', select: [{ columns: [] }] }],
  ['a path that is no text', { resource: 'Patient', select: [{ forEach: 1 }] }],
  ['no select', { resource: 'Patient', select: [] }],
  ['a column name that SQL could not take', { resource: 'Patient', select: [{ column: [{ name: 'a b', path: 'id' }] }] }],
  ['a constant with two values', { resource: 'Patient', constant: [{ name: 'a', valueCode: 'x', valueString: 'y' }], select: [{ column: [{ name: 'id', path: 'id' }] }] }],
] as const) {
  test(`a ViewDefinition with ${why} is refused by its schema`, () => assert.throws(() => viewDefinitionDocument.parse(view), { code: 'SCHEMA_NOT_VALID' }))
}

test('a record that gives several values, or no truth, where one is wanted: the place is named and no value', () => {
  const patient = { resourceType: 'Patient', id: 'MARKED', name: [{ family: 'MARKED1' }, { family: 'MARKED2' }] }
  for (const [code, view] of [['VIEW_SEVERAL_VALUES', ofPath('name.family')], ['VIEW_SEVERAL_VALUES', ofPath('name.family + \'x\'')], ['VIEW_NOT_BOOLEAN', ofPatient({ where: [{ path: 'name.family.first()' }] })]] as const) {
    assert.throws(() => [...runView(compileView(view), [patient])], (error: Error & { code: string }) => error.code === code && !`${JSON.stringify(error)}${String(error)}`.includes('MARKED'))
  }
})

test('a misspelt element is a finding of the compiled view, and empty', () => {
  const view = compileView({ resource: 'Patient', select: [{ forEach: 'name', column: [{ name: 'given', path: 'givenName.first()' }] }] })
  assert.deepEqual(view.findings, [{ code: 'VIEW_UNKNOWN_ELEMENT', at: '/select/0/column/0/path', offset: 0 }])
  assert.deepEqual([...runView(view, [{ resourceType: 'Patient', name: [{ givenName: 'x' }] }])], [{ given: null }])
})

test('types are told by the definitions where the view doesn\'t say', () => {
  const column = (path: string, resource = 'Observation'): string | undefined => compileView(ofPath(path, resource)).columns[0]?.type
  assert.deepEqual([column('status'), column('value.ofType(Quantity).value'), column('effective'), column('effective.ofType(dateTime)'), column('id.exists()'), column('contained.ofType(Patient).birthDate')], ['code', 'decimal', undefined, 'dateTime', 'boolean', 'date'])
})

test('a repeat over a record nested beyond reason is an error with a code', () => {
  let item: object = { linkId: 'x' }
  for (let depth = 0; depth < 50_000; depth++) item = { item: [item] }
  const view = compileView({ resource: 'QuestionnaireResponse', select: [{ repeat: ['item'], column: [{ name: 'linkId', path: 'linkId' }] }] })
  assert.throws(() => view.rowsOf({ resourceType: 'QuestionnaireResponse', item: [item] }), { code: 'VIEW_TOO_DEEP' })
})
