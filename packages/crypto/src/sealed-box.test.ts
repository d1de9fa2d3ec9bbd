import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@mhmd/base'
import { newMessageKey, openSealed, sealTo } from './index.ts'

test('only the recipient opens a sealed message, with the same context and every byte intact', async () => {
  const mine = newMessageKey()
  const other = newMessageKey()
  const sealed = await sealTo(mine.publicKey, utf8('stop sharing'), 'relay')
  assert.equal(Buffer.from(await openSealed(mine, sealed, 'relay')).toString(), 'stop sharing')
  await assert.rejects(openSealed(other, sealed, 'relay'), { code: 'CRYPTO_CANNOT_OPEN' })
  await assert.rejects(openSealed(mine, sealed, 'other'), { code: 'CRYPTO_CANNOT_OPEN' })
  for (let at = 0; at < sealed.length; at++) {
    const bent = Uint8Array.from(sealed)
    bent[at] = (bent[at] ?? 0) ^ 1
    await assert.rejects(openSealed(mine, bent, 'relay'), { code: 'CRYPTO_CANNOT_OPEN' })
  }
})
