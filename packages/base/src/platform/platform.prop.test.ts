import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as browser from './browser.ts'
import * as node from './node.ts'

test('both platforms encode and decode alike', () => {
  const platforms: readonly (typeof node)[] = [node, browser]
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), fc.string({ unit: 'binary' }), (bytes, text) => {
    const [hexes, base64s, texts] = [platforms.map((one) => one.hexOf(bytes)), platforms.map((one) => one.base64UrlOf(bytes)), platforms.map((one) => Uint8Array.from(one.bytesOfUtf8(text)))]
    assert.equal(hexes[0], hexes[1])
    assert.equal(base64s[0], base64s[1])
    assert.deepEqual(texts[0], texts[1])
    for (const one of platforms) {
      assert.deepEqual(Uint8Array.from(one.bytesOfHex(hexes[0] ?? '')), bytes)
      assert.deepEqual(Uint8Array.from(one.bytesOfBase64Url(base64s[0] ?? '')), bytes)
    }
  }))
})

// What `fromBase64Url` refuses by writing it again must come out of both as the same other text.
test('both platforms read text that is no base64url of anything alike', () => {
  fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,20}$/), (text) => {
    assert.deepEqual(Uint8Array.from(browser.bytesOfBase64Url(text)), Uint8Array.from(node.bytesOfBase64Url(text)))
  }))
})
