import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { toHex } from '@mhmd/base'
import { newSigningKey, signingKeyFromSeed } from '@mhmd/crypto'
import { cosignatureLine, cosignedBy } from './cosignature.ts'
import { noteKeyId, noteOf, noteSignature, parseNote, parseVerifierKey, verifierKeyText } from './note.ts'

interface Monkeys {
  readonly witnessName: string
  readonly witnessPrivateKey: string
  readonly witnessKeyId: string
  readonly cosigned: readonly { readonly seconds: number; readonly note: string }[]
}
const vectors = JSON.parse(readFileSync(new URL('../../../vectors/witness/monkeys.json', import.meta.url), 'utf8')) as Monkeys
const signer = { name: vectors.witnessName, key: signingKeyFromSeed(Buffer.from(vectors.witnessPrivateKey, 'base64').subarray(1)) }
const witness = { name: signer.name, publicKey: signer.key.publicKey }

test('cosignatures of another implementation are made and checked, to the byte', () => {
  assert.equal(toHex(noteKeyId(witness, 'cosignature')), vectors.witnessKeyId)
  assert.deepEqual(parseVerifierKey(verifierKeyText(witness, 'cosignature'), 'cosignature'), witness)
  for (const { note, seconds } of vectors.cosigned) {
    const { text, lines } = parseNote(note)!
    assert.equal(noteOf(text, [cosignatureLine(text, signer, seconds)]), note)
    assert.deepEqual(cosignedBy(text, lines, [witness]), { ok: true, value: [{ key: witness, seconds }] })
  }
})

test('the specification\'s example line tells the time that its message shows', () => {
  // C2SP tlog-cosignature, example: no key is published, so what can be held against it is the frame.
  const note = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n'
  const [line] = parseNote(note)!.lines
  assert.equal(line?.bytes.length, 8 + 64)
  assert.equal(Buffer.from(line.bytes).readBigUInt64BE(), 1679315147n)
})

test('no byte of a cosignature, its time or its text can be changed', () => {
  const { note } = vectors.cosigned[0]!
  for (let at = 0; at < note.length; at++) {
    const parsed = parseNote(`${note.slice(0, at)}${note[at] === 'x' ? 'y' : 'x'}${note.slice(at + 1)}`)
    const counted = parsed === undefined ? undefined : cosignedBy(parsed.text, parsed.lines, [witness])
    assert.ok(counted?.ok !== true || counted.value.length === 0, `position ${at}`)
  }
})

test('a member\'s own signature is no cosignature, nor one of another witness; a wrong one of a known witness refuses all', () => {
  const { text } = parseNote(vectors.cosigned[0]!.note)!
  const counted = (line: string): unknown => cosignedBy(text, parseNote(noteOf(text, [line]))!.lines, [witness])
  assert.deepEqual(counted(noteSignature(text, signer)), { ok: true, value: [] })
  assert.deepEqual(counted(cosignatureLine(text, { name: signer.name, key: newSigningKey().key }, 5)), { ok: true, value: [] })
  const wrong = cosignatureLine(`${text}extension\n`, signer, 5)
  assert.deepEqual(counted(wrong), { ok: false, refusal: { code: 'PROOF_BAD_SIGNATURE', details: { key: 'witness' } } })
})
