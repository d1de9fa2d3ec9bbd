// What a request must satisfy on any basis, before anybody's decision is looked at.
import { fhirTypes, forms, purposes, uses } from '@mhmd/schema'
import type { DataCategory, FhirType, RequestBasis, UseRequest } from '@mhmd/schema'
import { reason } from './reasons.ts'
import type { Reason } from './reasons.ts'

const useOfBasis: Readonly<Record<RequestBasis, 'secondary' | 'primary' | 'duty'>> = { consent: 'secondary', permit: 'secondary', 'own-access': 'primary', care: 'primary', 'holder-duty': 'duty' }

/** The reasons against a request on its own; none where it may be looked at further. */
export function requestReasons(request: UseRequest, time: number): Reason[] {
  const against: Reason[] = []
  if (!Number.isFinite(time)) against.push(reason('TIME_UNKNOWN'))
  else if (time < request.from || time >= request.until) against.push(reason('REQUEST_NOT_CURRENT'))
  if (purposes[request.purpose].use !== useOfBasis[request.basis]) against.push(reason('PURPOSE_NOT_OF_BASIS', request.purpose))
  if (useOfBasis[request.basis] === 'secondary' && forms[request.form].rank > forms.pseudonymised.rank) against.push(reason('FORM_NOT_OF_BASIS', request.form))
  for (const type of request.fhirTypes) if (categoriesOfType(type, request).length === 0) against.push(reason('TYPE_OUTSIDE_CATEGORIES', type))
  return [...against, ...prohibitedUses(request)]
}

// Art. 54 and 61(3) bind users of permits and approved requests; elsewhere the network refuses the same by its own rule.
function prohibitedUses(request: UseRequest): Reason[] {
  return request.uses.filter((use) => uses[use].prohibited).map((use) => reason('USE_PROHIBITED', use, request.basis === 'permit' ? uses[use].citation : 'NETWORK:N1'))
}

function categoriesOfType(type: FhirType, request: UseRequest): DataCategory[] {
  const possible: readonly DataCategory[] = fhirTypes[type]
  return possible.filter((category) => request.categories.includes(category))
}

export interface DataAsked {
  readonly category: DataCategory
  readonly type: FhirType | null
}

/** The data asked for, as pairs of category and FHIR type; a category of which no type is named stands for all of it (type null). */
export function dataAsked(request: UseRequest): DataAsked[] {
  return request.categories.flatMap((category): DataAsked[] => {
    const types = request.fhirTypes.filter((type) => (fhirTypes[type] as readonly DataCategory[]).includes(category))
    return types.length === 0 ? [{ category, type: null }] : types.map((type) => ({ category, type }))
  })
}
