import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { columnOf, parseCsv } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { checkRelease, readHierarchy, release } from '../index.ts'
import type { HierarchySource, Job, JobTables, ModelSpec } from '../index.ts'

const data = new URL('../../../../vectors/deid/data/adult/', import.meta.url)
const adult = parseCsv(readFileSync(new URL('adult.csv.gz', data)), { delimiter: ';' }).table
const subset = parseCsv(readFileSync(new URL('adult_subset.csv.gz', data)), { delimiter: ';' }).table
const hierarchies = Object.fromEntries(adult.columns.map(({ name }): [string, HierarchySource] => [name, readHierarchy(name, readFileSync(new URL(`adult_hierarchy_${name}.csv.gz`, data)))]))

function jobFor(models: readonly ModelSpec[], suppressionLimit: number, sensitive?: string): Job {
  const names = ['sex', 'age', 'race', 'marital-status', 'education', 'occupation']
  return { input: { path: 'adult.csv.gz' }, columns: Object.fromEntries(names.map((name) => [name, { role: name === sensitive ? 'sensitive' : 'quasi-identifying' } as const])), models, suppressionLimit }
}

function cellsOf(table: Table): Record<string, string[]> {
  return Object.fromEntries(table.columns.map((column) => [column.name, Array.from(column.codes, (code) => column.dictionary[code] as string)]))
}

function tableOf(cells: Readonly<Record<string, readonly string[]>>): Table {
  const columns = Object.entries(cells).map(([name, values]) => columnOf(name, values))
  return { rows: columns[0]?.codes.length ?? 0, columns }
}

const tables: JobTables = { input: adult, hierarchies }
const cases: readonly [ModelSpec[], number, string?][] = [
  [[{ type: 'k-anonymity', k: 5 }], 0.02],
  [[{ type: 'k-anonymity', k: 5 }], 0],
  [[{ type: 'k-anonymity', k: 5 }, { type: 'distinct-l-diversity', column: 'occupation', l: 3 }], 0.02, 'occupation'],
  [[{ type: 'entropy-l-diversity', column: 'occupation', l: 4 }], 0.05, 'occupation'],
  [[{ type: 'entropy-l-diversity', column: 'occupation', l: 4, estimator: 'grassberger' }], 0.05, 'occupation'],
  [[{ type: 'recursive-l-diversity', column: 'occupation', l: 3, c: 4 }], 0.02, 'occupation'],
  [[{ type: 'equal-t-closeness', column: 'occupation', t: 0.2 }], 0.02, 'occupation'],
  [[{ type: 'ordered-t-closeness', column: 'occupation', t: 0.15 }], 0.02, 'occupation'],
  [[{ type: 'hierarchical-t-closeness', column: 'occupation', t: 0.2 }], 0.02, 'occupation'],
  [[{ type: 'basic-beta-likeness', column: 'occupation', beta: 2 }], 0.05, 'occupation'],
  [[{ type: 'enhanced-beta-likeness', column: 'occupation', beta: 2 }], 0.05, 'occupation'],
  [[{ type: 'delta-disclosure', column: 'occupation', delta: 2 }], 0.1, 'occupation'],
  [[{ type: 'cost-benefit', publisherBenefit: 10, publisherLoss: 100, adversaryGain: 30, adversaryCost: 4 }], 0.05],
  [[{ type: 'population-uniqueness', threshold: 0.0001, populationSize: 300_000, estimator: 'zayatz' }], 0.05],
  [[{ type: 'average-risk', threshold: 0.01 }, { type: 'sample-uniqueness', threshold: 0 }], 0.02],
]

for (const [models, limit, sensitive] of cases) {
  test(`agrees with the engine about its own release: ${models.map(({ type }) => type).join(' and ')}, ${limit * 100} %`, () => {
    const job = jobFor(models, limit, sensitive)
    const made = release(job, tables)
    const report = checkRelease({ job, ...tables, output: made.table })
    assert.deepEqual(report.findings, [])
    assert.deepEqual([report.ok, report.suppressedRows, report.classes], [true, made.suppressedRows, made.classes])
    assert.ok(report.models.every(({ holds, isMeasurable }) => isMeasurable && holds === true))
  })
}

test('agrees with the engine about δ-presence, where only the subset is released', () => {
  const job = jobFor([{ type: 'delta-presence', min: 0.05, max: 0.15, subset: { path: 'adult_subset.csv.gz' } }], 0.1)
  const made = release(job, { ...tables, subset })
  const report = checkRelease({ job, ...tables, subset, output: made.table })
  assert.deepEqual([report.findings, report.suppressedRows, report.classes], [[], made.suppressedRows, made.classes])
  const leaked = cellsOf(made.table)
  const outside = (leaked.sex as string[]).indexOf('*')
  ;(leaked.sex as string[])[outside] = 'Male'
  assert.ok(!checkRelease({ job, ...tables, subset, output: tableOf(leaked) }).ok)
})

const job = jobFor([{ type: 'k-anonymity', k: 5 }], 0.02, 'occupation')
const good = release(job, tables)
const goodCells = cellsOf(good.table)

const suppressedRow = (row: number): boolean => Object.entries(goodCells).every(([name, cells]) => name === 'occupation' || cells[row] === '*')

test('refuses any one corrupted cell, and names it', () => {
  const values = Object.fromEntries(good.table.columns.map((column) => [column.name, [...column.dictionary, 'White', '*', '']]))
  fc.assert(fc.property(fc.constantFrom(...good.table.columns.map(({ name }) => name)), fc.nat({ max: adult.rows - 1 }), fc.nat(), (name, row, pick) => {
    const before = goodCells[name]?.[row] as string
    const after = (values[name] as string[])[pick % (values[name] as string[]).length] as string
    if (before === after) return
    // In a suppressed row one cell shown makes the other cells of the row wrong too; the test below covers it.
    if (suppressedRow(row) && name !== 'occupation') return
    const output = tableOf({ ...goodCells, [name]: (goodCells[name] as string[]).with(row, after) })
    const report = checkRelease({ job, ...tables, output })
    assert.equal(report.ok, false)
    assert.deepEqual(report.findings.filter(({ code }) => code === 'CHECK_CELLS').map((finding) => [finding.column, finding.row]), [[name, row + 1]])
  }), { numRuns: 40 })
})

test('refuses a suppressed row with one cell shown', () => {
  const row = Array.from(adult.columns[0]?.codes.keys() ?? []).find(suppressedRow) as number
  const report = checkRelease({ job, ...tables, output: tableOf({ ...goodCells, sex: (goodCells.sex as string[]).with(row, 'Male') }) })
  assert.ok(report.findings.some((finding) => finding.code === 'CHECK_CELLS' && finding.row === row + 1))
})

test('refuses rows, columns and orders that are not the input\'s', () => {
  const shorter = tableOf(Object.fromEntries(Object.entries(goodCells).map(([name, cells]) => [name, cells.slice(1)])))
  assert.deepEqual(checkRelease({ job, ...tables, output: shorter }).findings.map(({ code }) => code), ['CHECK_ROW_COUNT'])
  const { sex, ...others } = goodCells
  assert.deepEqual(checkRelease({ job, ...tables, output: tableOf(others) }).findings.map(({ code }) => code), ['CHECK_COLUMNS'])
  assert.deepEqual(checkRelease({ job, ...tables, output: tableOf({ ...others, sex: sex as string[] }) }).findings.map(({ code }) => code), ['CHECK_COLUMNS'])
  const kept = { ...job, columns: { ...job.columns, sex: { role: 'identifying' } as const } }
  assert.ok(checkRelease({ job: kept, ...tables, output: good.table }).findings.some(({ code, column }) => code === 'CHECK_IDENTIFIER_KEPT' && column === 'sex'))
})

test('refuses a release that keeps less than its job asks', () => {
  const stricter: Job = { ...job, models: [{ type: 'k-anonymity', k: 50 }] }
  assert.deepEqual(checkRelease({ job: stricter, ...tables, output: good.table }).findings.map(({ code }) => code), ['CHECK_MODEL'])
  const tighter: Job = { ...job, suppressionLimit: (good.suppressedRows - 1) / adult.rows }
  assert.deepEqual(checkRelease({ job: tighter, ...tables, output: good.table }).findings.map(({ code }) => code), ['CHECK_SUPPRESSION'])
  const finer: Job = { ...job, columns: { ...job.columns, age: { role: 'quasi-identifying', maxLevel: (good.levels.age as number) - 1 } } }
  assert.deepEqual(checkRelease({ job: finer, ...tables, output: good.table }).findings.map(({ code }) => code), ['CHECK_LEVEL'])
})

test('a table at the top level throughout is one class, not all suppressed', () => {
  const small = tableOf({ a: ['1', '2'] })
  const topJob: Job = { input: { path: 'x' }, columns: { a: { role: 'quasi-identifying' } }, models: [{ type: 'k-anonymity', k: 2 }] }
  const output = tableOf({ a: ['*', '*'] })
  const report = checkRelease({ job: topJob, input: small, hierarchies: {}, output })
  assert.deepEqual([report.ok, report.suppressedRows, report.classes], [true, 0, 1])
  const noTop: Job = { ...topJob, columns: { a: { role: 'quasi-identifying', maxLevel: 0 } } }
  assert.equal(checkRelease({ job: noTop, input: small, hierarchies: {}, output }).suppressedRows, 2)
})
