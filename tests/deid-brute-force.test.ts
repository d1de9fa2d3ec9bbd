import assert from 'node:assert/strict'
import { test } from 'node:test'
import { difference, heuristicDifference } from './deid-compare.ts'
import { randomJob, seeded } from './deid-random-jobs.ts'

const seed = Number(process.env['FC_SEED'] ?? 6)

test('500 random jobs: the engine finds what a brute force over every node finds, cell by cell', (context) => {
  context.diagnostic(`seed ${seed}`)
  for (let i = 0; i < 500; i++) {
    const job = randomJob(seeded(seed * 1_000_003 + i))
    const found = difference(job)
    assert.equal(found, undefined, `job ${i} of seed ${seed}: ${found ?? ''}\n${JSON.stringify(job)}`)
  }
})

test('150 random jobs: the heuristic search stays within what it claims', () => {
  for (let i = 0; i < 150; i++) {
    const job = randomJob(seeded(seed * 2_000_003 + i))
    const found = heuristicDifference(job)
    assert.equal(found, undefined, `job ${i} of seed ${seed}: ${found ?? ''}\n${JSON.stringify(job)}`)
  }
})
