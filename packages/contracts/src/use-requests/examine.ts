// `examine {request, content, state, reason, version}`: the access body says whether it can decide on what it got.
import { ExamineRequestPayload } from '@mhmd/schema'
import type { UseRequestState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { memberOf, roleRefusal } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { standingUse } from './standing.ts'

export const examine = operation(ExamineRequestPayload, {
  reads: ({ request }) => ({ keys: [stateKeys.useRequest(request), stateKeys.permit(request)] }),
  apply: ({ request, content, state: examined, reason, version }, tx, state) => {
    const standing = standingUse(state, request, tx.time)
    if (!standing.ok) return standing
    if (standing.value.authority !== tx.submitter) return refuse('NOT_YOURS')
    const refusal = roleRefusal(memberOf(state, tx.submitter), 'access-body', tx)
    if (refusal) return refusal
    if (state.get(stateKeys.permit(request)) !== undefined) return refuse('PERMIT_DECIDED')
    if (content !== standing.value.content) return refuse('CONTENT_CHANGED')
    if (version !== standing.value.version + 1) return refuse('VERSION_CONFLICT')
    const value: UseRequestState = { ...standing.value, state: examined, by: tx.submitter, reason, version, time: tx.time }
    return applied([{ key: stateKeys.useRequest(request), value }], 'use-request', { request, requester: value.requester, state: examined, version })
  },
})
