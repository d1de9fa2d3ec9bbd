// Which of a device's decisions were never recorded and can't be any more: by what the holder shows, her present key and the time, so that nothing she signed stands in the way of what she signs next.
import { withVersion } from '@mhmd/accounts'
import type { DecisionKind, DeviceState, KeptDecision } from '@mhmd/accounts'
import type { HolderView } from './answers.ts'

/** Versions that others made, or that the holder holds already, are not signed again. */
export function takenOver(state: DeviceState, { holder, next }: HolderView): DeviceState {
  const consents = withVersion(state, { holder, kind: 'consent', version: next.consent - 1 })
  return withVersion(consents, { holder, kind: 'opt-out', version: next['opt-out'] - 1 })
}

interface At {
  readonly view: HolderView
  readonly kind: DecisionKind
  /** The key that speaks for her now. */
  readonly key: string
  readonly now: number
  /** Operations that the holder refused just now. */
  readonly refused: ReadonlySet<string>
}

/** In the order of their versions: what is lost, and what was signed to follow it. */
export function lostDecisions(state: DeviceState, at: At): readonly KeptDecision[] {
  const shown = at.view.versions[at.kind]
  const mine = state.decisions.filter((decision) => decision.over === undefined && decision.kind === at.kind && decision.statement.holder === at.view.holder).sort((a, b) => a.statement.version - b.statement.version)
  const first = mine.find((decision) => isLost(decision, at))
  return first === undefined ? [] : mine.filter((decision) => decision.statement.version > shown ? decision.statement.version >= first.statement.version : isLost(decision, at))
}

function isLost(decision: KeptDecision, at: At): boolean {
  const { statement: { version, operationId }, sent, key } = decision
  // The holder had it and has dropped it.
  if (sent.holder) return version >= at.view.next[at.kind]
  return at.refused.has(operationId) || (version > at.view.versions[at.kind] && (key !== at.key || isOver(decision, at.now)))
}

/** The contracts' rule: a withdrawal of consent has no end. */
const isOver = ({ kind, statement: { operation, expires } }: KeptDecision, now: number): boolean => expires < now && !(kind === 'consent' && operation === 'withdraw')
