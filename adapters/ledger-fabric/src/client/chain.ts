// The channel as the port's chain: heights count Fabric's blocks from the one with genesis on, and the port's hashes are computed along the way.
import type { common } from '@hyperledger/fabric-protos'
import { transactionId } from '@mhmd/contracts'
import { blockHash } from '@mhmd/ledger'
import type { Block, Head, Receipt } from '@mhmd/ledger'
import { transactionsOf } from './fabric-block.ts'
import type { FabricTransaction } from './fabric-block.ts'

type CommittedReceipt = Extract<Receipt, { status: 'committed' }>

/** Every operation id that a valid transaction used up: its own and its items'. */
const operationsOf = (committed: Block['committed'][number]): string[] => committed.writes.filter(({ key }) => key[0] === 'operation').map(({ key }) => key[1] as string)

export class Chain {
  readonly #networkId: string
  readonly #chaincode: string
  #head: Head
  #time = 0
  /** Fabric's number of the block to come. */
  #next = 0
  /** Fabric's number of the block that is height 0. */
  #base: number | undefined
  readonly #places = new Map<string, { readonly height: number; readonly index: number }>()
  /** By height: what is needed to give a block again. */
  readonly #known: { readonly hash: string; readonly time: number }[] = []
  readonly #waiting = new Set<() => void>()

  constructor(networkId: string, chaincode: string) {
    this.#networkId = networkId
    this.#chaincode = chaincode
    this.#head = { height: -1, hash: networkId }
  }

  get next(): number {
    return this.#next
  }

  get head(): Head {
    return this.#head
  }

  /** Fabric's number of the block at a height; the first of all before there is genesis. */
  numberOf(height: number): number {
    return (this.#base ?? 0) + height
  }

  /** Takes the next of Fabric's blocks; one that was taken already is passed over. */
  append(fabric: common.Block): void {
    const number = fabric.getHeader()?.getNumber() ?? 0
    if (number !== this.#next) return
    this.#take(transactionsOf(fabric, this.#chaincode), number)
    this.#next = number + 1
    for (const wake of this.#waiting) wake()
  }

  #take(transactions: readonly FabricTransaction[], number: number): void {
    const isGenesis = transactions.some(({ transaction, code }) => code === 'VALID' && transaction.operation === 'genesis' && transaction.network === this.#networkId)
    if (isGenesis) this.#base ??= number
    if (this.#base === undefined) return
    const height = this.#head.height + 1
    // Fabric's BFT blocks carry no time: the latest that its clients named, and never earlier than before.
    this.#time = Math.max(this.#time, ...transactions.map(({ time }) => time))
    const body = { height, previous: this.#head.hash, time: this.#time, committed: transactions.map(({ transaction, code, writes, events }) => ({ transaction, code, writes, events })) }
    const block = { ...body, hash: blockHash(body) }
    this.#known.push({ hash: block.hash, time: this.#time })
    block.committed.forEach((each, index) => {
      for (const operationId of operationsOf(each)) this.#places.set(operationId, { height, index })
    })
    this.#head = { height, hash: block.hash }
  }

  /** A block that was appended before, read again from Fabric. */
  again(fabric: common.Block, height: number): Block {
    const { hash = '', time = 0 } = this.#known[height] ?? {}
    const committed = transactionsOf(fabric, this.#chaincode).map(({ transaction, code, writes, events }) => ({ transaction, code, writes, events }))
    return { height, previous: this.#known[height - 1]?.hash ?? this.#networkId, time, committed, hash }
  }

  place(operationId: string): { readonly height: number; readonly index: number } | undefined {
    return this.#places.get(operationId)
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

export const receiptOf = ({ transaction, code, events }: Block['committed'][number], { height, index }: { readonly height: number; readonly index: number }): CommittedReceipt =>
  ({ status: 'committed', operationId: transaction.operationId, transactionId: transactionId(transaction), height, index, code, events })
