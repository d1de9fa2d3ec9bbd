// `releases@1`: a holder records what left, for a request that it accepted and that stands.
import { RecordReleasePayload } from '@mhmd/schema'
import type { ReleaseState, RequestAnswerState } from '@mhmd/schema'
import { applied, contract, operation } from './define-operation.ts'
import { refuse } from './refusals.ts'
import { standingRequest } from './requests/standing-request.ts'
import { stateKeys } from './state-keys.ts'

const record = operation(RecordReleasePayload, {
  reads: ({ request, release }, tx) => ({ keys: [stateKeys.request(request), stateKeys.requestAnswer(request, tx.submitter), stateKeys.release(request, tx.submitter, release)] }),
  apply: ({ request, release, ...fields }, tx, state) => {
    const standing = standingRequest(state, request, tx.time)
    if (!standing.ok) return standing
    const answer = state.get(stateKeys.requestAnswer(request, tx.submitter)) as RequestAnswerState | undefined
    if (answer?.state !== 'accepted') return refuse('NO_ACCEPTED_REQUEST')
    if (fields.form !== standing.value.form) return refuse('FORM_MISMATCH')
    const key = stateKeys.release(request, tx.submitter, release)
    if (state.get(key) !== undefined) return refuse('RELEASE_EXISTS')
    const value: ReleaseState = { ...fields, time: tx.time }
    return applied([{ key, value }], 'release', { request, holder: tx.submitter, release, height: fields.height })
  },
})

export const releases = contract('releases', 1, { record })
