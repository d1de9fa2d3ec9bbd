// What nodes answer to a citizen's device, checked before she acts on it.
import { KeyEnrolment, KeyedSignature, documentType } from '@mhmd/schema'
import Type from 'typebox'

const digest = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const member = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })
const subject = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
const version = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

/** A notice to read before deciding (Regulation (EU) 2016/679, Art. 13); `hash` is the digest of the statement `notice` of the rest. */
const noticeSchema = Type.Object({ version, language: Type.String({ maxLength: 10 }), text: Type.String({ minLength: 1, maxLength: 20_000 }), hash: digest }, { additionalProperties: false })
export type Notice = Type.Static<typeof noticeSchema>

export const enrolmentBegun = documentType('enrolment-begun', Type.Object({ subject, holder: member, network: digest, notices: Type.Array(noticeSchema, { minItems: 1, maxItems: 50 }) }))
export const enrolmentSigned = documentType('enrolment-signed', Type.Object({ statement: KeyEnrolment, holder: KeyedSignature }))
export const accountOpened = documentType('account-opened', Type.Object({ provider: member, network: digest }))
const taken = Type.Object({ version, receivedAt: Type.Integer({ minimum: 0 }), enforced: Type.String({ maxLength: 100 }) })
/** `enforced` says from when the holder acts on it. */
export type DecisionTaken = Type.Static<typeof taken>
export const decisionTaken = documentType('decision-taken', taken)

const holderView = Type.Object({
  holder: member,
  subject,
  height: Type.Integer({ minimum: 0 }),
  /** What the ledger shows, and what the holder would take next. */
  versions: Type.Object({ consent: version, 'opt-out': version }),
  next: Type.Object({ consent: version, 'opt-out': version }),
  /** Of her key at this holder. */
  keyVersion: version,
  notices: Type.Array(noticeSchema, { minItems: 1, maxItems: 50 }),
  /** Where her records were found under several patient numbers and put together. */
  merged: Type.Optional(Type.Union([Type.Null(), Type.Object({ numbers: Type.Integer({ minimum: 2 }), at: Type.Integer({ minimum: 0 }) })])),
  /** Where what was kept of her there is erased (`done`), or is to be. */
  erased: Type.Optional(Type.Union([Type.Null(), Type.Object({ asked: Type.Integer({ minimum: 0 }), done: Type.Union([Type.Null(), Type.Integer({ minimum: 0 })]) })])),
  choices: Type.Array(Type.Unknown()),
  preview: Type.Array(Type.Unknown()),
  permits: Type.Array(Type.Unknown()),
})
/** What a holder tells her of herself: her choices as it knows them, and what each open request would get. */
export type HolderView = Type.Static<typeof holderView>
export const holderViewDocument = documentType('holder-view', holderView)

const identified = Type.Object({ identifier: Type.Object({ value: Type.String() }) })
const accessEvent = Type.Object({
  recorded: Type.String(),
  purposeOfEvent: Type.Array(Type.Object({ coding: Type.Array(Type.Object({ code: Type.String() })) })),
  agent: Type.Array(Type.Object({ who: identified, requestor: Type.Boolean() })),
  entity: Type.Array(Type.Object({ what: Type.Optional(identified), type: Type.Object({ code: Type.String() }), detail: Type.Optional(Type.Array(Type.Object({ type: Type.String(), valueString: Type.String() }))) })),
})
/** One reading of her records: a FHIR R4 AuditEvent, as far as a device shows it. */
export type AccessEvent = Type.Static<typeof accessEvent>
/** An import that brought records of hers: a FHIR R4 Provenance, as far as a device shows it. */
const importEvent = Type.Object({
  id: Type.String(), recorded: Type.String(),
  extension: Type.Array(Type.Object({ extension: Type.Array(Type.Object({ url: Type.String(), valueUnsignedInt: Type.Integer({ minimum: 0 }) })) })),
})
export type ImportEvent = Type.Static<typeof importEvent>
export const accessLogDocument = documentType('access-log', Type.Object({ holder: member, events: Type.Array(accessEvent), imports: Type.Array(importEvent) }))
