// Statements, payloads and states of the contract `keys@1`: which key speaks for a subject at a holder.
import Type from 'typebox'
import { Digest, Exactly, Id, KeyedSignature, MemberId, PublicKeyText, SignatureText, Time, Version } from './fields.ts'

const about = { network: Digest, contract: Type.Literal('keys@1'), holder: MemberId, subject: Id }

/** Signed by the holder, the account provider and the key itself (`key-enrolment`). `recovery` is the SHA-256 of the recovery public key. */
export const KeyEnrolment = Exactly({ ...about, provider: MemberId, key: PublicKeyText, recovery: Digest, version: Type.Literal(1), expires: Time })
export type KeyEnrolment = Type.Static<typeof KeyEnrolment>
export const EnrolPayload = Exactly({ statement: KeyEnrolment, signatures: Exactly({ holder: KeyedSignature, provider: KeyedSignature, subject: SignatureText }) })

/** Signed by the old key or the recovery key, and by the new key (`key-replacement`). A new `recovery` replaces the old one. */
export const KeyReplacement = Exactly({ ...about, newKey: PublicKeyText, by: Type.Union([Type.Literal('old-key'), Type.Literal('recovery')]), recovery: Type.Optional(Digest), version: Version, expires: Time })
export type KeyReplacement = Type.Static<typeof KeyReplacement>
/** `key` is the old key, or the recovery key whose SHA-256 the state holds. */
export const ReplacePayload = Exactly({ statement: KeyReplacement, key: PublicKeyText, signature: SignatureText, newKeySignature: SignatureText })

/** Signed by the holder and the account provider (`key-closing`). */
export const KeyClosing = Exactly({ ...about, version: Version, expires: Time })
export type KeyClosing = Type.Static<typeof KeyClosing>
export const ClosePayload = Exactly({ statement: KeyClosing, signatures: Exactly({ holder: KeyedSignature, provider: KeyedSignature }) })

/** States by the first part of their key: `('subject', holder, subject)` and `('key', holder, key)`. */
export const keysStates = {
  subject: Exactly({ key: PublicKeyText, provider: MemberId, recovery: Digest, version: Version, state: Type.Union([Type.Literal('active'), Type.Literal('closed')]), time: Time }),
  key: Exactly({ subject: Id }),
}
export type SubjectState = Type.Static<typeof keysStates.subject>
export type SubjectKeyState = Type.Static<typeof keysStates.key>
