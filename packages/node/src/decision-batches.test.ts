// Decisions leave in mixed batches, and a later decision never overtakes an earlier one of the same person.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Receipt } from '@mhmd/ledger'
import type { Store } from '@mhmd/store'
import { memoryStore } from '@mhmd/store/testing'
import { outcomeOf, sendBatches, takeDecision } from './decision-batches.ts'
import type { WaitingDecision } from './decision-batches.ts'
import type { LedgerEffect, LedgerOutbox } from './ledger-outbox.ts'

const decision = (subject: string, version: number): WaitingDecision => ({ kind: 'consent', item: { statement: { holder: 'rome', subject, version, operationId: `${subject}-${version}` } } as unknown as WaitingDecision['item'] })
const idsOf = (effect: LedgerEffect): string[] => (effect.payload as unknown as { items: { statement: { operationId: string } }[] }).items.map((item) => item.statement.operationId).sort()

/** An outbox whose ledger can't be reached until a test says so, and which then settles in whatever order the test likes. */
function outbox(): { readonly sent: LedgerEffect[]; readonly port: LedgerOutbox; settle(index: number): void } {
  const sent: LedgerEffect[] = []
  const receipts = new Map<string, Receipt>()
  return {
    sent,
    settle: (index) => void receipts.set(sent[index]?.operationId ?? '', { status: 'committed', code: 'VALID', height: index, events: idsOf(sent[index] as LedgerEffect).map((operationId) => ({ name: 'item', payload: { operationId, code: 'VALID' } })) } as unknown as Receipt),
    port: {
      keeper: () => undefined,
      enqueue: async (_tx, effect) => void sent.push(effect),
      settle: async () => { throw new Error('the ledger is down') },
      receipt: async (operationId) => receipts.get(operationId),
      submit: async () => { throw new Error('not used') },
      pending: async () => 0,
      run: async () => undefined,
    },
  }
}

const partsWith = (port: LedgerOutbox, store: Store): Parameters<typeof sendBatches>[0] => ({ store, outbox: port, randomness: { bytes: (length) => randomBytes(length) }, log: () => undefined })

test('while a batch with one of her decisions is under way, her next one waits; others\' leave', async () => {
  const ledger = outbox()
  const parts = partsWith(ledger.port, memoryStore())
  const send = (): Promise<void> => sendBatches(parts).catch(() => undefined)
  for (const one of [decision('anna', 1), decision('anna', 2), decision('bea', 1)]) await takeDecision(parts, one)
  await send()
  await takeDecision(parts, decision('cara', 1))
  await send()
  assert.deepEqual(ledger.sent.map(idsOf), [['anna-1', 'bea-1'], ['cara-1']])
  // The second batch is through first: hers still waits for the first.
  ledger.settle(1)
  await send()
  assert.equal(ledger.sent.length, 2)
  assert.equal((await outcomeOf(parts, 'anna-2')).code, 'WAITING')
  ledger.settle(0)
  await send()
  assert.deepEqual(ledger.sent.slice(2).map(idsOf), [['anna-2']])
  assert.deepEqual([(await outcomeOf(parts, 'anna-1')).code, (await outcomeOf(parts, 'anna-2')).code], ['VALID', 'SENT'])
})
