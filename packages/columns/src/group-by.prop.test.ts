import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { columnOf, keep, layOut, packRows, regroup, regroupReference, regroupUnless, stepOf, Workspace } from './index.ts'
import type { Cells } from './index.ts'

const workspace = new Workspace()

/** Rows of codes below the cardinalities, and a map for each field onto fewer codes. */
const tables = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 7 }).chain((cardinalities) => fc.record({
  cardinalities: fc.constant(cardinalities),
  rows: fc.array(fc.tuple(...cardinalities.map((size) => fc.oneof(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: Math.min(1, size - 1) })))), { maxLength: 60 }),
  divisors: fc.tuple(...cardinalities.map((size) => fc.oneof(fc.constant(1), fc.constant(size), fc.integer({ min: 1, max: size })))),
  weights: fc.integer({ min: 1, max: 3 }),
  keyWords: fc.integer({ min: 1, max: 7 }),
}))

function cellsOf(rows: readonly (readonly number[])[], cardinalities: readonly number[], weights: number): { cells: Cells; fields: ReturnType<typeof layOut>['fields'] } {
  const { fields, words } = layOut(cardinalities)
  const columns = cardinalities.map((_, c) => Uint32Array.from(rows, (row) => row[c] as number))
  const packed = packRows(rows.length, columns, fields, cardinalities.map(() => undefined))
  assert.equal(packed.length, words)
  return { fields, cells: { size: rows.length, words: packed, weights: Array.from({ length: weights }, (_, v) => Uint32Array.from(rows, (_row, i) => 1 + ((i * (v + 3)) % 5))) } }
}

function assertEqual(cells: Cells, divisors: readonly number[], fields: ReturnType<typeof layOut>['fields'], cardinalities: readonly number[], keyWords: number): void {
  const steps = fields.map((field, f) => stepOf(field, Array.from({ length: cardinalities[f] as number }, (_, code) => Math.floor(code / (divisors[f] as number)))))
  const found = keep(regroup(cells, steps, workspace, keyWords))
  const expected = regroupReference(cells, steps, keyWords)
  assert.deepEqual(found, expected)
  for (const [least, most] of [[2, 0], [3, 4], [5, 1000], [1, 0]] as const) {
    const staged = regroupUnless(cells, steps, workspace, { keyWords, least, most })
    const small = (expected.weights[0] as Uint32Array).reduce((sum, rows) => sum + (rows < least ? rows : 0), 0)
    assert.equal(staged === undefined, small > most)
    if (staged !== undefined) assert.deepEqual(sorted(keep(staged)), sorted(expected))
  }
}

/** Groups as texts in order: `regroupUnless` promises the groups, not their order. */
function sorted({ size, words, weights }: Cells): string[] {
  return Array.from({ length: size }, (_, group) => [...words.map((word) => word[group]), ...weights.map((weight) => weight[group])].join()).sort()
}

test('the kernel and the plain version give the same groups, keys and weights', () => {
  fc.assert(fc.property(tables, ({ cardinalities, rows, divisors, weights, keyWords }) => {
    const { cells, fields } = cellsOf(rows, cardinalities, weights)
    assertEqual(cells, divisors, fields, cardinalities, Math.min(keyWords, cells.words.length))
  }), { numRuns: 300 })
})

test('empty, one-row, all-equal and all-distinct tables agree', () => {
  const cardinalities = [5000, 5000, 5000]
  const distinct = Array.from({ length: 4000 }, (_, i) => [i, (i * 7) % 5000, (i * 13) % 5000])
  for (const rows of [[], [[1, 2, 3]], Array.from({ length: 4000 }, () => [1, 2, 3]), distinct]) {
    const { cells, fields } = cellsOf(rows, cardinalities, 1)
    for (const divisors of [[1, 1, 1], [5000, 1, 1], [5000, 5000, 5000]]) assertEqual(cells, divisors, fields, cardinalities, cells.words.length)
  }
})

test('a column keeps every text and the narrowest codes', () => {
  fc.assert(fc.property(fc.array(fc.string()), (values) => {
    const column = columnOf('c', values)
    assert.deepEqual(Array.from(column.codes, (code) => column.dictionary[code]), values)
    assert.equal(new Set(column.dictionary).size, column.dictionary.length)
  }))
  assert.ok(columnOf('c', Array.from({ length: 257 }, (_, i) => String(i))).codes instanceof Uint16Array)
})
