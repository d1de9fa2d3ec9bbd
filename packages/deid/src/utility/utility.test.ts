import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { columnOf, parseCsv } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { readHierarchy, release, sourceOf, utilityReport, wilson } from '../index.ts'
import type { HierarchySource, Job, UtilityOptions } from '../index.ts'

function tableOf(columns: Readonly<Record<string, readonly string[]>>): Table {
  const all = Object.entries(columns).map(([name, values]) => columnOf(name, values))
  return { rows: all[0]?.codes.length ?? 0, columns: all }
}

const halves: HierarchySource = sourceOf('a', [['1', '2', '3', '4'], ['low', 'low', 'high', 'high'], ['*', '*', '*', '*']])
const input = tableOf({ a: ['1', '1', '1', '2', '3', '4', '4', '4'], b: ['x', 'x', 'y', 'y', 'x', 'y', 'y', 'y'] })
const same: UtilityOptions = { input, output: input, levels: { a: 0, b: 0 }, hierarchies: { a: halves }, quasiIdentifiers: ['a', 'b'], subgroups: ['b'], targets: ['b'] }

test('an untouched table loses nothing', () => {
  const report = utilityReport(same)
  assert.ok([...report.marginals, ...report.pairs].every(({ distance, standardError, byChance }) => Math.abs(distance) < 1e-12 && standardError < 1e-12 && byChance > 0))
  assert.deepEqual(report.lossByAttribute, { a: 0, b: 0 })
  assert.deepEqual(report.predictions[0]?.release, report.predictions[0]?.input)
})

// Origin: by hand. Under `low` a reader takes 1 and 2 as equally likely, 4/8 in all: 2/8 each, where the input has 3/8 and 1/8; so with `high`. Distance 1/8 + 1/8.
test('a reader spreads a label over its values', () => {
  const output = tableOf({ a: ['low', 'low', 'low', 'low', 'high', 'high', 'high', 'high'], b: ['x', 'x', 'y', 'y', 'x', 'y', 'y', 'y'] })
  const report = utilityReport({ ...same, output, levels: { a: 1, b: 0 } })
  assert.deepEqual(report.marginals.map(({ columns, distance }) => [columns, distance]), [[['a'], 0.25], [['b'], 0]])
  // Pairs: input (1,x)2 (1,y)1 (2,y)1 (3,x)1 (4,y)3; inferred (1,x)1 (1,y)1 (2,y)1 (3,x).5 (4,y)1.5 of 8: excess 1 + 0 + 0 + .5 + 1.5 = 3 of 8.
  assert.equal(report.pairs[0]?.distance, 3 / 8)
  assert.equal(report.lossByAttribute.a, 1 / 3)
})

test('who pays: a suppressed row is lost whole, and its group pays', () => {
  const output = tableOf({ a: ['1', '1', '1', '2', '3', '*', '4', '4'], b: ['x', 'x', 'y', 'y', 'x', '*', 'y', 'y'] })
  const [y, x] = utilityReport({ ...same, output }).subgroups.b ?? []
  assert.deepEqual([y?.value, y?.rows, y?.suppressed.share, y?.loss], ['y', 5, 0.2, 0.2])
  assert.deepEqual([x?.value, x?.suppressed.share, x?.loss], ['x', 0, 0])
})

test('distances and accuracy by group: a group by itself is told as a table of that group alone, and the models are everybody\'s', () => {
  const output = tableOf({ a: ['low', 'low', 'low', 'low', 'high', '*', 'high', 'high'], b: ['x', 'x', 'y', 'y', 'x', '*', 'y', 'y'] })
  const options: UtilityOptions = { ...same, output, levels: { a: 1, b: 0 } }
  const report = utilityReport(options)
  for (const group of report.subgroups.b ?? []) {
    const rows = Array.from({ length: 8 }, (_, row) => row).filter((row) => textOf(input, 'b', row) === group.value)
    const only = (table: Table): Table => tableOf(Object.fromEntries(table.columns.map(({ name }) => [name, rows.map((row) => textOf(table, name, row))])))
    const alone = utilityReport({ ...options, input: only(input), output: only(output), targets: [], subgroups: [] })
    const meanOf = (all: readonly { readonly distance: number }[]): number => all.reduce((sum, { distance }) => sum + distance, 0) / all.length
    assert.ok(Math.abs(group.marginals.distance - meanOf(alone.marginals)) < 1e-12 && Math.abs(group.pairs.distance - meanOf(alone.pairs)) < 1e-12)
    assert.ok(group.marginals.byChance > 0 && group.pairs.standardError >= 0)
  }
  // x: 1, 1, 3 are read as low, low, high: (2/3 − 1/3) of 1, and 3 by 1/6; column b is exact. The mean over two columns.
  const x = report.subgroups.b?.find(({ value }) => value === 'x')
  assert.ok(Math.abs((x?.marginals.distance ?? 0) - (1 / 3 + 1 / 6) / 2) < 1e-12)
  // One group of everybody, and a second column that is exact: half the distance and half the error of the first.
  const constant = (table: Table): Table => tableOf({ a: table.columns[0] === undefined ? [] : Array.from({ length: 8 }, (_, row) => textOf(table, 'a', row)), k: Array.from({ length: 8 }, () => '1') })
  const whole = utilityReport({ ...options, input: constant(input), output: { ...constant(output) }, levels: { a: 1 }, quasiIdentifiers: ['a'], subgroups: ['k'], targets: [] })
  const [one] = whole.subgroups.k ?? []
  assert.ok(Math.abs(2 * (one?.marginals.standardError ?? 0) - (whole.marginals[0]?.standardError ?? -1)) < 1e-12 && Math.abs(2 * (one?.marginals.distance ?? 0) - (whole.marginals[0]?.distance ?? -1)) < 1e-12)
  // Rows told right in all groups are those told right in the whole.
  for (const side of ['release', 'input', 'baseline'] as const) {
    const right = (report.subgroups.b ?? []).reduce((sum, { predictions, rows }) => sum + rows * (predictions[0]?.[side].share ?? 0), 0)
    assert.ok(Math.abs(right - 8 * (report.predictions[0]?.[side].share ?? 0)) < 1e-9)
  }
})

const textOf = (table: Table, name: string, row: number): string => { const column = table.columns.find((one) => one.name === name); return column?.dictionary[column.codes[row] as number] ?? '' }

// Origin: Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (Wilson's score): 81/263, 15/148, 0/20, 1/29.
test('Wilson\'s interval', () => {
  const printed = [[81, 263, '0.2553', '0.3662'], [15, 148, '0.0624', '0.1605'], [0, 20, '0.0000', '0.1611'], [1, 29, '0.0061', '0.1718']] as const
  for (const [hits, rows, low, high] of printed) {
    const found = wilson(hits, rows)
    assert.deepEqual([found.low.toFixed(4), found.high.toFixed(4)], [low, high])
  }
})

test('distances are shares, and an input read at any level is a distribution', () => {
  const rows = fc.array(fc.tuple(fc.constantFrom('1', '2', '3', '4'), fc.constantFrom('x', 'y', 'z'), fc.boolean()), { minLength: 2, maxLength: 40 }).filter((cells) => cells.some(([, , isKept]) => isKept))
  fc.assert(fc.property(rows, fc.integer({ min: 0, max: 2 }), (cells, level) => {
    const labels = [{ 1: '1', 2: '2', 3: '3', 4: '4' }, { 1: 'low', 2: 'low', 3: 'high', 4: 'high' }, { 1: '*', 2: '*', 3: '*', 4: '*' }][level] as Record<string, string>
    const original = tableOf({ a: cells.map((row) => row[0]), b: cells.map((row) => row[1]) })
    const output = tableOf({ a: cells.map((row) => (row[2] ? labels[row[0]] as string : '*')), b: cells.map((row) => (row[2] ? row[1] : '*')) })
    const report = utilityReport({ ...same, input: original, output, levels: { a: level, b: 0 } })
    // The distance again, over the whole domain, cell by cell.
    const kept = cells.filter((row) => row[2])
    const spread = Object.values(labels).filter((label) => label === labels[1]).length
    let expected = 0
    for (const value of ['1', '2', '3', '4']) {
      const p = cells.filter((row) => row[0] === value).length / cells.length
      const r = kept.filter((row) => labels[row[0]] === labels[value]).length / kept.length / spread
      expected += Math.abs(p - r) / 2
    }
    assert.ok(Math.abs((report.marginals[0]?.distance ?? -1) - expected) < 1e-12)
    assert.ok(report.pairs.every(({ distance }) => distance >= -1e-12 && distance <= 1 + 1e-12))
  }))
})

test('a real release: a model trained on it beats the baseline, pairs lose at least what their columns lose', () => {
  const data = new URL('../../../../vectors/deid/data/adult/', import.meta.url)
  const adult = parseCsv(readFileSync(new URL('adult.csv.gz', data)), { delimiter: ';' }).table
  const names = ['sex', 'age', 'education', 'marital-status']
  const hierarchies = Object.fromEntries(names.map((name) => [name, readHierarchy(name, readFileSync(new URL(`adult_hierarchy_${name}.csv.gz`, data)))]))
  const job: Job = { input: { path: 'x' }, columns: { ...Object.fromEntries(names.map((name) => [name, { role: 'quasi-identifying' as const }])), 'salary-class': { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.02 }
  const made = release(job, { input: adult, hierarchies })
  const report = utilityReport({ input: adult, output: made.table, levels: made.levels, hierarchies, quasiIdentifiers: names, subgroups: ['race'], targets: ['salary-class'] })
  const [prediction] = report.predictions
  // No upper bound by the input: coarser features can serve naive Bayes better.
  assert.ok(prediction !== undefined && prediction.baseline.high < prediction.release.low)
  for (const { columns, distance } of report.pairs) for (const name of columns) assert.ok(distance >= (report.marginals.find((marginal) => marginal.columns[0] === name)?.distance ?? 1) - 1e-9)
  assert.equal(report.subgroups.race?.reduce((sum, { rows, suppressed }) => sum + Math.round(rows * suppressed.share), 0), made.suppressedRows)
})
