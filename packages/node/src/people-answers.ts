// Pieces of which answers of the people interface are made; the ledger's own fields come from packages/schema.
import { Digest, Id, MemberId, PublicKeyText } from '@mhmd/schema'
import { staffRoles } from './staff.ts'
import Type from 'typebox'
import type { TSchema } from 'typebox'

/** An object with exactly these members. */
export const Exactly = <P extends Type.TProperties>(properties: P): Type.TObject<P> => Type.Object(properties, { additionalProperties: false })
/** Null where there is none. */
export const OrNull = <S extends TSchema>(schema: S): Type.TUnion<[S, Type.TNull]> => Type.Union([schema, Type.Null()])
/** Milliseconds since 1970. */
export const When = Type.Integer({ minimum: 0 })
export const Count = Type.Integer({ minimum: 0 })
/** -1 before the first block is heard. */
export const AtHeight = Type.Integer({ minimum: -1 })
/** Of a state on the ledger; 0 where there is none yet. */
export const StateVersion = Type.Integer({ minimum: 0 })
/** An error's or a refusal's stable code. */
export const Code = Type.String({ pattern: '^[A-Z][A-Z0-9_]{1,80}$' })
export const Title = Type.String({ maxLength: 200 })

/** What came of an operation that stands on the ledger. */
export const Recorded = Exactly({ height: AtHeight })

export const Notices = Type.Array(Exactly({ version: StateVersion, language: Type.Enum(['en', 'it']), text: Type.String(), hash: Digest }))

/** Whether a release was called back, and what its recipient says. */
export const RecallShown = Exactly({ sent: When, answered: OrNull(When), late: Type.Boolean() })

export const JobShown = Exactly({
  id: Id, kind: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }), input: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  state: Type.Enum(['waiting', 'done', 'failed', 'cancelled']), attempts: Count, created: When, resumed: Type.Optional(When),
  progress: Type.Optional(Exactly({ done: Count, total: Count })), code: Type.Optional(Code),
  problem: Type.Optional(Exactly({ code: Code, kind: Type.String(), message: Type.String(), remedy: Type.String(), details: Type.Record(Type.String(), Type.Unknown()) })),
})

/** `mhmd-proof/1`: that an operation stands in the derived log, under a signed checkpoint. */
export const ProofShown = Exactly({
  format: Type.Literal('mhmd-proof/1'),
  leaf: Exactly({ operationId: Id, height: Count, index: Count, code: Code, writes: Digest }),
  writes: Type.Array(Type.Union([Exactly({ key: Type.Array(Type.String()), value: Type.Unknown() }), Digest])),
  logIndex: Count, inclusion: Type.Array(Digest), checkpoint: Type.String(), signatures: Type.Array(Type.String()),
})

const Reason = Exactly({ code: Code, citation: Type.String(), detail: Type.Optional(Type.String()) })
/** The decision engine's answer about one person, with its reasons. */
export const VerdictShown = Exactly({ answer: Type.Enum(['permit', 'deny', 'undetermined']), basis: Type.String(), reasons: Type.Array(Reason), until: OrNull(When), simulation: Type.Boolean() })

export const RequesterShown = Exactly({ member: MemberId, class: Type.String(), country: Type.String(), onBehalfOfPublicBody: Type.Optional(Type.Boolean()) })

/** What a holder answered a request with. */
export const HolderAnswerShown = Exactly({ state: Type.Enum(['accepted', 'refused']), reason: Code, at: When, version: Type.Optional(StateVersion) })

export const Roles = Type.Array(Type.Enum([...staffRoles]), { minItems: 1, maxItems: staffRoles.length, uniqueItems: true })

export { Digest, Id, MemberId, PublicKeyText }
