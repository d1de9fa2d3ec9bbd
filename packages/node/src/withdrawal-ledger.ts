// What she sent this holder reaches the ledger even if her provider keeps it back: what the ledger does not show in time, the holder sends in a batch of its own.
import type { Clock, Log, Randomness } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import type { DecisionState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { decisionsWaiting, sendBatches } from './decision-batches.ts'
import type { WaitingDecision } from './decision-batches.ts'
import { pause } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { jsonTable } from './table.ts'

/** A decision that was received here and not yet seen on the ledger; by operation id. */
type Unseen = WaitingDecision & {
  /** From when on the wait is counted. */
  readonly due: number
  readonly tries: number
}

export const decisionsUnseen = jsonTable<Unseen>('decisions-unseen')

const POLL_MILLISECONDS = 1000
/** A refusal would come again: after so many batches the ledger's own state stands. */
const TRIES = 8

export function ledgerFallback(parts: {
  store: Store
  ledger: LedgerOutbox
  follower: Follower
  clock: Clock
  randomness: Randomness
  log: Log
  /** How long the ledger may take to show a decision before this holder sends it. */
  afterMilliseconds: number
}): (signal: AbortSignal) => Promise<void> {
  const { store, follower, clock } = parts

  async function isOnLedger({ kind, item: { statement: { holder, subject, version } } }: Unseen): Promise<boolean> {
    const state = await follower.latest(kind === 'consent' ? stateKeys.consent(holder, subject) : stateKeys.optOut(holder, subject)) as DecisionState | undefined
    return (state?.version ?? 0) >= version
  }

  async function pass(): Promise<void> {
    for (const { key: [id], value } of await store.read((tx) => decisionsUnseen.list(tx))) {
      const isOver = await isOnLedger(value) || value.tries >= TRIES
      const isOverdue = clock.now() - value.due > parts.afterMilliseconds
      if (!isOver && !isOverdue) continue
      await store.write(async (tx) => {
        if (isOver) return decisionsUnseen.delete(tx, id)
        const { due: _, tries, ...decision } = value
        await decisionsUnseen.put(tx, [id], { ...value, due: clock.now() + parts.afterMilliseconds * 2 ** tries, tries: tries + 1 })
        await decisionsWaiting.put(tx, [id], decision)
      })
    }
    await sendBatches({ ...parts, outbox: parts.ledger })
  }

  return async (signal) => {
    while (!signal.aborted) {
      await pass().catch(() => parts.log('decisions-waiting-for-ledger'))
      await pause(POLL_MILLISECONDS, signal)
    }
  }
}
