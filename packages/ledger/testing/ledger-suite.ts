// The contract suite of the ledger port: every engine, and every client of one, must pass it unchanged.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, suite, test } from 'node:test'
import { MhmdError } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { privateHashes, stateKeys } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { blockHash } from '../src/index.ts'
import type { Block, Ledger, Receipt } from '../src/index.ts'
import { sampleId, sampleNetwork } from './sample-network.ts'
import type { SampleMember, SampleNetwork } from './sample-network.ts'

/** A running ledger of the sample network, without genesis yet. */
export interface LedgerUnderTest {
  /** A connection authenticated as this member. */
  as(member: SampleMember): Ledger
  /** Stops everything and starts it again on the same data; connections from `as` before it are void. */
  restart(): Promise<void>
  /** Whether these bytes stand anywhere in the engine's files, of a ledger that is stopped for it and started again. */
  holdsBytes(bytes: Uint8Array): Promise<boolean>
  close(): Promise<void>
}

const committed = (receipt: Receipt | undefined): Extract<Receipt, { status: 'committed' }> => {
  assert.equal(receipt?.status, 'committed', receipt?.status === 'refused' ? receipt.refusal.code : 'no receipt')
  return receipt
}

async function firstBlocks(ledger: Ledger, from: number, count: number): Promise<Block[]> {
  const stop = new AbortController()
  const blocks: Block[] = []
  for await (const block of ledger.blocks(from, stop.signal)) {
    blocks.push(block)
    if (blocks.length === count) break
  }
  stop.abort()
  return blocks
}

async function allBlocks(ledger: Ledger): Promise<Block[]> {
  return firstBlocks(ledger, 0, (await ledger.head()).height + 1)
}

function putOf(network: SampleNetwork, member: SampleMember, put: { readonly key: Key; readonly value: Uint8Array; readonly label: string }): Transaction {
  return network.transaction(member, { contract: 'private@1', operation: 'put', payload: { ...privateHashes(put.key, put.value) }, operationId: sampleId(put.label) })
}

/** Where members read at peers of their own, what another member was told is theirs to see once they hold its block. */
async function heldBy(ledger: Ledger, receipt: Receipt | undefined): Promise<void> {
  await firstBlocks(ledger, committed(receipt).height, 1)
}

export function ledgerSuite(name: string, open: (network: SampleNetwork) => Promise<LedgerUnderTest>): void {
  suite(name, () => {
    const network = sampleNetwork({ now: () => Date.now() })
    let ledger: LedgerUnderTest
    let citizens = 0
    /** A citizen nobody used yet, enrolled. */
    const newCitizen = async (): Promise<number> => {
      const n = ++citizens
      await heldBy(ledger.as('rome'), await ledger.as('accounts').submit(network.enrol(n)))
      return n
    }
    const consentKey = (n: number): Key => stateKeys.consent('rome', network.subject(n))

    before(async () => {
      ledger = await open(network)
    })
    after(() => ledger.close())

    test('before genesis there is no block, the network id stands for the hash before the first, and nothing but genesis is taken', async () => {
      assert.deepEqual(await ledger.as('rome').head(), { height: -1, hash: network.id })
      const receipt = await ledger.as('rome').submit(network.decide(0, 1))
      assert.equal(receipt.status === 'refused' && receipt.refusal.code, 'CONTRACT_NO_NETWORK')
      assert.equal((await ledger.as('rome').head()).height, -1)
    })

    test('genesis is block 0 and follows the network id', async () => {
      assert.equal(committed(await ledger.as('rome').submit(network.genesis())).height, 0)
      const [block] = await firstBlocks(ledger.as('institute'), 0, 1)
      assert.equal(block?.previous, network.id)
      assert.equal(block?.committed[0]?.transaction.operation, 'genesis')
    })

    test('a decision is committed, its receipt says where, and its state can be read by every member', async () => {
      const n = await newCitizen()
      const transaction = network.decide(n, 1)
      const receipt = committed(await ledger.as('rome').submit(transaction))
      assert.equal(receipt.code, 'VALID')
      assert.equal(receipt.operationId, transaction.operationId)
      await heldBy(ledger.as('institute'), receipt)
      assert.deepEqual((await ledger.as('institute').get(consentKey(n)) as { version: number; state: string }).version, 1)
      assert.deepEqual(await ledger.as('institute').outcome(transaction.operationId), receipt)
      const [block] = await firstBlocks(ledger.as('accounts'), receipt.height, 1)
      assert.deepEqual(block?.committed[receipt.index]?.transaction, transaction)
      assert.deepEqual(block?.committed[receipt.index]?.events, receipt.events)
    })

    test('unknown keys and operations have no value and no outcome', async () => {
      assert.equal(await ledger.as('rome').get(['consent', 'rome', sampleId('nobody')]), undefined)
      assert.equal(await ledger.as('rome').outcome(sampleId('never submitted')), undefined)
    })

    test('an operation submitted any number of times, together or later, takes effect once and gets one receipt', async () => {
      const n = await newCitizen()
      const transaction = network.decide(n, 1)
      const receipts = await Promise.all(Array.from({ length: 8 }, () => ledger.as('rome').submit(transaction)))
      receipts.push(await ledger.as('rome').submit(transaction))
      for (const receipt of receipts) assert.deepEqual(committed(receipt), receipts[0])
      const found = (await allBlocks(ledger.as('rome'))).flatMap((block) => block.committed).filter((item) => item.transaction.operationId === transaction.operationId)
      assert.equal(found.length, 1)
    })

    test('another attempt under the same operation id gets the first one’s receipt, and nothing of it takes effect', async () => {
      const n = await newCitizen()
      const first = network.decide(n, 1)
      const receipt = committed(await ledger.as('rome').submit(first))
      await sleep(2)
      const second = network.decide(n, 1)
      assert.notEqual(second.time, first.time)
      assert.deepEqual(await ledger.as('rome').submit(second), receipt)
    })

    test('of many that write the same key at once, exactly one takes effect; the others are refused by its version or told to read again', async () => {
      const n = await newCitizen()
      const attempts = Array.from({ length: 12 }, (_, i) => network.decide(n, 1, { label: `race ${i}` }))
      const results = await Promise.allSettled(attempts.map((transaction) => ledger.as('rome').submit(transaction)))
      const codes = results.map((result) => {
        if (result.status === 'rejected') return MhmdError.isInstance(result.reason) ? result.reason.code : String(result.reason)
        return result.value.status === 'committed' ? result.value.code : result.value.refusal.code
      })
      assert.equal(codes.filter((code) => code === 'VALID').length, 1, codes.join(' '))
      assert.deepEqual([...new Set(codes.filter((code) => code !== 'VALID'))].filter((code) => !['CONTRACT_VERSION_CONFLICT', 'LEDGER_WRITE_CONFLICT'].includes(code)), [])
    })

    test('a chain of versions submitted one after another all take effect, in order', async () => {
      const n = await newCitizen()
      const places: number[] = []
      for (let version = 1; version <= 5; version++) {
        const { height, index } = committed(await ledger.as('rome').submit(network.decide(n, version, { operation: version % 2 === 0 ? 'withdraw' : 'set' })))
        places.push(height * 1000 + index)
      }
      assert.deepEqual(places, places.toSorted((a, b) => a - b))
      assert.equal((await ledger.as('rome').get(consentKey(n)) as { version: number }).version, 5)
    })

    test('what a contract refuses is answered with its code, and never stands in a block', async () => {
      const n = await newCitizen()
      const good = network.decide(n, 1)
      const other = network.decide(n, 1, { label: 'other' })
      const refusals = [
        { transaction: { ...good, signature: other.signature }, code: 'CONTRACT_BAD_SIGNATURE' },
        { transaction: network.decide(n, 7), code: 'CONTRACT_VERSION_CONFLICT' },
        { transaction: network.decide(9999, 1), code: 'CONTRACT_SUBJECT_UNKNOWN' },
        { transaction: network.transaction('rome', { contract: 'nothing@1', operation: 'none', payload: null, operationId: sampleId('no contract') }), code: 'CONTRACT_UNKNOWN' },
        { transaction: network.transaction('rome', { contract: 'consents@1', operation: 'decide', payload: { statement: 'wrong' }, operationId: sampleId('bad payload') }), code: 'CONTRACT_BAD_PAYLOAD' },
      ]
      for (const { transaction, code } of refusals) {
        const receipt = await ledger.as('rome').submit(transaction)
        assert.equal(receipt.status === 'refused' && receipt.refusal.code, code)
      }
      const ids = new Set(refusals.map(({ transaction }) => transaction.operationId))
      const found = (await allBlocks(ledger.as('rome'))).flatMap((block) => block.committed).filter((item) => ids.has(item.transaction.operationId))
      assert.deepEqual(found, [])
      committed(await ledger.as('rome').submit(good))
    })

    test('a member submits its own transactions only', async () => {
      const n = await newCitizen()
      await assert.rejects(ledger.as('institute').submit(network.decide(n, 1)), { code: 'LEDGER_FORBIDDEN' })
    })

    test('a transaction whose time lies outside the window is turned away, unless it took effect already', async () => {
      const n = await newCitizen()
      const good = network.decide(n, 1)
      const late = [-6, 6].map((minutes) => ({ ...good, time: good.time + minutes * 60_000 }))
      for (const transaction of late) await assert.rejects(ledger.as('rome').submit(transaction), { code: 'LEDGER_TIME_OUTSIDE_WINDOW' })
      const receipt = committed(await ledger.as('rome').submit(good))
      for (const transaction of late) assert.deepEqual(await ledger.as('rome').submit(transaction), receipt)
    })

    test('blocks chain from genesis, in order and without gap, from any height, and give their hashes', async () => {
      const head = await ledger.as('rome').head()
      const blocks = await firstBlocks(ledger.as('institute'), 0, head.height + 1)
      assert.ok(blocks.length > 5)
      blocks.forEach((block, height) => {
        assert.equal(block.height, height)
        assert.equal(block.previous, height === 0 ? network.id : blocks[height - 1]?.hash)
        assert.equal(blockHash(block), block.hash)
      })
      const from = Math.floor(blocks.length / 2)
      assert.deepEqual(await firstBlocks(ledger.as('institute'), from, 2), blocks.slice(from, from + 2))
      assert.deepEqual({ height: blocks.length - 1, hash: blocks.at(-1)?.hash }, head)
    })

    test('a follower of blocks gets new ones as they come, and ends when it is aborted', async () => {
      const stop = new AbortController()
      const from = (await ledger.as('rome').head()).height + 1
      const seen: number[] = []
      const following = (async () => {
        for await (const block of ledger.as('institute').blocks(from, stop.signal)) {
          seen.push(block.height)
          if (seen.length === 2) stop.abort()
        }
      })()
      await sleep(50)
      await newCitizen()
      await newCitizen()
      await following
      assert.deepEqual(seen, [from, from + 1])
    })

    test('a range gives the entries strictly below its prefix in key order, by pages', async () => {
      const range = await ledger.as('rome').range(['member'])
      assert.deepEqual(range.map((entry) => entry.key[1]), ['accounts', 'institute', 'rome'])
      const first = await ledger.as('rome').range(['member'], { limit: 2 })
      const rest = await ledger.as('rome').range(['member'], { after: first.at(-1)?.key as Key, limit: 2 })
      assert.deepEqual([...first, ...rest], range)
      assert.deepEqual(await ledger.as('rome').range(['member', 'rome']), [])
    })

    test('private data are for their own member, their hashes are for all', async () => {
      const value = randomBytes(64)
      const key: Key = ['notes', 'one']
      const receipt = await ledger.as('rome').submit(putOf(network, 'rome', { key, value, label: 'private one' }), { key, value })
      await heldBy(ledger.as('institute'), receipt)
      assert.deepEqual(Buffer.from(await ledger.as('rome').privateGet(key) ?? []), value)
      assert.equal(await ledger.as('institute').privateGet(key), undefined)
      const { keyHash, valueHash } = privateHashes(key, value)
      assert.equal((await ledger.as('institute').get(stateKeys.privateValue('rome', keyHash)) as { valueHash: string }).valueHash, valueHash)
    })

    test('a private value that is not the one its transaction names is turned away', async () => {
      const value = randomBytes(64)
      const key: Key = ['notes', 'two']
      const transaction = putOf(network, 'rome', { key, value, label: 'private two' })
      await assert.rejects(ledger.as('rome').submit(transaction, { key, value: randomBytes(64) }), { code: 'LEDGER_BAD_PRIVATE_VALUE' })
      await assert.rejects(ledger.as('rome').submit(transaction), { code: 'LEDGER_BAD_PRIVATE_VALUE' })
      assert.equal(await ledger.as('rome').privateGet(key), undefined)
    })

    test('purged private data are gone from the answer and from every file, by either way of purging', async () => {
      const [one, two] = [randomBytes(300), randomBytes(300)]
      const keys: Key[] = [['purge', 'one'], ['purge', 'two']]
      for (const [at, value] of [one, two].entries()) {
        const key = keys[at] as Key
        committed(await ledger.as('rome').submit(putOf(network, 'rome', { key, value, label: `purge ${at}` }), { key, value }))
        assert.equal(await ledger.holdsBytes(value), true, 'the search must find what is there')
      }
      await ledger.as('rome').privatePurge(keys[0] as Key)
      const { keyHash } = privateHashes(keys[1] as Key, two)
      committed(await ledger.as('rome').submit(network.transaction('rome', { contract: 'private@1', operation: 'purge', payload: { keyHash }, operationId: sampleId('purge two') })))
      for (const [at, value] of [one, two].entries()) {
        assert.equal(await ledger.as('rome').privateGet(keys[at] as Key), undefined)
        assert.equal(await ledger.holdsBytes(value), false)
      }
    })

    test('a restart keeps blocks, state, receipts and private data', async () => {
      const n = await newCitizen()
      const transaction = network.decide(n, 1)
      const receipt = await ledger.as('rome').submit(transaction)
      const before = { blocks: await allBlocks(ledger.as('rome')), consents: await ledger.as('rome').range(['consent']) as Canonical, note: await ledger.as('rome').privateGet(['notes', 'one']) }
      await ledger.restart()
      assert.deepEqual({ blocks: await allBlocks(ledger.as('rome')), consents: await ledger.as('rome').range(['consent']), note: await ledger.as('rome').privateGet(['notes', 'one']) }, before)
      assert.deepEqual(await ledger.as('rome').submit(transaction), receipt)
      committed(await ledger.as('rome').submit(network.decide(n, 2)))
    })
  })
}
