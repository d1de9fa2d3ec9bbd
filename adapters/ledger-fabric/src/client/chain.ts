// The channel as the port's chain: heights count Fabric's blocks from the one with genesis on, and the port's hashes are computed along the way. Bounded: the newest transactions, and a mark now and then.
import type { common } from '@hyperledger/fabric-protos'
import { transactionId } from '@mhmd/contracts'
import { blockHash, ledgerErrors } from '@mhmd/ledger'
import type { Block, EndorsedBlock, Head, Receipt } from '@mhmd/ledger'
import { damageOf, headerHash, previousHash } from './block-check.ts'
import { transactionsOf } from './fabric-block.ts'

type CommittedReceipt = Extract<Receipt, { status: 'committed' }>

/** The chain up to a block, as much as the next one needs. */
export interface Mark extends Head {
  /** Of the block, milliseconds since 1970. */
  readonly time: number
  /** Fabric's number of the block to come. */
  readonly next: number
  /** Fabric's own hash of the block before. */
  readonly fabricHash?: Uint8Array
}

/** Transactions whose blocks and receipts are kept where nothing else is said. */
const KEPT = 1000
/** Blocks from one mark to the next. */
const SPACING = 64

/** Every operation id that a valid transaction used up: its own and its items'. */
const operationsOf = (committed: Block['committed'][number]): string[] => committed.writes.filter(({ key }) => key[0] === 'operation').map(({ key }) => key[1] as string)

export class Chain {
  readonly #networkId: string
  readonly #chaincode: string
  readonly #most: number
  #mark: Mark
  /** Before genesis, then every so many blocks. */
  readonly #marks: Mark[]
  /** How many there are, but for the one before genesis is known. */
  #marked = 0
  /** The newest blocks, in order, and how many transactions they hold. */
  readonly #kept: EndorsedBlock[] = []
  #keptTransactions = 0
  readonly #receipts = new Map<string, CommittedReceipt>()
  readonly #waiting = new Set<() => void>()
  readonly #onMark: (mark: Mark) => void

  /** `kept`: how many of the newest transactions are held. `onMark` is told of every mark that is set. */
  constructor({ networkId, chaincode }: { readonly networkId: string; readonly chaincode: string }, { kept = KEPT, onMark = () => undefined }: { readonly kept?: number | undefined; readonly onMark?: (mark: Mark) => void } = {}) {
    this.#most = kept
    this.#networkId = networkId
    this.#chaincode = chaincode
    this.#onMark = onMark
    this.#mark = { height: -1, hash: networkId, time: 0, next: 0 }
    this.#marks = [this.#mark]
  }

  /** Goes on from the newest of the marks that were set before; nothing was read yet. */
  resume(marks: readonly Mark[]): void {
    const newest = marks.at(-1)
    if (newest === undefined) return
    this.#marks.splice(0, Infinity, ...marks)
    this.#marked = marks.length
    this.#mark = newest
  }

  get next(): number {
    return this.#mark.next
  }

  get head(): Head {
    return { height: this.#mark.height, hash: this.#mark.hash }
  }

  /** How much is held in memory. */
  get held(): { readonly blocks: number; readonly receipts: number; readonly marks: number } {
    return { blocks: this.#kept.length, receipts: this.#receipts.size, marks: this.#marks.length }
  }

  /** Takes the next of Fabric's blocks; one that was taken already is passed over. Throws LEDGER_CORRUPT_BLOCK for one that its peer's disk has spoiled. */
  append(fabric: common.Block): void {
    if ((fabric.getHeader()?.getNumber() ?? 0) !== this.#mark.next) return
    const before = this.#mark
    const { mark, block } = this.after(before, fabric)
    this.#mark = mark
    if (block !== undefined) this.#keep(block, before)
    for (const wake of this.#waiting) wake()
  }

  #keep(block: EndorsedBlock, before: Mark): void {
    // Not set already, by which a chain was resumed.
    if (block.height === this.#marked * SPACING) {
      this.#marks[this.#marked++] = before
      this.#onMark(before)
    }
    this.#kept.push(block)
    this.#keptTransactions += block.committed.length
    for (const [index, each] of block.committed.entries()) {
      const receipt = receiptOf(each, { height: block.height, index })
      for (const operationId of operationsOf(each)) this.#receipts.set(operationId, receipt)
    }
    while (this.#kept.length > 1 && (this.#keptTransactions > this.#most || this.#kept.length > this.#most)) this.#drop(this.#kept.shift() as EndorsedBlock)
  }

  #drop({ committed }: Block): void {
    this.#keptTransactions -= committed.length
    for (const operationId of committed.flatMap(operationsOf)) this.#receipts.delete(operationId)
  }

  /** The next of Fabric's blocks put after a mark; no block as long as there is no genesis. Throws LEDGER_CORRUPT_BLOCK. */
  after(mark: Mark, fabric: common.Block): { readonly mark: Mark; readonly block: EndorsedBlock | undefined } {
    const number = fabric.getHeader()?.getNumber() ?? 0
    const damage = damageOf(fabric) ?? (mark.fabricHash === undefined || Buffer.from(mark.fabricHash).equals(previousHash(fabric)) ? undefined : 'it does not name the block before')
    if (damage !== undefined) throw ledgerErrors.CORRUPT_BLOCK({ height: number, why: damage })
    const reached = { next: number + 1, fabricHash: headerHash(fabric) }
    const transactions = transactionsOf(fabric, this.#chaincode)
    const isGenesis = transactions.some(({ transaction, code }) => code === 'VALID' && transaction.operation === 'genesis' && transaction.network === this.#networkId)
    if (mark.height < 0 && !isGenesis) return { mark: { ...mark, ...reached }, block: undefined }
    const height = mark.height + 1
    // Fabric's BFT blocks carry no time: the latest that its clients named, and never earlier than before.
    const time = Math.max(mark.time, ...transactions.map((each) => each.time))
    const body = { height, previous: mark.hash, time, committed: transactions.map(({ transaction, code, writes, events }) => ({ transaction, code, writes, events })) }
    const hash = blockHash(body)
    return { mark: { height, hash, time, ...reached }, block: { ...body, hash, endorsements: transactions.map(({ endorsement }) => endorsement) } }
  }

  /** The nearest mark below a height. */
  before(height: number): Mark {
    return this.#marks[Math.min(Math.floor(height / SPACING), this.#marks.length - 1)] as Mark
  }

  /** Fabric's number of the block with genesis; undefined where none was read. */
  get base(): number | undefined {
    return this.#mark.height < 0 ? undefined : this.#marks[0]?.next
  }

  /** A block that is still kept. */
  kept(height: number): EndorsedBlock | undefined {
    return this.#kept[height - (this.#kept[0]?.height ?? 0)]
  }

  /** Of an operation whose block is still kept. */
  receipt(operationId: string): CommittedReceipt | undefined {
    return this.#receipts.get(operationId)
  }

  /** Of an operation in a block that was read again. Throws LEDGER_CORRUPT_BLOCK. */
  receiptIn(fabric: common.Block, operationId: string): CommittedReceipt | undefined {
    const height = (fabric.getHeader()?.getNumber() ?? 0) - (this.base ?? 0)
    const damage = damageOf(fabric)
    if (damage !== undefined) throw ledgerErrors.CORRUPT_BLOCK({ height, why: damage })
    const committed = transactionsOf(fabric, this.#chaincode)
    const index = committed.findIndex((each) => operationsOf(each).includes(operationId))
    const found = committed[index]
    return found === undefined ? undefined : receiptOf(found, { height, index })
  }

  /** Until `found` gives something, looked at after each block. */
  async until<T>(found: () => T | undefined, milliseconds: number): Promise<T | undefined> {
    const now = found()
    if (now !== undefined) return now
    return new Promise((resolve) => {
      const look = (): void => {
        const value = found()
        if (value !== undefined) end(value)
      }
      const end = (value: T | undefined): void => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(value)
      }
      const timer = setTimeout(() => end(undefined), milliseconds)
      this.#waiting.add(look)
    })
  }
}

const receiptOf = ({ transaction, code, events }: Block['committed'][number], { height, index }: { readonly height: number; readonly index: number }): CommittedReceipt =>
  ({ status: 'committed', operationId: transaction.operationId, transactionId: transactionId(transaction), height, index, code, events })
