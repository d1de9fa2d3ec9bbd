// Copies of the shipped patients: always the same, and with nothing of the original that would name her.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bundleText, defaultPatients, patientsOf } from './patients.ts'
import type { PatientFile } from './patients.ts'

const patients = patientsOf(defaultPatients(), 300)
const shipped = patients.filter(({ copy }) => copy === 0)
const copyOf = (index: number): PatientFile => patients[index] as PatientFile
const one = shipped.length

interface Shape { readonly entry: readonly { readonly resource: { readonly resourceType: string; readonly id: string; readonly birthDate?: string; readonly name?: readonly { readonly family: string }[]; readonly recordedDate?: string } }[] }
const parsed = (patient: PatientFile): Shape => JSON.parse(bundleText(patient)) as Shape
const patientIn = (bundle: Shape): Shape['entry'][number]['resource'] => bundle.entry.find(({ resource }) => resource.resourceType === 'Patient')!.resource

test('as many patients as are asked for, each under an identifier of her own; the same ones every time', () => {
  assert.equal(patients.length, 300)
  assert.equal(new Set(patients.map(({ identifier }) => identifier.value)).size, 300)
  assert.equal(bundleText(copyOf(one)), bundleText(copyOf(one)))
  assert.deepEqual(patientsOf(defaultPatients(), 5), shipped.slice(0, 5))
})

test('no id, name or date of the original is in a copy; what lies between two dates stays', () => {
  for (const index of [0, 7, 23]) {
    const [original, copy] = [parsed(copyOf(index)), parsed(copyOf(one + index))]
    const text = JSON.stringify(copy)
    for (const { resource: { id } } of original.entry) assert.equal(text.includes(id), false)
    const family = patientIn(original).name?.[0]?.family ?? ''
    assert.ok(family.length > 3 && !text.includes(family))
    const birth = (bundle: Shape): number => Date.parse(patientIn(bundle).birthDate ?? '')
    const shift = birth(original) - birth(copy)
    assert.ok(shift > 0)
    const conditions = (bundle: Shape): number[] => bundle.entry.flatMap(({ resource }) => resource.resourceType === 'Condition' ? Date.parse((resource.recordedDate ?? '').slice(0, 10)) : [])
    assert.deepEqual(conditions(copy).map((at) => at + shift), conditions(original))
  }
})
