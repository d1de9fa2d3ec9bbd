// The sabotages' own runner: its table fits the code, and a row that proves nothing is a failure.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runSabotages } from './sabotage/run-sabotages.ts'
import { sabotages } from './sabotage/table.ts'
import type { Sabotage } from './sabotage/table.ts'

const root = new URL('..', import.meta.url).pathname

test('every text of the table stands in its file exactly once, and is changed; protections have names of their own', () => {
  for (const { protection, file, text, replacement } of sabotages) {
    assert.equal(readFileSync(root + file, 'utf8').split(text).length, 2, `${protection}: tests/sabotage/table.ts names a text of ${file} that is no longer there once; name the one that protects now`)
    assert.notEqual(text, replacement)
  }
  assert.equal(new Set(sabotages.map((row) => row.protection)).size, sabotages.length)
})

test('a row is caught by its own test alone: not by another, by one that is not there, by a text that is not there, nor by a file that does not load', async () => {
  const good = sabotages.find((row) => row.protection === 'a short salt opens nothing') as Sabotage
  const rows: readonly (readonly [Sabotage, string])[] = [
    [good, 'red'],
    [{ ...good, test: 'two people with the same choice have different commitments' }, 'STAYED GREEN'],
    [{ ...good, test: 'no test of this name' }, 'TEST DID NOT RUN'],
    [{ ...good, text: 'no text of this kind' }, 'TEXT NOT FOUND ONCE'],
    [{ ...good, text: 'salt' }, 'TEXT NOT FOUND ONCE'],
    [{ ...good, replacement: 'this is no program' }, 'TEST DID NOT RUN'],
  ]
  // A test runner starts no other one as long as this stands: it is itself a test here.
  delete process.env['NODE_TEST_CONTEXT']
  const outcomes = await runSabotages(root, rows.map(([row]) => row), { copies: 1, onOutcome: () => undefined })
  assert.deepEqual(outcomes.map((outcome) => [outcome.result, outcome.isCaught]), rows.map(([, result]) => [result, result === 'red']))
})
