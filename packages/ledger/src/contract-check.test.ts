import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Canonical } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Transaction, Write } from '@mhmd/contracts'
import { MemoryEngine } from '@mhmd/contracts/testing'
import { memoryStore } from '@mhmd/store/testing'
import { sampleKey, sampleNetwork } from '../testing/index.ts'
import { blockHash, createFollower, verifyLedger } from './index.ts'
import type { Block, Committed, Follower } from './index.ts'

const network = sampleNetwork({ now: () => Date.now() })
const consentKey = stateKeys.consent('rome', network.subject(1))

/** What an honest engine gives: each transaction a block of its own. */
async function honestLedger(): Promise<{ blocks: Block[]; engine: MemoryEngine }> {
  const engine = new MemoryEngine()
  const blocks: Block[] = []
  for (const transaction of [network.genesis(), network.enrol(1), network.decide(1, 1)]) append(blocks, await committedBy(engine, transaction))
  return { blocks, engine }
}

async function committedBy(engine: MemoryEngine, transaction: Transaction): Promise<Committed> {
  const submitted = await engine.submit(transaction)
  assert.ok(submitted.ok && engine.last?.ok)
  return { transaction, code: 'VALID', ...engine.last.value }
}

/** With the right hashes: the operator can compute them for whatever it makes up. */
function append(blocks: Block[], ...committed: Committed[]): void {
  const body = { height: blocks.length, previous: blocks.at(-1)?.hash ?? network.id, time: 1, committed }
  blocks.push({ ...body, hash: blockHash(body) })
}

async function followed<T>(blocks: readonly Block[], work: (follower: Follower, running: Promise<void>) => Promise<T>, store = memoryStore()): Promise<T> {
  const last = blocks.at(-1) as Block
  const stop = new AbortController()
  const ledger = {
    head: async () => ({ height: last.height, hash: last.hash }),
    async* blocks(from: number, signal?: AbortSignal) {
      yield* blocks.slice(from)
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    },
  }
  const follower = await createFollower({ ledger, store, clock: { now: () => Date.now() }, networkId: network.id, pollMs: 10 })
  const running = follower.run(stop.signal)
  running.catch(() => undefined)
  try {
    return await work(follower, running)
  } finally {
    stop.abort()
    await running.catch(() => undefined)
  }
}

const verified = (blocks: readonly Block[]) => verifyLedger((async function* () { yield* blocks })(), { networkId: network.id })
const expectedWrites = (engine: MemoryEngine, transaction: Transaction): Pick<Committed, 'writes' | 'events'> => {
  const outcome = engine.run(transaction)
  assert.ok(outcome.ok)
  return outcome.value
}

test('an honest ledger is followed to its end', async () => {
  const { blocks } = await honestLedger()
  await followed(blocks, async (follower) => {
    await follower.waitFor(2, 2000)
    assert.equal((await follower.latest(consentKey) as { version: number }).version, 1)
  })
  assert.equal((await verified(blocks)).ok, true)
})

/** What an operator with all its keys might put into a block, by what it would gain. */
const madeUp: Readonly<Record<string, (engine: MemoryEngine) => Committed>> = {
  'a decision whose signature is not hers': (engine) => {
    const honest = network.decide(1, 2)
    const { writes, events } = expectedWrites(engine, honest)
    const payload = { ...honest.payload as Record<string, Canonical>, signature: 'A'.repeat(86) }
    return { transaction: { ...honest, payload }, code: 'VALID', writes, events }
  },
  'her withdrawal with the effect of a consent': (engine) => {
    const transaction = network.decide(1, 2, { operation: 'withdraw' })
    const { writes, events } = expectedWrites(engine, transaction)
    return { transaction, code: 'VALID', events, writes: writes.map(({ key, value }): Write => ({ key, value: key[0] === 'consent' ? { ...value as Record<string, Canonical>, state: 'active' } : value })) }
  },
  'another key in her place, beside an honest effect': (engine) => {
    const transaction = network.enrol(2)
    const { writes, events } = expectedWrites(engine, transaction)
    const key = sampleKey('operator').publicKey
    const hers = { provider: 'accounts', recovery: 'A'.repeat(43), version: 2, state: 'active', time: 1 }
    return { transaction, code: 'VALID', events, writes: [...writes, { key: stateKeys.subject('rome', network.subject(1)), value: { ...hers, key } }, { key: stateKeys.subjectKey('rome', key), value: { subject: network.subject(1) } }] }
  },
  'her decision taken away': (engine) => {
    const transaction = network.enrol(2)
    return { transaction, code: 'VALID', ...expectedWrites(engine, transaction), writes: [{ key: consentKey, value: null }] }
  },
  'the effects of a transaction that was not applied': (engine) => {
    const transaction = network.decide(1, 2)
    return { transaction, code: 'MVCC_READ_CONFLICT', ...expectedWrites(engine, transaction) }
  },
  'a transaction that has taken effect before': () => {
    const before = new MemoryEngine()
    for (const transaction of [network.genesis(), network.enrol(1)]) void before.submit(transaction)
    const again = network.decide(1, 1)
    return { transaction: again, code: 'VALID', ...expectedWrites(before, again) }
  },
  'the founding of another network': () => {
    const other = sampleNetwork({ now: () => Date.now() + 1 })
    return { transaction: other.genesis(), code: 'VALID', ...expectedWrites(new MemoryEngine(), other.genesis()) }
  },
}

for (const [what, make] of Object.entries(madeUp)) {
  test(`${what}: the follower stops before it, and a replay names the block`, async () => {
    const { blocks, engine } = await honestLedger()
    append(blocks, make(engine))
    const store = memoryStore()
    await followed(blocks, async (follower, running) => {
      const taken = new Promise<never>((_, reject) => follower.onBlock(({ height }) => { if (height === 3) reject(new Error('the block was taken')) }))
      await assert.rejects(Promise.race([running, taken]), { code: 'LEDGER_FALSE_BLOCK', details: { height: 3, finding: what.includes('signature') ? 'VERIFY_SIGNATURE' : 'VERIFY_CONTRACT' } })
      assert.equal(follower.height(), 2)
      assert.equal(follower.confirmedAt(), undefined)
      assert.deepEqual((await follower.fork())?.theirs, blocks[3])
      assert.equal((await follower.latest(consentKey) as { version: number }).version, 1)
    }, store)
    await followed(blocks, (_follower, running) => assert.rejects(running, { code: 'LEDGER_FALSE_BLOCK' }), store)
    assert.deepEqual((await verified(blocks)).findings.map(({ height }) => height), [3])
  })
}

test('a ledger that another network founded under this one’s id is not followed', async () => {
  const other = sampleNetwork({ now: () => Date.now() + 1 })
  const blocks: Block[] = []
  append(blocks, await committedBy(new MemoryEngine(), other.genesis()))
  await followed(blocks, (_follower, running) => assert.rejects(running, { code: 'LEDGER_FALSE_BLOCK', details: { height: 0, finding: 'VERIFY_CONTRACT' } }))
  assert.equal((await verified(blocks)).findings[0]?.code, 'VERIFY_CONTRACT')
})
