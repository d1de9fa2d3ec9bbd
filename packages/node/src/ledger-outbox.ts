// Effects on the ledger leave the node through this outbox: written in the transaction of their cause, submitted until their outcome is known.
import type { Canonical, Clock, Log } from '@mhmd/base'
import { MhmdError, fromUtf8, utf8, pause } from '@mhmd/base'
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
  /** What is to be kept here once the ledger has taken it, and by which keeper. */
  readonly keeps?: { readonly by: string; readonly value: unknown }
}

/** Keeps what an effect brought along, in the transaction that notes its receipt. */
type Keeper = (tx: WriteTransaction, value: unknown, receipt: Taken) => Promise<void>
type Taken = Extract<Receipt, { status: 'committed' }> & { readonly code: 'VALID' }

export interface LedgerOutbox {
  /** Names a keeper. It is named at every start before anything is submitted: a kill may have come between the ledger's word and its note here. */
  keeper(by: string, keep: Keeper): void
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
  const keepers = new Map<string, Keeper>()

  const receipt = async (operationId: string): Promise<Receipt | undefined> =>
    parse<Receipt>(await store.read((tx) => tx.get(table.receipts, [operationId])))

  async function submitOnce(operationId: string): Promise<Receipt> {
    const known = await receipt(operationId)
    if (known !== undefined) return known
    const effect = parse<LedgerEffect>(await store.read((tx) => tx.get(table.effects, [operationId])))
    if (effect === undefined) throw new Error('an effect was settled that was never enqueued')
    const { keeps, ...operation } = effect
    const transaction = signTransaction({ network: parts.network, ...operation, submitter: parts.member, time: clock.now() }, parts.key)
    const outcome = await ledger.submit(transaction)
    await store.write(async (tx) => {
      await tx.put(table.receipts, [operationId], utf8(JSON.stringify(outcome)))
      await tx.delete(table.effects, [operationId])
      if (keeps !== undefined && isTaken(outcome)) await keeperOf(keeps.by)(tx, keeps.value, outcome)
    })
    return outcome
  }

  function keeperOf(by: string): Keeper {
    const keep = keepers.get(by)
    if (keep === undefined) throw new Error(`no keeper ${by} was named`)
    return keep
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
    keeper: (by, keep) => void keepers.set(by, keep),
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

const isTaken = (receipt: Receipt): receipt is Taken => receipt.status === 'committed' && receipt.code === 'VALID'

/** The committed receipt, or the contracts' refusal as an error. */
export function accepted(receipt: Receipt): Taken {
  if (isTaken(receipt)) return receipt
  throw nodeErrors.LEDGER_REFUSED({ refusal: receipt.status === 'refused' ? receipt.refusal.code : receipt.code })
}
