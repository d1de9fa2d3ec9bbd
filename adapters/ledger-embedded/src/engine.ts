// The embedded ledger: one process that validates, orders and stores transactions, one synced LevelDB batch a block.
// While a block is written, the next transactions gather (group commit). Validation is optimistic: the read sets of a batch are
// fetched together, and a transaction whose reads were written by one before it is read and run again.
import { canonicalText } from '@mhmd/base'
import type { Canonical, Clock } from '@mhmd/base'
import { applyTransaction, proofsOf, readsNextOf, readsOf, transactionId, transactionText, viewOf } from '@mhmd/contracts'
import type { Applied, Transaction } from '@mhmd/contracts'
import { composeBlockText, ledgerErrors } from '@mhmd/ledger'
import type { Block, Head, Ledger, PrivateValue, Receipt } from '@mhmd/ledger'
import { availableParallelism } from 'node:os'
import { blockKey, hashedBlock, openFolder, readBlock, writeBatch } from './folder.ts'
import type { BatchOperation, Database, StoredBlock } from './folder.ts'
import { memberLedger } from './member-ledger.ts'
import { PrivateValues, isPurge } from './private-values.ts'
import { State, conflicts, newSnapshot, overlayWrites, stateOperations } from './state.ts'
import type { Overlay, Snapshot, StateWrite } from './state.ts'
import { signatureVerifier } from './verifier.ts'
import type { SignatureVerifier } from './verifier.ts'

export interface EngineOptions {
  readonly folder: string
  /** Pinned: a folder of another network is refused, and block 0 follows this id. */
  readonly networkId: string
  readonly clock: Clock
  /** Threads for signature checks; 0 does them all on this one. Default: one a processor. */
  readonly workers?: number
  /** Transactions that may wait before LEDGER_BUSY. Default 20,000. */
  readonly maxWaiting?: number
  /** Transactions in a block at most. Default 500. */
  readonly maxBlock?: number
  /** How often a transaction is run again after a conflict before LEDGER_WRITE_CONFLICT. Default 32. */
  readonly retries?: number
  /** Bound of the state cache. Default 64 MiB. */
  readonly cacheBytes?: number
}

/** How far a transaction's time may lie from the ledger's clock. */
export const TIME_WINDOW_MS = 5 * 60_000
/** The head of a ledger without blocks: the network id stands where block 0 finds its `previous`. */
const BEFORE_GENESIS = -1

/** Characters of canonical text in a transaction, and of all transactions in a block. */
const MAX_TRANSACTION = 1024 * 1024
const MAX_BLOCK = 4 * 1024 * 1024

interface Pending {
  readonly transaction: Transaction
  /** Its canonical text. */
  readonly text: string
  readonly transactionId: string
  readonly privateValue: PrivateValue | undefined
  readonly verdicts: readonly boolean[]
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: unknown) => void
}

/** A block in the making. */
interface Draft {
  readonly height: number
  readonly overlay: Map<string, StateWrite>
  readonly committed: string[]
  readonly valid: Pick<Pending, 'transaction' | 'privateValue'>[]
  /** What to tell whom once the block is durable: refusals too, since they may rest on it. */
  readonly answers: (() => void)[]
}

export class Engine {
  readonly networkId: string
  readonly privateValues: PrivateValues
  readonly #options: Required<EngineOptions>
  readonly #database: Database
  readonly #state: State
  readonly #verifier: SignatureVerifier
  readonly #inFlight = new Map<string, Promise<Receipt>>()
  readonly #growth = new EventTarget()
  #last: StoredBlock | undefined
  #ready: Pending[] = []
  #waiting = 0
  #building: Promise<void> | undefined
  #stopped: Error | undefined

  /** Opens or makes the folder. Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE, LEDGER_OTHER_NETWORK, LEDGER_CORRUPT_BLOCK. */
  static async open(options: EngineOptions): Promise<Engine> {
    const { database, last } = await openFolder(options.folder, options.networkId)
    return new Engine(options, database, last)
  }

  private constructor(options: EngineOptions, database: Database, last: StoredBlock | undefined) {
    this.#options = { workers: availableParallelism(), maxWaiting: 20_000, maxBlock: 500, retries: 32, cacheBytes: 64 * 1024 * 1024, ...options }
    this.networkId = options.networkId
    this.#database = database
    this.#last = last
    this.#state = new State(database, this.#options.cacheBytes)
    this.#verifier = signatureVerifier(this.#options.workers)
    this.privateValues = new PrivateValues(database)
  }

  /** The ledger as one member sees it: what it submits must be its own, and its private values are. */
  forMember(member: string): Ledger {
    return memberLedger(this, member)
  }

  get head(): Head {
    return this.#last === undefined ? { height: BEFORE_GENESIS, hash: this.networkId } : { height: this.#last.height, hash: this.#last.hash }
  }

  get state(): State {
    this.#checkRunning()
    return this.#state
  }

  /** Why the engine takes nothing more; undefined while it runs. */
  get stopped(): Error | undefined {
    return this.#stopped
  }

  /** See the port. Throws LEDGER_TIME_OUTSIDE_WINDOW, LEDGER_BUSY, LEDGER_WRITE_CONFLICT, LEDGER_BAD_TRANSACTION, LEDGER_BAD_PRIVATE_VALUE, LEDGER_CLOSED. */
  async submit(transaction: Transaction, privateValue?: PrivateValue): Promise<Receipt> {
    this.#checkRunning()
    const { text, transactionId: id } = encoded(transaction)
    const { operationId } = transaction
    const running = this.#inFlight.get(operationId)
    if (running !== undefined) {
      const receipt = await running.catch(() => undefined)
      if (receipt?.status === 'committed' || receipt?.transactionId === id) return receipt
      return this.submit(transaction, privateValue)
    }
    const receipt = this.#submitFirst({ transaction, text, transactionId: id, privateValue })
    this.#inFlight.set(operationId, receipt)
    try {
      return await receipt
    } finally {
      this.#inFlight.delete(operationId)
    }
  }

  async #submitFirst(attempt: Pick<Pending, 'transaction' | 'text' | 'transactionId' | 'privateValue'>): Promise<Receipt> {
    const { transaction } = attempt
    const skew = Math.abs(this.#options.clock.now() - transaction.time)
    if (!(skew <= TIME_WINDOW_MS)) return this.#tooLate(transaction, skew)
    this.privateValues.check(transaction, attempt.privateValue)
    if (this.#waiting >= this.#options.maxWaiting) throw ledgerErrors.BUSY({ waiting: this.#waiting })
    this.#waiting++
    try {
      const verdicts = await this.#verifier.verify(proofsOf(transaction))
      const receipt = await new Promise<Receipt>((resolve, reject) => {
        this.#ready.push({ ...attempt, verdicts, resolve, reject })
        this.#building ??= this.#build()
      })
      return receipt.status === 'refused' && receipt.refusal.code === 'CONTRACT_OPERATION_DONE' ? ((await this.outcome(transaction.operationId)) ?? receipt) : receipt
    } finally {
      this.#waiting--
    }
  }

  /** An operation that took effect gets its receipt however late it is submitted again. */
  async #tooLate(transaction: Transaction, skew: number): Promise<Receipt> {
    const receipt = await this.outcome(transaction.operationId)
    if (receipt !== undefined) return receipt
    throw ledgerErrors.TIME_OUTSIDE_WINDOW({ operationId: transaction.operationId, skewSeconds: Math.round(skew / 1000) })
  }

  /** The receipt of an operation, or of the batch whose item it was, from the block it stands in. */
  async outcome(operationId: string): Promise<Receipt | undefined> {
    const entry = await this.state.entry(['operation', operationId])
    if (entry.value === undefined) return undefined
    const stored = await readBlock(this.#database, entry.height)
    const committed = stored === undefined ? undefined : (JSON.parse(stored.text) as Block).committed[entry.index]
    if (committed === undefined) throw ledgerErrors.CORRUPT_BLOCK({ height: entry.height, why: 'the state names a transaction that it does not hold' })
    const { transaction, code, events } = committed
    return { status: 'committed', operationId: transaction.operationId, transactionId: transactionId(transaction), height: entry.height, index: entry.index, code, events }
  }

  /** Builds blocks until nothing is ready. One runs at a time. */
  async #build(): Promise<void> {
    // What was verified in the same turn shall share the block.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#ready.length > 0) {
      const batch = takeBlock(this.#ready, this.#options.maxBlock)
      try {
        this.#checkRunning()
        await this.#commit(await this.#draft(batch))
      } catch (error) {
        for (const pending of batch) pending.reject(error)
      }
    }
    this.#building = undefined
  }

  async #draft(batch: readonly Pending[]): Promise<Draft> {
    const draft: Draft = { height: this.head.height + 1, overlay: new Map(), committed: [], valid: [], answers: [] }
    let pending = batch
    for (let attempt = 0; pending.length > 0; attempt++) pending = await this.#runOnce(pending, draft, attempt)
    return draft
  }

  /** Reads for all, then runs each in order; gives back those that had read what another one then wrote. */
  async #runOnce(batch: readonly Pending[], draft: Draft, attempt: number): Promise<Pending[]> {
    const snapshots = await this.#readsOfAll(batch, draft.overlay)
    const written = new Set<string>()
    const again: Pending[] = []
    for (const [at, pending] of batch.entries()) {
      const snapshot = snapshots[at] as Snapshot
      if (!conflicts(snapshot, written)) this.#run(pending, { snapshot, written, draft })
      else if (attempt < this.#options.retries) again.push(pending)
      else draft.answers.push(() => pending.reject(ledgerErrors.WRITE_CONFLICT({ operationId: pending.transaction.operationId, attempts: attempt + 1 })))
    }
    return again
  }

  async #readsOfAll(batch: readonly Pending[], overlay: Overlay): Promise<Snapshot[]> {
    const snapshots = batch.map(newSnapshot)
    await this.#state.fetch(batch.map(({ transaction }, at) => ({ reads: readsOf(transaction), snapshot: snapshots[at] as Snapshot })), overlay)
    const next = batch.map(({ transaction }, at) => ({ reads: readsNextOf(transaction, viewOf(snapshots[at] as Snapshot)), snapshot: snapshots[at] as Snapshot }))
    await this.#state.fetch(next, overlay)
    return snapshots
  }

  #run(pending: Pending, { snapshot, written, draft }: { readonly snapshot: Snapshot; readonly written: Set<string>; readonly draft: Draft }): void {
    const { transaction, transactionId: id } = pending
    const named = { operationId: transaction.operationId, transactionId: id }
    const outcome = applyTransaction(transaction, viewOf(snapshot), { proofsValid: pending.verdicts })
    if (!outcome.ok) {
      draft.answers.push(() => pending.resolve({ status: 'refused', ...named, refusal: outcome.refusal }))
      return
    }
    const index = draft.committed.length
    draft.committed.push(this.#effects(pending, outcome.value, { draft, written, index }))
    draft.valid.push(pending)
    const receipt: Receipt = { status: 'committed', ...named, height: draft.height, index, code: 'VALID', events: outcome.value.events }
    draft.answers.push(isPurge(transaction) ? () => void this.privateValues.compact().then(() => pending.resolve(receipt), pending.reject) : () => pending.resolve(receipt))
  }

  /** Puts the writes into the overlay and gives the canonical text of the committed transaction; each part is encoded once. */
  #effects(pending: Pending, applied: Applied, { draft, written, index }: { readonly draft: Draft; readonly written: Set<string>; readonly index: number }): string {
    const writes = overlayWrites(draft.overlay, applied.writes, { height: draft.height, index, written })
    return `{"code":"VALID","events":${canonicalText(applied.events as unknown as Canonical)},"transaction":${pending.text},"writes":[${writes.join(',')}]}`
  }

  /** Writes the block, and only then answers. A failed write stops the engine: whether it reached the disk is unknown. */
  async #commit(draft: Draft): Promise<void> {
    if (draft.committed.length > 0) {
      const { hash, value } = hashedBlock(composeBlockText({ height: draft.height, previous: this.head.hash, time: this.#options.clock.now(), committed: draft.committed }))
      try {
        const operations: BatchOperation[] = [{ type: 'put', key: blockKey(draft.height), value }, ...stateOperations(draft.overlay), ...await this.privateValues.operations(draft.valid)]
        await writeBatch(this.#database, operations, { sync: true })
      } catch (cause) {
        this.#stopped = ledgerErrors.FOLDER_UNUSABLE({ folder: this.#options.folder, reason: (cause as Error).message }, { cause })
        throw ledgerErrors.UNAVAILABLE({ reason: 'the block could not be written' }, { cause })
      }
      this.#state.committed(draft.overlay)
      this.#last = { height: draft.height, hash, previous: this.head.hash, text: '' }
      this.#growth.dispatchEvent(new Event('block'))
    }
    for (const answer of draft.answers) answer()
  }

  /** Every block from a height on, in order, and then new ones as they come, until aborted or closed. Throws LEDGER_CORRUPT_BLOCK. */
  async* storedBlocks(from: number, signal?: AbortSignal): AsyncGenerator<StoredBlock> {
    for (let height = from; !this.#isOver(signal);) {
      if (height > this.head.height) {
        await this.#grown(signal)
        continue
      }
      const block = await readBlock(this.#database, height)
      if (block === undefined) throw ledgerErrors.CORRUPT_BLOCK({ height, why: 'it is missing' })
      yield block
      height++
    }
  }

  #isOver(signal: AbortSignal | undefined): boolean {
    return signal?.aborted === true || this.#stopped !== undefined
  }

  #grown(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#growth.removeEventListener('block', done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      this.#growth.addEventListener('block', done)
      signal?.addEventListener('abort', done)
    })
  }

  #checkRunning(): void {
    if (this.#stopped !== undefined) throw this.#stopped
  }

  /** Ends after the block in the making; what still waits is told LEDGER_CLOSED. */
  async close(): Promise<void> {
    this.#stopped ??= ledgerErrors.CLOSED(undefined)
    this.#growth.dispatchEvent(new Event('block'))
    await this.#building
    await this.#verifier.close()
    await this.#database.close()
  }
}

/** Throws LEDGER_BAD_TRANSACTION for what has no canonical form, no operation id, or more than a block should hold. */
function encoded(transaction: Transaction): { readonly text: string; readonly transactionId: string } {
  let why = 'it has no canonical form'
  try {
    const text = transactionText(transaction)
    if (typeof transaction.operationId !== 'string' || transaction.operationId === '') why = 'it has no operation id'
    else if (text.length > MAX_TRANSACTION) why = `it is longer than ${MAX_TRANSACTION} characters`
    else return { text, transactionId: transactionId(transaction) }
  } catch (cause) {
    if (cause instanceof RangeError) why = 'it is nested too deeply'
  }
  throw ledgerErrors.BAD_TRANSACTION({ why })
}

/** The first ones that fit a block, at least one. */
function takeBlock(ready: Pending[], maxBlock: number): Pending[] {
  let count = 0
  let characters = 0
  for (const { text } of ready) {
    characters += text.length
    if (count === maxBlock || (count > 0 && characters > MAX_BLOCK)) break
    count++
  }
  return ready.splice(0, count)
}
