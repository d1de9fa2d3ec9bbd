import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { primes, rankBounds, rankModulo } from './rank.ts'

test('the primes are primes below 2^26, so that a product of two residues is exact', () => {
  for (const prime of primes) {
    assert.ok(prime < 2 ** 26)
    for (let divisor = 2; divisor * divisor <= prime; divisor++) assert.notEqual(prime % divisor, 0)
  }
})

/** The plain reference: fraction-free elimination over the integers. */
function rankExact(rows: readonly (readonly number[])[]): number {
  const left = rows.map((row) => row.map(BigInt))
  let rank = 0
  for (let column = 0; column < (rows[0]?.length ?? 0) && rank < left.length; column++) {
    const found = left.findIndex((row, index) => index >= rank && row[column] !== 0n)
    if (found < 0) continue
    const pivot = left[found] as bigint[]
    left[found] = left[rank] as bigint[]
    left[rank] = pivot
    for (let below = rank + 1; below < left.length; below++) {
      const row = left[below] as bigint[]
      const [scale, factor] = [pivot[column] as bigint, row[column] as bigint]
      left[below] = row.map((value, at) => value * scale - (pivot[at] as bigint) * factor)
    }
    rank++
  }
  return rank
}

test('the rank is that of exact elimination', () => {
  const bit = fc.integer({ min: 0, max: 1 })
  const matrix = fc.integer({ min: 0, max: 9 }).chain((columns) => fc.array(fc.array(bit, { minLength: columns, maxLength: columns }), { maxLength: 9 }))
  fc.assert(fc.property(matrix, (rows) => {
    const { least, most } = rankBounds(rows)
    assert.equal(most, rankExact(rows))
    assert.equal(least, most)
  }), { numRuns: 500 })
})

test('no row, no column, equal rows', () => {
  assert.equal(rankModulo([], primes[0]), 0)
  assert.equal(rankModulo([[], []], primes[0]), 0)
  assert.equal(rankModulo([[1, 0, 1], [1, 0, 1], [0, 1, 0]], primes[0]), 2)
})
