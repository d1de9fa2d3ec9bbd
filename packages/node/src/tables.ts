// Tables between a holder and a requester: the agreement under which bytes leave, the offer of a release, and the messages that pass.
import { documentType } from '@mhmd/schema'
import type { AgreementState } from '@mhmd/schema'
import type { Salt } from '@mhmd/crypto'
import Type from 'typebox'
import { recallStatementDocument } from '@mhmd/accounts'
import { Exactly, MemberId, OrNull, When } from './people-answers.ts'
import { jsonTable } from './table.ts'

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
const Digest = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const MemberName = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })
const Time = Type.Integer({ minimum: 1, maximum: 253_402_300_799_999 })

export const duties = ['only-for-this-request', 'no-re-identification', 'no-onward-transfer', 'delete-at-the-end', 'answer-recalls'] as const

/** What holder and requester agree on. Its commitment stands on the ledger. */
const agreementDocument = documentType('agreement', Type.Object({
  format: Type.Literal('mhmd-agreement/1'), agreement: Id, request: Id, holder: MemberName, recipient: MemberName, form: Type.Enum(['anonymised', 'pseudonymised']),
  until: Time, duties: Type.Array(Type.Enum([...duties]), { maxItems: duties.length, uniqueItems: true }),
}, closed))
export type Agreement = ReturnType<typeof agreementDocument.parse>

/** An agreement as either side's people see it, with the ledger's word on it. */
export const AgreementShown = Exactly({ document: agreementDocument.schema, state: OrNull(Type.Enum(['offered', 'accepted', 'ended'])), since: OrNull(When), by: OrNull(MemberId) })

/** The ledger may tell of another agreement for the same request, or of none yet. */
export const agreementShown = (document: Agreement, state: AgreementState | undefined): object =>
  state?.agreement === document.agreement ? { document, state: state.state, since: state.time, by: state.by } : { document, state: null, since: null, by: null }

/** The domain of the commitments of agreements. */
export const AGREEMENT_CONTENT = 'agreement'

export interface AgreementKept {
  readonly document: Agreement
  readonly salt: Salt
}

/** A holder's, by request; a requester's, by request and holder. */
export const agreementsOffered = jsonTable<AgreementKept>('agreements-offered')
export const agreementsReceived = jsonTable<AgreementKept>('agreements-received')

/** Messages of this flow, by kind. A manifest travels as the text that is committed to. */
export const tableMessages = {
  'agreement/1': documentType('agreement-message', Type.Object({ document: agreementDocument.schema, salt: Digest }, closed)),
  'table-offer/1': documentType('table-offer-message', Type.Object({
    request: Id, release: Id, agreement: Id, manifest: Type.String({ maxLength: 200_000 }), holderManifest: Digest, salt: Digest, size: Type.Integer({ minimum: 1, maximum: 2 ** 40 }), digest: Digest,
  }, closed)),
  'table-received/1': documentType('table-received-message', Type.Object({ release: Id, digest: Digest }, closed)),
  'table-stopped/1': documentType('table-stopped-message', Type.Object({ release: Id }, closed)),
  'table-deleted/1': documentType('table-deleted-message', Type.Object({ release: Id, document: recallStatementDocument.schema }, closed)),
} as const

/** Where a holder's member port gives the bytes of a release. */
export const bytesPath = (release: string, from: number): string => `/members/1/tables/${release}/bytes?from=${from}`
