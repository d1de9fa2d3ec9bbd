// What stands, by what her hospitals say: her yes, her opt-out, and the studies that wait for an answer.
import type { Basis, ConsentBasis, OptOutBasis } from '@mhmd/consent'
import type { UseRequest } from '@mhmd/schema'
import type { Asking, HolderNow } from './views.ts'

const inForce = (basis: ConsentBasis | OptOutBasis, now: number): boolean => basis.state === 'active' && (!('expires' in basis) || basis.expires > now)

export const consentIn = (bases: readonly Basis[], now: number): ConsentBasis | undefined => bases.find((basis): basis is ConsentBasis => basis.basis === 'consent' && inForce(basis, now))
export const optOutIn = (bases: readonly Basis[], now: number): OptOutBasis | undefined => bases.find((basis): basis is OptOutBasis => basis.basis === 'opt-out' && inForce(basis, now))

/** What silence leaves closed: she has said neither yes nor no to it. */
const unanswered = new Set(['CONSENT_NONE', 'CONSENT_RECIPIENT', 'CONSENT_PURPOSE', 'CONSENT_USE', 'CONSENT_FORM', 'CONSENT_CATEGORY', 'CONSENT_DATA_WINDOW', 'CONSENT_REQUEST', 'CONSENT_EXPIRED', 'CONSENT_WITHDRAWN'])

export interface OpenStudy {
  readonly document: UseRequest
  /** Whether it waits for her answer, or what she said answers it. */
  readonly stands: 'asks' | 'may' | 'mayNot'
}

/** Someone who opted out is not asked, and nobody asks about what doesn't rest on consent. */
const asks = ({ document, verdict }: Asking, isOut: boolean): boolean => !isOut && document.basis === 'consent' && verdict.answer === 'deny' && verdict.reasons.every(({ code }) => unanswered.has(code))

/** Every open study once: what asks her first, then what may use her data at some hospital. */
export function openStudies(known: readonly Pick<HolderNow, 'asking' | 'bases'>[], now: number): readonly OpenStudy[] {
  const byId = Map.groupBy(known.flatMap(({ asking, bases }) => asking.map((one) => ({ ...one, isOut: optOutIn(bases, now) !== undefined }))), ({ document }) => document.id)
  const order = { asks: 0, may: 1, mayNot: 2 }
  return [...byId.values()].flatMap((all): OpenStudy[] => {
    const [first] = all
    return first === undefined ? [] : [{ document: first.document, stands: all.some((one) => asks(one, one.isOut)) ? 'asks' : all.some(({ verdict }) => verdict.answer === 'permit') ? 'may' : 'mayNot' }]
  }).sort((a, b) => order[a.stands] - order[b.stands])
}
