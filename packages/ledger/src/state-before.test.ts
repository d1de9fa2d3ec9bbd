// The state before a transaction of a block: the block before's, with what stands before it in its own block, and nothing that stands after.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeKey } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { Write } from '@mhmd/contracts'
import type { Committed } from './port.ts'
import { stateBefore } from './state-before.ts'

const held: readonly { key: Key; value: Canonical; changed: number }[] = [{ key: ['vote', 'a'], value: 1, changed: 3 }, { key: ['vote', 'c'], value: 3, changed: 3 }, { key: ['member', 'x'], value: 'old', changed: 3 }]
const follower = {
  stateAt: (key: Key, height: number) => Promise.resolve(height === 4 ? held.find((entry) => encodeKey(entry.key) === encodeKey(key))?.value : assert.fail('another height')),
  rangeAt: async function* (prefix: Key) { for (const entry of held) if (entry.key[0] === prefix[0]) yield await Promise.resolve(entry) },
}
const writing = (...writes: Write[]): Committed => ({ writes, events: [], code: 'VALID' }) as unknown as Committed
const block = { height: 5, committed: [writing({ key: ['vote', 'b'], value: 2 }, { key: ['member', 'x'], value: 'new' }), writing({ key: ['vote', 'a'], value: null }), writing({ key: ['vote', 'z'], value: 26 })] }

test('values and ranges are those before the transaction', async () => {
  const before = (index: number): Promise<[Canonical | undefined, string[]]> => {
    const state = stateBefore(block, index, follower as never)
    return Promise.all([state.get(['member', 'x']), state.below(['vote']).then((found) => found.map(({ key, value }) => `${key[1]}${String(value)}`))])
  }
  assert.deepEqual(await before(0), ['old', ['a1', 'c3']])
  assert.deepEqual(await before(1), ['new', ['a1', 'b2', 'c3']])
  assert.deepEqual(await before(2), ['new', ['b2', 'c3']])
})

test('before genesis there is nothing', async () => {
  const state = stateBefore({ height: 0, committed: [] }, 0, follower as never)
  assert.deepEqual([await state.get(['member', 'x']), await state.below(['vote'])], [undefined, []])
})
