import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64Url, utf8 } from '@mhmd/base'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import fc from 'fast-check'
import { checkpointText, parseCheckpoint } from './checkpoint.ts'
import { noteKeyId, openNote, parseVerifierKey, signNote, verifierKeyText } from './note.ts'

// The example of the package documentation of golang.org/x/mod/sumdb/note (note.go): private key, verifier key and signed note.
const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const note = `${text}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`
const signer = { name: 'PeterNeumann', key: signingKeyFromSeed(seed) }
const key = { name: signer.name, publicKey: signer.key.publicKey }

test('the published note is made and opened, its key has the published id and text', () => {
  assert.equal(verifierKeyText(key), 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  assert.deepEqual(parseVerifierKey(verifierKeyText(key)), key)
  assert.equal(Buffer.from(noteKeyId(key)).toString('hex'), 'c74f20a3')
  assert.equal(signNote(text, [signer]), note)
  assert.deepEqual(openNote(note, [key]), { ok: true, value: { text, signedBy: [key] } })
})

test('a note with any character changed is not signed by the key', () => {
  for (let at = 0; at < note.length; at++) {
    const changed = `${note.slice(0, at)}${note[at] === 'x' ? 'y' : 'x'}${note.slice(at + 1)}`
    const opened = openNote(changed, [key])
    assert.ok(!opened.ok || opened.value.signedBy.length === 0, `position ${at}`)
  }
})

test('signatures of unknown keys are passed over, a wrong one of a known key refuses the note', () => {
  const other = { name: 'other', key: signingKeyFromSeed(sha256(utf8('other'))) }
  assert.deepEqual(openNote(signNote(text, [other, signer]), [key]), { ok: true, value: { text, signedBy: [key] } })
  const forged = note.replace('x08go/ZJ', 'x08go/ZK')
  assert.equal(forged === note, false)
  const opened = openNote(forged, [key])
  assert.equal(!opened.ok && opened.refusal.code, 'PROOF_BAD_SIGNATURE')
})

test('what is no note is refused', () => {
  for (const bad of ['', '\n', text, `${text}\n`, `${text}\n- PeterNeumann x08go\n`, note.slice(0, -1), `${note}rest`, `${text}\n\u2014 PeterNeumann x08go/ZJkuB\u0020\n`]) {
    const opened = openNote(bad, [key])
    assert.equal(!opened.ok && opened.refusal.code, 'PROOF_MALFORMED_NOTE', JSON.stringify(bad))
  }
})

test('a checkpoint is three lines, and reads back as it was', () => {
  // The form of the C2SP tlog-checkpoint specification: origin, size in decimal, root in padded base64.
  const root = sha256()
  assert.equal(checkpointText({ origin: 'example.com/behind-the-sofa', size: 20852163, root }), 'example.com/behind-the-sofa\n20852163\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n')
  fc.assert(fc.property(fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, bytes) => {
    const parsed = parseCheckpoint(checkpointText({ origin: 'mhmd/x', size, root: bytes }))
    assert.deepEqual(parsed && { ...parsed, root: toBase64Url(parsed.root) }, { origin: 'mhmd/x', size, root: toBase64Url(bytes) })
  }))
})

test('what is no checkpoint is none; extension lines are passed over', () => {
  const root = Buffer.from(sha256()).toString('base64')
  assert.equal(parseCheckpoint(`log\n5\n${root}\nextension\n`)?.size, 5)
  for (const bad of ['', `log\n5\n${root}`, `\n5\n${root}\n`, `log\n05\n${root}\n`, `log\n-5\n${root}\n`, `log\n5e3\n${root}\n`, `log\n5\n${root.slice(0, -4)}\n`, `log\n5\n${root.slice(0, -1)}\n`, `log\n5\n${root}\n\n`, `log\n99999999999999999999\n${root}\n`]) {
    assert.equal(parseCheckpoint(bad), undefined, JSON.stringify(bad))
  }
})
