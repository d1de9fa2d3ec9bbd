// Statements, payloads and states of `consents@1` and `opt-outs@1`: what a citizen decided, and what a desk declared for her.
import Type from 'typebox'
import { CommitmentText, Digest, Exactly, Id, MemberId, PublicKeyText, SignatureText, Time, Version } from './fields.ts'

const act = {
  network: Digest,
  holder: MemberId,
  subject: Id,
  operation: Type.Union([Type.Literal('set'), Type.Literal('withdraw')]),
  version: Version,
  /** Terms and the notice's digest, committed to with a salt that only she and the holder have. */
  content: CommitmentText,
  /** The end of what is decided. A withdrawal of a consent has no end, and is taken whatever stands here. */
  expires: Time,
  operationId: Id,
}

/** Signed by her key at that holder (`consent-decision`). */
export const ConsentDecision = Exactly({ contract: Type.Literal('consents@1'), ...act })
export type ConsentDecision = Type.Static<typeof ConsentDecision>

/** Signed by her key at that holder (`opt-out`). */
export const OptOutDecision = Exactly({ contract: Type.Literal('opt-outs@1'), ...act })
export type OptOutDecision = Type.Static<typeof OptOutDecision>

/** Taken at a desk and signed by two staff keys of the holder (`desk-declaration`): never hers, always revocable by her. */
export const DeskDeclaration = Exactly({
  contract: Type.Literal('consents@1'),
  ...act,
  kind: Type.Union([Type.Literal('consent'), Type.Literal('opt-out')]),
  evidence: CommitmentText,
  staff: Type.Array(PublicKeyText, { minItems: 2, maxItems: 2 }),
})
export type DeskDeclaration = Type.Static<typeof DeskDeclaration>

/** A statement, the key that signed it, and the signature. */
const signed = <S extends Type.TSchema>(statement: S) => Exactly({ statement, key: PublicKeyText, signature: SignatureText })
const batch = <S extends Type.TSchema>(item: S) => Exactly({ items: Type.Array(item, { minItems: 1, maxItems: 500 }) })

export const SignedConsentDecision = signed(ConsentDecision)
export const SignedOptOut = signed(OptOutDecision)
export type SignedConsentDecision = Type.Static<typeof SignedConsentDecision>
export type SignedOptOut = Type.Static<typeof SignedOptOut>
export const ConsentBatch = batch(SignedConsentDecision)
export const OptOutBatch = batch(SignedOptOut)
/** `signatures` in the order of the statement's `staff`. */
export const SignedDeskDeclaration = Exactly({ statement: DeskDeclaration, signatures: Type.Array(SignatureText, { minItems: 2, maxItems: 2 }) })
export type SignedDeskDeclaration = Type.Static<typeof SignedDeskDeclaration>

/** What the ledger holds of a decision, at `('consent', holder, subject)` and `('opt-out', holder, subject)`. */
export const DecisionState = Exactly({
  version: Version,
  state: Type.Union([Type.Literal('active'), Type.Literal('withdrawn')]),
  content: CommitmentText,
  expires: Time,
  time: Time,
  by: Type.Union([Type.Literal('subject'), Type.Literal('desk')]),
})
export type DecisionState = Type.Static<typeof DecisionState>
export const decisionsStates = { consent: DecisionState, 'opt-out': DecisionState }
