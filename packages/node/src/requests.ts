// Requests between a data user and holders: what each side keeps, the messages that pass, and what goes on the ledger.
import { ordinal } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { dataCategoryCodes, documentType, fhirTypeNames, purposeCodes, questionDocument, ReasonCode, recipientClassCodes, returnCodes, safeguardCodes, useRequestDocument } from '@mhmd/schema'
import type { UseRequest } from '@mhmd/schema'
import { commit, opens } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import Type from 'typebox'
import { orderedTable } from './ordered-table.ts'
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
  /** The access body that decides on it, where it rests on a permit. */
  readonly authority?: string
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

export const requestsOut = orderedTable(jsonTable<RequestOut>('requests-out'), { name: 'requests-out-by-age', placeOf: ({ filed }) => [ordinal(filed)] })
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
/** From the last on: those that wait for an answer, then the others, each the newest first. */
export const requestsIn = orderedTable(jsonTable<RequestIn>('requests-in'), { name: 'requests-in-by-age', placeOf: ({ answer, document, received }) => [answer === undefined && document.basis !== 'permit' ? 'open' : 'answered', ordinal(received)] })

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
const SaltText = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const MemberName = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })

/** Messages of this flow, by kind. */
export const requestMessages = {
  'use-request/1': documentType('use-request-message', Type.Object({ document: useRequestDocument.schema, salt: SaltText }, closed)),
  /** The present text of an application, once the ledger holds the commitment of that version. */
  'use-request-amended/1': documentType('use-request-amended-message', Type.Object({ document: useRequestDocument.schema, salt: SaltText, version: Type.Integer({ minimum: 2 }) }, closed)),
  'use-answer/1': documentType('use-answer-message', Type.Object({ request: Id, state: Type.Union([Type.Literal('accepted'), Type.Literal('refused')]), reason: ReasonCode }, closed)),
  'ask/1': documentType('ask-message', Type.Object({ request: Id, ask: Id }, closed)),
  'release/1': documentType('release-message', Type.Object({ request: Id, ask: Id, answer: Type.Unknown(), manifest: Type.Unknown() }, closed)),
} as const

const asked = {
  class: Type.Enum([...recipientClassCodes]),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  summary: Type.String({ maxLength: 4000 }),
  categories: Type.Array(Type.Enum([...dataCategoryCodes]), { minItems: 1, maxItems: 17, uniqueItems: true }),
  fhirTypes: Type.Array(Type.Enum([...fhirTypeNames]), { maxItems: 40, uniqueItems: true }),
}
const askedOptionally = {
  /** Of which dataset, and which of its columns, where it is a table. */
  dataset: Type.Optional(Type.Object({ holder: MemberName, id: Id, version: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) }, closed)),
  variables: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' }), { minItems: 1, maxItems: 200, uniqueItems: true })),
  safeguards: Type.Optional(Type.Array(Type.Enum([...safeguardCodes]), { maxItems: safeguardCodes.length, uniqueItems: true })),
  returns: Type.Optional(Type.Array(Type.Enum([...returnCodes]), { maxItems: returnCodes.length, uniqueItems: true })),
}

/** What a researcher fills in; the node adds who she is. */
export const newRequestDocument = documentType('new-request', Type.Object({
  /** Chosen by whoever files it, so that filing it again after a cut connection files it once; made here where it is left out. */
  id: Type.Optional(Id),
  holders: Type.Array(MemberName, { minItems: 1, maxItems: 100, uniqueItems: true }),
  /** The access body to ask for a permit (Regulation (EU) 2025/327, Art. 67); without one the request rests on consent. */
  authority: Type.Optional(MemberName),
  ...asked,
  purpose: Type.Enum([...purposeCodes]),
  question: Type.Optional(questionDocument.schema),
  /** A count where it is left out. */
  form: Type.Optional(Type.Enum(['computation', 'anonymised', 'pseudonymised'])),
  days: Type.Integer({ minimum: 1, maximum: 3650 }),
  ...askedOptionally,
}, closed))

export type NewRequest = ReturnType<typeof newRequestDocument.parse>

/** What an applicant may change once her application was called incomplete; the rest stands on the ledger since the filing. What is left out stays. */
export const amendmentDocument = documentType('request-amendment', Type.Object({
  class: Type.Optional(asked.class), title: Type.Optional(asked.title), summary: Type.Optional(asked.summary), categories: Type.Optional(asked.categories), fhirTypes: Type.Optional(asked.fhirTypes), ...askedOptionally,
  /** Null: everybody in the dataset. */
  question: Type.Optional(Type.Union([questionDocument.schema, Type.Null()])),
}, closed))
export type Amendment = ReturnType<typeof amendmentDocument.parse>

/** An asking; its id is chosen by whoever asks, for the same reason. */
export const askDocument = documentType('ask', Type.Object({ ask: Type.Optional(Id), standing: Type.Optional(Type.Literal(true)) }, closed))

export const answerDocument = documentType('request-answer', Type.Object({ state: Type.Union([Type.Literal('accepted'), Type.Literal('refused')]), reason: Type.Optional(ReasonCode) }, closed))
