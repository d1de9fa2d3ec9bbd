// `close {request, reason}`: the requester ends its request; nothing is released for it any more.
import { CloseUseRequestPayload } from '@mhmd/schema'
import type { UseRequestState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

export const close = operation(CloseUseRequestPayload, {
  reads: ({ request }) => ({ keys: [stateKeys.useRequest(request)] }),
  apply: ({ request, reason }, tx, state) => {
    const before = state.get(stateKeys.useRequest(request)) as UseRequestState | undefined
    if (!before) return refuse('REQUEST_UNKNOWN')
    if (before.requester !== tx.submitter) return refuse('NOT_YOURS')
    if (before.state === 'closed') return refuse('REQUEST_CLOSED')
    const value: UseRequestState = { ...before, state: 'closed', by: tx.submitter, reason, version: before.version + 1, time: tx.time }
    return applied([{ key: stateKeys.useRequest(request), value }], 'use-request', { request, requester: tx.submitter, state: 'closed', version: value.version })
  },
})
