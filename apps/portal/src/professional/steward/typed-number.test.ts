import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leastClass } from '@mhmd/schema'
import fc from 'fast-check'
import { readNumber, writtenNumber } from './typed-number.ts'

test('a chance typed as the rounded percent of one in n is one in n; any other is what was typed', () => {
  assert.deepEqual(['9', '9.09', '9,09', '20', '33', '33.3', '34', '5', '0.5', '0'].map((typed) => readNumber(typed, 'chance')), [1 / 11, 1 / 11, 1 / 11, 1 / 5, 1 / 3, 1 / 3, 0.34, 1 / 20, 1 / 200, 0])
})

test('whatever chance one in n is shown as, typed again it is a class of n', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 99 }), (n) => assert.equal(leastClass(readNumber(writtenNumber(1 / n, 'chance'), 'chance') ?? 0), n)))
})

test('percent is a part of 1; what is no number of its kind is none', () => {
  assert.deepEqual([readNumber('2', 'percent'), readNumber('2,5', 'percent'), readNumber('100', 'percent'), writtenNumber(0.02, 'percent')], [0.02, 0.025, 1, '2'])
  for (const [typed, kind] of [['', 'percent'], ['101', 'percent'], ['-1', 'percent'], ['a', 'percent'], ['2.5', 'whole'], ['1', 'whole'], ['1e12', 'number'], ['Infinity', 'number'], ['0x', 'chance']] as const) assert.equal(readNumber(typed, kind, 2), undefined, typed)
})
