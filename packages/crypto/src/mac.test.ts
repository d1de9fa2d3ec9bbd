import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mac } from './index.ts'

// Origin: RFC 4231 §4.2 and §4.3, HMAC-SHA-256 test cases 1 and 2.
test('HMAC-SHA-256 gives the values of RFC 4231', () => {
  assert.equal(Buffer.from(mac(Buffer.alloc(20, 0x0b), Buffer.from('Hi There'))).toString('hex'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7')
  assert.equal(Buffer.from(mac(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'))).toString('hex'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
})
