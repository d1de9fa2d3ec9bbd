// The description of the contracts leaves no operation out, its examples are accepted, and it is in step with schemas and vectors.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { ScratchLedger, contractsTable } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { contractFiles } from './generate-contract-model.ts'
import { root } from './imports.ts'

const examples = JSON.parse(readFileSync(`${root}packages/contracts/examples.json`, 'utf8')) as Record<string, Transaction[]>
const calls = Object.entries(contractsTable).flatMap(([contract, { operations }]) => Object.keys(operations).map((operation) => `${contract} ${operation}`))

describe('generate-contract-model', () => {
  it('has an example of every operation, whose steps are all accepted in their order', () => {
    assert.deepEqual(Object.keys(examples).sort(), calls.sort())
    for (const [call, steps] of Object.entries(examples)) {
      const scratch = new ScratchLedger()
      for (const tx of steps) assert.equal(scratch.commit(scratch.propose(tx)).code, 'VALID', call)
      assert.equal(`${steps.at(-1)?.contract} ${steps.at(-1)?.operation}`, call)
    }
  })

  it('is in step with the contracts', () => {
    for (const [path, text] of contractFiles()) assert.equal(readFileSync(root + path, 'utf8'), text, `${path} is stale: npm run generate`)
  })

  it('names what an operation reads, writes, tells and refuses', () => {
    const { transactions } = JSON.parse(contractFiles().get('schemas/contracts.json') ?? '') as { transactions: Record<string, Record<string, { reads: string[]; writes: string[]; events: string[]; refusals: string[] }>> }
    const { reads, writes, events, refusals } = transactions['agreements@1']?.['accept'] ?? { reads: [], writes: [], events: [], refusals: [] }
    assert.deepEqual(writes, ['agreement', 'operation'])
    assert.ok(reads.includes('use-request') && events.includes('agreement') && refusals.includes('CONTRACT_AGREEMENT_NOT_OFFERED'))
  })
})
