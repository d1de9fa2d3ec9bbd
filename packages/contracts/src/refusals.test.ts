// The table of refusals and the code agree both ways; that each is reached is proven by the suite's last test.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { refusalTable } from './refusals.ts'

const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter((file) => !file.endsWith('.test.ts') && file !== 'refusals.ts')

describe('refusals', () => {
  it('are given with documented codes, and every documented code is given somewhere', () => {
    const text = sources.map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).join('\n')
    const given = new Set([...text.matchAll(/refuse\(([^)]*)\)/g)].flatMap(([, inner = '']) => [...inner.matchAll(/'([A-Z_]+)'/g)].map(([, name]) => `CONTRACT_${name}`)))
    assert.deepEqual([...given].sort(), Object.keys(refusalTable).sort())
  })

  it('say what happened and what to do, as sentences that name nothing in particular', () => {
    for (const [code, { says, remedy }] of Object.entries(refusalTable)) {
      assert.match(says, /^[A-Z][^.]+$/, code)
      assert.match(remedy, /^[A-Z].+\.$/, code)
    }
  })
})
