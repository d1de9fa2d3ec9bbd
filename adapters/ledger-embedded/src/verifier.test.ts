import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSigningKey } from '@mhmd/crypto'
import type { SignatureCheck } from '@mhmd/contracts'
import fc from 'fast-check'
import { signatureVerifier } from './verifier.ts'

const keys = Array.from({ length: 12 }, () => newSigningKey().key)

/** A check that holds or doesn't, by one of the keys. */
const checkOf = ({ by, message, holds }: { by: number; message: Uint8Array; holds: boolean }): SignatureCheck & { holds: boolean } => {
  const key = keys[by] as (typeof keys)[number]
  return { publicKey: key.publicKey, bytes: message, signature: key.sign(holds ? message : Uint8Array.of(...message, 1)), holds }
}
const check = fc.record({ by: fc.nat(keys.length - 1), message: fc.uint8Array({ maxLength: 40 }), holds: fc.boolean() }).map(checkOf)

test('each check of each batch gets its own verdict, in order, however many threads there are and whatever else waits', async () => {
  for (const workers of [0, 1, 3]) {
    const verifier = signatureVerifier(workers)
    await fc.assert(fc.asyncProperty(fc.array(fc.array(check, { maxLength: 40 }), { maxLength: 8 }), async (batches) => {
      assert.deepEqual(await Promise.all(batches.map((checks) => verifier.verify(checks))), batches.map((checks) => checks.map(({ holds }) => holds)))
    }), { numRuns: 15 })
    const closing = verifier.verify(Array.from({ length: 300 }, (_, at) => checkOf({ by: at % keys.length, message: Uint8Array.of(at & 255), holds: at % 5 !== 0 })))
    await verifier.close()
    assert.deepEqual(await closing, Array.from({ length: 300 }, (_, at) => at % 5 !== 0))
  }
})
