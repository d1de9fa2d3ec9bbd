// `amend {request, content, version}`: the requester brings what was missing, as long as nobody has decided on what it said before.
import { AmendRequestPayload } from '@mhmd/schema'
import type { UseAnswerState, UseRequestState } from '@mhmd/schema'
import type { StateView } from '../contract.ts'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { standingUse } from './standing.ts'

export const amend = operation(AmendRequestPayload, {
  reads: ({ request }) => ({ keys: [stateKeys.useRequest(request)] }),
  readsNext: ({ request }, _tx, seen) => ({ keys: ((seen.get(stateKeys.useRequest(request)) as UseRequestState | undefined)?.holders ?? []).map((holder) => stateKeys.useAnswer(request, holder)) }),
  apply: ({ request, content, version }, tx, state) => {
    const standing = standingUse(state, request, tx.time)
    if (!standing.ok) return standing
    if (standing.value.requester !== tx.submitter) return refuse('NOT_YOURS')
    if (!isIncomplete(state, request, standing.value)) return refuse('NOT_INCOMPLETE')
    if (version !== standing.value.version + 1) return refuse('VERSION_CONFLICT')
    const value: UseRequestState = { ...standing.value, content, state: 'filed', by: tx.submitter, reason: 'REQUEST_AMENDED', version, time: tx.time }
    return applied([{ key: stateKeys.useRequest(request), value }], 'use-request', { request, requester: tx.submitter, state: 'filed', version })
  },
})

function isIncomplete(state: StateView, request: string, found: UseRequestState): boolean {
  if (found.authority !== undefined) return found.state === 'incomplete'
  const answers = found.holders.map((holder) => (state.get(stateKeys.useAnswer(request, holder)) as UseAnswerState | undefined)?.state)
  return answers.includes('incomplete') && !answers.includes('accepted')
}
