import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzCase } from './deid-fuzz-cases.ts'

const seed = Number(process.env['FC_SEED'] ?? 9)

test('2,800 hostile and ordinary cases: no crash outside declared codes, no wrong optimum, no release its check refuses', async (context) => {
  context.diagnostic(`seed ${seed}`)
  for (let i = 0; i < 2800; i++) assert.equal(await fuzzCase(seed, i), undefined, `case ${i} of seed ${seed}`)
})
