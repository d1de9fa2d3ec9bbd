import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain, explainRefusal } from './explain.ts'
import type { Proven, TrustRoots } from './proof.ts'
import { proofRefusals } from './proof.ts'
import { it as italian } from './words/it.ts'

const roots: TrustRoots & { readonly name: string } = { name: 'test', origin: 'mhmd/x', keys: [], quorum: 1, witnesses: { witnesses: [], isMet: () => true } }
const proven: Proven = {
  leaf: { operationId: 'batch', height: 7, index: 0, code: 'VALID', writes: '' }, hidden: 4, signedBy: ['mhmd/x/rome', 'mhmd/x/berlin'], witnessedBy: [{ name: 'w1', seconds: 1_790_000_060 }, { name: 'w2', seconds: 1_790_000_000 }],
  writes: [{ key: ['operation', 'hers'], value: {} }, { key: ['consent', 'rome', 'abc'], value: { version: 3, state: 'withdrawn', time: 1_790_000_000_000 } }], checkpoint: { origin: 'mhmd/x', size: 12, root: new Uint8Array(32) },
}

test('what is proven and what is not is said in English and Italian, with the same facts', () => {
  for (const language of ['en', 'it'] as const) {
    const { proven: yes, notProven } = explain(proven, roots, { language })
    const text = yes.join('\n')
    for (const fact of ['hers', 'batch', 'test', '7', 'VALID', 'abc', '3', 'rome', 'berlin', '12', 'w1', 'w2', '2026-09-21', '4']) assert.ok(text.includes(fact), `${language}: ${fact}`)
    assert.equal(notProven.length, 3)
    assert.ok(yes.concat(notProven).every((line) => /^\S.*[.…]$/.test(line)), text)
  }
  assert.notDeepEqual(explain(proven, roots, { language: 'en' }).proven.filter((line) => explain(proven, roots, { language: 'it' }).proven.includes(line)), explain(proven, roots, { language: 'en' }).proven)
})

test('without witnesses it says what that leaves open; a time that is none is not shown as one', () => {
  const { witnesses: _, ...without } = roots
  const { proven: yes, notProven } = explain({ ...proven, witnessedBy: [], writes: [{ key: ['subject', 'rome', 'abc'], value: { version: 1, state: 'active', time: 1e300 } }] }, without, { language: 'en' })
  assert.equal(notProven.length, 4)
  assert.ok(yes.some((line) => line.includes('dated ? UTC')) && !yes.some((line) => line.includes('cosigned')))
})

test('every refusal has its words in Italian too', () => {
  assert.deepEqual(Object.keys(italian.refusals).sort(), Object.keys(proofRefusals).sort())
  for (const code of Object.keys(proofRefusals)) assert.notEqual(explainRefusal(code, 'it')?.says, explainRefusal(code, 'en')?.says)
})
