import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { Canonical, Key } from '@mhmd/base'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import { memoryStore } from '@mhmd/store/testing'
import type { Store } from '@mhmd/store'
import fc from 'fast-check'
import { blockHash, createFollower, leavesOf, ledgerErrors } from './index.ts'
import { checkpointOrigin, checkpointText, hashOfLeaf, parseCheckpoint, proofRefusals, signNote, verifyConsistency, verifyProof } from '@mhmd/proof'
import type { Block, Committed, Follower, Head } from './index.ts'
import { nodeHash } from '@mhmd/proof'

const networkId = Buffer.from(sha256()).toString('base64url')
const signer = { name: `mhmd/${networkId}/rome`, key: signingKeyFromSeed(sha256(Buffer.from('rome'))) }
const roots = { origin: checkpointOrigin(networkId), keys: [{ name: signer.name, publicKey: signer.key.publicKey }], quorum: 1 }

type Writes = readonly { readonly key: Key; readonly value: Canonical }[]
let operations = 0
const committedOf = (writes: Writes): Committed => {
  const operationId = `operation-${++operations}`
  const transaction = { network: networkId, contract: 'consents@1', operation: 'decide', operationId, submitter: 'rome', time: 1, payload: null, key: '', signature: '' }
  return { transaction, code: 'VALID', writes: [{ key: ['operation', operationId], value: { transaction: 'x' } }, ...writes], events: [] }
}

/** A chain that a test grows, serves, cuts and falsifies: what a ledger may do to its follower. */
class Chain {
  blocks: Block[] = []
  online = true
  readonly #growth = new Set<() => void>()

  add(...transactions: Writes[]): Block {
    const body = { height: this.blocks.length, previous: this.blocks.at(-1)?.hash ?? networkId, time: 1, committed: transactions.map(committedOf) }
    const block = { ...body, hash: blockHash(body) }
    this.blocks.push(block)
    for (const wake of this.#growth) wake()
    return block
  }

  async head(): Promise<Head> {
    if (!this.online) throw ledgerErrors.UNAVAILABLE({ reason: 'test' })
    const last = this.blocks.at(-1)
    return last === undefined ? { height: -1, hash: networkId } : { height: last.height, hash: last.hash }
  }

  async* blocksFrom(from: number, signal?: AbortSignal): AsyncGenerator<Block> {
    for (let height = from; signal?.aborted !== true;) {
      if (!this.online) throw ledgerErrors.UNAVAILABLE({ reason: 'test' })
      const block = this.blocks[height]
      if (block !== undefined) {
        yield block
        height++
      } else await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#growth.delete(wake)
          resolve()
        }
        this.#growth.add(wake)
        signal?.addEventListener('abort', wake)
      })
    }
  }

  get ledger(): { head(): Promise<Head>; blocks(from: number, signal?: AbortSignal): AsyncIterable<Block> } {
    return { head: () => this.head(), blocks: (from, signal) => this.blocksFrom(from, signal) }
  }
}

/** These chains hold made-up transactions; contracts are run again in contract-check.test.ts. */
const chainOnly = async (): Promise<undefined> => undefined

async function following<T>(chain: Chain, work: (follower: Follower, running: Promise<void>) => Promise<T>, store: Store = memoryStore()): Promise<T> {
  const follower = await createFollower({ ledger: chain.ledger, store, clock: { now: () => Date.now() }, networkId, pollMs: 10, check: chainOnly })
  const stop = new AbortController()
  const running = follower.run(stop.signal)
  running.catch(() => undefined)
  try {
    return await work(follower, running)
  } finally {
    stop.abort()
    await running.catch(() => undefined)
  }
}

test('state at every height, history and latest agree with a replay in memory', async () => {
  const keyOf = (n: number): Key => (n < 6 ? ['consent', 'rome', `s${n}`] : n === 6 ? ['consent', 'rome'] : ['consent', 'rome', 's1', 'deeper'])
  const writes = fc.array(fc.array(fc.record({ n: fc.integer({ min: 0, max: 7 }), value: fc.option(fc.integer({ min: 0, max: 9 })) }), { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  await fc.assert(fc.asyncProperty(writes, async (plan) => {
    const chain = new Chain()
    const models: Map<string, Canonical>[] = []
    const model = new Map<string, Canonical>()
    for (const step of plan) {
      chain.add(...step.map(({ n, value }) => [{ key: keyOf(n), value }]))
      for (const { n, value } of step) if (value === null) model.delete(keyOf(n).join('/')); else model.set(keyOf(n).join('/'), value)
      models.push(new Map(model))
    }
    await following(chain, async (follower) => {
      await follower.waitFor(plan.length - 1, 5000)
      for (const [height, expected] of models.entries()) {
        for (let n = 0; n < 8; n++) assert.deepEqual(await follower.stateAt(keyOf(n), height), expected.get(keyOf(n).join('/')))
        const range = new Map<string, Canonical>()
        for await (const entry of follower.rangeAt(['consent', 'rome'], height)) range.set(entry.key.join('/'), entry.value)
        assert.deepEqual(range, new Map([...expected].filter(([key]) => key !== 'consent/rome').sort(([a], [b]) => (a < b ? -1 : 1))))
      }
      const history = await follower.history(keyOf(1))
      assert.deepEqual(history.map((step) => step.value), plan.flat().filter((write) => write.n === 1).map((write) => write.value ?? undefined))
    })
  }), { numRuns: 25 })
})

test('a proof may show some writes and hold the others as digests: it proves those that it shows, and no digest can be exchanged', async () => {
  const chain = new Chain()
  chain.add([{ key: ['consent', 'rome', 'hers'], value: { version: 1 } }, { key: ['consent', 'rome', 'his'], value: { version: 7 } }])
  await following(chain, async (follower) => {
    await follower.waitFor(0, 5000)
    const { operationId } = (chain.blocks[0] as Block).committed[0]?.transaction ?? { operationId: '' }
    const proof = JSON.parse(JSON.stringify(await follower.prove(operationId, [signer], { shows: ({ key }) => key[2] === 'hers' }))) as { writes: unknown[] }
    // At the end of a text, be it one inside another: among digests three letters may stand by chance.
    assert.doesNotMatch(JSON.stringify(proof), /his\\*"/)
    const verified = verifyProof(proof, roots)
    assert.ok(verified.ok)
    assert.deepEqual([verified.value.writes, verified.value.hidden], [[{ key: ['consent', 'rome', 'hers'], value: { version: 1 } }], 2])
    const [first, hers, last] = proof.writes
    for (const writes of [[first, hers], [last, hers, first], [first, { ...hers as object, value: { version: 2 } }, last], [first, hers, hers], [first, hers, 'short']]) assert.equal(verifyProof({ ...proof, writes }, roots).ok, false)
  })
})

test('a height beyond the own one is not answered', async () => {
  await following(new Chain(), async (follower) => {
    await assert.rejects(async () => follower.stateAt(['network'], 0), { code: 'LEDGER_NOT_YET' })
    await assert.rejects(follower.waitFor(3, 30), { code: 'LEDGER_NOT_YET' })
  })
})

test('the derived log’s root is that of its leaves, also over many tiles, and every checkpoint is consistent with the next', async () => {
  const chain = new Chain()
  const count = 700
  for (let at = 0; at < count; at += 50) chain.add(...Array.from({ length: 50 }, (_, i): Writes => [{ key: ['n', String(at + i)], value: at + i }]))
  await following(chain, async (follower) => {
    await follower.waitFor(chain.blocks.length - 1, 20_000)
    assert.equal(follower.log.size(), count)
    const naive = (hashes: readonly Uint8Array[]): Uint8Array => {
      if (hashes.length === 1) return hashes[0] as Uint8Array
      let k = 1
      while (k * 2 < hashes.length) k *= 2
      return nodeHash(naive(hashes.slice(0, k)), naive(hashes.slice(k)))
    }
    const hashes = chain.blocks.flatMap(leavesOf).map(hashOfLeaf)
    for (const size of [1, 255, 256, 257, 511, 512, 513, 650, 700]) assert.deepEqual(Buffer.from(await follower.log.root(size)), Buffer.from(naive(hashes.slice(0, size))))
    for (const [first, second] of [[1, 700], [256, 512], [300, 650], [700, 700]] as const) {
      assert.equal(verifyConsistency({ first, second, firstRoot: await follower.log.root(first), secondRoot: await follower.log.root(second), proof: await follower.log.consistency(first, second) }), true)
    }
  })
})

test('a proof verifies under the roots it is checked with; flipped, foreign or short of signatures it does not', async () => {
  const chain = new Chain()
  for (let i = 0; i < 20; i++) chain.add([{ key: ['consent', 'rome', `s${i}`], value: { version: 1 } }], [{ key: ['dataset', 'rome', `d${i}`], value: i }])
  await following(chain, async (follower) => {
    await follower.waitFor(19, 5000)
    const operationId = chain.blocks[7]?.committed[1]?.transaction.operationId as string
    await follower.waitFor(operationId, 1000)
    const proof = JSON.parse(JSON.stringify(await follower.prove(operationId, [signer]))) as Record<string, unknown>
    const proven = verifyProof(proof, roots)
    assert.equal(proven.ok && proven.value.leaf.height, 7)
    assert.equal(proven.ok && proven.value.leaf.operationId, operationId)

    const stranger = signingKeyFromSeed(sha256(Buffer.from('stranger')))
    const refusalWith = (changed: unknown, trust = roots): string | false => {
      const result = verifyProof(changed, trust)
      if (!result.ok) assert.ok(proofRefusals[result.refusal.code]?.remedy)
      return !result.ok && result.refusal.code
    }
    assert.equal(refusalWith(proof, { ...roots, quorum: 2 }), 'PROOF_TOO_FEW_SIGNATURES')
    assert.equal(refusalWith(proof, { ...roots, quorum: 0 }), 'PROOF_TOO_FEW_SIGNATURES')
    assert.equal(refusalWith(proof, { ...roots, origin: 'mhmd/other' }), 'PROOF_OTHER_LOG')
    assert.equal(refusalWith(proof, { ...roots, keys: [{ name: signer.name, publicKey: stranger.publicKey }] }), 'PROOF_TOO_FEW_SIGNATURES')
    assert.equal(refusalWith({ ...proof, writes: [] }), 'PROOF_OTHER_WRITES')
    assert.equal(refusalWith({ ...proof, logIndex: 3 }), 'PROOF_NOT_INCLUDED')
    assert.equal(refusalWith({ ...proof, leaf: { ...(proof['leaf'] as object), code: 'OTHER' } }), 'PROOF_NOT_INCLUDED')
    const [line] = proof['signatures'] as string[]
    assert.equal(refusalWith({ ...proof, signatures: [line, line] }, { ...roots, quorum: 2 }), 'PROOF_TOO_FEW_SIGNATURES')
    for (const bad of [null, 5, [], {}, { ...proof, extra: 1 }, { ...proof, inclusion: ['short'] }, { ...proof, checkpoint: 'x' }, { ...proof, writes: [{ key: [], value: 0.5 }] }]) assert.notEqual(refusalWith(bad), false)

    // Every character of the proof, each in turn replaced: no change may pass.
    const text = JSON.stringify(proof)
    for (let at = 0; at < text.length; at++) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
      let value: unknown
      try {
        value = JSON.parse(changed)
      } catch {
        continue
      }
      assert.notEqual(refusalWith(value), false, `character ${at}`)
    }
  })
})

test('a follower goes on where it stopped, on the same store, and through an outage', async () => {
  const chain = new Chain()
  const store = memoryStore()
  chain.add([{ key: ['a'], value: 1 }])
  await following(chain, (follower) => follower.waitFor(0, 1000), store)
  chain.add([{ key: ['a'], value: 2 }])
  await following(chain, async (follower) => {
    assert.equal(follower.height(), 0)
    await follower.waitFor(1, 1000)
    chain.online = false
    chain.add([{ key: ['a'], value: 3 }])
    await sleep(30)
    const blind = follower.confirmedAt() ?? 0
    await sleep(40)
    assert.equal(follower.confirmedAt(), blind, 'nothing confirms the head of a ledger that does not answer')
    chain.online = true
    await follower.waitFor(2, 2000)
    assert.equal(await follower.latest(['a']), 3)
    await sleep(40)
    assert.ok((follower.confirmedAt() ?? 0) > blind)
  }, store)
})

test('the head is confirmed only when its block is held here', async () => {
  const chain = new Chain()
  chain.add([])
  const ahead = { ...chain.ledger, head: async () => ({ height: 5, hash: 'later' }) }
  const follower = await createFollower({ ledger: ahead, store: memoryStore(), clock: { now: () => 77 }, networkId, pollMs: 5, check: chainOnly })
  const stop = new AbortController()
  const running = follower.run(stop.signal)
  await follower.waitFor(0, 1000)
  await sleep(30)
  assert.equal(follower.confirmedAt(), undefined)
  stop.abort()
  await running
})

test('listeners see each block in order, after it is held', async () => {
  const chain = new Chain()
  for (let i = 0; i < 5; i++) chain.add([{ key: ['a'], value: i }])
  await following(chain, async (follower) => {
    const seen: [number, Canonical | undefined][] = []
    follower.onBlock(async (block) => void seen.push([block.height, await follower.stateAt(['a'], block.height)]))
    chain.add([{ key: ['a'], value: 5 }])
    await follower.waitFor(5, 1000)
    await sleep(10)
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5].map((height) => [height, height]))
  })
})

/** A follower that stops does so at its next block or question: one that still follows after this has not noticed. */
const goesOn = async (): Promise<never> => {
  await sleep(3000, undefined, { ref: false })
  throw new Error('it follows on')
}

const falsifications: readonly { readonly name: string; readonly change: (chain: Chain) => void }[] = [
  { name: 'a block that follows another one', change: (chain) => {
    chain.blocks[3] = { ...chain.blocks[3] as Block, time: 2 }
    chain.blocks[3] = { ...chain.blocks[3], hash: blockHash(chain.blocks[3]) }
    chain.blocks.length = 4
    chain.add([{ key: ['a'], value: 99 }])
  } },
  { name: 'a block whose bytes do not give its hash', change: (chain) => {
    const block = chain.add([{ key: ['a'], value: 98 }])
    chain.blocks[4] = { ...block, time: 7 }
  } },
  { name: 'a shorter chain', change: (chain) => {
    chain.blocks.length = 2
  } },
  { name: 'another chain of the same length', change: (chain) => {
    chain.blocks.length = 3
    chain.add([{ key: ['a'], value: 97 }])
  } },
]

for (const { name, change } of falsifications) {
  test(`a ledger that shows ${name} stops the follower for good, and both versions are kept`, async () => {
    const chain = new Chain()
    for (let i = 0; i < 4; i++) chain.add([{ key: ['a'], value: i }])
    const store = memoryStore()
    await following(chain, (follower) => follower.waitFor(3, 1000), store)
    change(chain)
    await following(chain, async (follower, running) => {
      await assert.rejects(Promise.race([running, goesOn()]), { code: 'LEDGER_FORKED' })
      const evidence = await follower.fork()
      assert.ok(evidence?.theirs)
      assert.equal(parseCheckpoint(evidence.checkpoint)?.size, 4)
      assert.equal(follower.confirmedAt(), undefined)
      assert.equal(await follower.latest(['a']), 3)
    }, store)
    await following(chain, (_, running) => assert.rejects(running, { code: 'LEDGER_FORKED' }), store)
  })
}

test('another member’s checkpoint is the same, ahead, of another log, or a fork, which stops the follower when it is told to', async () => {
  const chain = new Chain()
  for (let i = 0; i < 4; i++) chain.add([{ key: ['a'], value: i }])
  await following(chain, async (follower, running) => {
    await follower.waitFor(3, 1000)
    const own = await follower.checkpoint()
    assert.equal(await follower.compare(own), 'same')
    assert.equal(await follower.compare({ ...own, size: 2, root: await follower.log.root(2) }), 'same')
    assert.equal(await follower.compare({ ...own, size: 9 }), 'ahead')
    assert.equal(await follower.compare({ ...own, origin: 'mhmd/other' }), 'other-log')
    const forked = { ...own, root: sha256(own.root) }
    assert.equal(await follower.compare(forked), 'forked')
    assert.equal(await follower.stopOn(signNote(checkpointText(own), [signer])), false)
    assert.equal(await follower.fork(), undefined)
    const note = signNote(checkpointText(forked), [signer])
    assert.equal(await follower.stopOn(note), true)
    await assert.rejects(running, { code: 'LEDGER_FORKED' })
    assert.deepEqual((await follower.fork())?.theirs, { note })
  })
})
