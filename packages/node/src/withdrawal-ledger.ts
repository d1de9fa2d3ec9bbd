// What she sent this holder reaches the ledger even if her provider keeps it back: what the ledger does not show in time, the holder sends in a batch of its own.
import { pause } from '@mhmd/base'
import { TIME_WINDOW_MS } from '@mhmd/ledger-embedded'
import type { Clock, Log, Randomness } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import type { DecisionState, SubjectState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { decisionsWaiting, outcomeOf, sendBatches } from './decision-batches.ts'
import type { WaitingDecision } from './decision-batches.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import type { SignedRecords } from './signed-records.ts'
import { jsonTable } from './table.ts'

/** A decision that was received here and not yet seen on the ledger; by operation id. */
type Unseen = WaitingDecision & {
  /** From when on the wait is counted. */
  readonly due: number
  readonly tries: number
}

export const decisionsUnseen = jsonTable<Unseen>('decisions-unseen')

const POLL_MILLISECONDS = 1000
/** A refusal that is not for good comes again less and less often. */
const DOUBLINGS = 8

export interface FallbackParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly follower: Pick<Follower, 'latest' | 'history'>
  readonly records: Pick<SignedRecords, 'refuse'>
  readonly clock: Clock
  readonly randomness: Randomness
  readonly log: Log
  /** How long the ledger may take to show a decision before this holder sends it. */
  readonly afterMilliseconds: number
}

export function ledgerFallback(parts: FallbackParts): (signal: AbortSignal) => Promise<void> {
  const { store, follower, clock } = parts
  const batches = { ...parts, outbox: parts.ledger }

  /** A decision that the contracts can never take is taken out of the way of those after it; the ledger's state says so, nobody's word. */
  async function isSettled(decision: Unseen): Promise<boolean> {
    const { fate, shown } = await fateOf(follower, decision, clock.now())
    if (fate === 'open') return false
    await store.write(async (tx) => {
      const taken = fate === 'refused' ? await parts.records.refuse(tx, { kind: decision.kind, statement: decision.item.statement }, shown) : []
      for (const id of [decision.item.statement.operationId, ...taken]) {
        await decisionsUnseen.delete(tx, id)
        if (fate === 'refused') await decisionsWaiting.delete(tx, id)
      }
    })
    if (fate === 'refused') parts.log('decision-never-taken', { kind: decision.kind })
    return true
  }

  async function sendAgain(id: string, { due: _, tries, ...decision }: Unseen): Promise<void> {
    if ((await outcomeOf(batches, id)).code === 'SENT') return
    await store.write(async (tx) => {
      // What was set aside meanwhile stays out.
      if (await decisionsUnseen.get(tx, id) === undefined) return
      await decisionsUnseen.put(tx, [id], { ...decision, due: clock.now() + parts.afterMilliseconds * 2 ** Math.min(tries, DOUBLINGS), tries: tries + 1 })
      await decisionsWaiting.put(tx, [id], decision)
    })
  }

  async function pass(): Promise<void> {
    for (const { key: [id], value } of await store.read((tx) => decisionsUnseen.list(tx))) {
      if (!(await isSettled(value)) && clock.now() - value.due > parts.afterMilliseconds) await sendAgain(id, value)
    }
    await sendBatches(batches)
  }

  return async (signal) => {
    while (!signal.aborted) {
      await pass().catch(() => parts.log('decisions-waiting-for-ledger'))
      await pause(POLL_MILLISECONDS, signal)
    }
  }
}

/**
 * What the ledger's state says of a decision: `taken`; `refused` for good, because another has its version, its key is not hers any more, its
 * time is over or its operation id is used up; or `open`. What can only come before is read before, so that a block in between misleads nobody.
 */
async function fateOf(follower: FallbackParts['follower'], { kind, item: { statement, key } }: WaitingDecision, now: number): Promise<{ fate: 'taken' | 'refused' | 'open'; shown: number }> {
  const { holder, subject, version, content, operationId } = statement
  const stateKey = kind === 'consent' ? stateKeys.consent(holder, subject) : stateKeys.optOut(holder, subject)
  const isUsedUp = await follower.latest(stateKeys.operation(operationId)) !== undefined
  const keyState = await follower.latest(stateKeys.subject(holder, subject)) as SubjectState | undefined
  const shown = (await follower.latest(stateKey) as DecisionState | undefined)?.version ?? 0
  if (shown >= version) {
    const states = (await follower.history(stateKey)).map((step) => step.value as unknown as DecisionState | null)
    return { fate: states.some((state) => state?.version === version && state.content === content) ? 'taken' : 'refused', shown }
  }
  const isHers = keyState?.state === 'active' && keyState.key === key
  return { fate: isUsedUp || !isHers || isOver(kind, statement, now) ? 'refused' : 'open', shown }
}

/** By the contracts' rule (a withdrawal of consent has no end), and past any doubt about the ledger's clock and this one. */
const isOver = (kind: WaitingDecision['kind'], { operation, expires }: WaitingDecision['item']['statement'], now: number): boolean =>
  !(kind === 'consent' && operation === 'withdraw') && expires + 2 * TIME_WINDOW_MS < now
