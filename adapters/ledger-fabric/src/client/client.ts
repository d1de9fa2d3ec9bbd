// The ledger port on a Fabric channel: exactly once by operation id, tried again until a deadline; for one member, or for each that a gateway serves.
import { join } from 'node:path'
import { peer } from '@hyperledger/fabric-protos'
import { canonicalText, utf8 } from '@mhmd/base'
import type { Canonical, Randomness, Refusal } from '@mhmd/base'
import { privateHashes, transactionId } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { ledgerErrors } from '@mhmd/ledger'
import type { Block, Head, Ledger, PrivateValue, Receipt } from '@mhmd/ledger'
import { Channel } from './channel.ts'
import type { ChannelOptions } from './channel.ts'
import { attempt, refusalAt } from './gateway.ts'
import { PrivateKeys } from './private-keys.ts'

export interface FabricLedgerOptions extends ChannelOptions {
  /** Where the keys of this member's private values rest; of each member's, for a gateway. */
  readonly privateFolder: string
  readonly randomness: Randomness
}

/** A member with a peer of its own, which serves the port to members without one under their authenticated names. */
export interface FabricGateway {
  forMember(member: string): Ledger
  /** The newest block that was read. */
  readonly head: Head
  /** Every block from a height on and then new ones, as the text that its hash is over. */
  storedBlocks(from: number, signal: AbortSignal): AsyncGenerator<{ readonly hash: string; readonly text: string }>
  close(): Promise<void>
}

const CONFLICTS = new Set<number>([peer.TxValidationCode.MVCC_READ_CONFLICT, peer.TxValidationCode.PHANTOM_READ_CONFLICT])
const MOST_CONFLICTS = 10

/** The port for the member whose connection it is. */
export function fabricLedger(options: FabricLedgerOptions): Ledger {
  const channel = new Channel(options)
  return { ...memberLedger(channel, options.connection.member, new PrivateKeys(options.privateFolder, options.randomness)), close: () => channel.close() }
}

export function fabricGateway(options: FabricLedgerOptions): FabricGateway {
  const channel = new Channel(options)
  const ledgers = new Map<string, Ledger>()
  return {
    forMember: (member) => {
      const present = ledgers.get(member) ?? memberLedger(channel, member, new PrivateKeys(join(options.privateFolder, member), options.randomness))
      ledgers.set(member, present)
      return present
    },
    get head() { return channel.seen },
    storedBlocks: async function* storedBlocks(from, signal) {
      for await (const { hash, ...block } of portBlocks(channel, from, signal)) yield { hash, text: canonicalText(block as unknown as Omit<Block, 'hash'> & Canonical) }
    },
    close: () => channel.close(),
  }
}

/** The same on every engine. */
async function* portBlocks(channel: Channel, from: number, signal?: AbortSignal): AsyncGenerator<Block> {
  for await (const { height, previous, time, committed, hash } of channel.blocks(from, signal)) yield { height, previous, time, committed, hash }
}

/** `close` leaves the channel open: it belongs to whoever opened it. */
function memberLedger(channel: Channel, member: string, secrets: PrivateKeys): Ledger {
  const { contract, connection } = channel
  const collection = `_implicit_org_${connection.msp}`
  const inFlight = new Map<string, Promise<Receipt>>()

  async function submitOnce(transaction: Transaction, transient: Record<string, Uint8Array>): Promise<Receipt> {
    const text = textOf(transaction)
    const end = Date.now() + channel.deadlineMs
    let tries = 0
    for (let conflicts = 0; ;) {
      const attempted = await channel.persistently(() => attempt(contract, text, endorsement(transient, tries++)))
      if ('refusal' in attempted) {
        const refusal = attempted.refusal.code === 'CONTRACT_OPERATION_DONE' ? attempted.refusal : await confirmed(text)
        if (refusal !== undefined) return refusedOr(refusal, transaction)
        if (Date.now() > end) throw ledgerErrors.UNAVAILABLE({ reason: 'a peer that endorses lags behind' })
        continue
      }
      if (attempted.code === peer.TxValidationCode.VALID) return await channel.receipt(transaction.operationId, attempted.block)
      if (!CONFLICTS.has(attempted.code)) throw ledgerErrors.UNAVAILABLE({ reason: `validation code ${attempted.code}` })
      if (++conflicts > MOST_CONFLICTS) throw ledgerErrors.WRITE_CONFLICT({ operationId: transaction.operationId, attempts: conflicts })
    }
  }

  /** A peer that lags refuses what the others would take: only what this member's own peer refuses, at the height of a majority, is refused. */
  async function confirmed(text: string): Promise<Refusal | undefined> {
    await channel.head()
    return channel.persistently(() => refusalAt(contract, text, connection.msp))
  }

  /** With private data the gateway asks who is trusted with them: they are sealed, so any other organisation is. */
  function endorsement(transient: Record<string, Uint8Array>, tries: number): { transientData?: Record<string, Uint8Array>; endorsingOrganizations?: string[] } {
    if (Object.keys(transient).length === 0) return {}
    const other = connection.others[tries % connection.others.length]
    return { transientData: transient, endorsingOrganizations: [connection.msp, ...(other === undefined ? [] : [other])] }
  }

  async function refusedOr(refusal: Refusal, transaction: Transaction): Promise<Receipt> {
    const { operationId } = transaction
    if (refusal.code === 'CONTRACT_OPERATION_DONE') return channel.receipt(operationId)
    if (refusal.code === 'FABRIC_TIME_OUTSIDE_WINDOW') throw ledgerErrors.TIME_OUTSIDE_WINDOW({ operationId, skewSeconds: Math.round(Math.abs(Date.now() - transaction.time) / 1000) })
    return { status: 'refused', operationId, transactionId: transactionId(transaction), refusal }
  }

  function transientOf(transaction: Transaction, value: PrivateValue | undefined): Record<string, Uint8Array> {
    const call = `${transaction.contract} ${transaction.operation}`
    if (call === 'private@1 purge') return { collection: utf8(collection) }
    if ((call === 'private@1 put') !== (value !== undefined)) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: value === undefined ? 'it is missing' : 'only private@1 put takes one' })
    return value === undefined ? {} : { collection: utf8(collection), sealed: secrets.seal(value.key, namedHashes(transaction, value), value.value) }
  }

  async function submit(transaction: Transaction, privateValue?: PrivateValue): Promise<Receipt> {
    if (transaction?.submitter !== member) throw ledgerErrors.FORBIDDEN({ member })
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
    outcome: (operationId) => channel.outcome(operationId),
    get: (key) => channel.get(key),
    range: (prefix, page) => channel.range(prefix, page),
    head: () => channel.head(),
    blocks: (from, signal) => portBlocks(channel, from, signal),
    endorsedBlocks: (from, signal) => channel.blocks(from, signal),
    privateGet: async (key) => {
      const keyHash = secrets.hashOf(key)
      if (keyHash === undefined) return undefined
      const sealed = await channel.ask('private-get', collection, keyHash)
      return sealed.length === 0 ? undefined : secrets.open(key, sealed)
    },
    privatePurge: async (key) => {
      const keyHash = secrets.hashOf(key)
      if (keyHash === undefined) return
      // The key first: whatever becomes of the peer's bytes, nobody can open them any more.
      secrets.destroy(key)
      await channel.persistently(async () => void await contract.submit('private-purge', { arguments: [collection, keyHash], endorsingOrganizations: [connection.msp] }))
    },
    close: async () => undefined,
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
