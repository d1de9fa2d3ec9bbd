// The follower: tails the ledger into the node's store, checks every block against the chain and the contracts, keeps projection and derived log, and knows
// when the head was last confirmed. It stops for good where the ledger shows another history than the one it holds.
import { fromUtf8, MhmdError, ordinal, pause, toBase64Url, utf8 } from '@mhmd/base'
import type { Canonical, Clock, Key, Log } from '@mhmd/base'
import type { Write } from '@mhmd/contracts'
import { PROOF_FORMAT, checkpointOrigin, checkpointText, consistencyProof, encodePath, hashOfLeaf, inclusionProof, noteSignature, parseCheckpoint, treeRoot, writeDigest } from '@mhmd/proof'
import type { Checkpoint, Hash, Leaf, NoteSigner, Proof } from '@mhmd/proof'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { blockHash } from './block.ts'
import { appendLeaves, leavesOf, storedSubtrees } from './derived-log.ts'
import { checkCommitted } from './contract-check.ts'
import type { CommittedCheck, ContractFinding } from './contract-check.ts'
import { ledgerErrors } from './errors.ts'
import type { Block, Committed, Head, Ledger } from './port.ts'
import { entriesAt, entriesIn, historyOf, project, valueAt } from './projection.ts'
import type { HistoryStep, StateEntry } from './projection.ts'

export interface FollowerOptions {
  readonly ledger: Pick<Ledger, 'blocks' | 'head'>
  readonly store: Store
  readonly clock: Clock
  /** Block 0 must follow this id. */
  readonly networkId: string
  readonly log?: Log
  /** How often the head is asked for; default 500 ms. */
  readonly pollMs?: number
  /** What each transaction must pass before its effects are taken; default: the contracts, run again. */
  readonly check?: CommittedCheck
}

/** What is kept when the ledger shows another history, or effects that no contract gives: what this node holds, and what it was given instead. */
export interface ForkEvidence {
  readonly height: number
  readonly expected: string
  readonly found: string
  /** Why a transaction of this block can't have the effects that it claims. */
  readonly finding?: ContractFinding
  /** The block that does not fit, the head that was claimed, or another member's signed checkpoint. */
  readonly theirs: Block | Head | { readonly note: string }
  /** This node's own checkpoint at that moment. */
  readonly checkpoint: string
}

/** A leaf of the derived log, its place, and the writes behind its digest. */
export interface LogEntry {
  readonly logIndex: number
  readonly leaf: Leaf
  readonly writes: readonly Write[]
}

export interface DerivedLog {
  size(): number
  /** Of the tree's first `size` leaves; of all by default. */
  root(size?: number): Promise<Hash>
  inclusion(logIndex: number, size?: number): Promise<Hash[]>
  consistency(first: number, second: number): Promise<Hash[]>
  /** By the operation id of a transaction, or of an item of a batch. */
  entry(operationId: string): Promise<LogEntry | undefined>
}

/**
 * Invariants: what `height` names is durable and checked, chain and contracts; state at a height never changes; `confirmedAt` is a moment at which
 * the ledger's head was one that this follower holds. Reads at a height beyond its own throw LEDGER_NOT_YET.
 */
export interface ProveOptions {
  /** Which of the transaction's writes are shown; all by default. */
  readonly shows?: ((write: Write) => boolean) | undefined
  /** Under the checkpoint of so many leaves; of all by default. */
  readonly size?: number | undefined
}

export interface Follower {
  /** Follows until aborted, through lost connections. Throws LEDGER_FORKED or LEDGER_FALSE_BLOCK, now and at every later start on this store. */
  run(signal: AbortSignal): Promise<void>
  /** −1 before the first block. */
  height(): number
  head(): Head
  /** Of a block that this follower checked; undefined beyond its height. */
  hashAt(height: number): Promise<string | undefined>
  /** By this node's clock; undefined before the first confirmation since the start, and once the ledger has shown another history. */
  confirmedAt(): number | undefined
  fork(): Promise<ForkEvidence | undefined>
  /** Whether it stopped for good. */
  isForked(): boolean
  stateAt(key: Key, height: number): Promise<Canonical | undefined>
  /** Entries strictly below the prefix, in key order, streamed. */
  rangeAt(prefix: Key, height: number): AsyncIterable<StateEntry>
  latest(key: Key): Promise<Canonical | undefined>
  latestBelow(prefix: Key): Promise<StateEntry[]>
  history(key: Key): Promise<HistoryStep[]>
  readonly log: DerivedLog
  /** Of the log's first `size` leaves; of all by default. */
  checkpoint(size?: number): Promise<Checkpoint>
  /** How another's checkpoint compares with this log. `ahead`: this follower has not come that far. */
  compare(checkpoint: Checkpoint): Promise<'same' | 'ahead' | 'forked' | 'other-log'>
  /** Stops for good on a checkpoint note, verified by the caller, that compares as `forked`: both versions are kept. False where it doesn't. */
  stopOn(note: string): Promise<boolean>
  /** A proof for a committed operation. Throws LEDGER_NOT_IN_LOG. */
  prove(operationId: string, signers: readonly NoteSigner[], options?: ProveOptions): Promise<Proof>
  /** Called in order, each block once a start, after it is durable here. Gives back how to stop. */
  onBlock(listener: (block: Block) => void | Promise<void>): () => void
  /** Until this height, or the block of this operation, is held here. Throws LEDGER_NOT_YET. */
  waitFor(target: number | string, timeoutMs: number): Promise<void>
}

interface Position {
  readonly height: number
  readonly hash: string
  /** Leaves up to and with this block. */
  readonly size: number
}

const tables = { blocks: 'ledger-blocks', entries: 'log-entries', operations: 'log-operations', fork: 'ledger-fork' }
const BLOCKS_AT_ONCE = 64
const RETRY_MS = 250

export async function createFollower(options: FollowerOptions): Promise<Follower> {
  const { store, networkId } = options
  const start = await store.read(async (tx) => {
    for await (const entry of tx.scan(tables.blocks, { reverse: true, limit: 1 })) return parse<Position>(entry.value)
    return undefined
  })
  return new StoreFollower(options, start ?? { height: -1, hash: networkId, size: 0 })
}

class StoreFollower implements Follower {
  readonly #options: FollowerOptions
  readonly #store: Store
  readonly #listeners = new Set<(block: Block) => void | Promise<void>>()
  readonly #waiting = new Set<() => void>()
  #position: Position
  #confirmedAt: number | undefined
  /** A head that was reported at a time, to be confirmed when its block has come. */
  #reported: { readonly head: Head; readonly at: number } | undefined
  #stop: AbortController | undefined
  #forked: MhmdError | undefined

  constructor(options: FollowerOptions, start: Position) {
    this.#options = options
    this.#store = options.store
    this.#position = start
  }

  height(): number {
    return this.#position.height
  }

  head(): Head {
    return { height: this.#position.height, hash: this.#position.hash }
  }

  async hashAt(height: number): Promise<string | undefined> {
    return height > this.#position.height ? undefined : (await this.#positionAt(height))?.hash
  }

  confirmedAt(): number | undefined {
    return this.#forked === undefined ? this.#confirmedAt : undefined
  }

  isForked(): boolean {
    return this.#forked !== undefined
  }

  fork(): Promise<ForkEvidence | undefined> {
    return this.#store.read(async (tx) => parse<ForkEvidence>(await tx.get(tables.fork, ['evidence'])))
  }

  async run(signal: AbortSignal): Promise<void> {
    const known = await this.fork()
    if (known !== undefined) throw this.#forked = errorOf(known)
    this.#stop = new AbortController()
    const either = AbortSignal.any([signal, this.#stop.signal])
    const [tail, poll] = await Promise.allSettled([this.#tail(either), this.#poll(either)])
    if (this.#forked !== undefined) throw this.#forked
    for (const part of [tail, poll]) if (part.status === 'rejected') throw part.reason
  }

  /** Follows blocks, connecting again after each loss. What cannot be stored or is another history ends it. */
  async #tail(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal)
      } catch (error) {
        if (!isOutage(error)) {
          this.#stop?.abort()
          throw error
        }
        this.#options.log?.('ledger.follower-retries', { code: MhmdError.isInstance(error) ? error.code : 'UNKNOWN' })
      }
      await pause(RETRY_MS, signal)
    }
  }

  /** Takes blocks from the stream while the ones before are stored, and stores all that have come in one transaction. */
  async #follow(signal: AbortSignal): Promise<void> {
    const lost = new AbortController()
    const stream = this.#options.ledger.blocks(this.#position.height + 1, AbortSignal.any([signal, lost.signal]))
    const arrived: Block[] = []
    let storing: Promise<void> | undefined
    const failures: Error[] = []
    const storeArrived = async (): Promise<void> => {
      try {
        while (arrived.length > 0) await this.#take(arrived.splice(0, BLOCKS_AT_ONCE))
      } catch (error) {
        failures.push(error as Error)
        lost.abort()
      }
      storing = undefined
    }
    try {
      for await (const block of stream) {
        arrived.push(block)
        storing ??= storeArrived()
        if (arrived.length >= BLOCKS_AT_ONCE) await storing
      }
    } finally {
      await storing
    }
    if (failures[0] !== undefined) throw failures[0]
  }

  async #take(blocks: readonly Block[]): Promise<void> {
    const fresh: Block[] = []
    let { height, hash } = this.#position
    for (const block of blocks) {
      if (block.height <= height) await this.#checkKnown(block)
      else {
        if (block.height !== height + 1 || block.previous !== hash || blockHash(block) !== block.hash) throw await this.#misfit(block, { height: height + 1, hash })
        fresh.push(block)
        height = block.height
        hash = block.hash
      }
    }
    if (fresh.length === 0) return
    const falseBlock = await this.#hold(fresh)
    const held = fresh.filter((block) => block.height <= this.#position.height)
    this.#confirmReported()
    for (const waiter of [...this.#waiting]) waiter()
    for (const block of held) for (const listener of [...this.#listeners]) await listener(block)
    if (falseBlock !== undefined) throw await this.#fork({ height: falseBlock.block.height, expected: 'VALID', found: falseBlock.finding, finding: falseBlock.finding, theirs: falseBlock.block })
  }

  /** Takes the blocks, or those before the first false one, which it gives back. */
  async #hold(fresh: readonly Block[]): Promise<FalseBlock | undefined> {
    if (fresh.length === 0) return undefined
    try {
      this.#position = await this.#store.write((tx) => this.#applyBlocks(tx, fresh))
      return undefined
    } catch (error) {
      if (!(error instanceof FalseBlock)) throw error
      await this.#hold(fresh.slice(0, fresh.indexOf(error.block)))
      return error
    }
  }

  /** Writes blocks that fit, with their projection, log and positions; gives the position after them. Throws FalseBlock. */
  async #applyBlocks(tx: WriteTransaction, blocks: readonly Block[]): Promise<Position> {
    let position = this.#position
    for (const block of blocks) {
      for (const [index, committed] of block.committed.entries()) {
        const finding = await this.#findingOf(tx, committed, block.height)
        if (finding !== undefined) throw new FalseBlock(block, finding)
        await project(tx, committed.writes, { height: block.height, index })
      }
      const leaves = leavesOf(block)
      await appendLeaves(tx, position.size, leaves.map(hashOfLeaf))
      for (const [at, leaf] of leaves.entries()) await putEntry(tx, { logIndex: position.size + at, leaf, writes: block.committed[at]?.writes ?? [] })
      position = { height: block.height, hash: block.hash, size: position.size + leaves.length }
      await tx.put(tables.blocks, [ordinal(block.height)], utf8(JSON.stringify(position)))
    }
    return position
  }

  #findingOf(tx: ReadTransaction, committed: Committed, height: number): Promise<ContractFinding | undefined> {
    const check = this.#options.check ?? checkCommitted
    const below = async (prefix: Key): Promise<StateEntry[]> => {
      const entries: StateEntry[] = []
      for await (const entry of entriesIn(tx, prefix, height)) entries.push(entry)
      return entries
    }
    return check(committed, { networkId: this.#options.networkId, get: (key) => valueAt(tx, key, height), below })
  }

  /** A block delivered again must be the one that is held. */
  async #checkKnown(block: Block): Promise<void> {
    const held = await this.#positionAt(block.height)
    if (held?.hash !== block.hash || blockHash(block) !== block.hash) throw await this.#misfit(block, { height: block.height, hash: held?.hash ?? '' })
  }

  #misfit(block: Block, expected: Head): Promise<MhmdError> {
    return this.#fork({ height: block.height, expected: expected.hash, found: block.height === expected.height ? block.previous : `height ${block.height}`, theirs: block })
  }

  async #fork(seen: Omit<ForkEvidence, 'checkpoint'>): Promise<MhmdError> {
    const evidence: ForkEvidence = { ...seen, checkpoint: checkpointText(await this.checkpoint()) }
    await this.#store.write((tx) => tx.put(tables.fork, ['evidence'], utf8(JSON.stringify(evidence))))
    this.#forked = errorOf(evidence)
    this.#options.log?.('ledger.forked', { height: seen.height, code: this.#forked.code })
    this.#stop?.abort()
    return this.#forked
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#askHead(signal)
      } catch (error) {
        if (!isOutage(error)) {
          this.#stop?.abort()
          throw error
        }
      }
      await pause(this.#options.pollMs ?? 500, signal)
    }
  }

  /** The moment before the question counts: the answer was true at or after it. */
  async #askHead(signal: AbortSignal): Promise<void> {
    const at = this.#options.clock.now()
    const heldBefore = this.#position
    const head = await this.#options.ledger.head()
    if (signal.aborted) return
    const held = head.height === -1 ? { hash: this.#options.networkId } : await this.#positionAt(head.height)
    if (head.height < heldBefore.height || (held !== undefined && held.hash !== head.hash)) {
      const own = held ?? heldBefore
      throw await this.#fork({ height: head.height, expected: own.hash, found: head.hash, theirs: head })
    }
    this.#reported = { head, at }
    this.#confirmReported()
  }

  #confirmReported(): void {
    if (this.#reported === undefined || this.#reported.head.height > this.#position.height || this.#forked !== undefined) return
    this.#confirmedAt = Math.max(this.#confirmedAt ?? 0, this.#reported.at)
    this.#reported = undefined
  }

  #positionAt(height: number): Promise<Position | undefined> {
    return this.#store.read(async (tx) => parse<Position>(await tx.get(tables.blocks, [ordinal(height)])))
  }

  stateAt(key: Key, height: number): Promise<Canonical | undefined> {
    this.#checkHeld(height)
    return this.#store.read((tx) => valueAt(tx, key, height))
  }

  rangeAt(prefix: Key, height: number): AsyncIterable<StateEntry> {
    this.#checkHeld(height)
    return entriesAt(this.#store, prefix, height)
  }

  async latest(key: Key): Promise<Canonical | undefined> {
    return this.stateAt(key, this.#position.height)
  }

  async latestBelow(prefix: Key): Promise<StateEntry[]> {
    const entries: StateEntry[] = []
    for await (const entry of this.rangeAt(prefix, this.#position.height)) entries.push(entry)
    return entries
  }

  history(key: Key): Promise<HistoryStep[]> {
    return this.#store.read((tx) => historyOf(tx, key))
  }

  #checkHeld(height: number): void {
    if (height > this.#position.height) throw ledgerErrors.NOT_YET({ awaited: `height ${height}`, timeoutMs: 0 })
  }

  readonly log: DerivedLog = {
    size: () => this.#position.size,
    root: (size = this.#position.size) => this.#store.read((tx) => treeRoot(storedSubtrees(tx), size)),
    inclusion: (logIndex, size = this.#position.size) => {
      if (!(logIndex >= 0 && logIndex < size && size <= this.#position.size)) throw ledgerErrors.NOT_IN_LOG({ what: `leaf ${logIndex} of ${size}` })
      return this.#store.read((tx) => inclusionProof(storedSubtrees(tx), logIndex, size))
    },
    consistency: (first, second) => {
      if (!(first > 0 && first <= second && second <= this.#position.size)) throw ledgerErrors.NOT_IN_LOG({ what: `pair of sizes ${first}, ${second}` })
      return this.#store.read((tx) => consistencyProof(storedSubtrees(tx), first, second))
    },
    entry: (operationId) => this.#store.read(async (tx) => {
      const at = await tx.get(tables.operations, [operationId])
      return at === undefined ? undefined : parse<LogEntry>(await tx.get(tables.entries, [fromUtf8(at)]))
    }),
  }

  async checkpoint(size = this.#position.size): Promise<Checkpoint> {
    return { origin: checkpointOrigin(this.#options.networkId), size, root: await this.log.root(size) }
  }

  async compare(checkpoint: Checkpoint): Promise<'same' | 'ahead' | 'forked' | 'other-log'> {
    if (checkpoint.origin !== checkpointOrigin(this.#options.networkId)) return 'other-log'
    if (checkpoint.size > this.#position.size) return 'ahead'
    return Buffer.compare(await this.log.root(checkpoint.size), checkpoint.root) === 0 ? 'same' : 'forked'
  }

  async stopOn(note: string): Promise<boolean> {
    const checkpoint = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))
    if (checkpoint === undefined || (await this.compare(checkpoint)) !== 'forked') return false
    await this.#fork({ height: this.#position.height, expected: toBase64Url(await this.log.root(checkpoint.size)), found: toBase64Url(checkpoint.root), theirs: { note } })
    return true
  }

  async prove(operationId: string, signers: readonly NoteSigner[], { shows = () => true, size = this.#position.size }: ProveOptions = {}): Promise<Proof> {
    const entry = await this.log.entry(operationId)
    if (entry === undefined) throw ledgerErrors.NOT_IN_LOG({ what: `operation ${operationId}` })
    const text = checkpointText(await this.checkpoint(size))
    const inclusion = encodePath(await this.log.inclusion(entry.logIndex, size))
    const writes = entry.writes.map((write) => shows(write) ? write : writeDigest(write))
    return { format: PROOF_FORMAT, ...entry, writes, inclusion, checkpoint: text, signatures: signers.map((signer) => noteSignature(text, signer)) }
  }

  onBlock(listener: (block: Block) => void | Promise<void>): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async waitFor(target: number | string, timeoutMs: number): Promise<void> {
    const isReached = async (): Promise<boolean> => (typeof target === 'number' ? this.#position.height >= target : (await this.log.entry(target)) !== undefined)
    await new Promise<void>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        settle()
      }
      const look = (): void => void isReached().then((reached) => reached && finish(resolve), (error: Error) => finish(() => reject(error)))
      const timer = setTimeout(() => finish(() => reject(ledgerErrors.NOT_YET({ awaited: typeof target === 'number' ? `height ${target}` : `operation ${target}`, timeoutMs }))), timeoutMs)
      this.#waiting.add(look)
      look()
    })
  }
}

const errorOf = ({ height, expected, found, finding }: ForkEvidence): MhmdError =>
  finding === undefined ? ledgerErrors.FORKED({ height, expected, found }) : ledgerErrors.FALSE_BLOCK({ height, finding })

/** Ends the transaction in which the block was about to be taken. */
class FalseBlock extends Error {
  readonly block: Block
  readonly finding: ContractFinding

  constructor(block: Block, finding: ContractFinding) {
    super(finding)
    this.block = block
    this.finding = finding
  }
}

/** Findable by its own operation id and by those of its items, which it recorded in the state. */
async function putEntry(tx: WriteTransaction, entry: LogEntry): Promise<void> {
  const at = ordinal(entry.logIndex)
  await tx.put(tables.entries, [at], utf8(JSON.stringify(entry)))
  const items = entry.writes.filter(({ key }) => key[0] === 'operation' && key.length === 2).map(({ key }) => key[1] as string)
  for (const operationId of new Set([entry.leaf.operationId, ...items])) await tx.put(tables.operations, [operationId], utf8(at))
}

function parse<T>(bytes: Uint8Array | undefined): T | undefined {
  return bytes === undefined ? undefined : JSON.parse(fromUtf8(bytes)) as T
}

/** What may pass by itself: the connection, not the store and not another history. */
const isOutage = (error: unknown): boolean => MhmdError.isInstance(error) && (error.code === 'LEDGER_UNAVAILABLE' || error.code === 'LEDGER_CLOSED' || error.code.startsWith('TRANSPORT_'))
