import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvBytes, WorkerPool } from '@mhmd/columns'
import { release } from '@mhmd/deid'
import { arxJob, arxRows, arxTables } from './arx-rows.ts'
import type { ArxRow } from './arx-rows.ts'

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
    assert.deepEqual(others, figures)
  }
})
