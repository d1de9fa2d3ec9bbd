// `answer {request, content, state, reason, version}`: where sharing rests on consent each holder decides for itself, and may change its answer.
import { AnswerUseRequestPayload } from '@mhmd/schema'
import type { UseAnswerState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { standingUse } from './standing.ts'

export const answer = operation(AnswerUseRequestPayload, {
  reads: ({ request }, tx) => ({ keys: [stateKeys.useRequest(request), stateKeys.useAnswer(request, tx.submitter)] }),
  apply: ({ request, content, ...fields }, tx, state) => {
    const standing = standingUse(state, request, tx.time)
    if (!standing.ok) return standing
    if (!standing.value.holders.includes(tx.submitter)) return refuse('NOT_ADDRESSED')
    if (standing.value.authority !== undefined) return refuse('AUTHORITY_DECIDES')
    if (content !== standing.value.content) return refuse('CONTENT_CHANGED')
    const key = stateKeys.useAnswer(request, tx.submitter)
    const before = state.get(key) as UseAnswerState | undefined
    if (fields.version !== (before?.version ?? 0) + 1) return refuse('VERSION_CONFLICT')
    const value: UseAnswerState = { ...fields, by: tx.submitter, time: tx.time }
    return applied([{ key, value }], 'use-request-answer', { request, holder: tx.submitter, state: fields.state, version: fields.version })
  },
})
