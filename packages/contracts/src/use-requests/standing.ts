// The request that an act of the procedure is about, while it stands, and whether its holders may deliver.
import type { PermitState, UseAnswerState, UseRequestState } from '@mhmd/schema'
import type { StateView } from '../contract.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

type Refused = ReturnType<typeof refuse>

export function standingUse(state: StateView, request: string, time: number): { readonly ok: true; readonly value: UseRequestState } | Refused {
  const found = state.get(stateKeys.useRequest(request)) as UseRequestState | undefined
  if (!found) return refuse('REQUEST_UNKNOWN')
  return found.state === 'closed' || found.until < time ? refuse('REQUEST_CLOSED') : { ok: true, value: found }
}

/** Refuses a holder that the request does not name, that did not accept it, or, where an access body decides, that no permit in force covers. */
export function deliveryRefusal(state: StateView, { request, holder, time }: { request: string; holder: string; time: number }, found: UseRequestState): Refused | undefined {
  if (!found.holders.includes(holder)) return refuse('NOT_ADDRESSED')
  if (found.authority === undefined) {
    const answer = state.get(stateKeys.useAnswer(request, holder)) as UseAnswerState | undefined
    return answer?.state === 'accepted' ? undefined : refuse('NO_ACCEPTED_REQUEST')
  }
  const decided = state.get(stateKeys.permit(request)) as PermitState | undefined
  const isInForce = decided?.state === 'issued' && decided.permit !== undefined && time >= decided.permit.from && time < decided.permit.until
  return isInForce ? undefined : refuse('PERMIT_NOT_IN_FORCE')
}
