import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deidJobDocument } from './index.ts'

const base = { input: { path: 't.csv' }, columns: { a: { role: 'quasi-identifying' } } }

function problems(more: object): string {
  try {
    deidJobDocument.parse({ ...base, models: [{ type: 'k-anonymity', k: 2 }], ...more })
    return ''
  } catch (error) {
    return (error as { details: { problems: string } }).details.problems
  }
}

test('of a union only the kind that a document names is told, with what the schema wants there', () => {
  for (const [model, told] of [
    [{ type: 'k-anonymity', k: '2' }, '/models/1/k (type: integer)'],
    [{ type: 'k-anonymity', k: 0 }, '/models/1/k (minimum: >= 1)'],
    [{ type: 'k-anonymity', k: 2, extra: 1 }, '/models/1 (additionalProperties)'],
    [{ type: 'recursive-l-diversity', column: 'a', l: 2 }, '/models/1 (required: c)'],
    [{ type: 'ordered-t-closeness', column: 'a', t: 'x' }, '/models/1/t (type: number)'],
    [7, '/models/1 (type: object)'],
  ] as const) assert.equal(problems({ models: [{ type: 'k-anonymity', k: 2 }, model] }), told)
})

test('a kind that a union does not have is told with those it has', () => {
  const told = problems({ models: [{ type: 'k-anonimity', k: 2 }] })
  assert.match(told, /^\/models\/0\/type \(none of: k-anonymity, .*ordered-t-closeness.*\)$/)
  assert.equal(problems({ columns: { a: { role: 'quasi' } } }), '/columns/a/role (enum: identifying, quasi-identifying, sensitive, insensitive)')
})

test('no value and no unknown member of a document is told, however wrong it is', () => {
  const secret = fc.constantFrom('Zq7-planted', 'Xw9-planted')
  const wrong = fc.letrec((tie) => ({ any: fc.oneof({ depthSize: 'small' }, secret, fc.integer(), fc.constant(null), fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.oneof(secret, fc.constantFrom('type', 'k', 'column')), tie('any'), { maxKeys: 3 })) })).any
  fc.assert(fc.property(wrong, wrong, wrong, (models, metric, search) => !problems({ models: [models], metric, search }).includes('planted')))
})
