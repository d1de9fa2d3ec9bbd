// Which Art. 51(1) categories a FHIR R4 resource type can belong to; a request names the category it means.
// Our reading, not the regulation's: the article speaks of origin (record, device, registry), FHIR of content.
import type { DataCategory } from './data-categories.ts'

const record: readonly DataCategory[] = ['a']

export const fhirTypes = {
  AllergyIntolerance: record,
  CarePlan: record,
  CareTeam: ['a', 'j'],
  Claim: ['e'],
  Condition: ['a', 'l'],
  Coverage: ['e'],
  Device: ['a', 'n'],
  DiagnosticReport: record,
  DocumentReference: record,
  Encounter: record,
  ExplanationOfBenefit: ['e'],
  FamilyMemberHistory: record,
  Goal: record,
  ImagingStudy: record,
  Immunization: ['a', 'k'],
  Location: record,
  Medication: record,
  MedicationAdministration: record,
  MedicationDispense: ['a', 'e'],
  MedicationRequest: record,
  MedicationStatement: record,
  MolecularSequence: ['f', 'd'],
  Observation: ['a', 'b', 'h', 'i'],
  Organization: ['a', 'j'],
  Patient: record,
  Practitioner: ['j'],
  PractitionerRole: ['j'],
  Procedure: record,
  Provenance: record,
  QuestionnaireResponse: ['a', 'p'],
  ResearchSubject: ['m'],
  ServiceRequest: record,
  Specimen: ['a', 'q'],
  SupplyDelivery: ['e'],
} as const satisfies Record<string, readonly DataCategory[]>

export type FhirType = keyof typeof fhirTypes
export const fhirTypeNames = Object.keys(fhirTypes) as FhirType[]
