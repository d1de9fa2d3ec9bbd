// The ledger port on a Fabric channel, for one member through the gateway of its peer: exactly once by operation id, tried again until a deadline.
import { GatewayError } from '@hyperledger/fabric-gateway'
import type { Network } from '@hyperledger/fabric-gateway'
import { common, peer } from '@hyperledger/fabric-protos'
import { canonicalText, fromUtf8, utf8 } from '@mhmd/base'
import type { Canonical, Key, Log, Randomness, Refusal } from '@mhmd/base'
import { privateHashes, transactionId } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { ledgerErrors } from '@mhmd/ledger'
import type { Block, Ledger, PrivateValue, Receipt } from '@mhmd/ledger'
import { Chain, receiptOf } from './chain.ts'
import { attempt, openGateway } from './gateway.ts'
import type { PeerConnection } from './gateway.ts'
import { PrivateKeys } from './private-keys.ts'

export interface FabricLedgerOptions {
  readonly connection: PeerConnection
  readonly channel: string
  readonly chaincode: string
  readonly networkId: string
  /** Where the keys of this member's private values rest. */
  readonly privateFolder: string
  readonly randomness: Randomness
  readonly log: Log
  /** How long a call tries before LEDGER_UNAVAILABLE. Default 30 s. */
  readonly deadlineMs?: number
}

const CONFLICTS = new Set<number>([peer.TxValidationCode.MVCC_READ_CONFLICT, peer.TxValidationCode.PHANTOM_READ_CONFLICT])
const MOST_CONFLICTS = 10
const MAX_PAGE = 10_000
const PAUSE_MS = 100

export function fabricLedger(options: FabricLedgerOptions): Ledger {
  const { connection, chaincode } = options
  const deadlineMs = options.deadlineMs ?? 30_000
  const { contract, network, close } = openGateway(connection, { channel: options.channel, chaincode })
  const chain = new Chain(options.networkId, chaincode)
  const secrets = new PrivateKeys(options.privateFolder, options.randomness)
  const collection = `_implicit_org_${connection.msp}`
  const closed = new AbortController()
  const inFlight = new Map<string, Promise<Receipt>>()
  const following = follow()

  /** Keeps the chain in step with the channel, over as many streams as it takes. */
  async function follow(): Promise<void> {
    while (!closed.signal.aborted) {
      try {
        for await (const block of streamed(BigInt(chain.next))) chain.append(block)
      } catch (error) {
        options.log('fabric-stream-ended', { reason: reasonOf(error) })
      }
      await pause(PAUSE_MS, closed.signal)
    }
  }

  async function* streamed(from: bigint, signal: AbortSignal = closed.signal): AsyncGenerator<Awaited<ReturnType<Network['getBlockEvents']>> extends AsyncIterable<infer B> ? B : never> {
    const events = await network.getBlockEvents({ startBlock: from })
    const stop = (): void => events.close()
    signal.addEventListener('abort', stop)
    try {
      yield* events
    } finally {
      signal.removeEventListener('abort', stop)
      events.close()
    }
  }

  async function persistently<T>(work: () => Promise<T>): Promise<T> {
    const end = Date.now() + deadlineMs
    for (;;) {
      if (closed.signal.aborted) throw ledgerErrors.CLOSED()
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        if (Date.now() + PAUSE_MS > end) throw ledgerErrors.UNAVAILABLE({ reason: reasonOf(error) }, { cause: error })
        options.log('fabric-tried-again', { reason: reasonOf(error) })
        await pause(PAUSE_MS, closed.signal)
      }
    }
  }

  const ask = (name: string, ...args: string[]): Promise<Uint8Array> => persistently(() => contract.evaluate(name, { arguments: args, endorsingOrganizations: [connection.msp] }))

  async function submitOnce(transaction: Transaction, transient: Record<string, Uint8Array>): Promise<Receipt> {
    const text = textOf(transaction)
    let tries = 0
    for (let conflicts = 0; ; conflicts++) {
      const attempted = await persistently(() => attempt(contract, text, endorsement(transient, tries++)))
      if ('refusal' in attempted) return refusedOr(attempted.refusal, transaction)
      if (attempted.code === peer.TxValidationCode.VALID) return await receiptFor(transaction.operationId)
      if (!CONFLICTS.has(attempted.code)) throw ledgerErrors.UNAVAILABLE({ reason: `validation code ${attempted.code}` })
      if (conflicts >= MOST_CONFLICTS) throw ledgerErrors.WRITE_CONFLICT({ operationId: transaction.operationId, attempts: conflicts + 1 })
    }
  }

  /** With private data the gateway asks who is trusted with them: they are sealed, so any other organisation is. */
  function endorsement(transient: Record<string, Uint8Array>, tries: number): { transientData?: Record<string, Uint8Array>; endorsingOrganizations?: string[] } {
    if (Object.keys(transient).length === 0) return {}
    const other = connection.others[tries % connection.others.length]
    return { transientData: transient, endorsingOrganizations: [connection.msp, ...(other === undefined ? [] : [other])] }
  }

  async function refusedOr(refusal: Refusal, transaction: Transaction): Promise<Receipt> {
    const { operationId } = transaction
    if (refusal.code === 'CONTRACT_OPERATION_DONE') return receiptFor(operationId)
    if (refusal.code === 'FABRIC_TIME_OUTSIDE_WINDOW') throw ledgerErrors.TIME_OUTSIDE_WINDOW({ operationId, skewSeconds: Math.round(Math.abs(Date.now() - transaction.time) / 1000) })
    return { status: 'refused', operationId, transactionId: transactionId(transaction), refusal }
  }

  /** From the block it stands in, once this member's own peer has brought it. */
  async function receiptFor(operationId: string): Promise<Receipt> {
    const place = await chain.until(() => chain.place(operationId), deadlineMs)
    if (place === undefined) throw ledgerErrors.UNAVAILABLE({ reason: 'committed, and not yet seen on this peer' })
    const block = await blockAt(place.height)
    const committed = block.committed[place.index]
    if (committed === undefined) throw ledgerErrors.CORRUPT_BLOCK({ height: place.height, why: 'it does not hold the transaction that was seen in it' })
    return receiptOf(committed, place)
  }

  async function blockAt(height: number): Promise<Block> {
    return persistently(async () => {
      for await (const block of streamed(BigInt(chain.numberOf(height)))) return chain.again(block, height)
      throw ledgerErrors.UNAVAILABLE({ reason: 'the stream of blocks ended' })
    })
  }

  function transientOf(transaction: Transaction, value: PrivateValue | undefined): Record<string, Uint8Array> {
    const call = `${transaction.contract} ${transaction.operation}`
    if (call === 'private@1 purge') return { collection: utf8(collection) }
    if ((call === 'private@1 put') !== (value !== undefined)) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: value === undefined ? 'it is missing' : 'only private@1 put takes one' })
    return value === undefined ? {} : { collection: utf8(collection), sealed: secrets.seal(value.key, namedHashes(transaction, value), value.value) }
  }

  async function submit(transaction: Transaction, privateValue?: PrivateValue): Promise<Receipt> {
    if (transaction?.submitter !== connection.member) throw ledgerErrors.FORBIDDEN({ member: connection.member })
    const { operationId } = transaction
    const running = inFlight.get(operationId)
    if (running !== undefined) {
      const receipt = await running.catch(() => undefined)
      return receipt?.status === 'committed' ? receipt : submit(transaction, privateValue)
    }
    const receipt = submitOnce(transaction, transientOf(transaction, privateValue))
    inFlight.set(operationId, receipt)
    try {
      const settled = await receipt
      if (settled.status === 'committed' && transaction.contract === 'private@1' && transaction.operation === 'purge') secrets.destroyHash((transaction.payload as { keyHash: string }).keyHash)
      return settled
    } finally {
      inFlight.delete(operationId)
    }
  }

  return {
    submit,
    outcome: async (operationId) => chain.place(operationId) === undefined && (await ask('get', JSON.stringify(['operation', operationId]))).length === 0 ? undefined : receiptFor(operationId),
    get: async (key) => {
      const bytes = await ask('get', JSON.stringify(key))
      return bytes.length === 0 ? undefined : JSON.parse(fromUtf8(bytes)) as Canonical
    },
    range: async (prefix, page = {}) => JSON.parse(fromUtf8(await ask('below', JSON.stringify(prefix), page.after === undefined ? '' : JSON.stringify(page.after), String(Math.min(page.limit ?? MAX_PAGE, MAX_PAGE))))) as { key: Key; value: Canonical }[],
    head: async () => {
      const height = await persistently(() => channelHeight(network, options.channel))
      if (await chain.until(() => chain.next >= height ? true : undefined, deadlineMs) === undefined) throw ledgerErrors.UNAVAILABLE({ reason: 'this peer\'s blocks are not all read yet' })
      return chain.head
    },
    blocks: (from, signal) => blocksFrom(from, signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal])),
    privateGet: async (key) => {
      const keyHash = secrets.hashOf(key)
      if (keyHash === undefined) return undefined
      const sealed = await ask('private-get', collection, keyHash)
      return sealed.length === 0 ? undefined : secrets.open(key, sealed)
    },
    privatePurge: async (key) => {
      const keyHash = secrets.hashOf(key)
      if (keyHash === undefined) return
      // The key first: whatever becomes of the peer's bytes, nobody can open them any more.
      secrets.destroy(key)
      await persistently(async () => void await contract.submit('private-purge', { arguments: [collection, keyHash], endorsingOrganizations: [connection.msp] }))
    },
    close: async () => {
      closed.abort()
      close()
      await following
    },
  }

  async function* blocksFrom(from: number, signal: AbortSignal): AsyncGenerator<Block> {
    let next = from
    const isHeld = (): true | undefined => signal.aborted || chain.head.height >= next ? true : undefined
    while (!signal.aborted) {
      // Looked at again now and then, for an abort that no block brings.
      if (await chain.until(isHeld, 500) === undefined) continue
      try {
        for await (const block of streamed(BigInt(chain.numberOf(next)), signal)) {
          if (await chain.until(isHeld, deadlineMs) === undefined || signal.aborted) break
          yield chain.again(block, next++)
        }
      } catch (error) {
        if (signal.aborted) return
        options.log('fabric-stream-ended', { reason: reasonOf(error) })
      }
      await pause(PAUSE_MS, signal)
    }
  }
}

/** Throws LEDGER_BAD_TRANSACTION for what has no canonical form. */
function textOf(transaction: Transaction): string {
  try {
    return canonicalText(transaction as unknown as Canonical)
  } catch (cause) {
    throw ledgerErrors.BAD_TRANSACTION({ why: 'it has no canonical form' }, { cause })
  }
}

/** The hashes by which the transaction names its value. Throws LEDGER_BAD_PRIVATE_VALUE. */
function namedHashes(transaction: Transaction, { key, value }: PrivateValue): ReturnType<typeof privateHashes> {
  if (value.length < 16) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: 'it has fewer than 16 bytes' })
  const hashes = privateHashes(key, value)
  const named = transaction.payload as Partial<typeof hashes> | null
  if (named?.keyHash !== hashes.keyHash || named.valueHash !== hashes.valueHash) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: 'its hashes are others' })
  return hashes
}

/** How many blocks this member's peer holds, by Fabric's own count. */
async function channelHeight(network: Network, channel: string): Promise<number> {
  return common.BlockchainInfo.deserializeBinary(await network.getContract('qscc').evaluateTransaction('GetChainInfo', channel)).getHeight()
}

/** Without what a peer says about itself: the status, and the first organisation that complained. */
const reasonOf = (error: unknown): string => error instanceof GatewayError ? `Fabric status ${error.code}${error.details[0] === undefined ? '' : ` of ${error.details[0].mspId}: ${error.details[0].message.slice(0, 200)}`}` : error instanceof Error ? error.message.slice(0, 200) : 'unknown'

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
