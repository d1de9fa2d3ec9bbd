// `close {request}`: the requester ends its request; nothing is released for it any more.
import { CloseRequestPayload } from '@mhmd/schema'
import type { RequestState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

export const close = operation(CloseRequestPayload, {
  reads: ({ request }) => ({ keys: [stateKeys.request(request)] }),
  apply: ({ request }, tx, state) => {
    const key = stateKeys.request(request)
    const before = state.get(key) as RequestState | undefined
    if (!before) return refuse('REQUEST_UNKNOWN')
    if (before.requester !== tx.submitter) return refuse('NOT_YOURS')
    if (before.state === 'closed') return refuse('REQUEST_CLOSED')
    const value: RequestState = { ...before, state: 'closed', version: before.version + 1, time: tx.time }
    return applied([{ key, value }], 'request-closed', { request })
  },
})
