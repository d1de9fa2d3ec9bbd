// A citizen's decisions: built, committed to and signed on her device, in the form that holder, provider and contracts take.
import type { Canonical, Randomness } from '@mhmd/base'
import { newId } from '@mhmd/base'
import { consentDecisionStatement, optOutStatement, signed, statementKinds } from '@mhmd/contracts'
import { commit, newSalt } from '@mhmd/crypto'
import type { PublicKey, Salt, Signature, SigningKey } from '@mhmd/crypto'
import type { ConsentDecision, ConsentTerms, OptOutDecision } from '@mhmd/schema'

export type DecisionKind = 'consent' | 'opt-out'

/** What a decision's commitment opens to: her terms (only a consent has any), and the digest of the notice she saw. */
export interface DecisionContent {
  readonly terms: ConsentTerms | null
  readonly notice: string
}

/** The domain of the commitments of decisions. */
export const DECISION_CONTENT = 'decision-content'

/** A decision as she keeps it and as the holder gets it. The ledger gets it without the opening. */
export interface SignedDecision {
  readonly kind: DecisionKind
  readonly statement: ConsentDecision | OptOutDecision
  readonly key: PublicKey
  readonly signature: Signature
  readonly opening: { readonly content: DecisionContent; readonly salt: Salt }
}

/** About whom, at which holder, as which version: the one after the last she made there of this kind. */
export interface DecisionPlace {
  readonly network: string
  readonly holder: string
  readonly subject: string
  readonly version: number
}

/** No end: the last moment that a statement can name. */
export const NO_END = 253_402_300_799_999

/** What she permits. Its end stands in the terms alone, which the holder keeps: on the ledger one end at two holders would tell that they are one person's. */
export const consent = (place: DecisionPlace, act: { readonly terms: ConsentTerms; readonly notice: string }, by: Signer): SignedDecision =>
  decision({ kind: 'consent', operation: 'set', expires: NO_END, content: { terms: act.terms, notice: act.notice } }, place, by)

/** Ends what she permitted, at once and for good. */
export const consentWithdrawal = (place: DecisionPlace, act: { readonly notice: string }, by: Signer): SignedDecision =>
  decision({ kind: 'consent', operation: 'withdraw', expires: NO_END, content: { terms: null, notice: act.notice } }, place, by)

/** Forbids secondary use (Regulation (EU) 2025/327, Art. 71) until she takes it back. */
export const optOut = (place: DecisionPlace, act: { readonly notice: string }, by: Signer): SignedDecision =>
  decision({ kind: 'opt-out', operation: 'set', expires: NO_END, content: { terms: null, notice: act.notice } }, place, by)

/** Takes an opt-out back. It opens, so it is good for a limited time only: `expires`. */
export const optOutWithdrawal = (place: DecisionPlace, act: { readonly notice: string; readonly expires: number }, by: Signer): SignedDecision =>
  decision({ kind: 'opt-out', operation: 'withdraw', expires: act.expires, content: { terms: null, notice: act.notice } }, place, by)

/** Her decision key at the holder, and randomness for salt and operation id. */
export interface Signer {
  readonly key: SigningKey
  readonly randomness: Randomness
}

interface Act {
  readonly kind: DecisionKind
  readonly operation: 'set' | 'withdraw'
  readonly expires: number
  readonly content: DecisionContent
}

function decision({ kind, operation, expires, content }: Act, place: DecisionPlace, { key, randomness }: Signer): SignedDecision {
  const salt = newSalt(randomness)
  const fields = { ...place, operation, expires, content: commit(DECISION_CONTENT, content as unknown as Canonical, salt), operationId: newId(randomness) }
  const statement = kind === 'consent' ? consentDecisionStatement(fields) : optOutStatement(fields)
  return { kind, ...signed(kind === 'consent' ? statementKinds.consentDecision : statementKinds.optOut, statement, key), opening: { content, salt } }
}
