// Payloads and states of `datasets@1`, `requests@1`, `releases@1` and `private@1`.
import Type from 'typebox'
import { CommitmentText, Digest, Ehds51Category, Exactly, Height, Id, MemberId, ReasonCode, Time, Version, VocabularyCode } from './fields.ts'

const dataset = {
  categories: Type.Array(Ehds51Category, { minItems: 1, maxItems: 17, uniqueItems: true }),
  /** A commitment to the dataset's description. */
  description: CommitmentText,
  version: Version,
  state: Type.Union([Type.Literal('offered'), Type.Literal('withdrawn')]),
}
export const RegisterDatasetPayload = Exactly({ dataset: Id, ...dataset })

const request = {
  holders: Type.Array(MemberId, { minItems: 1, maxItems: 100, uniqueItems: true }),
  purpose: VocabularyCode,
  form: VocabularyCode,
  basis: VocabularyCode,
  /** A commitment to the request document. */
  content: CommitmentText,
  until: Time,
}
export const FileRequestPayload = Exactly({ request: Id, ...request })

const Answer = Type.Union([Type.Literal('accepted'), Type.Literal('refused')])
export const AnswerRequestPayload = Exactly({ request: Id, holder: MemberId, state: Answer, reason: ReasonCode, version: Version })
export const CloseRequestPayload = Exactly({ request: Id })

const release = {
  form: VocabularyCode,
  /** The height at which the cohort was resolved. Recorded, not checked: no contract knows a height. */
  height: Height,
  /** A commitment to the release's manifest. */
  content: CommitmentText,
}
export const RecordReleasePayload = Exactly({ release: Id, request: Id, ...release })

/** `keyHash` and `valueHash` as `privateHashes` makes them, over a value that begins with 16 random bytes or more. */
export const PutPrivatePayload = Exactly({ keyHash: Digest, valueHash: Digest })
export const PurgePrivatePayload = Exactly({ keyHash: Digest })

/** States by the first part of their key. */
export const sharingStates = {
  dataset: Exactly({ ...dataset, time: Time }),
  request: Exactly({ requester: MemberId, ...request, state: Type.Union([Type.Literal('filed'), Type.Literal('closed')]), version: Version, time: Time }),
  'request-answer': Exactly({ state: Answer, reason: ReasonCode, version: Version, time: Time }),
  release: Exactly({ ...release, time: Time }),
  private: Type.Union([Exactly({ state: Type.Literal('present'), valueHash: Digest, time: Time }), Exactly({ state: Type.Literal('purged'), time: Time })]),
}
export type DatasetState = Type.Static<typeof sharingStates.dataset>
export type RequestState = Type.Static<typeof sharingStates.request>
export type RequestAnswerState = Type.Static<(typeof sharingStates)['request-answer']>
export type ReleaseState = Type.Static<typeof sharingStates.release>
export type PrivateState = Type.Static<typeof sharingStates.private>
