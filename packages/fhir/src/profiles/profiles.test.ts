import assert from 'node:assert/strict'
import { test } from 'node:test'
import { profileCases, profileDefinitions } from '../../testing/profile-cases.ts'
import { readProfile, validateResource } from '../index.ts'

const profiles = profileDefinitions.map((one) => readProfile(one))

for (const { what, resource, issues } of profileCases) {
  test(`${what}: ${issues.length === 0 ? 'taken' : 'refused'}`, () => {
    const found = validateResource(resource, { level: 'full', profiles }).filter(({ severity }) => severity === 'error')
    assert.deepEqual(found.map(({ path, code, rule }) => `${path} ${code} ${rule ?? ''}`), issues)
    assert.deepEqual(validateResource(resource, { profiles }), [], 'at level structure profiles are not asked')
  })
}

test('a snapshot is read as a differential is, and what must be supported is noted', () => {
  const [definition = {}] = profileDefinitions
  const { differential, ...rest } = definition as { differential: object }
  const bySnapshot = readProfile({ ...rest, snapshot: differential })
  for (const { resource } of profileCases.filter((one) => one.resource['resourceType'] === 'Patient')) {
    assert.deepEqual(validateResource(resource, { level: 'full', profiles: [bySnapshot] }), validateResource(resource, { level: 'full', profiles }))
  }
  assert.deepEqual([bySnapshot.mustSupport, bySnapshot.unread], [['Patient.identifier', 'Patient.gender'], []])
})

const made = (element: object[], more = {}): object => ({ ...profileDefinitions[0], ...more, differential: { element } })
const asked = (definition: object, resource: object, valueSets: object[] = []): string[] =>
  validateResource({ ...resource, meta: { profile: ['https://profiles.example/StructureDefinition/ward-patient'] } }, { level: 'full', profiles: [readProfile(definition, valueSets)] }).map(({ path, code, rule }) => `${path} ${code} ${rule ?? ''}`)

test('a required binding is held to a value set at hand, listed or expanded; one that is not at hand is said to be unread', () => {
  const bound = made([{ id: 'Patient.maritalStatus', path: 'Patient.maritalStatus', binding: { strength: 'required', valueSet: 'https://profiles.example/ValueSet/marital|1' } }])
  const listed = { resourceType: 'ValueSet', url: 'https://profiles.example/ValueSet/marital', compose: { include: [{ system: 'urn:example:marital', concept: [{ code: 'M' }] }] } }
  const expanded = { ...listed, compose: undefined, expansion: { contains: [{ system: 'urn:example:marital', code: 'M' }] } }
  const patient = (code: string): object => ({ resourceType: 'Patient', maritalStatus: { coding: [{ system: 'urn:example:marital', code }] } })
  for (const set of [listed, expanded]) {
    assert.deepEqual(asked(bound, patient('M'), [set]), [])
    assert.deepEqual(asked(bound, patient('X'), [set]), ['Patient.maritalStatus FHIR_PROFILE_BINDING Patient.maritalStatus'])
  }
  assert.deepEqual(readProfile(bound).unread, ['Patient.maritalStatus'])
})

test('extensions are sliced by the address of their definition, choices by their type', () => {
  const sliced = made([
    { id: 'Patient.extension', path: 'Patient.extension', slicing: { discriminator: [{ type: 'value', path: 'url' }], rules: 'open' } },
    { id: 'Patient.extension:ward', path: 'Patient.extension', sliceName: 'ward', min: 1, max: '1', type: [{ code: 'Extension', profile: ['https://profiles.example/ward'] }] },
    { id: 'Patient.deceased[x]:deceasedDateTime', path: 'Patient.deceased[x]', sliceName: 'deceasedDateTime', min: 1, type: [{ code: 'dateTime' }] },
  ])
  const good = { resourceType: 'Patient', extension: [{ url: 'https://profiles.example/ward', valueString: 'A' }, { url: 'https://profiles.example/other', valueString: 'B' }], deceasedDateTime: '2024' }
  assert.deepEqual(asked(sliced, good), [])
  assert.deepEqual(asked(sliced, { ...good, extension: good.extension.slice(1) }), ['Patient.extension FHIR_PROFILE_MISSING Patient.extension:ward'])
  assert.deepEqual(asked(sliced, { resourceType: 'Patient', extension: good.extension, deceasedBoolean: true }), ['Patient.deceased FHIR_PROFILE_MISSING Patient.deceased[x]:deceasedDateTime'])
})

test('a discriminator or a rule that cannot be read is told, and no profile is refused', () => {
  const beyond = made([
    { id: 'Patient.link', path: 'Patient.link', slicing: { discriminator: [{ type: 'profile', path: 'other.resolve()' }], rules: 'closed' } },
    { id: 'Patient', path: 'Patient', constraint: [{ key: 'x-1', severity: 'error', human: 'x', expression: '((' }] },
  ])
  assert.deepEqual(readProfile(beyond).unread, ['Patient.link', 'Patient x-1'])
  for (const wrong of [undefined, {}, { ...profileDefinitions[0], type: 'Pateint' }, { ...profileDefinitions[0], derivation: 'specialization' }, { ...profileDefinitions[0], differential: {} }]) {
    assert.throws(() => readProfile(wrong), { code: 'FHIR_NOT_A_PROFILE' })
  }
})
