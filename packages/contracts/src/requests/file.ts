// `file {request, holders, …}`: a data user asks holders of the network for a use of data.
import { FileRequestPayload } from '@mhmd/schema'
import type { RequestState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { isActive, memberOf, roleRefusal } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

export const file = operation(FileRequestPayload, {
  reads: ({ request, holders }) => ({ keys: [stateKeys.request(request), ...holders.map(stateKeys.member)] }),
  apply: ({ request, ...fields }, tx, state) => {
    const refusal = roleRefusal(memberOf(state, tx.submitter), 'data-user', tx)
    if (refusal) return refusal
    if (fields.until < tx.time) return refuse('STATEMENT_EXPIRED')
    if (state.get(stateKeys.request(request)) !== undefined) return refuse('REQUEST_EXISTS')
    if (!fields.holders.every((holder) => isActive(memberOf(state, holder), 'data-holder'))) return refuse('HOLDER_UNKNOWN')
    const value: RequestState = { requester: tx.submitter, ...fields, state: 'filed', version: 1, time: tx.time }
    return applied([{ key: stateKeys.request(request), value }], 'request', { request, requester: tx.submitter })
  },
})
