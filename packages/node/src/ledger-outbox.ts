// Effects on the ledger leave the node through this outbox: written in the transaction of their cause, submitted until their outcome is known.
import type { Canonical, Clock, Log } from '@mhmd/base'
import { MhmdError, fromUtf8, utf8 } from '@mhmd/base'
import { signTransaction } from '@mhmd/contracts'
import type { SigningKey } from '@mhmd/crypto'
import type { Ledger, Receipt } from '@mhmd/ledger'
import type { Store, WriteTransaction } from '@mhmd/store'
import { nodeErrors } from './errors.ts'

/** What the node wants recorded. Submitted any number of times, the operation id makes it take effect once. */
export interface LedgerEffect {
  readonly contract: string
  readonly operation: string
  readonly operationId: string
  readonly payload: Canonical
}

export interface LedgerOutbox {
  /** Records the effect durably, in the caller's own transaction. `settle` or the loop submits it afterwards. */
  enqueue(tx: WriteTransaction, effect: LedgerEffect): Promise<void>
  /** Submits now and waits for the outcome; on LEDGER_UNAVAILABLE the effect stays and is tried again by the loop. */
  settle(operationId: string): Promise<Receipt>
  /** `enqueue` and `settle` in one. */
  submit(effect: LedgerEffect): Promise<Receipt>
  receipt(operationId: string): Promise<Receipt | undefined>
  pending(): Promise<number>
  /** Retries what is pending until aborted. */
  run(signal: AbortSignal): Promise<void>
}

const table = { effects: 'ledger-effects', receipts: 'ledger-receipts' }
const RETRY_MILLISECONDS = 1000

export function createLedgerOutbox(parts: { store: Store; ledger: Ledger; network: string; member: string; key: SigningKey; clock: Clock; log: Log }): LedgerOutbox {
  const { store, ledger, clock } = parts
  const inFlight = new Map<string, Promise<Receipt>>()

  const receipt = async (operationId: string): Promise<Receipt | undefined> =>
    parse<Receipt>(await store.read((tx) => tx.get(table.receipts, [operationId])))

  async function submitOnce(operationId: string): Promise<Receipt> {
    const known = await receipt(operationId)
    if (known !== undefined) return known
    const effect = parse<LedgerEffect>(await store.read((tx) => tx.get(table.effects, [operationId])))
    if (effect === undefined) throw new Error('an effect was settled that was never enqueued')
    const transaction = signTransaction({ network: parts.network, ...effect, submitter: parts.member, time: clock.now() }, parts.key)
    const outcome = await ledger.submit(transaction)
    await store.write(async (tx) => {
      await tx.put(table.receipts, [operationId], utf8(JSON.stringify(outcome)))
      await tx.delete(table.effects, [operationId])
    })
    return outcome
  }

  function settle(operationId: string): Promise<Receipt> {
    const running = inFlight.get(operationId)
    if (running !== undefined) return running
    const started = submitOnce(operationId).finally(() => inFlight.delete(operationId))
    inFlight.set(operationId, started)
    return started
  }

  const enqueue = (tx: WriteTransaction, effect: LedgerEffect): Promise<void> => tx.put(table.effects, [effect.operationId], utf8(JSON.stringify(effect)))

  const pendingIds = (limit: number): Promise<string[]> => store.read(async (tx) => {
    const ids: string[] = []
    for await (const entry of tx.scan(table.effects, { limit })) ids.push(entry.key[0])
    return ids
  })

  async function retryPending(): Promise<void> {
    const results = await Promise.allSettled((await pendingIds(64)).map(settle))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) parts.log('ledger-outbox-waiting', { code: MhmdError.isInstance(failed.reason) ? failed.reason.code : 'INTERNAL' })
  }

  return {
    enqueue,
    settle,
    receipt,
    submit: async (effect) => {
      await store.write((tx) => enqueue(tx, effect))
      return settle(effect.operationId)
    },
    pending: async () => (await pendingIds(100_000)).length,
    run: async (signal) => {
      while (!signal.aborted) {
        await retryPending()
        await pause(RETRY_MILLISECONDS, signal)
      }
    },
  }
}

function parse<T>(bytes: Uint8Array | undefined): T | undefined {
  return bytes === undefined ? undefined : JSON.parse(fromUtf8(bytes)) as T
}

/** The committed receipt, or the contracts' refusal as an error. */
export function accepted(receipt: Receipt): Extract<Receipt, { status: 'committed' }> {
  if (receipt.status === 'committed' && receipt.code === 'VALID') return receipt
  throw nodeErrors.LEDGER_REFUSED({ refusal: receipt.status === 'refused' ? receipt.refusal.code : receipt.code })
}

/** Waits, or returns early when aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
