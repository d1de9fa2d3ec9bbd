// The request that an answer or a release is about, while it stands.
import type { RequestState } from '@mhmd/schema'
import type { StateView } from '../contract.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

export function standingRequest(state: StateView, request: string, time: number): { readonly ok: true; readonly value: RequestState } | ReturnType<typeof refuse> {
  const found = state.get(stateKeys.request(request)) as RequestState | undefined
  if (!found) return refuse('REQUEST_UNKNOWN')
  return found.state === 'closed' || found.until < time ? refuse('REQUEST_CLOSED') : { ok: true, value: found }
}
