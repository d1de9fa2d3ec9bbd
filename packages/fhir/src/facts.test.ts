import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf, isAboutNobody, joinFacts, patientReferences } from './index.ts'

const concept = (...codes: string[]): object => ({ coding: codes.map((code) => ({ system: 'http://snomed.info/sct', code })), text: 'x' })
const fact = (type: string, code: string, date?: string): object => ({ type, system: 'http://snomed.info/sct', code, date })

test('facts of each type of record, with the date it is dated by', () => {
  const cases: [object, object[]][] = [
    [{ resourceType: 'Condition', code: concept('1', '2'), onsetDateTime: '2020-01-02', recordedDate: '2021' }, [fact('condition', '1', '2020-01-02'), fact('condition', '2', '2020-01-02')]],
    [{ resourceType: 'Observation', status: 'final', code: concept('1'), component: [{ code: concept('3') }], effectivePeriod: { start: '2020' } }, [fact('observation', '1', '2020'), fact('observation', '3', '2020')]],
    [{ resourceType: 'Procedure', status: 'completed', code: concept('1'), performedPeriod: { start: '2020-02' } }, [fact('procedure', '1', '2020-02')]],
    [{ resourceType: 'MedicationRequest', status: 'active', medicationCodeableConcept: concept('1'), authoredOn: '2020' }, [fact('medication', '1', '2020')]],
    [{ resourceType: 'MedicationRequest', status: 'active', medicationReference: { reference: '#m' }, contained: [{ resourceType: 'Medication', id: 'm', code: concept('9') }] }, [fact('medication', '9')]],
    [{ resourceType: 'Immunization', status: 'completed', vaccineCode: concept('1'), occurrenceDateTime: '2020' }, [fact('immunization', '1', '2020')]],
    [{ resourceType: 'Encounter', status: 'finished', class: { system: 'http://snomed.info/sct', code: 'AMB' }, type: [concept('1')], period: { start: '2020' } }, [fact('encounter', 'AMB', '2020'), fact('encounter', '1', '2020')]],
    [{ resourceType: 'AllergyIntolerance', code: concept('1'), recordedDate: '2020' }, [fact('allergy', '1', '2020')]],
    [{ resourceType: 'Claim' }, []],
  ]
  for (const [resource, coded] of cases) assert.deepEqual(factsOf(resource as Record<string, unknown>).coded, coded)
})

test('what the record says is not so is no fact', () => {
  const verification = (code: string): object => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code }] })
  for (const resource of [
    { resourceType: 'Condition', code: concept('1'), verificationStatus: verification('refuted') },
    { resourceType: 'Condition', code: concept('1'), verificationStatus: verification('entered-in-error') },
    { resourceType: 'Immunization', status: 'not-done', vaccineCode: concept('1') },
    { resourceType: 'Observation', status: 'entered-in-error', code: concept('1') },
    { resourceType: 'Condition', code: concept('1'), modifierExtension: [{ url: 'http://example.org/not', valueBoolean: true }] },
    { resourceType: 'Observation', status: 'final', code: { text: 'x' }, component: [{ code: concept('3'), modifierExtension: [{ url: 'http://example.org/not', valueBoolean: true }] }] },
    { resourceType: 'MedicationRequest', status: 'active', medicationReference: { reference: '#m' }, contained: [{ resourceType: 'Medication', id: 'm', code: concept('9'), modifierExtension: [{ url: 'http://example.org/not', valueBoolean: true }] }] },
  ]) assert.deepEqual(factsOf(resource).coded, [])
  assert.equal(factsOf({ resourceType: 'Condition', code: concept('1'), verificationStatus: verification('confirmed') }).coded.length, 1)
})

test('a Patient gives sex and birth date, and joining keeps them beside the codes', () => {
  const parts = [factsOf({ resourceType: 'Patient', gender: 'female', birthDate: '1950-01' }), factsOf({ resourceType: 'Condition', code: concept('1') })]
  assert.deepEqual(joinFacts(parts), { sex: 'female', birthDate: '1950-01', coded: [{ type: 'condition', system: 'http://snomed.info/sct', code: '1', date: undefined }] })
})

test('a record is linked to its patient by the element of its type', () => {
  const patient = { reference: 'Patient/p' }
  for (const resource of [{ subject: patient }, { patient }, { beneficiary: patient }, { for: patient }, { subject: [patient] }, { target: [patient] }, { agent: [{ who: patient }] }]) {
    assert.deepEqual(patientReferences(resource), ['Patient/p'])
  }
  assert.deepEqual(patientReferences({ participant: [{ actor: { reference: 'Practitioner/x' } }, { actor: patient }] }), ['Practitioner/x', 'Patient/p'])
  assert.deepEqual(patientReferences({ subject: { display: 'x' }, participant: [null], patient: { reference: '#p' } }), [])
  assert.ok(isAboutNobody({ resourceType: 'Organization' }) && !isAboutNobody({ resourceType: 'Observation' }))
})
