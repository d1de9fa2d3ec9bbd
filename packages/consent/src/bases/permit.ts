// A data permit or an approved health data request (Regulation (EU) 2025/327, Art. 68 and 69): silence is yes; an opt-out counts for what is approved after it (Art. 71(3)).
import { isFormWithin, isReservedForPublicBodies, isWithinPurpose, purposes } from '@mhmd/schema'
import type { UseRequest } from '@mhmd/schema'
import { basesNamed } from '../basis.ts'
import type { Basis, PermitBasis } from '../basis.ts'
import { reason } from '../reasons.ts'
import type { Reason, ReasonCode } from '../reasons.ts'
import { dataAsked } from '../request-checks.ts'
import { answerOfAll, found } from '../verdict.ts'
import type { Finding } from '../verdict.ts'
import { optOutOf } from './opt-out.ts'
import type { OptOut } from './opt-out.ts'

export function permitFinding(request: UseRequest, bases: readonly Basis[], time: number): Finding {
  const permits = basesNamed(bases, 'permit')
  if (permits.length === 0) return found(0, reason('PERMIT_NONE'))
  const optOut = optOutOf(bases)
  return best(permits.map((permit) => ofPermit(permit, request, { optOut, time })))
}

/** One of several permits is enough: the most favourable finding counts, the longest of equals; the order of permits doesn't matter. */
function best(findings: readonly Finding[]): Finding {
  const rank = { permit: 2, undetermined: 1, deny: 0 }
  const worth = (finding: Finding): string => `${rank[answerOfAll(finding.reasons)]}${String(finding.until).padStart(16, '0')}${finding.reasons.map((one) => one.code).join()}`
  return findings.reduce((a, b) => (worth(b) > worth(a) ? b : a))
}

function ofPermit(permit: PermitBasis, request: UseRequest, { optOut, time }: { optOut: OptOut; time: number }): Finding {
  const against = permitReasons(permit, request, time)
  if (optOut.state === 'undetermined') against.push(optOut.reason)
  // At the same moment the opt-out came first: the doubt is hers.
  if (optOut.state === 'in-force' && optOut.since <= permit.approved) against.push(reason('PERMIT_OPTED_OUT'))
  if (against.length > 0) return found(0, ...against)
  return found(Math.min(permit.until, request.until), reason(optOut.state === 'in-force' ? 'PERMIT_OPT_OUT_LATER' : 'PERMIT_COVERS'))
}

const checks: readonly { readonly code: ReasonCode; readonly fails: (permit: PermitBasis, request: UseRequest, time: number) => boolean }[] = [
  { code: 'PERMIT_RECORD_MISSING', fails: (permit) => permit.record === 'missing' },
  { code: 'PERMIT_REVOKED', fails: (permit) => permit.state === 'revoked' },
  { code: 'PERMIT_NOT_CURRENT', fails: (permit, _request, time) => !(time >= permit.approved && time >= permit.from && time < permit.until) },
  { code: 'PERMIT_OTHER_USER', fails: (permit, request) => permit.user !== request.requester.member },
  { code: 'PERMIT_PURPOSE', fails: (permit, request) => purposes[request.purpose].article53 === null || !permit.purposes.some((purpose) => isWithinPurpose(request.purpose, purpose)) },
  { code: 'PERMIT_PUBLIC_BODIES_ONLY', fails: (_permit, { purpose, requester }) => isReservedForPublicBodies(purpose) && requester.class !== 'public-body' && requester.onBehalfOfPublicBody !== true },
  { code: 'PERMIT_DATA', fails: (permit, request) => !dataAsked(request).every(({ category, type }) => permit.categories.includes(category) && (permit.fhirTypes === undefined || (type !== null && permit.fhirTypes.includes(type)))) },
  { code: 'PERMIT_FORM', fails: (permit, request) => !isFormWithin(request.form, permit.form) },
  { code: 'PERMIT_STATISTICS_ONLY', fails: (permit, request) => permit.kind === 'data-request' && !isFormWithin(request.form, 'anonymised') },
  { code: 'PERMIT_ENVIRONMENT', fails: (_permit, request) => request.form === 'pseudonymised' && !request.safeguards.includes('secure-processing-environment') },
]

const permitReasons = (permit: PermitBasis, request: UseRequest, time: number): Reason[] => checks.filter(({ fails }) => fails(permit, request, time)).map(({ code }) => reason(code))
