import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { release } from '@mhmd/deid'
import type { Job } from '@mhmd/deid'
import { arxDifference, arxJob, arxName, arxRows, arxTables, reordered, runArxRow } from './arx-rows.ts'
import type { ArxRow } from './arx-rows.ts'
import { seeded } from './deid-random-jobs.ts'

// Origin: ARX 3.9.2; see vectors/deid/arx-3.9.2.json. The other tables' rows run with `npm run conformance -- arx`.
const data = new URL('../vectors/deid/data/', import.meta.url)
const adultRows = arxRows.filter(({ table }) => table === 'adult')

for (const row of adultRows) test(`as the peer: ${arxName(row)}`, () => { assert.equal(arxDifference(row, runArxRow(row, data)), undefined) })

const job = arxJob(adultRows[1] as ArxRow, arxTables(data, 'adult').input)

test('shuffled rows and columns leave score, suppressed rows and optimality unchanged', () => {
  const { input, hierarchies } = arxTables(data, 'adult')
  const random = seeded(11)
  const order = Uint32Array.from({ length: input.rows }, (_, row) => row)
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1))
    const held = order[i] as number
    order[i] = order[other] as number
    order[other] = held
  }
  const shuffled = reordered(input, order)
  const found = release(job, { hierarchies, input: { rows: shuffled.rows, columns: shuffled.columns.toReversed() } })
  assert.deepEqual([found.score.toFixed(12), found.suppressedRows, found.optimal], [release(job, { input, hierarchies }).score.toFixed(12), 506, true])
})

test('renamed columns and values leave score, suppressed rows and optimality unchanged', () => {
  const { input, hierarchies } = arxTables(data, 'adult')
  const renamed = (table: Table): Table => ({ rows: table.rows, columns: table.columns.map(({ name, dictionary, codes }: Column) => columnOf(name.length === 1 ? name : `${name}?`, Array.from(codes, (code) => `v${dictionary[code] as string}`))) })
  const sources = Object.fromEntries(Object.entries(hierarchies).map(([name, { table }]) => [`${name}?`, { attribute: `${name}?`, table: renamed(table) }]))
  const columns: Job['columns'] = Object.fromEntries(Object.entries(job.columns).map(([name, spec]) => [`${name}?`, spec]))
  const found = release({ ...job, columns }, { input: renamed(input), hierarchies: sources })
  assert.deepEqual([found.suppressedRows, found.optimal], [506, true])
  assert.equal(found.score.toFixed(6), '0.313713')
})

test('outside suppressed rows every column of the result shows one level, and suppressed rows show only the marker', () => {
  const { input, hierarchies } = arxTables(data, 'adult')
  const { table, levels, suppressedRows } = release(job, { input, hierarchies })
  let suppressed = 0
  for (let row = 0; row < table.rows; row++) {
    const cells = table.columns.map(({ dictionary, codes }) => dictionary[codes[row] as number] as string)
    if (cells.every((cell) => cell === '*')) suppressed++
    else table.columns.forEach(({ name }, c) => {
      const original = input.columns[c] as Column
      assert.ok(labels(hierarchies[name]!.table, original.dictionary[original.codes[row] as number] as string, levels[name] as number) === cells[c])
    })
  }
  assert.equal(suppressed, suppressedRows)
  assert.equal(table.rows, input.rows)
})

const rowsOf = new WeakMap<Table, Map<string, number>>()
function labels(hierarchy: Table, value: string, level: number): string {
  const base = hierarchy.columns[0] as Column
  let rows = rowsOf.get(hierarchy)
  if (rows === undefined) rowsOf.set(hierarchy, (rows = new Map(Array.from(base.codes, (code, row) => [base.dictionary[code] as string, row]))))
  const column = hierarchy.columns[level] as Column
  return column.dictionary[column.codes[rows.get(value) as number] as number] as string
}
