// A real Fabric network with citizens who decide while something happens to it, and what must hold afterwards: one chain, one state, and every acknowledged decision exactly once.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MhmdError, canonicalText } from '@mhmd/base'
import type { Block, Ledger } from '@mhmd/ledger'
import { sampleNetwork } from '@mhmd/ledger/testing'
import type { SampleMember, SampleNetwork } from '@mhmd/ledger/testing'
import { CHAINCODE, fabricLedger, startFabricNetwork } from '../src/index.ts'
import type { FabricNetwork, FabricNetworkOptions } from '../src/index.ts'
import { invokeDirectly } from './invoke.ts'
import { planFor } from './plan.ts'

export const MEMBERS = ['rome', 'accounts', 'institute'] as const
const CITIZENS = 12

export interface Ground {
  readonly fabric: FabricNetwork
  readonly network: SampleNetwork
  /** For files of the test, beside the network's. */
  readonly folder: string
  ledgerOf(member: SampleMember): Ledger
  /** Closes a client, so that the next is opened with what the network says now. */
  forget(member: SampleMember): Promise<void>
  /** The next decision by a citizen whom the load doesn't touch; the same until it was acknowledged. */
  decide(through: SampleMember): ReturnType<SampleNetwork['decide']>
  /** Submits until there is an answer. */
  acknowledged(through: SampleMember, transaction: ReturnType<SampleNetwork['decide']>): Promise<void>
  /** Decisions by every citizen through these members while something happens. */
  underLoad(members: readonly SampleMember[], happening: () => Promise<void>): Promise<Answers>
  /** One chain, one state at all peers, and what was acknowledged stands there exactly once. Gives how many that were. */
  agreed(): Promise<number>
  close(): Promise<void>
}

/** What clients were told. */
export interface Answers {
  readonly acknowledged: number
  readonly unknown: number
}

export async function openGround(offset: number, options: Partial<FabricNetworkOptions> = {}): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'fabric-'))
  const network = sampleNetwork({ now: () => Date.now() })
  const fabric = await startFabricNetwork(planFor(join(folder, 'net'), offset), { environment: process.env, ...options })
  const ledgers = new Map<SampleMember, Ledger>()
  const told: string[] = []
  const versions = new Map<number, number>()

  const ledgerOf = (member: SampleMember): Ledger => {
    const present = ledgers.get(member) ?? fabricLedger({
      connection: fabric.connection(member), channel: fabric.plan.channel, chaincode: CHAINCODE, networkId: network.id, privateFolder: join(folder, 'private', member),
      randomness: { bytes: (length: number) => randomBytes(length) }, log: (event, details) => { if (process.env['FABRIC_LOG'] !== undefined) console.error(member, event, JSON.stringify(details)) }, deadlineMs: 20_000,
      // So few that most of what is asked for afterwards is no longer in memory.
      kept: 20,
    })
    ledgers.set(member, present)
    return present
  }

  async function once(through: SampleMember, transaction: ReturnType<SampleNetwork['decide']>): Promise<boolean> {
    try {
      const receipt = await ledgerOf(through).submit(transaction)
      assert.equal(receipt.status, 'committed', receipt.status === 'refused' ? receipt.refusal.code : '')
      told.push(transaction.operationId)
      return true
    } catch (error) {
      // Whether it took effect is the ledger's to say: the same operation is submitted again. Any other failure is one of the test.
      if (MhmdError.isInstance(error) && error.code === 'LEDGER_UNAVAILABLE') return false
      throw error
    }
  }

  async function decideUntil(stopped: AbortSignal, citizen: number, through: SampleMember): Promise<number> {
    let unknown = 0
    while (!stopped.aborted) {
      const version = (versions.get(citizen) ?? 0) + 1
      if (await once(through, network.decide(citizen, version, { operation: version % 2 === 0 ? 'withdraw' : 'set', submitter: through }))) versions.set(citizen, version)
      else unknown++
    }
    return unknown
  }

  for (const transaction of [network.genesis(), ...Array.from({ length: CITIZENS + 1 }, (_, citizen) => network.enrol(citizen))]) assert.equal(await invokeDirectly(fabric, transaction), 'VALID')

  return {
    fabric, network, folder, ledgerOf,
    forget: async (member) => {
      await ledgers.get(member)?.close()
      ledgers.delete(member)
    },
    decide: (through) => {
      const version = (versions.get(CITIZENS) ?? 0) + 1
      return network.decide(CITIZENS, version, { operation: version % 2 === 0 ? 'withdraw' : 'set', submitter: through })
    },
    acknowledged: async (through, transaction) => {
      for (let tries = 0; tries < 5; tries++) {
        if (!await once(through, transaction)) continue
        versions.set(CITIZENS, (transaction.payload as { statement: { version: number } }).statement.version)
        return
      }
      assert.fail('five times 20 s, and no answer')
    },
    underLoad: async (members, happening) => {
      const stop = new AbortController()
      const before = told.length
      const load = Promise.all(Array.from({ length: CITIZENS }, (_, citizen) => decideUntil(stop.signal, citizen, members[citizen % members.length] as SampleMember)))
      try {
        await sleep(1000)
        await Promise.race([happening(), load.then(() => undefined)])
        await sleep(1000)
      } finally {
        stop.abort()
      }
      const unknown = (await load).reduce((sum, each) => sum + each, 0)
      return { acknowledged: told.length - before, unknown }
    },
    agreed: async () => {
      const chains = await settled(ledgerOf)
      const [first = []] = chains
      for (const chain of chains) assert.deepEqual(chain.map(({ hash }) => hash), first.map(({ hash }) => hash), 'one chain at all peers')
      const kinds = new Set(first.flatMap(({ committed }) => committed.flatMap(({ writes }) => writes.map(({ key }) => String(key[0])))))
      const states = await Promise.all(MEMBERS.map((member) => stateOf(ledgerOf(member), [...kinds])))
      assert.equal(new Set(states).size, 1, 'one state at all peers')
      const counts = new Map<string, number>()
      for (const { committed } of first) for (const { transaction, code } of committed) if (code === 'VALID') counts.set(transaction.operationId, (counts.get(transaction.operationId) ?? 0) + 1)
      for (const operationId of told) assert.equal(counts.get(operationId), 1, 'acknowledged, and there exactly once')
      return told.length
    },
    close: async () => {
      await Promise.all([...ledgers.values()].map((ledger) => ledger.close()))
      await fabric.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Every peer's blocks, once all hold equally many. */
async function settled(ledgerOf: (member: SampleMember) => Ledger): Promise<Block[][]> {
  for (let tries = 0; ; tries++) {
    const chains = await Promise.all(MEMBERS.map((member) => blocksAt(ledgerOf(member))))
    if (new Set(chains.map(({ length }) => length)).size === 1 || tries > 50) return chains
    await sleep(200)
  }
}

async function blocksAt(ledger: Ledger): Promise<Block[]> {
  const { height } = await ledger.head()
  const blocks: Block[] = []
  const enough = new AbortController()
  for await (const block of ledger.blocks(0, enough.signal)) {
    blocks.push(block)
    if (block.height === height) break
  }
  enough.abort()
  return blocks
}

/** A digest of everything that a peer's state holds under these kinds of keys. */
async function stateOf(ledger: Ledger, kinds: readonly string[]): Promise<string> {
  const digest = createHash('sha256')
  for (const kind of kinds.toSorted()) digest.update(canonicalText(await ledger.range([kind])))
  return digest.digest('hex')
}
