// Merges as rows: people are the connected pseudonyms, whatever the order; ended again, everybody stands alone as before, and nothing else in the store was touched.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { memoryStore } from '@mhmd/store/testing'
import fc from 'fast-check'
import { openMerges } from './patient-merges.ts'
import type { Merges } from './patient-merges.ts'

const subjects = ['s0', 's1', 's2', 's3', 's4', 's5'] as const
const pair = fc.tuple(fc.constantFrom(...subjects), fc.constantFrom(...subjects))
type Step = { readonly merge: readonly [string, string] } | { readonly end: number }
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(pair.map((merge) => ({ merge })), fc.nat(9).map((end) => ({ end }))), { maxLength: 12 })

/** Breadth first over the edges that stand: the plain definition. */
function connected(start: string, edges: readonly (readonly [string, string])[]): Set<string> {
  const met = new Set([start])
  for (const one of met) for (const [a, b] of edges) if (a === one || b === one) met.add(a).add(b)
  return met
}

const check = (merges: Merges, edges: readonly (readonly [string, string])[]): void => {
  for (const subject of subjects) {
    const expected = connected(subject, edges)
    assert.deepEqual(new Set(merges.membersOf(subject)), expected)
    assert.equal(merges.membersOf(subject)[0], subject)
    assert.equal(merges.personOf(subject) === undefined, expected.size === 1)
  }
}

test('merge then unmerge is as before, in any order and after a restart', () => fc.assert(fc.asyncProperty(steps, async (taken) => {
  const store = memoryStore()
  await store.write((tx) => tx.put('vault-records', ['s0', 'x'], randomBytes(8)))
  let time = 0
  let told = 0
  const nodeKey = randomBytes(32)
  const open = (): Promise<Merges> => openMerges({ store, nodeKey, clock: { now: () => ++time }, randomness: { bytes: (length) => randomBytes(length) }, listener: () => ({ inTransaction: async () => undefined, afterwards: (members) => void (told += members.length) }) })
  const untouched = (): Promise<string> => store.read(async (tx) => Buffer.from(await tx.get('vault-records', ['s0', 'x']) ?? []).toString('hex'))
  const before = await untouched()
  let merges = await open()
  const standing: { id: string; edge: readonly [string, string] }[] = []
  for (const step of taken) {
    const edges = standing.map(({ edge }) => edge)
    if ('merge' in step) {
      const [from, into] = step.merge
      if (connected(from, edges).has(into)) {
        await assert.rejects(merges.merge({ from, into, origin: 'staff' }), { code: 'NODE_STATE' })
        continue
      }
      const toldBefore = told
      standing.push({ id: (await merges.merge({ from, into, origin: 'staff' })).id, edge: step.merge })
      assert.equal(merges.personOf(from)?.staying, merges.personOf(into)?.staying)
      assert.equal(told - toldBefore, connected(from, [...edges, step.merge]).size, 'everybody whom it concerns is told of')
      assert.equal(merges.personOf(from)?.joined(from, into), (await merges.get(standing.at(-1)?.id ?? '')).at)
    } else if (standing.length > 0) {
      const [ended] = standing.splice(step.end % standing.length, 1)
      await merges.end(ended?.id ?? '', { origin: 'staff' })
    }
    check(merges, standing.map(({ edge }) => edge))
  }
  merges = await open()
  check(merges, standing.map(({ edge }) => edge))
  for (const { id } of standing) await merges.end(id, { origin: 'staff' })
  check(merges, [])
  assert.equal(await untouched(), before)
}), { numRuns: 150 }))

test('a proposal joins nobody, is made once, and gives way to a merge', async () => {
  const store = memoryStore()
  const merges = await openMerges({ store, nodeKey: randomBytes(32), clock: { now: () => 1 }, randomness: { bytes: (length) => randomBytes(length) }, listener: () => ({ inTransaction: async () => undefined, afterwards: () => undefined }) })
  const link = { patient: 'Patient/b', other: 'Patient/a' }
  for (let times = 0; times < 2; times++) await merges.propose({ from: 's0', into: 's1', link })
  assert.equal(merges.personOf('s0'), undefined)
  assert.deepEqual((await store.read((tx) => merges.list(tx))).map(({ state }) => state), ['proposed'])
  await merges.merge({ from: 's1', into: 's0', origin: 'staff' })
  assert.deepEqual((await store.read((tx) => merges.list(tx))).map(({ state }) => state), ['merged'])
  await store.write((tx) => merges.forget(tx, ['s1']))
  assert.equal(merges.personOf('s0'), undefined)
})
