import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { columnOf, keep, layOut, packRows, regroup, regroupIfFewer, regroupReference, regroupUnless, stepOf, sumParts, Workspace } from './index.ts'
import type { Cells } from './index.ts'

/** One that groups in JavaScript, one in WebAssembly. */
const [workspace, byKernels] = [new Workspace({ fewest: Infinity }), new Workspace({ fewest: 0 })]

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
  const expected = regroupReference(cells, steps, keyWords)
  // With labels, tuples may be told apart by one number each; the first words' steps are all there.
  const labels = steps.map(({ codes }) => 1 + codes.reduce((most, code) => Math.max(most, code), 0))
  for (const grouping of [{ keyWords }, { keyWords, labels }]) {
    assert.deepEqual(keep(regroup(cells, steps, workspace, grouping)), expected)
    assert.deepEqual(keep(regroup(cells, steps, byKernels, grouping)), expected)
    assert.deepEqual([...byKernels.groupOf.subarray(0, cells.size)], [...workspace.groupOf.subarray(0, cells.size)])
    assert.ok(workspace.kernels === undefined && byKernels.kernels !== undefined)
    for (const share of [1, 0.5, 0]) {
      const fewer = regroupIfFewer(cells, steps, workspace, { ...grouping, share })
      if (fewer !== undefined) assert.deepEqual(sorted(keep(fewer)), sorted(expected))
      else assert.ok(share < 1)
    }
    for (const [least, most] of [[2, 0], [3, 4], [5, 1000], [1, 0]] as const) {
      const staged = regroupUnless(cells, steps, workspace, { ...grouping, least, most })
      assert.deepEqual(kept(staged), kept(regroupUnless(cells, steps, byKernels, { ...grouping, least, most })))
      const small = (expected.weights[0] as Uint32Array).reduce((sum, rows) => sum + (rows < least ? rows : 0), 0)
      assert.equal(staged === undefined, small > most)
      if (staged !== undefined) assert.deepEqual(sorted(keep(staged)), sorted(expected))
    }
  }
}

/** More rows made from a few: the same again and again, here and there with a code moved. */
function many(rows: readonly (readonly number[])[], cardinalities: readonly number[], count: number): (readonly number[])[] {
  return Array.from({ length: rows.length === 0 ? 0 : count }, (_, i) => (rows[i % rows.length] as readonly number[]).map((code, c) => i % (7 + c) === 0 ? (code + i) % (cardinalities[c] as number) : code))
}

const kept = (cells: Cells | undefined): Cells | undefined => cells === undefined ? undefined : keep(cells)

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

test('tuples told apart by one number each give the same groups: many rows of few values, flat and hashed, one word and more', () => {
  const few = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3000 })), { minLength: 1, maxLength: 9 })
  fc.assert(fc.property(few.chain((cardinalities) => fc.record({
    cardinalities: fc.constant(cardinalities),
    rows: fc.array(fc.tuple(...cardinalities.map((size) => fc.integer({ min: 0, max: size - 1 }))), { minLength: 1, maxLength: 20 }),
    divisors: fc.tuple(...cardinalities.map((size) => fc.oneof(fc.constant(1), fc.constant(size), fc.integer({ min: 1, max: size })))),
    keyWords: fc.integer({ min: 1, max: 3 }),
  })), ({ cardinalities, rows, divisors, keyWords }) => {
    const { cells, fields } = cellsOf(many(rows, cardinalities, 700 + rows.length * 97), cardinalities, 2)
    assertEqual(cells, divisors, fields, cardinalities, Math.min(keyWords, cells.words.length))
  }), { numRuns: 100 })
})

test('sums over fields are those of the codes', () => {
  fc.assert(fc.property(tables, ({ cardinalities, rows, divisors }) => {
    const long = many(rows, cardinalities, 300)
    const { cells, fields } = cellsOf(long, cardinalities, 1)
    const values = cardinalities.map((size, c) => Uint32Array.from({ length: size }, (_, code) => (code * 977 + (divisors[c] as number)) % 1_000_003))
    const sums = new Uint32Array(cells.size)
    sumParts(cells, fields.map((field, f) => ({ field, values: values[f] as Uint32Array })), sums)
    assert.deepEqual([...sums], long.map((row) => row.reduce((sum, code, c) => sum + (values[c]?.[code] as number), 0)))
    // A column of one value takes no bits, and lies where a wide one does.
  }), { numRuns: 100, examples: [[{ cardinalities: [65_537, 16_385, 1], rows: [[0, 0, 0]], divisors: [1, 1, 1], weights: 1, keyWords: 1 }]] })
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

test('a grouping under which hardly any tuples merge is given up, others are not, flat and hashed', () => {
  for (const spread of [1, 1000]) {
    const cells: Cells = { size: 5000, words: [Uint32Array.from({ length: 5000 }, (_, i) => i * spread)], weights: [new Uint32Array(5000).fill(1)] }
    const field = { word: 0, shift: 0, mask: 0xffffff }
    const step = stepOf(field, Uint32Array.from({ length: 5_000_000 }, (_, code) => code))
    const halved = stepOf(field, Uint32Array.from({ length: 5_000_000 }, (_, code) => Math.floor(code / (2 * spread))))
    assert.equal(regroupIfFewer(cells, [step], workspace, { labels: [5_000_000], share: 0.75 }), undefined)
    assert.equal(regroupIfFewer(cells, [halved], workspace, { labels: [5_000_000 / spread], share: 0.75 })?.size, 2500)
  }
})
