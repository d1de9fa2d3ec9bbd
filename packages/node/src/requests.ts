// Requests between a data user and holders: what each side keeps, the messages that pass, and what goes on the ledger.
import type { Canonical } from '@mhmd/base'
import { dataCategoryCodes, documentType, fhirTypeNames, purposeCodes, questionDocument, recipientClassCodes, returnCodes, safeguardCodes, useRequestDocument } from '@mhmd/schema'
import type { UseRequest } from '@mhmd/schema'
import { commit, opens } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import Type from 'typebox'
import { jsonTable } from './table.ts'

/** The domain of the commitments of request documents. */
const REQUEST_CONTENT = 'use-request'

export const requestCommitment = (document: UseRequest, salt: Salt): string => commit(REQUEST_CONTENT, document, salt)
export const opensRequest = (commitment: string, document: UseRequest, salt: Salt): boolean => opens(commitment, REQUEST_CONTENT, { content: document, salt })

/** What a holder answered: whether it agrees, or why nothing came. */
export interface HolderAnswer {
  readonly state: 'accepted' | 'refused'
  readonly reason: string
  readonly at: number
}

/** One answer to one asking: the protected figure, or that none is given, with the recipient's manifest. */
export interface Answered {
  readonly ask: string
  readonly holder: string
  readonly answer: Canonical
  readonly manifest: Canonical
  readonly at: number
}

/** A request as its requester keeps it. */
export interface RequestOut {
  readonly document: UseRequest
  readonly salt: Salt
  readonly holders: readonly string[]
  readonly filed: number
  readonly answers: Readonly<Record<string, HolderAnswer>>
}

/** A request as a holder keeps it. */
export interface RequestIn {
  readonly document: UseRequest
  readonly salt: Salt
  readonly received: number
  readonly answer?: HolderAnswer & { readonly version: number }
}

export const requestsOut = jsonTable<RequestOut>('requests-out')
/** Requests on their way to the ledger, each with the operation that files it; gone once it stands there and leaves for the holders. */
export const filings = jsonTable<{ readonly operationId: string }>('requests-filing')
/** An asking of some holders; where it is standing, a figure that is called back is asked for again. */
export interface AskOut {
  readonly holders: readonly string[]
  readonly standing?: true
}

/** By request and ask. */
export const asksOut = jsonTable<AskOut>('asks-out')
export const answersIn = jsonTable<Answered>('answers-in')
export const requestsIn = jsonTable<RequestIn>('requests-in')

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
const SaltText = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const MemberName = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })

/** Messages of this flow, by kind. */
export const requestMessages = {
  'use-request/1': documentType('use-request-message', Type.Object({ document: useRequestDocument.schema, salt: SaltText }, closed)),
  'use-answer/1': documentType('use-answer-message', Type.Object({ request: Id, state: Type.Union([Type.Literal('accepted'), Type.Literal('refused')]), reason: Type.String({ pattern: '^[A-Z]+(_[A-Z]+){1,5}$' }) }, closed)),
  'ask/1': documentType('ask-message', Type.Object({ request: Id, ask: Id }, closed)),
  'release/1': documentType('release-message', Type.Object({ request: Id, ask: Id, answer: Type.Unknown(), manifest: Type.Unknown() }, closed)),
} as const

/** What a researcher fills in; the node adds who she is. */
export const newRequestDocument = documentType('new-request', Type.Object({
  /** Chosen by whoever files it, so that filing it again after a cut connection files it once; made here where it is left out. */
  id: Type.Optional(Id),
  holders: Type.Array(MemberName, { minItems: 1, maxItems: 100, uniqueItems: true }),
  class: Type.Enum([...recipientClassCodes]),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  summary: Type.String({ maxLength: 4000 }),
  purpose: Type.Enum([...purposeCodes]),
  categories: Type.Array(Type.Enum([...dataCategoryCodes]), { minItems: 1, maxItems: 17, uniqueItems: true }),
  fhirTypes: Type.Array(Type.Enum([...fhirTypeNames]), { maxItems: 40, uniqueItems: true }),
  question: Type.Optional(questionDocument.schema),
  /** A count where it is left out. */
  form: Type.Optional(Type.Enum(['computation', 'anonymised', 'pseudonymised'])),
  /** Of which dataset, and which of its columns, where it is a table. */
  dataset: Type.Optional(Type.Object({ holder: MemberName, id: Id, version: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) }, closed)),
  variables: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' }), { minItems: 1, maxItems: 200, uniqueItems: true })),
  days: Type.Integer({ minimum: 1, maximum: 3650 }),
  safeguards: Type.Optional(Type.Array(Type.Enum([...safeguardCodes]), { maxItems: safeguardCodes.length, uniqueItems: true })),
  returns: Type.Optional(Type.Array(Type.Enum([...returnCodes]), { maxItems: returnCodes.length, uniqueItems: true })),
}, closed))

export type NewRequest = ReturnType<typeof newRequestDocument.parse>

/** An asking; its id is chosen by whoever asks, for the same reason. */
export const askDocument = documentType('ask', Type.Object({ ask: Type.Optional(Id), standing: Type.Optional(Type.Literal(true)) }, closed))

export const answerDocument = documentType('request-answer', Type.Object({ state: Type.Union([Type.Literal('accepted'), Type.Literal('refused')]), reason: Type.Optional(Type.String({ pattern: '^[A-Z]+(_[A-Z]+){1,5}$' })) }, closed))
