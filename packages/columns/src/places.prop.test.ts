import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { placesOf } from './places.ts'

test('places are those that a search of the list finds', () => {
  const text = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('', 'a', 'aa', '\u{1F600}', '__proto__'))
  fc.assert(fc.property(fc.array(text), fc.uniqueArray(text), (wanted, among) => {
    assert.deepEqual([...placesOf(wanted, among)], wanted.map((one) => among.indexOf(one)))
  }))
})

test('ten thousand numbers', () => {
  const among = Array.from({ length: 10_000 }, (_, i) => String(i * 7))
  assert.deepEqual([...placesOf(['0', '70', '71', '69993', '69994'], among)], [0, 10, -1, 9999, -1])
})
