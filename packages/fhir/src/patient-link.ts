// Whose record a resource is: its reference to a Patient, by the elements of FHIR's patient compartment (hl7.org/fhir/R4/compartmentdefinition-patient.html).

type Members = Readonly<Record<string, unknown>>

/** Elements that name the patient a record is about, first match wins. Practitioners, organisations and the like have none. */
const links = ['subject', 'patient', 'beneficiary', 'individual', 'for', 'policyHolder', 'subscriber'] as const

/** The reference to the Patient, `undefined` where the resource is about no patient; a Patient is about herself. */
export function patientReference(resource: Members): string | undefined {
  for (const link of links) {
    const reference = literal(resource[link])
    if (reference !== undefined) return reference
  }
  return participantReference(resource)
}

function literal(value: unknown): string | undefined {
  const reference = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members)['reference'] : undefined
  return typeof reference === 'string' && !reference.startsWith('#') ? reference : undefined
}

/** Appointments name patients among their participants, audit and provenance records among what they are about. */
function participantReference(resource: Members): string | undefined {
  for (const [list, member] of [['participant', 'actor'], ['target', undefined], ['entity', 'what']] as const) {
    const items = resource[list]
    if (!Array.isArray(items)) continue
    for (const item of items) {
      const reference = literal(member === undefined ? item : (item as Members | null)?.[member])
      if (reference?.startsWith('Patient/') === true) return reference
    }
  }
  return undefined
}
