import assert from 'node:assert/strict'
import { test } from 'node:test'
import { difference, heuristicDifference } from './deid-compare.ts'
import { bestNode, evaluate } from './deid-oracle.ts'
import type { OracleJob } from './deid-oracle.ts'
import { randomJob, seeded } from './deid-random-jobs.ts'

const seed = Number(process.env['FC_SEED'] ?? 6)

function agreesOn(from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const job = randomJob(seeded(seed * 1_000_003 + i))
    const found = difference(job)
    assert.equal(found, undefined, `job ${i} of seed ${seed}: ${found ?? ''}\n${JSON.stringify(job)}`)
  }
}

test('500 random jobs: the engine finds what a brute force over every node finds, cell by cell', (context) => {
  context.diagnostic(`seed ${seed}`)
  agreesOn(0, 500)
})

test('and so it does on 9,500 more', () => { agreesOn(500, 10_000) })

/** By hand: x as a whole is 9 a and 3 b where all have 15 a and 18 b: |ln(0.25/0.545)| = 0.78. Of its parts x1 (3 and 3) holds, x2 (6 a) lacks b. */
const belowAViolation: OracleJob = {
  rows: [...Array.from({ length: 6 }, (_, i) => ['x1', 'ab'[i % 2] as string]), ...Array.from({ length: 6 }, () => ['x2', 'a']), ...Array.from({ length: 21 }, (_, i) => ['y', i < 6 ? 'a' : 'b'])],
  columns: [
    { name: 'q0', role: 'quasi-identifying', hierarchy: [['x1', 'x', '*'], ['x2', 'x', '*'], ['y', 'y', '*']], minLevel: 0, maxLevel: 2, weight: 1 },
    { name: 's', role: 'sensitive', hierarchy: [['a'], ['b']], minLevel: 0, maxLevel: 0, weight: 1 },
  ],
  models: [{ type: 'delta-disclosure', column: 's', delta: 0.7 }], suppressionLimit: 0.3, metric: { type: 'loss' },
}

test('below a node where more rows violate than may go, one holds with fewer: a model that proves nothing prunes nothing', () => {
  assert.deepEqual([evaluate(belowAViolation, [1]), evaluate(belowAViolation, [0])?.suppressedRows], [undefined, 6])
  assert.deepEqual(bestNode(belowAViolation)?.levels, [0])
  assert.equal(difference(belowAViolation), undefined)
})

test('150 random jobs: the heuristic search stays within what it claims', () => {
  for (let i = 0; i < 150; i++) {
    const job = randomJob(seeded(seed * 2_000_003 + i))
    const found = heuristicDifference(job)
    assert.equal(found, undefined, `job ${i} of seed ${seed}: ${found ?? ''}\n${JSON.stringify(job)}`)
  }
})
