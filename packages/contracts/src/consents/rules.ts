// What must hold before a decision or a desk declaration changes the state about a subject: the one place for consents and opt-outs alike.
import type { Key } from '@mhmd/base'
import type { ConsentDecision, DecisionState, DeskDeclaration, OptOutDecision, SubjectState } from '@mhmd/schema'
import type { StateView, Write } from '../contract.ts'
import { activeSubject } from '../keys/subjects.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

type Refused = ReturnType<typeof refuse>
export type Kind = 'consent' | 'opt-out'
type Act = Pick<ConsentDecision | OptOutDecision | DeskDeclaration, 'holder' | 'subject' | 'operation' | 'version' | 'content' | 'expires'>

const keyOf = { consent: stateKeys.consent, 'opt-out': stateKeys.optOut } as const

export const decisionReads = (kind: Kind, { holder, subject }: Act): readonly Key[] => [stateKeys.subject(holder, subject), keyOf[kind](holder, subject)]

const present = (state: StateView, kind: Kind, act: Act): DecisionState | undefined => state.get(keyOf[kind](act.holder, act.subject)) as DecisionState | undefined

/** Withdrawing a consent has no end: late is better than never. All else must not be over. */
const isOver = (kind: Kind, act: Act, time: number): boolean => act.expires < time && !(kind === 'consent' && act.operation === 'withdraw')

/** Why a decision signed with this key is refused. */
export function herRefusal(state: StateView, kind: Kind, { act, key, time }: { act: Act; key: string; time: number }): Refused | undefined {
  const subject = activeSubject(state, act.holder, act.subject)
  if (!subject.ok) return subject
  if (subject.value.key !== key) return refuse('NOT_HER_KEY')
  return versionRefusal(present(state, kind, act), act) ?? (isOver(kind, act, time) ? refuse('STATEMENT_EXPIRED') : undefined)
}

/** Why a desk declaration is refused: it never changes what she decided herself, except by an opt-out where none of hers stands. */
export function deskRefusal(state: StateView, kind: Kind, { act, time }: { act: Act; time: number }): Refused | undefined {
  const before = present(state, kind, act)
  return (kind === 'consent' ? deskConsentRefusal(state, before, act) : deskOptOutRefusal(before, act, time))
    ?? versionRefusal(before, act) ?? (isOver(kind, act, time) ? refuse('STATEMENT_EXPIRED') : undefined)
}

function deskConsentRefusal(state: StateView, before: DecisionState | undefined, act: Act): Refused | undefined {
  if (before?.by === 'subject') return refuse('SUBJECT_DECIDED')
  if (act.operation === 'withdraw') return before?.state === 'active' ? undefined : refuse('NOTHING_TO_WITHDRAW')
  const subject = state.get(stateKeys.subject(act.holder, act.subject)) as SubjectState | undefined
  return subject?.state === 'closed' ? refuse('SUBJECT_CLOSED') : undefined
}

function deskOptOutRefusal(before: DecisionState | undefined, act: Act, time: number): Refused | undefined {
  if (act.operation === 'set') return before?.by === 'subject' && before.state === 'active' && before.expires >= time ? refuse('SUBJECT_DECIDED') : undefined
  if (before?.by === 'subject') return refuse('SUBJECT_DECIDED')
  return before?.state === 'active' ? undefined : refuse('NOTHING_TO_WITHDRAW')
}

const versionRefusal = (before: DecisionState | undefined, act: Act): Refused | undefined => (act.version === (before?.version ?? 0) + 1 ? undefined : refuse('VERSION_CONFLICT'))

export function decisionWrite(kind: Kind, act: Act, { by, time }: { by: DecisionState['by']; time: number }): Write {
  const value: DecisionState = { by, content: act.content, expires: act.expires, state: act.operation === 'set' ? 'active' : 'withdrawn', time, version: act.version }
  return { key: keyOf[kind](act.holder, act.subject), value }
}
