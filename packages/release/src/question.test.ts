import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Facts } from '@mhmd/fhir'
import type { Criterion, UseRequest } from '@mhmd/schema'
import { checkQuestion, holdsFor } from './question.ts'

const asthma = { system: 'http://snomed.info/sct', code: '195967001' }
const person: Facts = { sex: 'female', birthDate: '1980-05-17', coded: [{ type: 'condition', ...asthma, date: '2020-03-01T10:00:00+01:00' }, { type: 'procedure', system: 's', code: 'p', date: '2019' }] }
const holds = (criterion: Criterion, facts: Facts = person, window = {}): boolean => holdsFor({ all: [criterion] }, facts, window)

test('codes match by type, system and code together', () => {
  assert.ok(holds({ type: 'condition', code: asthma }))
  assert.ok(!holds({ type: 'observation', code: asthma }))
  assert.ok(!holds({ type: 'condition', code: { ...asthma, system: 'http://other' } }))
  assert.ok(!holds({ type: 'condition', code: { ...asthma, code: '195967002' } }))
})

test('every criterion must hold', () => {
  assert.ok(holdsFor({ all: [{ type: 'condition', code: asthma }, { type: 'sex', value: 'female' }] }, person))
  assert.ok(!holdsFor({ all: [{ type: 'condition', code: asthma }, { type: 'sex', value: 'male' }] }, person))
})

// Ages on either side of a birthday; the day itself completes the year.
for (const [on, age] of [['2026-05-16', 45], ['2026-05-17', 46], ['2026-05-18', 46], ['1980-05-17', 0]] as const) {
  test(`born on 1980-05-17 she is ${age} on ${on}`, () => {
    assert.ok(holds({ type: 'age', from: age, to: age, on }))
    assert.ok(!holds({ type: 'age', from: age + 1, on }) && !(age > 0 && holds({ type: 'age', to: age - 1, on })))
  })
}

test('an age that the record leaves open does not hold; one that it settles does', () => {
  const yearOnly: Facts = { birthDate: '1980', coded: [] }
  assert.ok(!holds({ type: 'age', from: 46, on: '2026-05-17' }, yearOnly))
  assert.ok(holds({ type: 'age', from: 45, on: '2026-05-17' }, yearOnly))
  assert.ok(!holds({ type: 'age', from: 0, on: '2026-05-17' }, { coded: [] }))
  assert.ok(!holds({ type: 'age', on: '1979-01-01' }), 'not yet born')
  assert.ok(!holds({ type: 'sex', value: 'unknown' }, { coded: [] }), 'a sex not recorded is not the sex unknown')
})

test('only records within the data window count, and an uncertain date is outside', () => {
  const condition = { type: 'condition', code: asthma } as const
  const procedure = { type: 'procedure', code: { system: 's', code: 'p' } } as const
  assert.ok(holds(condition, person, { from: '2020-03-01', to: '2020-03-01' }))
  assert.ok(!holds(condition, person, { from: '2020-03-02' }) && !holds(condition, person, { to: '2020-02-29' }))
  assert.ok(holds(procedure, person, { from: '2019-01-01', to: '2019-12-31' }))
  assert.ok(!holds(procedure, person, { from: '2019-01-02' }))
  assert.ok(!holds(condition, { coded: [{ type: 'condition', ...asthma, date: undefined }] }, { from: '1900-01-01' }))
})

test('a question beyond the data of the request is refused', () => {
  const request = { categories: ['a'], fhirTypes: ['Condition', 'MedicationRequest'] } as unknown as UseRequest
  checkQuestion({ all: [{ type: 'condition', code: asthma }] }, request)
  for (const criterion of [{ type: 'observation', code: asthma }, { type: 'sex', value: 'male' }, { type: 'age', on: '2026-01-01' }, { type: 'medication', code: asthma }] as const) {
    assert.throws(() => checkQuestion({ all: [criterion] }, request), { code: 'RELEASE_QUESTION_BEYOND_REQUEST' })
  }
  checkQuestion({ all: [{ type: 'age', on: '2026-01-01' }] }, { ...request, fhirTypes: [] })
  assert.throws(() => checkQuestion({ all: [{ type: 'age', on: '2026-01-01' }] }, { ...request, categories: ['e'], fhirTypes: [] }), { code: 'RELEASE_QUESTION_BEYOND_REQUEST' })
})
