import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalText, decodeKey, encodeKey, isBelow, prefixRange } from './index.ts'
import type { Canonical } from './index.ts'

// Origin: RFC 8785 §3.2.3, the sorting example (values shortened to strings).
test('members are sorted as RFC 8785 §3.2.3 sorts them', () => {
  const value = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', '1': 'One', '\ud83d\ude00': 'Emoji: Grinning Face', '\u0080': 'Control', '\u00f6': 'Latin Small Letter O With Diaeresis' }
  assert.equal(canonicalText(value), '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}')
})

// Origin: RFC 8785 §3.2.2.2, the string with control characters.
test('strings are escaped as RFC 8785 §3.2.2.2 escapes them', () => {
  assert.equal(canonicalText('\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\u0022/'), '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"')
})

test('what has no certain encoding is refused with a code', () => {
  for (const value of [1.5, -0, Number.NaN, 2 ** 53, '\ud800', new Date(0), undefined, () => 1]) {
    assert.throws(() => canonicalText(value as Canonical), { code: 'BASE_NOT_CANONICAL' })
  }
})

test('canonical text does not depend on the order members were written in, and parses back', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small' }, fc.string({ unit: 'grapheme' }), fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)), fc.boolean(), fc.constant(null), fc.array(tie('any')), fc.dictionary(fc.string({ unit: 'grapheme' }), tie('any'), { noNullPrototype: true })),
  })).any as fc.Arbitrary<Canonical>
  fc.assert(fc.property(value, (one) => {
    const text = canonicalText(one)
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(one)))
    assert.equal(canonicalText(reverseMembers(one)), text)
    assert.equal(canonicalText(JSON.parse(text) as Canonical), text)
  }))
})

function reverseMembers(value: Canonical): Canonical {
  if (Array.isArray(value)) return (value as Canonical[]).map(reverseMembers)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reverseMembers(member as Canonical)]))
}

const part = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\u0000') && text.isWellFormed())
const key = fc.array(part, { minLength: 1, maxLength: 4 })

test('encoded keys order as their tuples do, by code point, and decode back', () => {
  const compareTuples = (a: string[], b: string[]): number => {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = Buffer.compare(Buffer.from(a[i] ?? ''), Buffer.from(b[i] ?? ''))
      if (order !== 0) return order
    }
    return a.length - b.length
  }
  fc.assert(fc.property(key, key, (a, b) => {
    assert.deepEqual(decodeKey(encodeKey(a)), a)
    assert.equal(Math.sign(Buffer.compare(Buffer.from(encodeKey(a)), Buffer.from(encodeKey(b)))), Math.sign(compareTuples(a, b)))
  }))
})

test('a prefix range holds exactly the keys below the prefix', () => {
  fc.assert(fc.property(key, key, fc.boolean(), (prefix, other, extend) => {
    const candidate = extend ? [...prefix, ...other] : other
    const { from, to } = prefixRange(prefix)
    const encoded = Buffer.from(encodeKey(candidate))
    const inside = Buffer.compare(encoded, Buffer.from(from)) >= 0 && Buffer.compare(encoded, Buffer.from(to)) < 0
    assert.equal(inside, isBelow(prefix, candidate))
  }))
})

test('keys with empty parts, no part or U+0000 are refused with a code', () => {
  for (const bad of [[], [''], ['a', ''], ['a\u0000b'], ['\udc00']]) assert.throws(() => encodeKey(bad), { code: 'BASE_BAD_KEY' })
})
