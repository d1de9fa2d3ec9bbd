// Permits and refusals of an access body (Regulation (EU) 2025/327, Art. 68 and 69): the document, the message that tells of a decision, and what each node keeps.
import { commit, opens } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import { dataCategoryCodes, documentType, fhirTypeNames, purposeCodes, ReasonCode, safeguardCodes } from '@mhmd/schema'
import Type from 'typebox'
import { jsonTable } from './table.ts'

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
const SaltText = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const MemberName = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })
const Time = Type.Integer({ minimum: 1, maximum: 253_402_300_799_999 })
const Kind = Type.Enum(['data-permit', 'data-request'])
const Conditions = Type.Array(Type.Enum([...safeguardCodes]), { maxItems: safeguardCodes.length, uniqueItems: true })
/** What the officer says of it in her own words. */
const Explanation = Type.String({ minLength: 1, maxLength: 4000 })

/** Art. 68(10): what is permitted to whom, from whom, under which conditions, until when. Its commitment stands on the ledger. */
const PermitSchema = Type.Object({
  format: Type.Literal('mhmd-permit/1'), permit: Id, request: Id, authority: MemberName, user: MemberName, holders: Type.Array(MemberName, { minItems: 1, maxItems: 100 }), kind: Kind,
  purpose: Type.Enum([...purposeCodes]), categories: Type.Array(Type.Enum([...dataCategoryCodes]), { minItems: 1, maxItems: 17 }), fhirTypes: Type.Array(Type.Enum([...fhirTypeNames]), { maxItems: 40 }),
  form: Type.Enum(['computation', 'anonymised', 'pseudonymised']), conditions: Conditions, from: Time, until: Time,
  /** Until when its holders deliver (Art. 60(2)). */
  deliverBy: Time,
}, closed)
export type PermitDocument = Type.Static<typeof PermitSchema>

/** The domain of the commitments of permits. */
const PERMIT_CONTENT = 'permit'
export const permitCommitment = (document: PermitDocument, salt: Salt): string => commit(PERMIT_CONTENT, document, salt)
export const opensPermit = (commitment: string, { document, salt }: WrittenPermit): boolean => opens(commitment, PERMIT_CONTENT, { content: document, salt })

/** A permit's document with the salt of its commitment. */
export interface WrittenPermit {
  readonly document: PermitDocument
  readonly salt: Salt
}

/** By the access body to everybody whom the request names: what it decided, in its words; a document where it issued one. */
export const permitMessages = {
  'permit-decided/1': documentType('permit-decided-message', Type.Object({ request: Id, version: Type.Integer({ minimum: 1 }), explanation: Type.Optional(Explanation), permit: Type.Optional(Type.Object({ document: PermitSchema, salt: SaltText }, closed)) }, closed)),
  /** By the access body to the applicant: what is missing in the application as it stood at a version. */
  'application-incomplete/1': documentType('application-incomplete-message', Type.Object({ request: Id, version: Type.Integer({ minimum: 2 }), missing: Explanation }, closed)),
} as const

/** What an access body found missing, by request, the member that said it, and the version on the ledger that it is about. */
export const missingHeard = jsonTable<{ readonly missing: string }>('applications-incomplete')

/** What an access body said of a request. */
export interface HeardPermit {
  readonly version: number
  readonly explanation?: string | undefined
  readonly permit?: WrittenPermit | undefined
}

/** By request and the member that said it: only what the request's own authority says counts. */
export const permitsHeard = jsonTable<HeardPermit>('permits-heard')

/** The longest time a holder has to deliver in: three months (Art. 60(2)), of which the shortest have so many days. */
export const LONGEST_DELIVERY_DAYS = 89

/** The application's version that the officer read, so that nobody decides on a text that came meanwhile. */
const Read = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 }))

/** What an officer decides on an application; the node fills in the rest from the application. */
export const issueDocument = documentType('permit-issue', Type.Object({
  kind: Type.Optional(Kind), days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })), deliverWithinDays: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_DELIVERY_DAYS })),
  conditions: Type.Optional(Conditions), reason: Type.Optional(ReasonCode), explanation: Type.Optional(Explanation), version: Read,
}, closed))
export const refuseDocument = documentType('permit-refusal', Type.Object({ reason: ReasonCode, explanation: Type.Optional(Explanation), version: Read }, closed))
export const incompleteDocument = documentType('application-incompleteness', Type.Object({ reason: Type.Optional(ReasonCode), missing: Explanation, version: Read }, closed))
