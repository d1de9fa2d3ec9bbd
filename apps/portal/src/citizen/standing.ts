// What stands, by what her hospitals say: her yes, her opt-out, and the studies that wait for an answer.
import type { Basis, ConsentBasis, OptOutBasis } from '@mhmd/consent'
import type { Asking, HolderNow } from './views.ts'

const inForce = (basis: ConsentBasis | OptOutBasis, now: number): boolean => basis.state === 'active' && (!('expires' in basis) || basis.expires > now)

export const consentIn = (bases: readonly Basis[], now: number): ConsentBasis | undefined => bases.find((basis): basis is ConsentBasis => basis.basis === 'consent' && inForce(basis, now))
export const optOutIn = (bases: readonly Basis[], now: number): OptOutBasis | undefined => bases.find((basis): basis is OptOutBasis => basis.basis === 'opt-out' && inForce(basis, now))

/** What silence leaves closed: she has said neither yes nor no to it. */
const unanswered = new Set(['CONSENT_NONE', 'CONSENT_RECIPIENT', 'CONSENT_PURPOSE', 'CONSENT_USE', 'CONSENT_FORM', 'CONSENT_CATEGORY', 'CONSENT_DATA_WINDOW', 'CONSENT_REQUEST', 'CONSENT_EXPIRED', 'CONSENT_WITHDRAWN'])

/** Studies that rest on consent and that she has not answered, each once. Someone who opted out is not asked. */
export function openAsks(known: readonly HolderNow[]): readonly Asking[] {
  const asks = known.flatMap(({ asking }) => asking.filter(({ document, verdict }) => document.basis === 'consent' && verdict.answer === 'deny' && verdict.reasons.every(({ code }) => unanswered.has(code))))
  return [...new Map(asks.map((ask) => [ask.document.id, ask])).values()]
}
