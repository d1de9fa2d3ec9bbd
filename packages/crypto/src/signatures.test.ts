import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toBase64Url, utf8 } from '@mhmd/base'
import fc from 'fast-check'
import { commit, deriveKey, newSigningKey, open, opens, seal, signingKeyFromSeed, statementBytes, statementDigest, verifySignature } from './index.ts'

// Origin: RFC 8032 §7.1, tests 1 and 2 (seed, public key, message, signature).
const rfc8032 = [
  ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '', 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
  ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72', '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
] as const

test('signatures are those of RFC 8032 §7.1', () => {
  for (const [seed, publicKey, message, signature] of rfc8032) {
    const key = signingKeyFromSeed(fromHex(seed))
    assert.equal(key.publicKey, toBase64Url(fromHex(publicKey)))
    assert.equal(key.sign(fromHex(message)), toBase64Url(fromHex(signature)))
    assert.ok(verifySignature(key.publicKey, fromHex(message), key.sign(fromHex(message))))
  }
})

test('any other bytes, key or signature is not valid, and nothing throws', () => {
  const { key } = newSigningKey()
  const other = newSigningKey().key
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(), fc.string(), (bytes, at, garbage) => {
    const signature = key.sign(bytes)
    assert.ok(verifySignature(key.publicKey, bytes, signature))
    assert.ok(!verifySignature(other.publicKey, bytes, signature))
    assert.ok(!verifySignature(key.publicKey, Uint8Array.of(...bytes, 0), signature))
    const place = at % signature.length
    const bent = signature.slice(0, place) + (signature[place] === 'A' ? 'B' : 'A') + signature.slice(place + 1)
    assert.ok(!verifySignature(key.publicKey, bytes, bent))
    assert.ok(!verifySignature(garbage, bytes, signature) && !verifySignature(key.publicKey, bytes, garbage))
  }))
})

test('a seed of another length is no key', () => {
  assert.throws(() => signingKeyFromSeed(new Uint8Array(31)), { code: 'CRYPTO_BAD_KEY' })
})

test('statements of two kinds never have the same bytes', () => {
  fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), fc.integer(), { noNullPrototype: true }), (value) => {
    assert.notDeepEqual(statementBytes('consent-decision', value), statementBytes('opt-out', value))
    assert.notEqual(statementDigest('a', value), statementDigest('b', value))
  }))
})

test('a commitment opens to its own kind, content and salt only, and never with a short salt', () => {
  const salt = toBase64Url(new Uint8Array(32).fill(7))
  const commitment = commit('terms', { yes: true }, salt)
  assert.ok(opens(commitment, 'terms', { content: { yes: true }, salt }))
  assert.ok(!opens(commitment, 'terms', { content: { yes: false }, salt }))
  assert.ok(!opens(commitment, 'other', { content: { yes: true }, salt }))
  assert.ok(!opens(commitment, 'terms', { content: { yes: true }, salt: toBase64Url(new Uint8Array(32).fill(8)) }))
  const short = toBase64Url(new Uint8Array(8))
  assert.ok(!opens(commit('terms', { yes: true }, short), 'terms', { content: { yes: true }, salt: short }))
})

test('two people with the same choice have different commitments', () => {
  const salts = Array.from({ length: 50 }, (_, at) => toBase64Url(new Uint8Array(32).fill(at)))
  assert.equal(new Set(salts.map((salt) => commit('terms', { yes: true }, salt))).size, 50)
})

test('what is sealed opens with its key and context, and not when one bit differs', () => {
  const key = deriveKey(new Uint8Array(32).fill(1), 'test')
  assert.notDeepEqual(deriveKey(new Uint8Array(32).fill(1), 'other'), key)
  const sealed = seal(key, utf8('a secret'), 'here')
  assert.equal(Buffer.from(open(key, sealed, 'here')).toString(), 'a secret')
  assert.throws(() => open(key, sealed, 'there'), { code: 'CRYPTO_CANNOT_OPEN' })
  assert.throws(() => open(deriveKey(new Uint8Array(32), 'test'), sealed, 'here'), { code: 'CRYPTO_CANNOT_OPEN' })
  for (let at = 0; at < sealed.length; at++) {
    const bent = Uint8Array.from(sealed)
    bent[at] = (bent[at] ?? 0) ^ 1
    assert.throws(() => open(key, bent, 'here'), { code: 'CRYPTO_CANNOT_OPEN' })
  }
  assert.throws(() => open(key, new Uint8Array(3), 'here'), { code: 'CRYPTO_CANNOT_OPEN' })
})
