import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as browser from './browser.ts'
import * as node from './node.ts'

const bytes = fc.uint8Array({ maxLength: 200 })
const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const same = (a: Uint8Array, b: Uint8Array): void => assert.deepEqual(Uint8Array.from(a), Uint8Array.from(b))

test('hashes, codes and derived keys are the same on both platforms', () => {
  fc.assert(fc.property(bytes, bytes, bytes, (one, two, three) => {
    same(node.sha256(one), browser.sha256(one))
    const text = Buffer.from(one).toString('latin1')
    assert.equal(node.sha256OfText(text), browser.sha256OfText(text))
    assert.equal(node.sha256OfText(text), Buffer.from(node.sha256(Buffer.from(text))).toString('base64url'))
    const [running, other] = [node.newSha256(), browser.newSha256()]
    for (const part of [one, two, three]) {
      running.update(part)
      other.update(part)
    }
    same(running.digest(), other.digest())
    same(node.hmacSha256(one, two), browser.hmacSha256(one, two))
    same(node.hkdfSha256(one, two, three), browser.hkdfSha256(one, two, three))
    assert.equal(node.equalBytes(one, two), browser.equalBytes(one, two))
    assert.ok(browser.equalBytes(one, Uint8Array.from(one)))
  }))
})

test('signatures are the same bytes on both platforms, and each accepts and refuses what the other does', () => {
  fc.assert(fc.property(key, bytes, fc.nat(511), (seed, message, bit) => {
    const [here, there] = [node.ed25519(seed), browser.ed25519(seed)]
    same(here.publicKey, there.publicKey)
    const signature = here.sign(message)
    same(signature, there.sign(message))
    const bent = Uint8Array.from(signature)
    bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    for (const platform of [node, browser]) {
      assert.ok(platform.verifyEd25519(here.publicKey, message, signature))
      assert.ok(!platform.verifyEd25519(here.publicKey, message, bent))
    }
  }), { numRuns: 30 })
})

test('message keys are the same, and what one platform seals the other opens', () => {
  fc.assert(fc.property(key, bytes, bytes, (secret, plain, context) => {
    same(node.x25519PublicKey(secret), browser.x25519PublicKey(secret))
    same(browser.openAesGcm(browser.secretKey(secret), node.sealAesGcm(node.secretKey(secret), plain, context), context), plain)
    const sealed = browser.sealAesGcm(secret, plain, context)
    same(node.openAesGcm(secret, sealed, context), plain)
    for (const platform of [node, browser]) assert.throws(() => platform.openAesGcm(secret, sealed, Uint8Array.of(...context, 0)))
  }), { numRuns: 30 })
})
