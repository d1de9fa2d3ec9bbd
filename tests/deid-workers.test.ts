import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { csvBytes, WorkerPool } from '@mhmd/columns'
import { release } from '@mhmd/deid'
import { arxJob, arxRows, arxTables } from './arx-rows.ts'
import type { ArxRow } from './arx-rows.ts'
import { engineJob, randomJob, seeded } from './deid-random-jobs.ts'

const data = new URL('../vectors/deid/data/', import.meta.url)

test('1, 2 and 4 workers release the same bytes, with the same figures', async () => {
  const { subset: _, ...tables } = arxTables(data, 'adult')
  const row = arxRows.find(({ table, suppressionLimit, models }) => table === 'adult' && suppressionLimit > 0 && models.some(({ type }) => type === 'k-anonymity')) as ArxRow
  const job = arxJob(row, tables.input)
  const { table, ...figures } = release(job, tables)
  const expected = Buffer.from(csvBytes(table))
  for (const workers of [1, 2, 4]) {
    const pool = new WorkerPool(workers, { fewRows: 0 })
    const found = release(job, tables, { pool })
    await pool.close()
    const { table: own, ...others } = found
    assert.ok(expected.equals(csvBytes(own)), `${workers} workers`)
    // Which thread was first decides how many nodes were checked, and nothing else.
    assert.ok(others.checkedNodes > 0)
    assert.deepEqual({ ...others, checkedNodes: 0 }, { ...figures, checkedNodes: 0 })
  }
})

const pools = [2, 4].map((workers) => new WorkerPool(workers, { fewRows: 0 }))
after(async () => { await Promise.all(pools.map((pool) => pool.close())) })

test('random jobs: the search of 2 and 4 workers finds what one finds, or finds nothing either', () => {
  for (let i = 0; i < 300; i++) {
    const { job, tables } = engineJob(randomJob(seeded(39_000 + i)))
    const outcome = (pool?: WorkerPool): unknown => {
      try {
        return { ...release({ ...job, search: { type: 'exact' } }, tables, pool === undefined ? {} : { pool }), checkedNodes: 0 }
      } catch (error) {
        return (error as { code?: string }).code ?? error
      }
    }
    const alone = outcome()
    for (const pool of pools) assert.deepEqual(outcome(pool), alone, `job ${i}, ${pool.workers} workers`)
  }
})

test('a search of several workers that runs out of time says so, and its bound holds', () => {
  const { subset: _, ...tables } = arxTables(data, 'adult')
  const job = arxJob(arxRows.find(({ table, suppressionLimit }) => table === 'adult' && suppressionLimit === 0.02) as ArxRow, tables.input)
  const whole = release(job, tables)
  const stopped = release(job, tables, { pool: pools[0] as WorkerPool, isOutOfTime: () => true })
  assert.ok(!stopped.optimal && stopped.score >= whole.score && stopped.lowerBound <= whole.score && stopped.checkedNodes < whole.checkedNodes)
})
