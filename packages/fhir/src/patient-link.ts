// Whose record a resource is: its references to a Patient, by the elements of FHIR's patient compartment (hl7.org/fhir/R4/compartmentdefinition-patient.html).

type Members = Readonly<Record<string, unknown>>

/** Elements that name whom a record is about, the nearest first. */
const direct = ['subject', 'patient', 'beneficiary', 'individual', 'for', 'policyHolder', 'subscriber'] as const

/** Lists, and where in their items the reference stands. */
const listed: readonly (readonly [list: string, member: string | undefined])[] = [['participant', 'actor'], ['target', undefined], ['entity', 'what'], ['agent', 'who'], ['member', 'entity']]

/** Types that are about no patient: the holder's own directory and definitions. Every other type needs one, so that erasing her reaches it. */
const aboutNobody = new Set([
  'ActivityDefinition', 'CapabilityStatement', 'CatalogEntry', 'ChargeItemDefinition', 'CodeSystem', 'ConceptMap', 'DeviceDefinition', 'Endpoint', 'HealthcareService', 'InsurancePlan',
  'Library', 'Location', 'Measure', 'Medication', 'MedicationKnowledge', 'NamingSystem', 'ObservationDefinition', 'OperationDefinition', 'Organization', 'OrganizationAffiliation', 'PlanDefinition',
  'Practitioner', 'PractitionerRole', 'Questionnaire', 'Schedule', 'SearchParameter', 'Slot', 'SpecimenDefinition', 'StructureDefinition', 'StructureMap', 'Substance', 'ValueSet',
])

export const isAboutNobody = (resource: Members): boolean => aboutNobody.has(String(resource['resourceType']))

/** The references that may lead to the record's patient, the likeliest first. They may turn out to be to something else: the caller resolves them. */
export function patientReferences(resource: Members): string[] {
  const found = direct.flatMap((name) => literals(resource[name]))
  for (const [list, member] of listed) {
    const items = resource[list]
    if (Array.isArray(items)) found.push(...items.flatMap((item: unknown) => literals(member === undefined ? item : (item as Members | null)?.[member])))
  }
  return found
}

function literals(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(literals)
  const reference = typeof value === 'object' && value !== null ? (value as Members)['reference'] : undefined
  return typeof reference === 'string' && !reference.startsWith('#') ? [reference] : []
}
