import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base32, defineErrors, fromBase64Url, fromHex, fromUtf8, isId, newId, publicError } from './index.ts'

const errors = defineErrors('SAMPLE', {
  TAKEN: { kind: 'conflict', says: (d: { id: string }) => `${d.id} is taken`, remedy: 'Choose another id.' },
  BROKEN: { kind: 'bug', says: (d: { id: string }) => `invariant of ${d.id}`, remedy: 'None.' },
})

test('an error carries its code, kind, details, remedy and cause', () => {
  const cause = new Error('below')
  const error = errors.TAKEN({ id: 'x' }, { cause })
  assert.deepEqual({ ...error.toJSON() }, { code: 'SAMPLE_TAKEN', kind: 'conflict', message: 'x is taken', remedy: 'Choose another id.', details: { id: 'x' } })
  assert.equal(error.cause, cause)
})

test('a bug, or a foreign error, shows the outside a correlation id and nothing else', () => {
  for (const inner of [errors.BROKEN({ id: 'secret' }), new Error('secret'), 'secret']) {
    const shown = JSON.stringify(publicError(inner, 'c-1'))
    assert.ok(shown.includes('c-1') && shown.includes('INTERNAL') && !shown.includes('secret'))
  }
  assert.equal(publicError(errors.TAKEN({ id: 'x' }), 'c-2').code, 'SAMPLE_TAKEN')
})

// Origin: Crockford's base32 of the RFC 4648 §10 inputs, by `python3 -c` over its alphabet: f, fo, foo, foob, fooba, foobar.
test('base32 gives the known encodings', () => {
  assert.deepEqual(['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32(Buffer.from(text))), ['cr', 'csqg', 'csqpy', 'csqpyrg', 'csqpyrk1', 'csqpyrk1e8'])
})

test('ids have 128 bits and recognise themselves', () => {
  const id = newId({ bytes: (length) => new Uint8Array(length).fill(255) })
  assert.ok(isId(id) && id.length === 26)
  assert.ok(!isId('../../etc/passwd') && !isId(id.toUpperCase()))
})

test('encodings are strict', () => {
  assert.throws(() => fromHex('0G'), { code: 'BASE_BAD_ENCODING' })
  assert.throws(() => fromBase64Url('AB='), { code: 'BASE_BAD_ENCODING' })
  assert.throws(() => fromBase64Url('AB'), { code: 'BASE_BAD_ENCODING' })
  assert.throws(() => fromUtf8(new Uint8Array([0xff])), { code: 'BASE_BAD_ENCODING' })
})
