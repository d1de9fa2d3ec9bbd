// The vectors of `vectors/contracts`, read from their files: seeds give the keys, every step gets its code and its writes, and the suite still makes them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { canonicalText, utf8 } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import { MemoryEngine } from '../testing/engine.ts'
import { vectorFiles, vectorText } from '../testing/vectors.ts'
import type { Step, VectorFile } from '../testing/vectors.ts'
import type { Transaction } from './contract.ts'
import { signTransaction, transactionId } from './transaction.ts'

const folder = new URL('../../../vectors/contracts/', import.meta.url)
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const read = (name: string): VectorFile => JSON.parse(textOf(name)) as VectorFile
const names = ['genesis', 'every-transaction', 'participants', 'keys', 'decisions', 'desk', 'sharing', 'procedure'].map((name) => `${name}.json`)
const genesisStep = read('genesis.json').cases[0]?.steps[0] as Step
const same = (a: unknown, b: unknown): void => { assert.equal(canonicalText(a as Canonical), canonicalText(b as Canonical)) }

async function replay(steps: readonly (Step | 'genesis')[]): Promise<void> {
  const engine = new MemoryEngine()
  for (const step of steps) {
    const { transaction, id, code, items = [], writes } = step === 'genesis' ? genesisStep : step
    const tx = transaction as unknown as Transaction
    const submitted = await engine.submit(tx)
    assert.equal(submitted.ok ? 'VALID' : submitted.refusal.code, code)
    if (id !== undefined) assert.equal(transactionId(tx), id)
    if (!submitted.ok) continue
    same(submitted.events.filter((event) => event.name === 'item').map((event) => (event.payload as { code: string }).code), items)
    same(engine.last?.ok ? engine.last.value.writes.map(({ key, value }) => [key, value]) : [], writes)
  }
}

describe('vectors/contracts', () => {
  for (const name of names) {
    describe(name, () => {
      for (const { title, steps } of read(name).cases) it(title, () => replay(steps))
    })
  }

  it('are what the suite makes now', async () => {
    const made = await vectorFiles()
    assert.deepEqual([...made.keys()].sort(), [...names].sort())
    for (const [name, file] of made) assert.equal(vectorText(file), textOf(name), `${name}: run vectors/contracts/produce.ts, and look at the difference`)
  })

  it('are signed with the seeds they state', () => {
    const tx = genesisStep.transaction as unknown as Transaction
    const { key, signature: _, ...fields } = tx
    const ledger = signingKeyFromSeed(sha256(utf8('mhmd contract vectors/ledger')))
    assert.equal(key, ledger.publicKey)
    same(signTransaction(fields, ledger), tx)
  })
})
