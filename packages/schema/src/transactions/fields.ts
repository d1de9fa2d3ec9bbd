// The fields that transactions are made of: every text is limited by a pattern, every number by a range, so that no free text can reach the ledger.
import Type from 'typebox'

/** An object with exactly these members. */
export const Exactly = <P extends Type.TProperties>(properties: P): Type.TObject<P> => Type.Object(properties, { additionalProperties: false })

const text = (pattern: string): Type.TString => Type.String({ pattern })

// The last of 43 characters holds four bits and two zeros: one text for each 32 bytes.
const bytes32 = (): Type.TString => text('^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$')

/** 128 random bits, as `newId` makes them: operations, subjects, datasets, requests, releases. */
export const Id = text('^[0-9a-hjkmnp-tv-z]{26}$')
/** A member's id: an organisation's short name, chosen at its application. */
export const MemberId = text('^[a-z][a-z0-9-]{1,30}$')
/** 32 bytes as base64url: a SHA-256 digest. */
export const Digest = bytes32()
/** A digest over a salt of 256 bits and a content that stays off the ledger. */
export const CommitmentText = bytes32()
/** An Ed25519 or X25519 public key, 32 bytes as base64url. */
export const PublicKeyText = bytes32()
/** An Ed25519 signature, 64 bytes as base64url. */
export const SignatureText = text('^[A-Za-z0-9_-]{85}[AQgw]$')
/** Milliseconds since 1970, from its second millisecond to the end of the year 9999. */
export const Time = Type.Integer({ minimum: 1, maximum: 253_402_300_799_999 })
/** Grows by exactly one with each change of what it counts. */
export const Version = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
/** A block height; 0 holds genesis alone, so nothing is resolved there. */
export const Height = Type.Integer({ minimum: 1, maximum: 1_000_000_000_000_000 })
/** A machine-readable reason: two to six words, no digits, so that no number of a person fits. */
export const ReasonCode = text('^[A-Z]{2,20}(?:_[A-Z]{2,20}){1,5}$')
/** A code of one of our vocabularies (purposes, forms, bases). Which codes there are is the decision engine's to know: contracts must not change with a vocabulary. */
export const VocabularyCode = text('^[a-z]{2,20}(?:-[a-z]{2,20}){0,3}$')
/** The only free text of the ledger: an organisation's or a network's public name. */
export const OrganisationName = text('^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]{1,120}$')
/** ISO 3166-1 alpha-2. */
export const Country = text('^[A-Z]{2}$')
/** A certificate, PEM (RFC 7468), line feeds only. */
export const PemCertificate = Type.String({ pattern: '^-----BEGIN CERTIFICATE-----\\n(?:[A-Za-z0-9+/=]{1,64}\\n)+-----END CERTIFICATE-----\\n?$', maxLength: 4000 })
/** A host name, lower case. */
export const HostName = text('^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,8}$')
/** Scheme, host and port, no path. */
export const Endpoint = text('^https://[a-z0-9.-]{1,200}(?::[0-9]{1,5})?$')
export const PeopleEndpoint = text('^https?://[a-z0-9.-]{1,200}(?::[0-9]{1,5})?$')
/** A category of Article 51(1) of Regulation (EU) 2025/327, by its letter. */
export const Ehds51Category = text('^[a-q]$')

/** A signature with the key that it is checked against, so that checking needs no state; contracts then compare the key with the state. */
export const KeyedSignature = Exactly({ key: PublicKeyText, signature: SignatureText })
export type KeyedSignature = Type.Static<typeof KeyedSignature>
