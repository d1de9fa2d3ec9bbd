// `assess {statement, by}`: what a steward of the holder holds of a release, for its recipient and until a day, signed by her own key.
import { AssessReleasePayload } from '@mhmd/schema'
import type { ReleaseAssessmentState, StaffKeyState, UseRequestState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { checkOf, statementKinds } from '../statements.ts'

export const assess = operation(AssessReleasePayload, {
  reads: ({ statement: { request, holder, release }, by }) => ({ keys: [stateKeys.useRequest(request), stateKeys.useRelease(request, holder, release), stateKeys.assessment(request, holder, release), stateKeys.staff(holder, by.key)] }),
  proofs: ({ statement, by }) => [checkOf(statementKinds.releaseAssessment, statement, by)],
  apply: ({ statement, by }, tx, state) => {
    const { request, holder, release, recipient, version, until } = statement
    if (statement.network !== tx.network) return refuse('WRONG_NETWORK')
    if (holder !== tx.submitter) return refuse('NOT_YOURS')
    if (state.get(stateKeys.useRelease(request, holder, release)) === undefined) return refuse('RELEASE_UNKNOWN')
    if ((state.get(stateKeys.useRequest(request)) as UseRequestState | undefined)?.requester !== recipient) return refuse('OTHER_RECIPIENT')
    if ((state.get(stateKeys.staff(holder, by.key)) as StaffKeyState | undefined)?.state !== 'active') return refuse('NOT_STAFF')
    if (until <= tx.time) return refuse('STATEMENT_EXPIRED')
    const key = stateKeys.assessment(request, holder, release)
    const before = state.get(key) as ReleaseAssessmentState | undefined
    if (version !== (before?.version ?? 0) + 1) return refuse('VERSION_CONFLICT')
    const value: ReleaseAssessmentState = { state: statement.state, recipient, reason: statement.reason, report: statement.report, until, key: by.key, version, time: tx.time }
    return applied([{ key, value }], 'release-assessment', { request, holder, release, state: statement.state, version })
  },
})
