import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64Url, toBase64Url } from '@mhmd/base'
import type { SignatureCheck } from '@mhmd/contracts'
import fc from 'fast-check'
import { packChecks, readPacked } from './packed-checks.ts'

const whole = (length: number): fc.Arbitrary<string> => fc.uint8Array({ minLength: length, maxLength: length }).map(toBase64Url)
/** Texts of the right length and wrong ones: another last character has bits to spare, or stands for nothing. */
const nearly = (length: number): fc.Arbitrary<string> => fc.oneof(whole(length), fc.tuple(whole(length), fc.constantFrom('', 'A', 'B', '_', '=', '+', ' ', '\n', 'é')).map(([text, last]) => text.slice(0, -1) + last), whole(length - 1), whole(length + 1), fc.string())

/** As `verifySignature` reads them. */
function rawOf(text: string, length: number): Uint8Array | undefined {
  try {
    const raw = fromBase64Url(text)
    return raw.length === length ? raw : undefined
  } catch {
    return undefined
  }
}

test('packed checks are read back as they were, and a key or signature that is no base64url of its length is marked', () => {
  const check = fc.record<SignatureCheck>({ publicKey: nearly(32), signature: nearly(64), bytes: fc.uint8Array({ maxLength: 50 }) })
  fc.assert(fc.property(fc.array(check, { maxLength: 20 }), (checks) => {
    const read = [...readPacked(packChecks(checks))]
    assert.equal(read.length, checks.length)
    for (const [at, { wellFormed, publicKey, signature, bytes }] of read.entries()) {
      const given = checks[at] as SignatureCheck
      const [key, signed] = [rawOf(given.publicKey, 32), rawOf(given.signature, 64)]
      assert.equal(wellFormed, key !== undefined && signed !== undefined)
      assert.deepEqual(Uint8Array.from(bytes), given.bytes)
      if (wellFormed) assert.deepEqual([Uint8Array.from(publicKey), Uint8Array.from(signature)], [key, signed].map((raw) => Uint8Array.from(raw ?? [])))
    }
  }), { numRuns: 300 })
})
