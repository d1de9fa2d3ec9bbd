import assert from 'node:assert/strict'
import { test } from 'node:test'
import { now, sampleConsent, sampleOptOut, samplePermit, sampleRequest } from '../testing/samples.ts'
import { english } from './catalogue/en.ts'
import { italian } from './catalogue/it.ts'
import { decide, explain, reasonCodes } from './index.ts'

test('tells her in one plain text what happens and why, in her language', () => {
  const verdict = decide(sampleRequest(), [], now)
  assert.equal(explain(verdict, 'citizen', 'en'), 'Your data are not used for this. You have not said yes to this.')
  assert.equal(explain(verdict, 'citizen', 'it'), 'I tuoi dati non vengono usati per questo. Non hai detto di sì a questo.')
})

test('gives the lawyer code, detail and citation', () => {
  const verdict = decide(sampleRequest({ basis: 'permit' }), [samplePermit(), sampleOptOut()], now)
  assert.equal(explain(verdict, 'lawyer', 'en'), 'deny on the basis of permit (Regulation (EU) 2025/327 (European Health Data Space), Art. 68; Regulation (EU) 2025/327 (European Health Data Space), Art. 69). PERMIT_OPTED_OUT: Regulation (EU) 2025/327 (European Health Data Space), Art. 71(3).')
})

test('says that a rule is not law yet, to both', () => {
  const early = Date.UTC(2028, 0, 1)
  const request = sampleRequest({ basis: 'permit', from: early, until: early + 1000 })
  for (const bases of [[samplePermit({ approved: early, from: early })], []]) {
    const verdict = decide(request, bases, early)
    assert.ok(explain(verdict, 'citizen', 'en').endsWith('This is a trial run: the law behind it does not apply yet.'))
    assert.ok(explain(verdict, 'lawyer', 'it').includes('Simulation: '))
  }
})

test('names a desk declaration as what it is', () => {
  assert.match(explain(decide(sampleRequest(), [sampleConsent({ by: 'desk' })], now), 'citizen', 'en'), /Hospital staff wrote down/)
})

// Readability: sentences of a reader of twelve. The measure is crude on purpose: words a sentence, letters a word.
test('every sentence is short, in short words, and there is one for every reason in both languages', () => {
  for (const catalogue of [english, italian]) {
    assert.deepEqual(Object.keys(catalogue.reasons).sort(), [...reasonCodes].sort())
    for (const [code, text] of Object.entries(catalogue.reasons)) {
      for (const sentence of text.split(/(?<=[.?!])\s/)) {
        const words = sentence.split(/\s+/)
        assert.ok(words.length <= 17, `${code}: ${sentence}`)
        assert.ok(words.join('').length / words.length <= 6.5, `${code}: ${sentence}`)
      }
    }
  }
})

test('no two reasons of one answer read the same', () => {
  for (const catalogue of [english, italian]) assert.equal(new Set(Object.values(catalogue.reasons)).size, reasonCodes.length)
})
