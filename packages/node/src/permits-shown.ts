// Applications and permits as this node's staff are shown them, and how one stands.
import type { PermitState, UseRequestState } from '@mhmd/schema'
import Type from 'typebox'
import { Code, Exactly, Id, MemberId, OrNull, StateVersion, Title, When } from './people-answers.ts'

export const ApplicationState = Type.Enum(['filed', 'complete', 'incomplete', 'closed', 'issued', 'refused', 'revoked', 'over'])

export const PermitShown = Exactly({
  request: Id, version: StateVersion, title: OrNull(Title), purpose: Type.String(), form: Type.String(), requester: MemberId, authority: MemberId, holders: Type.Array(MemberId),
  state: ApplicationState, at: When, reason: Code, explanation: OrNull(Type.String()),
  /** Once one was issued. Conditions and the holders' time are known to whom its document was sent. */
  permit: OrNull(Exactly({ id: Id, kind: Type.String(), approved: When, from: When, until: When, conditions: OrNull(Type.Array(Type.String())), deliverBy: OrNull(When) })),
  /** When each holder first delivered. Answers to counts come by themselves when asked for, so that only a table can be late. */
  deliveries: Type.Array(Exactly({ holder: MemberId, first: OrNull(When), late: Type.Boolean() })),
})
export type PermitView = Type.Static<typeof PermitShown>

/** One step of an application or of its permit: filed, amended, examined, decided. */
export const StepShown = Exactly({ state: Type.Enum(['filed', 'amended', 'complete', 'incomplete', 'closed', 'issued', 'refused', 'revoked']), by: MemberId, at: When, reason: Code, explanation: OrNull(Type.String()) })
export type Step = Type.Static<typeof StepShown>

/** What words are looked for in. */
export const wordsOfPermit = ({ request, title, purpose, form, requester, authority, holders, state, reason }: PermitView, nameOf: (member: string) => string): string =>
  [request, title, purpose, form, state, reason, ...[requester, authority, ...holders].flatMap((member) => [member, nameOf(member)])].join(' ')

/** The permit's state where there is a decision, else the application's. */
export function stateOf(asked: UseRequestState, decided: PermitState | undefined, now: number): PermitView['state'] {
  if (decided !== undefined && decided.state !== 'issued') return decided.state
  if (asked.state === 'closed') return 'closed'
  if (decided === undefined) return asked.state
  return Math.min(decided.permit?.until ?? 0, asked.until) <= now ? 'over' : 'issued'
}
