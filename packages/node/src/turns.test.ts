import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurns } from './turns.ts'

/** Busy for that long, as a reading of the store is. */
function* readings(count: number, milliseconds: number): Generator<number> {
  for (let index = 0; index < count; index++) {
    for (const until = performance.now() + milliseconds; performance.now() < until;);
    yield index
  }
}

test('items come in their order, all of them, and a long reading lets a timer run again and again', async () => {
  let turns = 0
  const timer = setInterval(() => { turns++ }, 1)
  const found: number[] = []
  for await (const item of inTurns(readings(100, 2))) found.push(item)
  clearInterval(timer)
  assert.deepEqual(found, Array.from({ length: 100 }, (_, index) => index))
  assert.ok(turns >= 10, `${turns}`)
})

test('an error of the source is thrown', async () => {
  await assert.rejects(async () => { for await (const _ of inTurns((function* () { throw new Error('gone') })())); }, /gone/)
})
