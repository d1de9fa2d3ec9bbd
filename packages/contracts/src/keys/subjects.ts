// The present key of a subject, or why nothing can be signed for it.
import type { SubjectState } from '@mhmd/schema'
import type { StateView } from '../contract.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

/** The subject's state, if it is enrolled and not closed. */
export function activeSubject(state: StateView, holder: string, subject: string): { readonly ok: true; readonly value: SubjectState } | ReturnType<typeof refuse> {
  const found = state.get(stateKeys.subject(holder, subject)) as SubjectState | undefined
  if (!found) return refuse('SUBJECT_UNKNOWN')
  return found.state === 'closed' ? refuse('SUBJECT_CLOSED') : { ok: true, value: found }
}
