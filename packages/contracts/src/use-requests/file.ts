// `file {request, holders, …, authority?}`: a data user asks for a use of data; an access body is named exactly where it rests on a permit.
import { FileUseRequestPayload } from '@mhmd/schema'
import type { UseRequestState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { isActive, memberOf, roleRefusal } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

export const file = operation(FileUseRequestPayload, {
  reads: ({ request, holders, authority }) => ({ keys: [stateKeys.useRequest(request), ...[...holders, ...(authority === undefined ? [] : [authority])].map(stateKeys.member)] }),
  apply: ({ request, ...fields }, tx, state) => {
    const refusal = roleRefusal(memberOf(state, tx.submitter), 'data-user', tx)
    if (refusal) return refusal
    if (fields.until < tx.time) return refuse('STATEMENT_EXPIRED')
    if (state.get(stateKeys.useRequest(request)) !== undefined) return refuse('REQUEST_EXISTS')
    if (!fields.holders.every((holder) => isActive(memberOf(state, holder), 'data-holder'))) return refuse('HOLDER_UNKNOWN')
    if ((fields.basis === 'permit') !== (fields.authority !== undefined)) return refuse('AUTHORITY_MISMATCH')
    if (fields.authority !== undefined && !isActive(memberOf(state, fields.authority), 'access-body')) return refuse('AUTHORITY_UNKNOWN')
    const value: UseRequestState = { requester: tx.submitter, ...fields, state: 'filed', by: tx.submitter, reason: 'REQUEST_FILED', version: 1, time: tx.time }
    return applied([{ key: stateKeys.useRequest(request), value }], 'use-request', { request, requester: tx.submitter, state: 'filed', version: 1 })
  },
})
