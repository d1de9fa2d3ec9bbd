// Consent (Regulation (EU) 2016/679, Art. 6(1)(a), 9(2)(a)): silence is no, her latest version counts, and her opt-out closes what her terms don't expressly keep open.
import type { ConsentTerms, UseRequest } from '@mhmd/schema'
import { basesNamed } from '../basis.ts'
import type { Basis, ConsentBasis } from '../basis.ts'
import { reason } from '../reasons.ts'
import type { Reason, ReasonCode } from '../reasons.ts'
import { found } from '../verdict.ts'
import type { Finding } from '../verdict.ts'
import { currentOf } from './current.ts'
import { optOutOf } from './opt-out.ts'
import { termsReasons } from './terms.ts'

export function consentFinding(request: UseRequest, bases: readonly Basis[], time: number): Finding {
  if (basesNamed(bases, 'key').some((key) => key.state === 'closed')) return found(0, reason('CONSENT_KEY_CLOSED'))
  const current = currentOf(basesNamed(bases, 'consent'))
  if (current.kind === 'none') return found(0, reason('CONSENT_NONE'))
  if (current.kind === 'conflict') return found(0, reason('CONSENT_CONFLICT'))
  const { value: consent } = current
  const closing = stateReason(consent)
  if (closing !== null || consent.terms === null) return found(0, reason(closing ?? 'CONSENT_RECORD_MISSING'))
  const against = [...timeReasons(consent, consent.terms, time), ...termsReasons(request, consent.terms), ...optOutReasons(consent.terms, bases)]
  if (against.length > 0) return found(0, ...against)
  return found(Math.min(consent.expires, consent.terms.until, request.until), reason(consent.by === 'desk' ? 'CONSENT_AT_DESK' : 'CONSENT_GIVEN'))
}

function stateReason(consent: ConsentBasis): ReasonCode | null {
  if (consent.record === 'missing') return 'CONSENT_RECORD_MISSING'
  return consent.state === 'withdrawn' ? 'CONSENT_WITHDRAWN' : null
}

function timeReasons(consent: ConsentBasis, terms: ConsentTerms, time: number): Reason[] {
  if (time < terms.from) return [reason('CONSENT_NOT_YET')]
  return time < terms.until && time < consent.expires ? [] : [reason('CONSENT_EXPIRED')]
}

function optOutReasons(terms: ConsentTerms, bases: readonly Basis[]): Reason[] {
  const optOut = optOutOf(bases)
  if (optOut.state === 'undetermined') return [optOut.reason]
  return optOut.state === 'in-force' && !terms.despiteOptOut ? [reason('CONSENT_OPTED_OUT')] : []
}
