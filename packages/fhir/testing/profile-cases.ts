// Resources that fit the profiles of vectors/fhir, and the same with one of the profile's rules broken.
import { readFileSync } from 'node:fs'

type Json = Record<string, unknown>
const read = (name: string): Json => JSON.parse(readFileSync(new URL(`../../../vectors/fhir/${name}.json`, import.meta.url), 'utf8')) as Json

export const profileDefinitions = [read('patient-profile'), read('observation-profile')]

const patient = (more: Json = {}): Json => ({
  resourceType: 'Patient', id: 'p', meta: { profile: ['https://profiles.example/StructureDefinition/ward-patient'] }, identifier: [{ system: 'urn:example:ward', value: '7' }, { system: 'urn:example:other', value: '8' }],
  name: [{ family: 'Example' }], gender: 'female', contact: [{ name: { family: 'Other' } }, { organization: { display: 'Firm' } }], generalPractitioner: [{ reference: 'Practitioner/x' }], ...more,
})
const systolic = { code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] }, valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } }
const diastolic = { code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] }, valueQuantity: { value: 80, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } }
const pressure = (more: Json = {}): Json => ({
  resourceType: 'Observation', id: 'o', meta: { profile: ['https://profiles.example/StructureDefinition/ward-pressure'] }, status: 'final', category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs', display: 'Vital Signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] }, subject: { reference: 'Patient/p' }, effectiveDateTime: '2024-01-02', component: [systolic, diastolic], ...more,
})

export interface ProfileCase {
  readonly what: string
  readonly resource: Json
  /** `path code rule` of each issue; none where the resource fits. */
  readonly issues: readonly string[]
}

const without = (resource: Json, name: string): Json => Object.fromEntries(Object.entries(resource).filter(([one]) => one !== name))

export const profileCases: readonly ProfileCase[] = [
  { what: 'a patient as the profile wants', resource: patient(), issues: [] },
  { what: 'a patient that names no profile', resource: { resourceType: 'Patient', id: 'p' }, issues: [] },
  { what: 'no gender', resource: without(patient(), 'gender'), issues: ['Patient.gender FHIR_PROFILE_MISSING Patient.gender'] },
  { what: 'no name of the family', resource: patient({ name: [{ given: ['A'] }] }), issues: ['Patient.name[0].family FHIR_PROFILE_MISSING Patient.name.family'] },
  { what: 'three names', resource: patient({ name: ['A', 'B', 'C'].map((family) => ({ family })) }), issues: ['Patient.name FHIR_PROFILE_TOO_MANY Patient.name'] },
  { what: 'a slice by value is missing', resource: patient({ identifier: [{ system: 'urn:example:other', value: '8' }] }), issues: ['Patient.identifier FHIR_PROFILE_MISSING Patient.identifier:recordNumber'] },
  { what: 'a slice by value is there twice', resource: patient({ identifier: ['7', '8'].map((value) => ({ system: 'urn:example:ward', value })) }), issues: ['Patient.identifier FHIR_PROFILE_TOO_MANY Patient.identifier:recordNumber'] },
  { what: 'what a slice requires is missing', resource: patient({ identifier: [{ system: 'urn:example:ward' }] }), issues: ['Patient.identifier[0].value FHIR_PROFILE_MISSING Patient.identifier:recordNumber.value'] },
  { what: 'a type of a choice that is not allowed', resource: without(patient({ deceasedBoolean: true }), 'generalPractitioner'), issues: ['Patient.deceasedBoolean FHIR_PROFILE_TYPE Patient.deceased[x]'] },
  { what: 'a choice that is not allowed', resource: patient({ multipleBirthBoolean: true }), issues: ['Patient.multipleBirth FHIR_PROFILE_TOO_MANY Patient.multipleBirth[x]'] },
  { what: 'a slice by existence', resource: patient({ contact: [{ organization: { display: 'A' } }, { organization: { display: 'B' } }] }), issues: ['Patient.contact FHIR_PROFILE_TOO_MANY Patient.contact:company'] },
  { what: 'what a slice by existence requires', resource: patient({ contact: [{ telecom: [{ system: 'phone', value: '1' }] }] }), issues: ['Patient.contact[0].name FHIR_PROFILE_MISSING Patient.contact:person.name'] },
  { what: 'a reference that the profile does not allow', resource: patient({ generalPractitioner: [{ reference: 'Organization/x' }] }), issues: ['Patient.generalPractitioner[0] FHIR_PROFILE_TYPE Patient.generalPractitioner'] },
  { what: 'a rule of the profile', resource: patient({ deceasedDateTime: '2024' }), issues: ['Patient FHIR_PROFILE_INVARIANT ward-1'] },
  { what: 'a pressure as the profile wants', resource: pressure(), issues: [] },
  { what: 'another code than the pattern', resource: pressure({ code: { coding: [{ system: 'http://loinc.org', code: '1-8' }] } }), issues: ['Observation.code FHIR_PROFILE_VALUE Observation.code'] },
  { what: 'a second coding beside the pattern', resource: pressure({ code: { coding: [{ system: 'urn:example:codes', code: 'bp' }, { system: 'http://loinc.org', code: '85354-9' }] } }), issues: [] },
  { what: 'a slice by pattern is missing', resource: pressure({ category: [{ text: 'x' }] }), issues: ['Observation.category FHIR_PROFILE_MISSING Observation.category:vital'] },
  { what: 'a component that no slice has', resource: pressure({ component: [systolic, diastolic, { code: { text: 'x' }, valueString: 'y' }] }), issues: ['Observation.component[2] FHIR_PROFILE_SLICE Observation.component'] },
  { what: 'a component is missing', resource: pressure({ component: [systolic, { ...systolic, code: { text: 'x' } }] }), issues: ['Observation.component FHIR_PROFILE_MISSING Observation.component:diastolic', 'Observation.component[1] FHIR_PROFILE_SLICE Observation.component'] },
  { what: 'a unit that is not the fixed one', resource: pressure({ component: [{ ...systolic, valueQuantity: { value: 16, system: 'http://unitsofmeasure.org', code: 'kPa' } }, diastolic] }), issues: ['Observation.component[0].valueQuantity.code FHIR_PROFILE_VALUE Observation.component:systolic.value[x].code'] },
  { what: 'a component\'s value of another type', resource: pressure({ component: [systolic, { code: diastolic.code, valueString: 'x' }] }), issues: ['Observation.component[1].valueString FHIR_PROFILE_TYPE Observation.component:diastolic.value[x]'] },
  { what: 'a period where a moment must be', resource: without(pressure({ effectivePeriod: { start: '2024-01-01' } }), 'effectiveDateTime'), issues: ['Observation.effectivePeriod FHIR_PROFILE_TYPE Observation.effective[x]'] },
  { what: 'a value where components must be', resource: pressure({ valueString: 'x' }), issues: ['Observation.value FHIR_PROFILE_TOO_MANY Observation.value[x]'] },
  { what: 'nobody it is about', resource: without(pressure(), 'subject'), issues: ['Observation.subject FHIR_PROFILE_MISSING Observation.subject'] },
]
