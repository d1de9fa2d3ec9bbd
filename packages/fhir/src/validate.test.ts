import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateResource } from './index.ts'
import type { ValidationContext } from './index.ts'

const found = (resource: unknown, context?: ValidationContext): string[] => validateResource(resource, context).map(({ path, code }) => `${path} ${code}`)

const patient = (members: object): object => ({ resourceType: 'Patient', id: 'p1', ...members })
const observation = (members: object): object => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, ...members })

/** [what is refused, the resource, its issues]. Each is a valid resource with one thing wrong, and the rule is of hl7.org/fhir/R4. */
const refused: [string, unknown, string[]][] = [
  ['no object', 'Patient', [' FHIR_WRONG_TYPE']],
  ['a list', [], [' FHIR_WRONG_TYPE']],
  ['no type', { id: 'x' }, ['Resource FHIR_UNKNOWN_TYPE']],
  ['a type of no release', { resourceType: 'Pateint' }, ['Resource FHIR_UNKNOWN_TYPE']],
  ['a type of Object.prototype', { resourceType: 'constructor' }, ['Resource FHIR_UNKNOWN_TYPE']],
  ['an abstract type', { resourceType: 'DomainResource' }, ['Resource FHIR_UNKNOWN_TYPE']],
  ['a datatype as resource', { resourceType: 'HumanName' }, ['Resource FHIR_UNKNOWN_TYPE']],
  ['an unknown property', patient({ surname: 'x' }), ['Patient FHIR_UNKNOWN_PROPERTY']],
  ['an unknown nested property', patient({ name: [{ family: 'x' }, { last: 'x' }] }), ['Patient.name[1] FHIR_UNKNOWN_PROPERTY']],
  ['a property called __proto__', JSON.parse('{"resourceType":"Patient","__proto__":{"a":1}}'), ['Patient FHIR_UNKNOWN_PROPERTY']],
  ['one where a list stands', patient({ name: { family: 'x' } }), ['Patient.name FHIR_WRONG_TYPE']],
  ['a list where one stands', patient({ gender: ['male'] }), ['Patient.gender FHIR_WRONG_TYPE']],
  ['an empty list', patient({ name: [] }), ['Patient.name FHIR_EMPTY']],
  ['an empty object', patient({ name: [{}] }), ['Patient.name[0] FHIR_EMPTY']],
  ['an empty string', patient({ name: [{ family: '' }] }), ['Patient.name[0].family FHIR_EMPTY']],
  ['null', patient({ gender: null }), ['Patient.gender FHIR_WRONG_TYPE']],
  ['null in a list of primitives without an extension', patient({ name: [{ given: ['a', null] }] }), ['Patient.name[0].given[1] FHIR_WRONG_TYPE']],
  ['a number for text', patient({ name: [{ family: 7 }] }), ['Patient.name[0].family FHIR_WRONG_TYPE']],
  ['text for a boolean', patient({ active: 'true' }), ['Patient.active FHIR_WRONG_TYPE']],
  ['an impossible day', patient({ birthDate: '2023-02-29' }), ['Patient.birthDate FHIR_BAD_FORMAT']],
  ['a date of another order', patient({ birthDate: '29.02.2024' }), ['Patient.birthDate FHIR_BAD_FORMAT']],
  ['a moment without a zone', observation({ effectiveDateTime: '2024-02-29T10:00:00' }), ['Observation.effectiveDateTime FHIR_BAD_FORMAT']],
  ['an instant without seconds', observation({ issued: '2024-02-29T10:00Z' }), ['Observation.issued FHIR_BAD_FORMAT']],
  ['an id with a slash', patient({ id: '../../etc/passwd' }), ['Patient.id FHIR_BAD_FORMAT']],
  ['an id of 65 characters', patient({ id: 'a'.repeat(65) }), ['Patient.id FHIR_BAD_FORMAT']],
  ['a code with a space in front', observation({ status: ' final' }), ['Observation.status FHIR_BAD_FORMAT']],
  ['a code outside its required binding', patient({ gender: 'f' }), ['Patient.gender FHIR_NOT_IN_BINDING']],
  ['a concept outside its required binding', { resourceType: 'Condition', subject: { reference: 'Patient/p' }, clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'well' }] } }, ['Condition.clinicalStatus FHIR_NOT_IN_BINDING']],
  ['a concept of another system', { resourceType: 'Condition', subject: { reference: 'Patient/p' }, clinicalStatus: { coding: [{ system: 'http://example.org', code: 'active' }] } }, ['Condition.clinicalStatus FHIR_NOT_IN_BINDING']],
  ['a missing required element', { resourceType: 'Observation', status: 'final' }, ['Observation.code FHIR_MISSING']],
  ['a missing required choice', { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { reference: 'Patient/p' } }, ['MedicationRequest.medicationCodeableConcept FHIR_MISSING']],
  ['two types of a choice', observation({ valueString: 'x', valueInteger: 1 }), ['Observation.valueInteger FHIR_CHOICE_REPEATED']],
  ['a type the choice lacks', observation({ valueAddress: { city: 'x' } }), ['Observation FHIR_UNKNOWN_PROPERTY']],
  ['a positive integer of zero', { resourceType: 'Schedule', actor: [{ reference: 'Practitioner/p' }], extension: [{ url: 'urn:u', valuePositiveInt: 0 }] }, ['Schedule.extension[0].valuePositiveInt FHIR_BAD_FORMAT']],
  ['a fraction for an integer', patient({ multipleBirthInteger: 1.5 }), ['Patient.multipleBirthInteger FHIR_BAD_FORMAT']],
  ['an integer beyond 32 bits', patient({ multipleBirthInteger: 2147483648 }), ['Patient.multipleBirthInteger FHIR_BAD_FORMAT']],
  ['base64 of odd length', patient({ photo: [{ data: 'abcde' }] }), ['Patient.photo[0].data FHIR_BAD_FORMAT']],
  ['a uri with a space', patient({ identifier: [{ system: 'urn:x y' }] }), ['Patient.identifier[0].system FHIR_BAD_FORMAT']],
  ['a control character', patient({ name: [{ family: 'a\u0000b' }] }), ['Patient.name[0].family FHIR_BAD_FORMAT']],
  ['a lone surrogate', patient({ name: [{ family: '\ud800' }] }), ['Patient.name[0].family FHIR_BAD_FORMAT']],
  ['a narrative that is no div', patient({ text: { status: 'generated', div: '<script>x</script>' } }), ['Patient.text.div FHIR_BAD_FORMAT']],
  ['an extension without url', patient({ extension: [{ valueString: 'x' }] }), ['Patient.extension[0].url FHIR_MISSING']],
  ['an extension with value and extensions', patient({ extension: [{ url: 'urn:u', valueString: 'x', extension: [{ url: 'v', valueCode: 'c' }] }] }), ['Patient.extension[0] FHIR_EXTENSION_SHAPE']],
  ['an extension with neither', patient({ extension: [{ url: 'urn:u' }] }), ['Patient.extension[0] FHIR_EXTENSION_SHAPE']],
  ['a sibling that is no element', patient({ _birthDate: '1999' }), ['Patient.birthDate FHIR_WRONG_TYPE']],
  ['a sibling of a complex element', patient({ _name: [{ id: 'x' }] }), ['Patient FHIR_UNKNOWN_PROPERTY']],
  ['a reference that climbs', observation({ subject: { reference: '../../Patient/p' } }), ['Observation.subject.reference FHIR_BAD_REFERENCE']],
  ['a reference with a climbing id', observation({ subject: { reference: 'Patient/../../etc/passwd' } }), ['Observation.subject.reference FHIR_BAD_REFERENCE']],
  ['a reference to a file', observation({ subject: { reference: 'file:///etc/passwd' } }), ['Observation.subject.reference FHIR_BAD_REFERENCE']],
  ['a reference to an unknown type', observation({ subject: { reference: 'Person1/p' } }), ['Observation.subject.reference FHIR_BAD_REFERENCE']],
  ['a reference to a type that may not stand there', observation({ subject: { reference: 'Organization/o' } }), ['Observation.subject.reference FHIR_REFERENCE_TARGET']],
  ['a reference whose type element may not stand there', observation({ subject: { type: 'Organization', display: 'x' } }), ['Observation.subject.type FHIR_REFERENCE_TARGET']],
  ['an absolute reference to a wrong type', observation({ subject: { reference: 'https://example.org/fhir/Organization/o' } }), ['Observation.subject.reference FHIR_REFERENCE_TARGET']],
  ['a conditional reference to a wrong type', observation({ subject: { reference: 'Organization?identifier=x' } }), ['Observation.subject.reference FHIR_REFERENCE_TARGET']],
  ['a contained resource that is not there', observation({ subject: { reference: '#p' } }), ['Observation.subject.reference FHIR_REFERENCE_UNRESOLVED']],
  ['a contained resource of a wrong type', observation({ subject: { reference: '#o' }, contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }] }), ['Observation.subject.reference FHIR_REFERENCE_TARGET']],
  ['a bad contained resource', observation({ contained: [{ resourceType: 'Patient', id: 'p', gender: 'f' }] }), ['Observation.contained[0].gender FHIR_NOT_IN_BINDING']],
  ['a contained resource without id', observation({ contained: [{ resourceType: 'Patient', gender: 'female' }] }), ['Observation.contained[0] FHIR_CONTAINED_SHAPE']],
  ['a resource type in a datatype', patient({ name: [{ resourceType: 'Patient', family: 'x' }] }), ['Patient.name[0] FHIR_UNKNOWN_PROPERTY']],
]

for (const [what, resource, issues] of refused) test(`refuses ${what}`, () => assert.deepEqual(found(resource), issues))

const taken: [string, unknown][] = [
  ['a partial date', patient({ birthDate: '1999-02' })],
  ['a leap day', patient({ birthDate: '2000-02-29' })],
  ['a primitive that is only an extension', { resourceType: 'Observation', _status: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] }, code: { text: 'x' } }],
  ['nulls held by the other list', patient({ name: [{ given: ['a', null], _given: [null, { extension: [{ url: 'urn:u', valueString: 'x' }] }] }] })],
  ['a choice and its own sibling', patient({ deceasedBoolean: true, _deceasedBoolean: { id: 'x' } })],
  ['a second coding inside the binding', { resourceType: 'Condition', subject: { reference: 'Patient/p' }, clinicalStatus: { coding: [{ system: 'http://example.org', code: 'a' }, { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] } }],
  ['nested extensions', patient({ extension: [{ url: 'urn:u', extension: [{ url: 'v', valueCoding: { code: 'c' } }] }] })],
  ['recursive items', { resourceType: 'Questionnaire', status: 'draft', item: [{ linkId: '1', type: 'group', item: [{ linkId: '1.1', type: 'string' }] }] }],
  ['every form of reference', { resourceType: 'List', status: 'current', mode: 'working', entry: ['Patient/p', 'Patient/p/_history/2', 'urn:uuid:0b9a6c5e-0d0e-4d6c-9a1e-0f0e0d0c0b0a', 'urn:oid:1.2.3', 'https://example.org/fhir/Patient/p', 'https://example.org', 'Patient?identifier=a|b'].map((reference) => ({ item: { reference } })) }],
  ['a contained resource that is referred to', observation({ subject: { reference: '#p' }, contained: [{ resourceType: 'Patient', id: 'p' }] })],
  ['a bundle', { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'https://example.org/fhir/Patient/p1', resource: patient({}) }] }],
  ['text with line feeds beyond the basic plane', patient({ name: [{ text: 'a\n\u{1f600} \u00a0b' }] })],
]

for (const [what, resource] of taken) test(`takes ${what}`, () => assert.deepEqual(found(resource), []))

/** Each is sound in structure and breaks one rule, asked at level `full` alone. */
const broken: [string, object, string[]][] = [
  ['an element that is an id alone', patient({ name: [{ id: 'a' }] }), ['Patient.name[0] FHIR_INVARIANT ele-1']],
  ['a period that ends before it begins', observation({ effectivePeriod: { start: '2024-02-01', end: '2024-01-01' } }), ['Observation.effectivePeriod FHIR_INVARIANT per-1']],
  ['a quantity with a code and no system', observation({ valueQuantity: { value: 1, code: 'kg' } }), ['Observation.valueQuantity FHIR_INVARIANT qty-3']],
  ['a value and a reason why there is none', observation({ valueString: 'x', dataAbsentReason: { text: 'y' } }), ['Observation FHIR_INVARIANT obs-6']],
  ['a contact without any way to it', patient({ contact: [{ gender: 'male' }] }), ['Patient.contact[0] FHIR_INVARIANT pat-1']],
  ['a contained resource that nobody refers to', observation({ contained: [{ resourceType: 'Patient', id: 'p' }] }), ['Observation FHIR_INVARIANT dom-3']],
  ['a narrative that says nothing', patient({ text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"> </div>' } }), ['Patient.text.div FHIR_INVARIANT txt-1', 'Patient.text.div FHIR_INVARIANT txt-2']],
  ['an organisation\'s home telephone', { resourceType: 'Organization', name: 'x', telecom: [{ system: 'phone', value: '1' }, { system: 'phone', value: '2', use: 'home' }] }, ['Organization.telecom[1] FHIR_INVARIANT org-3']],
  ['a rule broken in a bundle\'s entry', { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001', resource: observation({ referenceRange: [{ age: { low: { value: 1 } } }] }) }] }, ['Bundle.entry[0].resource.referenceRange[0] FHIR_INVARIANT obs-3']],
  ['a comparator in a simple quantity', observation({ referenceRange: [{ low: { value: 1, comparator: '<' } }] }), ['Observation.referenceRange[0].low FHIR_INVARIANT sqt-1']],
]

for (const [what, resource, issues] of broken) {
  test(`refuses ${what} at level full, and at level structure takes it`, () => {
    assert.deepEqual(found(resource), [])
    assert.deepEqual(validateResource(resource, { level: 'full' }).filter(({ severity }) => severity === 'error').map(({ path, code, rule }) => `${path} ${code} ${rule ?? ''}`), issues)
  })
}

test('what is taken at level structure here is taken at level full', () => {
  for (const [what, resource] of taken) assert.deepEqual(validateResource(resource, { level: 'full' }).filter(({ severity }) => severity === 'error'), [], what)
})

test('the caller tells what references resolve to', () => {
  const resolve = (reference: string): string | null | undefined => ({ 'urn:uuid:00000000-0000-4000-8000-000000000001': 'Patient', 'urn:uuid:00000000-0000-4000-8000-000000000002': 'Organization' })[reference] ?? (reference.startsWith('urn:') ? null : undefined)
  const to = (n: number): string[] => found(observation({ subject: { reference: `urn:uuid:00000000-0000-4000-8000-00000000000${n}` } }), { resolve })
  assert.deepEqual(to(1), [])
  assert.deepEqual(to(2), ['Observation.subject.reference FHIR_REFERENCE_TARGET'])
  assert.deepEqual(to(3), ['Observation.subject.reference FHIR_REFERENCE_UNRESOLVED'])
})

test('all issues are found, not the first alone, and every reference is told', () => {
  const references: string[] = []
  const issues = found(observation({ status: 'done', subject: { reference: 'Patient/p' }, performer: [{ reference: 'Practitioner/q' }], issued: 'x' }), { onReference: (one) => references.push(one) })
  assert.deepEqual(issues, ['Observation.status FHIR_NOT_IN_BINDING', 'Observation.issued FHIR_BAD_FORMAT'])
  assert.deepEqual(references, ['Patient/p', 'Practitioner/q'])
})

test('nesting beyond 100 is an issue and no stack overflow', () => {
  let extension: object = { url: 'urn:u', valueString: 'x' }
  for (let depth = 0; depth < 20_000; depth++) extension = { url: 'urn:u', extension: [extension] }
  const issues = validateResource(patient({ extension: [extension] }))
  assert.deepEqual(issues.map(({ code }) => code), ['FHIR_TOO_DEEP'])
})

test('base64 of a megabyte of spaces takes no exponential time', () => {
  const started = process.hrtime.bigint()
  found(patient({ photo: [{ data: `${' '.repeat(1_000_000)}!` }] }))
  assert.ok(process.hrtime.bigint() - started < 2_000_000_000n)
})
