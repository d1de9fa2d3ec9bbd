import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MhmdError } from '@mhmd/base'
import { createRateLimit } from './rate-limits.ts'

test('whatever the pauses, no more is taken than the burst and what the rate gives since', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 }), (pauses, burst, perSecond) => {
    const clock = { at: 1_800_000_000_000, now: () => clock.at }
    const limit = createRateLimit({ perSecond, burst }, clock)
    const start = clock.at
    let taken = 0
    for (const pause of pauses) {
      clock.at += pause
      try {
        limit.check('one')
        limit.note('one')
        taken++
      } catch (error) {
        assert.ok(MhmdError.isInstance(error) && error.code === 'NODE_TOO_MANY')
        const { afterSeconds } = error.details as { afterSeconds: number }
        assert.ok(afterSeconds >= 1 && afterSeconds <= Math.ceil(1 / perSecond))
        // After the time that it names, the next one is taken.
        clock.at += afterSeconds * 1000
        limit.check('one')
      }
    }
    assert.ok(taken <= burst + (clock.at - start) * perSecond / 1000 + 1e-6)
    limit.check('another')
  }))
  const still = createRateLimit({ perSecond: 1, burst: 3 }, { now: () => 0 })
  for (let taken = 0; taken < 3; taken++) still.note('one')
  assert.throws(() => still.check('one'), { code: 'NODE_TOO_MANY' })
})

test('however many ask, few are remembered, and the one that asks most stays limited', () => {
  const clock = { now: () => 1_800_000_000_000 }
  const limit = createRateLimit({ perSecond: 1, burst: 2 }, clock)
  for (let n = 0; n < 12_000; n++) {
    limit.note('loud')
    limit.note(`one-${n}`)
  }
  assert.throws(() => limit.check('loud'), { code: 'NODE_TOO_MANY' })
})
