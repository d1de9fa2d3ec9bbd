// Consent terms against a request, time aside: what no permission covers is not permitted, and a prohibition overrides every permission.
import { countryMatches, isFormWithin, isWithinPurpose, purposesOverlap } from '@mhmd/schema'
import type { ConsentTerms, Permission, Prohibition, UseRequest } from '@mhmd/schema'
import { reason } from '../reasons.ts'
import type { Reason, ReasonCode } from '../reasons.ts'
import { dataAsked } from '../request-checks.ts'

/** The reasons against the request in these terms; none where they permit it. */
export function termsReasons(request: UseRequest, terms: ConsentTerms): Reason[] {
  if (terms.prohibitions.some((prohibition) => prohibits(prohibition, request))) return [reason('CONSENT_PROHIBITS')]
  const missing = terms.returnsWanted.find((wanted) => !request.returns.includes(wanted))
  if (missing !== undefined) return [reason('CONSENT_RETURN', missing)]
  return permissionReasons(request, terms.permissions)
}

const narrowings: readonly { readonly code: ReasonCode; readonly covers: (permission: Permission, request: UseRequest) => boolean }[] = [
  { code: 'CONSENT_RECIPIENT', covers: coversRecipient },
  { code: 'CONSENT_PURPOSE', covers: (permission, request) => permission.purposes.some((purpose) => isWithinPurpose(request.purpose, purpose)) },
  { code: 'CONSENT_USE', covers: (permission, request) => request.uses.every((use) => (permission.uses as readonly string[]).includes(use)) },
  { code: 'CONSENT_FORM', covers: (permission, request) => isFormWithin(request.form, permission.form) },
  { code: 'CONSENT_DATA_WINDOW', covers: coversDataWindow },
  { code: 'CONSENT_REQUEST', covers: (permission, request) => permission.requests === undefined || permission.requests.includes(request.id) },
]

// Permissions are narrowed dimension by dimension, and the first that leaves none is the reason; several permissions together may cover the data.
function permissionReasons(request: UseRequest, permissions: readonly Permission[]): Reason[] {
  let left = permissions
  for (const { code, covers } of narrowings) {
    left = left.filter((permission) => covers(permission, request))
    if (left.length === 0) return [reason(permissions.length === 0 ? 'CONSENT_NONE' : code)]
  }
  const uncovered = dataAsked(request).find(({ category, type }) => !left.some((permission) => permission.categories.includes(category) && (permission.fhirTypes === undefined || (type !== null && permission.fhirTypes.includes(type)))))
  return uncovered === undefined ? [] : [reason('CONSENT_CATEGORY', uncovered.type ?? uncovered.category)]
}

function coversRecipient({ recipients }: Permission, { requester }: UseRequest): boolean {
  return recipients.members.includes(requester.member)
    || (recipients.classes.includes(requester.class) && recipients.countries.some((named) => countryMatches(requester.country, named)))
}

// ISO dates compare as text. An open end of the request is covered only by an open end of the permission.
function coversDataWindow({ dataWindow: permitted }: Permission, { dataWindow: asked }: UseRequest): boolean {
  if (permitted === undefined) return true
  const fromFits = permitted.from === undefined || (asked?.from !== undefined && asked.from >= permitted.from)
  return fromFits && (permitted.to === undefined || (asked?.to !== undefined && asked.to <= permitted.to))
}

/** A prohibition applies where everything it states touches the request: a broad purpose is touched by a prohibition of a part of it. */
function prohibits(prohibition: Prohibition, request: UseRequest): boolean {
  const touches: (boolean | undefined)[] = [
    prohibition.members?.includes(request.requester.member),
    prohibition.classes?.includes(request.requester.class),
    prohibition.countries?.some((named) => countryMatches(request.requester.country, named)),
    prohibition.purposes?.some((purpose) => purposesOverlap(purpose, request.purpose)),
    prohibition.categories?.some((category) => request.categories.includes(category)),
    prohibition.fhirTypes?.some((type) => request.fhirTypes.includes(type) || dataAsked(request).some((asked) => asked.type === null)),
    prohibition.uses?.some((use) => request.uses.includes(use)),
    prohibition.form === undefined ? undefined : isFormWithin(prohibition.form, request.form),
  ]
  return touches.every((touch) => touch !== false)
}
