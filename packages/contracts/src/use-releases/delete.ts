// `delete {release, request, holder, reason, receipt}`: the recipient says that it holds the release no longer.
import { DeleteReleasePayload } from '@mhmd/schema'
import type { ReleaseDeletionState, UseRequestState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

/** Not bound to the request's time: what is due after its end is deleted after its end. */
export const deleteRelease = operation(DeleteReleasePayload, {
  reads: ({ request, holder, release }) => ({ keys: [stateKeys.useRequest(request), stateKeys.useRelease(request, holder, release), stateKeys.deletion(request, holder, release)] }),
  apply: ({ request, holder, release, reason, receipt }, tx, state) => {
    if (state.get(stateKeys.useRelease(request, holder, release)) === undefined) return refuse('RELEASE_UNKNOWN')
    if ((state.get(stateKeys.useRequest(request)) as UseRequestState | undefined)?.requester !== tx.submitter) return refuse('NOT_YOURS')
    const key = stateKeys.deletion(request, holder, release)
    if (state.get(key) !== undefined) return refuse('DELETION_RECORDED')
    const value: ReleaseDeletionState = { reason, receipt, time: tx.time }
    return applied([{ key, value }], 'release-deletion', { request, holder, release })
  },
})
