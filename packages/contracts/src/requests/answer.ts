// `answer {request, holder, state, reason, version}`: a holder accepts or refuses, and may change its answer while the request stands.
import { AnswerRequestPayload } from '@mhmd/schema'
import type { RequestAnswerState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { standingRequest } from './standing-request.ts'

export const answer = operation(AnswerRequestPayload, {
  reads: ({ request, holder }) => ({ keys: [stateKeys.request(request), stateKeys.requestAnswer(request, holder)] }),
  apply: ({ request, holder, ...fields }, tx, state) => {
    if (holder !== tx.submitter) return refuse('NOT_YOURS')
    const standing = standingRequest(state, request, tx.time)
    if (!standing.ok) return standing
    if (!standing.value.holders.includes(holder)) return refuse('NOT_ADDRESSED')
    const key = stateKeys.requestAnswer(request, holder)
    const before = state.get(key) as RequestAnswerState | undefined
    if (fields.version !== (before?.version ?? 0) + 1) return refuse('VERSION_CONFLICT')
    const value: RequestAnswerState = { ...fields, time: tx.time }
    return applied([{ key, value }], 'request-answer', { request, holder, state: fields.state, version: fields.version })
  },
})
