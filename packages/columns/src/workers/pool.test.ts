import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { layOut } from '../cells.ts'
import { CHUNK_ROWS, groupRows } from './group-rows.ts'
import type { GroupedRows, RowTuples } from './group-rows.ts'
import { WorkerPool } from './pool.ts'

const pools = [1, 2, 4].map((workers) => new WorkerPool(workers, { fewRows: 0 }))
after(async () => { await Promise.all(pools.map((pool) => pool.close())) })

/** Rows over a few columns; `spread` values a column. */
function tuples(rows: number, spread: number, width = 3): RowTuples {
  let state = rows + spread
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % spread
  const columns = Array.from({ length: width }, () => Uint16Array.from({ length: rows }, next))
  const { fields } = layOut(columns.map(() => spread))
  return { rows, columns, fields, maps: columns.map((_, c) => c === 0 ? Uint16Array.from({ length: spread }, (_, code) => code >> 1) : undefined), weights: [new Uint32Array(rows).fill(1), Uint32Array.from({ length: rows }, (_, row) => row % 3)] }
}

const plain = ({ cells, tupleOf }: GroupedRows): unknown => [cells.size, cells.words.map((word) => [...word.subarray(0, cells.size)]), cells.weights.map((weight) => [...weight.subarray(0, cells.size)]), Buffer.from(tupleOf.buffer, tupleOf.byteOffset, tupleOf.byteLength).toString('base64')]

for (const [what, from] of [
  ['one row', tuples(1, 5)], ['one chunk', tuples(1000, 5)], ['exactly a chunk', tuples(CHUNK_ROWS, 4)], ['a row more', tuples(CHUNK_ROWS + 1, 9)],
  ['all equal', tuples(2 * CHUNK_ROWS + 5, 1)], ['many different', tuples(2 * CHUNK_ROWS + 5, 1000)], ['two words', tuples(CHUNK_ROWS + 77, 300, 5)],
] as const) test(`1, 2 and 4 workers and one thread over all rows give the same tuples: ${what}`, () => {
  const expected = plain(groupRows(from))
  for (const pool of pools) assert.deepEqual(plain(pool.groupRows(from)), expected, `${pool.workers} workers`)
})

test('what a thread cannot do is told to who waits for it, and the thread goes on', () => {
  const [, pool] = pools as [WorkerPool, WorkerPool]
  assert.equal(pool.begin(new URL('data:text/javascript,export const work = () => { throw new Error() }'), {}).end(), false)
  assert.equal(pool.begin(new URL('data:text/javascript,export const nothing = 1'), {}).end(), false)
  let looks = 0
  assert.equal(pool.begin(new URL('data:text/javascript,export const work = () => { for (const end = performance.now() + 100; performance.now() < end;); }'), {}).end(() => { looks++ }), true)
  assert.ok(looks > 1)
})
