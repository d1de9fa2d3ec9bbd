import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { digestOf, roundedCount } from './rounding.ts'

const secretOf = (n: number): Uint8Array => Buffer.alloc(32, 1).fill(Buffer.from(String(n)), 0, 8)
const draw = { population: 'p', cohort: 'c' }

test('goes to a neighbouring multiple, and stays where it is one', () => {
  fc.assert(fc.property(fc.nat(10_000), fc.integer({ min: 3, max: 10 }), fc.nat(), (count, base, n) => {
    const answer = roundedCount(count, base, { draw, secret: secretOf(n) })
    assert.equal(answer % base, 0)
    assert.ok(Math.abs(answer - count) < base)
    if (count % base === 0) assert.equal(answer, count)
  }))
})

test('the same people under the same key give the same answer, another key may give another', () => {
  const answers = new Set(Array.from({ length: 50 }, (_unused, n) => roundedCount(43, 5, { draw, secret: secretOf(n) })))
  assert.deepEqual([...answers].sort(), [40, 45])
  assert.equal(roundedCount(43, 5, { draw, secret: secretOf(1) }), roundedCount(43, 5, { draw: { ...draw }, secret: secretOf(1) }))
})

// Mean over 20,000 keys: standard error √(r(5−r)/20,000) ≤ 0.0174; four of them give a false alarm of 6 in 100,000 each.
for (const count of [40, 41, 42, 43, 44]) {
  test(`is unbiased at ${count}`, () => {
    let sum = 0
    for (let n = 0; n < 20_000; n++) sum += roundedCount(count, 5, { draw, secret: secretOf(n) })
    assert.ok(Math.abs(sum / 20_000 - count) < 0.07, String(sum / 20_000))
  })
}

test('the digest of a set does not depend on order, and depends on the secret and on each member', () => {
  const secret = secretOf(0)
  assert.equal(digestOf(['b', 'a'], secret), digestOf(new Set(['a', 'b']), secret))
  assert.notEqual(digestOf(['a'], secret), digestOf(['a', 'b'], secret))
  assert.notEqual(digestOf(['a'], secret), digestOf(['a'], secretOf(1)))
})
