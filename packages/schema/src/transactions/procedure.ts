// Payloads and states of `requests@2`, `permits@1`, `agreements@1` and `releases@2`: from an application to the deletion of what left.
import Type from 'typebox'
import { CommitmentText, Digest, Exactly, Height, Id, KeyedSignature, MemberId, ReasonCode, Time, Version, VocabularyCode } from './fields.ts'

const filed = {
  holders: Type.Array(MemberId, { minItems: 1, maxItems: 100, uniqueItems: true }),
  purpose: VocabularyCode,
  form: VocabularyCode,
  basis: VocabularyCode,
  /** The access body that decides on it; without one each holder decides for itself. */
  authority: Type.Optional(MemberId),
  /** A commitment to the request document. */
  content: CommitmentText,
  until: Time,
}
export const FileUseRequestPayload = Exactly({ request: Id, ...filed })

const Completeness = Type.Union([Type.Literal('complete'), Type.Literal('incomplete')])
/** By the access body: whether it can decide on what it got. */
export const ExamineRequestPayload = Exactly({ request: Id, content: filed.content, state: Completeness, reason: ReasonCode, version: Version })
/** By the requester, after an incomplete one. */
export const AmendRequestPayload = Exactly({ request: Id, content: CommitmentText, version: Version })
const UseAnswer = Type.Union([Type.Literal('complete'), Type.Literal('incomplete'), Type.Literal('accepted'), Type.Literal('refused')])
/** By a holder, where holders decide. */
export const AnswerUseRequestPayload = Exactly({ request: Id, content: filed.content, state: UseAnswer, reason: ReasonCode, version: Version })
export const CloseUseRequestPayload = Exactly({ request: Id, reason: ReasonCode })

const PermitKind = Type.Union([Type.Literal('data-permit'), Type.Literal('data-request')])
export const IssuePermitPayload = Exactly({ permit: Id, request: Id, kind: PermitKind, content: CommitmentText, from: Time, until: Time, reason: ReasonCode })
export const RefusePermitPayload = Exactly({ request: Id, reason: ReasonCode })
export const RevokePermitPayload = Exactly({ request: Id, reason: ReasonCode })

export const OfferAgreementPayload = Exactly({ agreement: Id, request: Id, content: CommitmentText, until: Time, version: Version })
export const AcceptAgreementPayload = Exactly({ request: Id, holder: MemberId, agreement: Id, version: Version })
export const EndAgreementPayload = Exactly({ request: Id, holder: MemberId, agreement: Id, reason: ReasonCode, version: Version })

const left = {
  form: VocabularyCode,
  /** The height at which the cohort was resolved. Recorded, not checked: no contract knows a height. */
  height: Height,
  /** A commitment to both manifests. */
  content: CommitmentText,
  /** A commitment to the digest of the bytes that may leave; none where a figure was the answer. */
  bytes: Type.Optional(CommitmentText),
}
export const RecordUseReleasePayload = Exactly({ release: Id, request: Id, ...left })

/** Signed by a member of the holder's staff (`release-assessment`): for this recipient, in this context, until then. `report` commits to her reasons. */
export const ReleaseAssessment = Exactly({
  network: Digest, contract: Type.Literal('releases@2'), holder: MemberId, request: Id, release: Id, recipient: MemberId,
  state: Type.Union([Type.Literal('anonymous'), Type.Literal('not-anonymous')]), reason: ReasonCode, report: CommitmentText, until: Time, version: Version,
})
export type ReleaseAssessment = Type.Static<typeof ReleaseAssessment>
export const AssessReleasePayload = Exactly({ statement: ReleaseAssessment, by: KeyedSignature })
/** By the recipient; `receipt` commits to its signed statement. */
export const DeleteReleasePayload = Exactly({ release: Id, request: Id, holder: MemberId, reason: ReasonCode, receipt: CommitmentText })

/** States by the first part of their key; `by` is who brought it there, `time` when, `reason` why. */
const moved = { by: MemberId, reason: ReasonCode, version: Version, time: Time }
export const procedureStates = {
  'use-request': Exactly({ requester: MemberId, ...filed, state: Type.Union([Type.Literal('filed'), Type.Literal('complete'), Type.Literal('incomplete'), Type.Literal('closed')]), ...moved }),
  'use-request-answer': Exactly({ state: UseAnswer, ...moved }),
  permit: Exactly({ state: Type.Union([Type.Literal('issued'), Type.Literal('refused'), Type.Literal('revoked')]), permit: Type.Optional(Exactly({ id: Id, kind: PermitKind, content: CommitmentText, from: Time, until: Time })), ...moved }),
  agreement: Exactly({ agreement: Id, content: CommitmentText, until: Time, state: Type.Union([Type.Literal('offered'), Type.Literal('accepted'), Type.Literal('ended')]), ...moved }),
  'use-release': Exactly({ ...left, time: Time }),
  'release-assessment': Exactly({ state: ReleaseAssessment.properties.state, recipient: MemberId, reason: ReasonCode, report: CommitmentText, until: Time, key: KeyedSignature.properties.key, version: Version, time: Time }),
  'release-deletion': Exactly({ reason: ReasonCode, receipt: CommitmentText, time: Time }),
}
export type UseRequestState = Type.Static<(typeof procedureStates)['use-request']>
export type UseAnswerState = Type.Static<(typeof procedureStates)['use-request-answer']>
export type PermitState = Type.Static<typeof procedureStates.permit>
export type AgreementState = Type.Static<typeof procedureStates.agreement>
export type UseReleaseState = Type.Static<(typeof procedureStates)['use-release']>
export type ReleaseAssessmentState = Type.Static<(typeof procedureStates)['release-assessment']>
export type ReleaseDeletionState = Type.Static<(typeof procedureStates)['release-deletion']>
