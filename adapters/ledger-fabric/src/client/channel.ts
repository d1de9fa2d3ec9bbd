// One member's view of a channel through the gateway of a peer: follows its blocks, asks its chaincode, tries again until a deadline.
import { GatewayError } from '@hyperledger/fabric-gateway'
import type { Contract, Network } from '@hyperledger/fabric-gateway'
import { common } from '@hyperledger/fabric-protos'
import { fromUtf8, pause } from '@mhmd/base'
import type { Canonical, Key, Log } from '@mhmd/base'
import { ledgerErrors } from '@mhmd/ledger'
import type { EndorsedBlock, Head, Receipt } from '@mhmd/ledger'
import { headerHash } from './block-check.ts'
import { Chain } from './chain.ts'
import type { Mark } from './chain.ts'
import { openGateway } from './gateway.ts'
import type { PeerConnection } from './gateway.ts'
import { MarkFile } from './marks.ts'

export interface ChannelOptions {
  readonly connection: PeerConnection
  readonly channel: string
  readonly chaincode: string
  readonly networkId: string
  readonly log: Log
  /** How long a call tries before LEDGER_UNAVAILABLE. Default 30 s. */
  readonly deadlineMs?: number
  /** How many of the newest transactions are kept in memory. Default 1,000. */
  readonly kept?: number
  /** The file of the chain's marks, by which the next start reads only what is new. Without it every start reads the channel from its first block. */
  readonly marksFile?: string
}

const MAX_PAGE = 10_000
const PAUSE_MS = 100

export class Channel {
  readonly contract: Contract
  readonly connection: PeerConnection
  readonly #options: ChannelOptions
  readonly deadlineMs: number
  readonly #network: Network
  readonly #chain: Chain
  readonly #marks: MarkFile | undefined
  readonly #closed = new AbortController()
  readonly #following: Promise<void>
  readonly #closeGateway: () => void

  constructor(options: ChannelOptions) {
    const { contract, network, close } = openGateway(options.connection, options)
    this.contract = contract
    this.connection = options.connection
    this.#options = options
    this.deadlineMs = options.deadlineMs ?? 30_000
    this.#network = network
    this.#marks = options.marksFile === undefined ? undefined : new MarkFile(options.marksFile, options)
    this.#chain = new Chain(options, { kept: options.kept, onMark: (mark) => this.#note(mark) })
    this.#closeGateway = close
    this.#following = this.#follow()
  }

  /** The newest block that this connection has read, without asking anybody. */
  get seen(): Head {
    return this.#chain.head
  }

  /** Keeps the chain in step with the channel, over as many streams as it takes. */
  async #follow(): Promise<void> {
    let isResumed = false
    while (!this.#closed.signal.aborted) {
      try {
        if (!isResumed && this.#marks !== undefined) await this.#resume(this.#marks)
        isResumed = true
        for await (const block of this.#streamed(BigInt(this.#chain.next))) this.#chain.append(block)
      } catch (error) {
        this.#options.log('fabric-stream-ended', { reason: reasonOf(error) })
      }
      await pause(PAUSE_MS, this.#closed.signal)
    }
  }

  /** From the newest mark on disk that the own peer has reached, if its block is the one that the mark names; from the channel's first block otherwise. */
  async #resume(file: MarkFile): Promise<void> {
    const marks = file.read()
    if (marks.length === 0) return
    const height = await this.#heightAt(this.connection.msp)
    // A peer that was put back from a copy, or is being filled, holds less than before.
    const reached = marks.filter(({ next }) => next <= height)
    const newest = reached.at(-1)
    const believed = newest !== undefined && await this.#names(newest) ? reached : []
    if (believed.length < marks.length) file.replace(believed)
    this.#chain.resume(believed)
    this.#options.log(believed.length === 0 ? 'fabric-marks-refused' : 'fabric-resumed', { height: newest?.height ?? -1 })
  }

  /** Whether the own peer's block before a mark is the one whose hash it has. */
  async #names({ next, fabricHash }: Mark): Promise<boolean> {
    const bytes = await this.#network.getContract('qscc').evaluate('GetBlockByNumber', { arguments: [this.#options.channel, String(next - 1)], endorsingOrganizations: [this.connection.msp] })
    return fabricHash !== undefined && headerHash(common.Block.deserializeBinary(bytes)).equals(fabricHash)
  }

  /** A mark that can't be written costs the next start some reading, and nothing else. */
  #note(mark: Mark): void {
    try {
      this.#marks?.append(mark)
    } catch (error) {
      this.#options.log('fabric-mark-not-written', { reason: reasonOf(error) })
    }
  }

  async* #streamed(from: bigint, signal: AbortSignal = this.#closed.signal): AsyncGenerator<common.Block> {
    const events = await this.#network.getBlockEvents({ startBlock: from })
    const stop = (): void => events.close()
    signal.addEventListener('abort', stop)
    try {
      yield* events
    } finally {
      signal.removeEventListener('abort', stop)
      events.close()
    }
  }

  /** Tries until it succeeds or fails for another reason than Fabric's. Throws LEDGER_UNAVAILABLE, LEDGER_CLOSED. */
  async persistently<T>(work: () => Promise<T>): Promise<T> {
    const end = Date.now() + this.deadlineMs
    for (;;) {
      if (this.#closed.signal.aborted) throw ledgerErrors.CLOSED()
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        if (Date.now() + PAUSE_MS > end) throw ledgerErrors.UNAVAILABLE({ reason: reasonOf(error) }, { cause: error })
        this.#options.log('fabric-tried-again', { reason: reasonOf(error) })
        await pause(PAUSE_MS, this.#closed.signal)
      }
    }
  }

  /** A question to the chaincode at this member's own peer. */
  ask(name: string, ...args: string[]): Promise<Uint8Array> {
    return this.persistently(() => this.contract.evaluate(name, { arguments: args, endorsingOrganizations: [this.connection.msp] }))
  }

  async get(key: Key): Promise<Canonical | undefined> {
    const bytes = await this.ask('get', JSON.stringify(key))
    return bytes.length === 0 ? undefined : JSON.parse(fromUtf8(bytes)) as Canonical
  }

  async range(prefix: Key, { after, limit = MAX_PAGE }: { readonly after?: Key; readonly limit?: number } = {}): Promise<{ key: Key; value: Canonical }[]> {
    return JSON.parse(fromUtf8(await this.ask('below', JSON.stringify(prefix), after === undefined ? '' : JSON.stringify(after), String(Math.min(limit, MAX_PAGE))))) as { key: Key; value: Canonical }[]
  }

  /** What a majority of the organisations' peers holds, once this member's own peer has brought it: a peer that is cut off answers for itself, and is not believed alone. */
  async head(): Promise<Head> {
    const { msp, others } = this.connection
    const heights = await this.persistently(async () => [await this.#heightAt(msp), ...await first(Math.floor((others.length + 1) / 2), others.map((other) => this.#heightAt(other)))])
    const height = Math.max(...heights)
    // A peer put back from a backup holds less than what was read from it before.
    for (let own = heights[0] ?? 0, end = Date.now() + this.deadlineMs; own < height; own = await this.persistently(() => this.#heightAt(msp))) {
      if (Date.now() > end) throw ledgerErrors.UNAVAILABLE({ reason: 'this member\'s own peer lags behind' })
      await pause(PAUSE_MS, this.#closed.signal)
    }
    if (await this.#chain.until(() => this.#chain.next >= height ? true : undefined, this.deadlineMs) === undefined) throw ledgerErrors.UNAVAILABLE({ reason: 'this peer\'s blocks are not all read yet' })
    return this.#chain.head
  }

  /** How many blocks an organisation's peer holds, by Fabric's own count. */
  async #heightAt(msp: string): Promise<number> {
    const info = await this.#network.getContract('qscc').evaluate('GetChainInfo', { arguments: [this.#options.channel], endorsingOrganizations: [msp] })
    return common.BlockchainInfo.deserializeBinary(info).getHeight()
  }

  async outcome(operationId: string): Promise<Receipt | undefined> {
    const isDone = this.#chain.receipt(operationId) !== undefined || (await this.ask('get', JSON.stringify(['operation', operationId]))).length > 0
    return isDone ? this.receipt(operationId) : undefined
  }

  /** From the block it stands in, once this member's own peer has brought it. `number`: Fabric's of that block, where it is known. */
  async receipt(operationId: string, number?: number): Promise<Receipt> {
    const end = Date.now() + this.deadlineMs
    if (number !== undefined) await this.#read(number, end)
    for (;;) {
      const receipt = this.#chain.receipt(operationId) ?? await this.#older(operationId, end)
      if (receipt !== undefined) return receipt
      if (Date.now() > end) throw ledgerErrors.UNAVAILABLE({ reason: 'committed, and not yet seen on this peer' })
      await pause(PAUSE_MS, this.#closed.signal)
    }
  }

  /** Until a block of Fabric's number was read. */
  async #read(number: number, end: number): Promise<void> {
    if (await this.#chain.until(() => this.#chain.next > number ? true : undefined, end - Date.now()) === undefined) throw ledgerErrors.UNAVAILABLE({ reason: 'committed, and not yet seen on this peer' })
  }

  /** By the peer's own indexes: which transaction wrote the operation, and in which block that is. */
  async #older(operationId: string, end: number): Promise<Receipt | undefined> {
    const id = fromUtf8(await this.ask('written', JSON.stringify(['operation', operationId])))
    if (id === '') return undefined
    const bytes = await this.persistently(() => this.#network.getContract('qscc').evaluate('GetBlockByTxID', { arguments: [this.#options.channel, id], endorsingOrganizations: [this.connection.msp] }))
    const block = common.Block.deserializeBinary(bytes)
    await this.#read(block.getHeader()?.getNumber() ?? 0, end)
    return this.#chain.receipt(operationId) ?? this.#chain.receiptIn(block, operationId)
  }

  async* blocks(from: number, wanted?: AbortSignal): AsyncGenerator<EndorsedBlock> {
    const signal = wanted === undefined ? this.#closed.signal : AbortSignal.any([wanted, this.#closed.signal])
    let next = from
    const isHeld = (): true | undefined => signal.aborted || this.#chain.head.height >= next ? true : undefined
    while (!signal.aborted) {
      // Looked at again now and then, for an abort that no block brings.
      if (await this.#chain.until(isHeld, 500) === undefined || signal.aborted) continue
      const kept = this.#chain.kept(next)
      if (kept !== undefined) {
        next++
        yield kept
        continue
      }
      try {
        for await (const block of this.#olderBlocks(next, signal)) {
          next = block.height + 1
          yield block
        }
      } catch (error) {
        if (signal.aborted) return
        this.#options.log('fabric-stream-ended', { reason: reasonOf(error) })
        await pause(PAUSE_MS, signal)
      }
    }
  }

  /** Blocks from a height on that were read before and are no longer kept, until one is. */
  async* #olderBlocks(from: number, signal: AbortSignal): AsyncGenerator<EndorsedBlock> {
    let mark = this.#chain.before(from)
    for await (const fabric of this.#streamed(BigInt(mark.next), signal)) {
      const { mark: reached, block } = this.#chain.after(mark, fabric)
      mark = reached
      if (block !== undefined && block.height >= from) yield block
      if (signal.aborted || this.#chain.kept(mark.height + 1) !== undefined || mark.height >= this.#chain.head.height) return
    }
  }

  async close(): Promise<void> {
    this.#closed.abort()
    this.#closeGateway()
    await this.#following
  }
}

/** The first `count` of these to succeed. Throws the last failure where too many fail. */
function first<T>(count: number, attempts: readonly Promise<T>[]): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const done: T[] = []
    let failed = 0
    if (count === 0) resolve(done)
    for (const one of attempts) {
      one.then((value) => {
        if (done.push(value) === count) resolve(done)
      }, (error: Error) => {
        if (attempts.length - ++failed < count) reject(error)
      })
    }
  })
}

/** Without what a peer says about itself: the status, and the first organisation that complained. */
const reasonOf = (error: unknown): string => error instanceof GatewayError ? `Fabric status ${error.code}${error.details[0] === undefined ? '' : ` of ${error.details[0].mspId}: ${error.details[0].message.slice(0, 200)}`}` : error instanceof Error ? error.message.slice(0, 200) : 'unknown'
