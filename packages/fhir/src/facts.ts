// The compact facts of a person's records that questions are answered from: sex, birth date, and codes with their dates.
// Left out: what the record itself says is not so (entered in error, refuted, not done), and what carries a modifier extension, whose meaning isn't known here.
import { isHeldBack } from './security-labels.ts'

type Members = Readonly<Record<string, unknown>>

export type FactType = 'condition' | 'observation' | 'procedure' | 'medication' | 'immunization' | 'encounter' | 'allergy'

/** One code of one record. `date` is as the record gives it: a year, a month, a day or a moment. */
export interface CodedFact {
  readonly type: FactType
  readonly system: string
  readonly code: string
  readonly date: string | undefined
}

export interface Facts {
  readonly sex?: 'male' | 'female' | 'other' | 'unknown'
  readonly birthDate?: string
  readonly coded: readonly CodedFact[]
}

interface Rule {
  readonly type: FactType
  /** Elements that hold CodeableConcepts or Codings. */
  readonly codes: readonly string[]
  /** Elements that date it, the first one present counts. */
  readonly dates: readonly string[]
}

const rules: Readonly<Record<string, Rule>> = {
  Condition: { type: 'condition', codes: ['code'], dates: ['onsetDateTime', 'onsetPeriod', 'recordedDate'] },
  Observation: { type: 'observation', codes: ['code'], dates: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'] },
  Procedure: { type: 'procedure', codes: ['code'], dates: ['performedDateTime', 'performedPeriod'] },
  MedicationRequest: { type: 'medication', codes: ['medicationCodeableConcept'], dates: ['authoredOn'] },
  MedicationStatement: { type: 'medication', codes: ['medicationCodeableConcept'], dates: ['effectiveDateTime', 'effectivePeriod', 'dateAsserted'] },
  MedicationAdministration: { type: 'medication', codes: ['medicationCodeableConcept'], dates: ['effectiveDateTime', 'effectivePeriod'] },
  MedicationDispense: { type: 'medication', codes: ['medicationCodeableConcept'], dates: ['whenHandedOver', 'whenPrepared'] },
  Immunization: { type: 'immunization', codes: ['vaccineCode'], dates: ['occurrenceDateTime'] },
  Encounter: { type: 'encounter', codes: ['class', 'type'], dates: ['period'] },
  AllergyIntolerance: { type: 'allergy', codes: ['code'], dates: ['onsetDateTime', 'recordedDate'] },
}

/** Types of resources that facts are taken from. */
export const factResources: readonly string[] = ['Patient', ...Object.keys(rules)]

const notSo = new Set(['entered-in-error', 'not-done', 'cancelled', 'refuted'])

/** The facts of one valid resource; empty where it has none. */
export function factsOf(resource: Members): Facts {
  if (resource['modifierExtension'] !== undefined || isHeldBack(resource)) return { coded: [] }
  if (resource['resourceType'] === 'Patient') return patientFacts(resource)
  const rule = rules[String(resource['resourceType'])]
  if (rule === undefined || isNotSo(resource)) return { coded: [] }
  const date = dateOf(resource, rule.dates)
  const elements = [...rule.codes.map((name) => resource[name]), containedMedication(resource)]
  const codings = [...elements.flatMap(codingsOf), ...componentCodings(resource)]
  return { coded: codings.map(({ system, code }) => ({ type: rule.type, system, code, date })) }
}

/** The facts of several records together. The same code on the same day of two records stays two. */
export function joinFacts(parts: Iterable<Facts>): Facts {
  let joined: Facts = { coded: [] }
  const coded: CodedFact[] = []
  for (const part of parts) {
    coded.push(...part.coded)
    joined = { ...joined, ...part, coded }
  }
  return joined
}

function patientFacts(patient: Members): Facts {
  const sex = patient['gender'] as Facts['sex']
  const birthDate = patient['birthDate'] as string | undefined
  return { ...(sex === undefined ? {} : { sex }), ...(birthDate === undefined ? {} : { birthDate }), coded: [] }
}

function isNotSo(resource: Members): boolean {
  if (notSo.has(String(resource['status']))) return true
  return codingsOf(resource['verificationStatus']).some(({ code }) => notSo.has(code))
}

function dateOf(resource: Members, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = resource[name]
    if (typeof value === 'string') return value
    if (isObject(value)) {
      const edge = value['start'] ?? value['end']
      if (typeof edge === 'string') return edge
    }
  }
  return undefined
}

/** Codes of a CodeableConcept, a Coding, or a list of either; codes without a system identify nothing. */
function codingsOf(value: unknown): { system: string; code: string }[] {
  if (Array.isArray(value)) return value.flatMap(codingsOf)
  if (!isObject(value)) return []
  if (Array.isArray(value['coding'])) return value['coding'].flatMap(codingsOf)
  const { system, code } = value
  return typeof system === 'string' && typeof code === 'string' ? [{ system, code }] : []
}

function componentCodings(resource: Members): { system: string; code: string }[] {
  const components = resource['resourceType'] === 'Observation' ? resource['component'] : undefined
  return Array.isArray(components) ? components.flatMap((component: unknown) => isObject(component) && component['modifierExtension'] === undefined ? codingsOf(component['code']) : []) : []
}

/** A medication given as a contained resource; one elsewhere (`Medication/…`) is not followed. */
function containedMedication(resource: Members): unknown {
  const reference = isObject(resource['medicationReference']) ? resource['medicationReference']['reference'] : undefined
  const contained = resource['contained']
  if (typeof reference !== 'string' || !reference.startsWith('#') || !Array.isArray(contained)) return undefined
  const medication: unknown = contained.find((one: unknown) => isObject(one) && one['id'] === reference.slice(1))
  return isObject(medication) && medication['modifierExtension'] === undefined ? medication['code'] : undefined
}

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)
