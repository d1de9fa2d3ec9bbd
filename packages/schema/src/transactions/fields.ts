// The fields that transactions are made of: every text is limited by a pattern, every number by a range, so that no free text can reach the ledger.
import Type from 'typebox'

/** An object with exactly these members. */
export const Exactly = <P extends Type.TProperties>(properties: P): Type.TObject<P> => Type.Object(properties, { additionalProperties: false })

// `title` is what a field is called, `description` what it is: shown wherever the schema is (forms, reference, OpenAPI).
const text = (pattern: string, title: string, description: string): Type.TString => Type.String({ pattern, title, description })
const whole = (minimum: number, maximum: number, title: string, description: string): Type.TInteger => Type.Integer({ minimum, maximum, title, description })

// The last of 43 characters holds four bits and two zeros: one text for each 32 bytes.
const bytes32 = (title: string, description: string): Type.TString => text('^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$', title, description)

/** 128 random bits, as `newId` makes them: operations, subjects, datasets, requests, releases. */
export const Id = text('^[0-9a-hjkmnp-tv-z]{26}$', 'Id', '128 random bits as 26 characters.')
export const MemberId = text('^[a-z][a-z0-9-]{1,30}$', 'MemberId', 'A member\'s id: the short name that the organisation chose when it applied.')
export const Digest = bytes32('Digest', 'A SHA-256 digest: 32 bytes as base64url.')
export const CommitmentText = bytes32('CommitmentText', 'A digest over a salt of 256 bits and a content that stays off the ledger.')
export const PublicKeyText = bytes32('PublicKeyText', 'An Ed25519 or X25519 public key: 32 bytes as base64url.')
export const SignatureText = text('^[A-Za-z0-9_-]{85}[AQgw]$', 'SignatureText', 'An Ed25519 signature: 64 bytes as base64url.')
/** From its second millisecond to the end of the year 9999. */
export const Time = whole(1, 253_402_300_799_999, 'Time', 'Milliseconds since 1970.')
export const Version = whole(1, 1_000_000_000, 'Version', 'Grows by exactly one with each change of what it counts.')
/** 0 holds genesis alone, so nothing is resolved there. */
export const Height = whole(1, 1_000_000_000_000_000, 'Height', 'The height of a block.')
/** No digits, so that no number of a person fits. */
export const ReasonCode = text('^[A-Z]{2,20}(?:_[A-Z]{2,20}){1,5}$', 'ReasonCode', 'A machine-readable reason: two to six words in capitals, without digits.')
/** Which codes there are is the decision engine's to know: contracts must not change with a vocabulary. */
export const VocabularyCode = text('^[a-z]{2,20}(?:-[a-z]{2,20}){0,3}$', 'VocabularyCode', 'A code of one of the vocabularies: purposes, forms, bases.')
export const OrganisationName = text('^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]{1,120}$', 'OrganisationName', 'An organisation\'s or a network\'s public name: the only free text of the ledger.')
export const Country = text('^[A-Z]{2}$', 'Country', 'A country by its two letters (ISO 3166-1).')
/** RFC 7468, line feeds only. */
export const PemCertificate = Type.String({ pattern: '^-----BEGIN CERTIFICATE-----\\n(?:[A-Za-z0-9+/=]{1,64}\\n)+-----END CERTIFICATE-----\\n?$', maxLength: 4000, title: 'PemCertificate', description: 'A certificate as PEM text.' })
export const HostName = text('^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,8}$', 'HostName', 'A host name in lower case.')
export const Endpoint = text('^https://[a-z0-9.-]{1,200}(?::[0-9]{1,5})?$', 'Endpoint', 'An address with https, host and port, without a path.')
export const PeopleEndpoint = text('^https?://[a-z0-9.-]{1,200}(?::[0-9]{1,5})?$', 'PeopleEndpoint', 'An address with http or https, host and port, without a path.')
export const Ehds51Category = text('^[a-q]$', 'Ehds51Category', 'A category of Article 51(1) of Regulation (EU) 2025/327, by its letter.')

/** A signature with the key that it is checked against, so that checking needs no state; contracts then compare the key with the state. */
export const KeyedSignature = Exactly({ key: PublicKeyText, signature: SignatureText })
export type KeyedSignature = Type.Static<typeof KeyedSignature>
