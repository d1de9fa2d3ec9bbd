// Every reason a verdict can give: its answer, and the place in the law or in the network's rules that it rests on.
import type { Citation } from '@mhmd/schema'

export type Answer = 'permit' | 'deny' | 'undetermined'

interface ReasonRow {
  readonly answer: Answer
  readonly citation: Citation
}

const permits = (citation: Citation): ReasonRow => ({ answer: 'permit', citation })
const denies = (citation: Citation): ReasonRow => ({ answer: 'deny', citation })
const leavesOpen = (citation: Citation): ReasonRow => ({ answer: 'undetermined', citation })

export const reasonTable = {
  // The request itself.
  USE_PROHIBITED: denies('NETWORK:N1'),
  PURPOSE_NOT_OF_BASIS: denies('GDPR:5(1)(b)'),
  FORM_NOT_OF_BASIS: denies('NETWORK:N9'),
  TYPE_OUTSIDE_CATEGORIES: denies('GDPR:5(1)(c)'),
  REQUEST_NOT_CURRENT: denies('GDPR:5(1)(e)'),
  TIME_UNKNOWN: leavesOpen('NETWORK:N5'),
  // Consent: silence is no.
  CONSENT_GIVEN: permits('GDPR:9(2)(a)'),
  CONSENT_AT_DESK: permits('NETWORK:N6'),
  CONSENT_NONE: denies('GDPR:4(11)'),
  CONSENT_WITHDRAWN: denies('GDPR:7(3)'),
  CONSENT_EXPIRED: denies('GDPR:5(1)(e)'),
  CONSENT_KEY_CLOSED: denies('NETWORK:N10'),
  CONSENT_NOT_YET: denies('GDPR:4(11)'),
  CONSENT_PROHIBITS: denies('NETWORK:N3'),
  CONSENT_RECIPIENT: denies('GDPR:4(11)'),
  CONSENT_PURPOSE: denies('GDPR:6(1)(a)'),
  CONSENT_USE: denies('GDPR:6(1)(a)'),
  CONSENT_FORM: denies('GDPR:4(11)'),
  CONSENT_DATA_WINDOW: denies('GDPR:4(11)'),
  CONSENT_REQUEST: denies('GDPR:4(11)'),
  CONSENT_CATEGORY: denies('GDPR:4(11)'),
  CONSENT_RETURN: denies('GDPR:4(11)'),
  CONSENT_OPTED_OUT: denies('NETWORK:N2'),
  CONSENT_RECORD_MISSING: leavesOpen('NETWORK:N4'),
  CONSENT_CONFLICT: leavesOpen('NETWORK:N5'),
  // Opt-out.
  OPT_OUT_RECORD_MISSING: leavesOpen('NETWORK:N4'),
  OPT_OUT_CONFLICT: leavesOpen('NETWORK:N5'),
  // Permit: silence is yes.
  PERMIT_COVERS: permits('EHDS:68(3)'),
  PERMIT_OPT_OUT_LATER: permits('EHDS:71(3)'),
  PERMIT_NONE: denies('EHDS:61(1)'),
  PERMIT_OPTED_OUT: denies('EHDS:71(3)'),
  PERMIT_REVOKED: denies('EHDS:63(3)'),
  PERMIT_NOT_CURRENT: denies('EHDS:68(12)'),
  PERMIT_OTHER_USER: denies('EHDS:61(2)'),
  PERMIT_PURPOSE: denies('EHDS:53(1)'),
  PERMIT_PUBLIC_BODIES_ONLY: denies('EHDS:53(2)'),
  PERMIT_DATA: denies('EHDS:66(1)'),
  PERMIT_FORM: denies('EHDS:66(2)'),
  PERMIT_STATISTICS_ONLY: denies('EHDS:69(1)'),
  PERMIT_ENVIRONMENT: denies('EHDS:73(1)'),
  PERMIT_RECORD_MISSING: leavesOpen('NETWORK:N4'),
  // Her own access, her care, the holder's duties.
  OWN_ACCESS: permits('GDPR:15(1)'),
  OWN_ACCESS_NOT_SHOWN: denies('GDPR:12(6)'),
  CARE_RELATION: permits('GDPR:9(2)(h)'),
  CARE_NO_RELATION: denies('EHDS:11(1)'),
  CARE_RESTRICTED: denies('EHDS:8'),
  DUTY: permits('GDPR:6(1)(c)'),
  DUTY_NOT_THE_HOLDERS: denies('GDPR:6(1)(c)'),
  // Said beside the answer: the rule applied is not law yet.
  SIMULATION: permits('EHDS:105'),
} as const satisfies Record<string, ReasonRow>

export type ReasonCode = keyof typeof reasonTable
export const reasonCodes = Object.keys(reasonTable) as ReasonCode[]

/** One reason: a stable code, its citation, and where it helps a word of the vocabularies (never a person's data). */
export interface Reason {
  readonly code: ReasonCode
  readonly citation: Citation
  readonly detail?: string
}

export function reason(code: ReasonCode, detail?: string, citation: Citation = reasonTable[code].citation): Reason {
  return detail === undefined ? { code, citation } : { code, citation, detail }
}

export const answerOf = (code: ReasonCode): Answer => reasonTable[code].answer
