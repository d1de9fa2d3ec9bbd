import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { columnOf, parseCsv } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { classesOf, householdRisk, populationUniqueness, riskPreset, riskPresets, riskReport, safeHarborFindings, safeHarborIdentifiers, sampleRisk, sizesOf, specialUniques, weightedRisk } from '../index.ts'
import { populationSizesOf } from './attackers.ts'
import { expectedInverse } from './survey-weights.ts'

const golden = JSON.parse(readFileSync(new URL('../../../../vectors/deid/risk-arx-3.9.2.json', import.meta.url), 'utf8')) as Golden
const adult = parseCsv(readFileSync(new URL('../../../../vectors/deid/data/adult/adult.csv.gz', import.meta.url)), { delimiter: ';' }).table

interface Golden {
  readonly populationSize: number
  readonly threshold: number
  readonly results: readonly { table: string; quasiIdentifiers?: string[]; classes: number; meanClassSize: string; highestRisk: string; averageRisk: string; recordsAtRisk: string; sampleUniques: string; dankar: string; dankarChose: string; zayatz: string }[]
}

function tableOf(columns: Readonly<Record<string, readonly string[]>>): Table {
  const all = Object.entries(columns).map(([name, values]) => columnOf(name, values))
  return { rows: all[0]?.codes.length ?? 0, columns: all }
}

// Origin: vectors/deid/risk-arx-3.9.2.json. The larger tables are compared by `npm run conformance -- risk`.
for (const row of golden.results.filter(({ table }) => table === 'adult')) {
  const quasiIdentifiers = row.quasiIdentifiers ?? adult.columns.map((column) => column.name)
  test(`the peer's figures to the digits printed: adult, ${quasiIdentifiers.length} quasi-identifiers`, () => {
    const { sample, uniqueness, attackers } = riskReport(adult, { quasiIdentifiers, threshold: golden.threshold, populationSize: golden.populationSize })
    assert.equal(sample.classes, row.classes)
    assert.equal(sample.meanClassSize.toFixed(3), row.meanClassSize)
    assert.equal(String(sample.highestRisk), row.highestRisk)
    for (const figure of ['averageRisk', 'recordsAtRisk', 'sampleUniques'] as const) assert.equal(sample[figure].toFixed(6), row[figure], figure)
    assert.equal(uniqueness?.dankar.share.toFixed(8), row.dankar)
    assert.equal(uniqueness.dankar.estimator, row.dankarChose)
    assert.equal(uniqueness.zayatz.share.toFixed(8), row.zayatz)
    assert.equal(attackers.journalist.basis, 'equals prosecutor')
  })
}

test('rows with * in every quasi-identifier are counted apart', () => {
  const table = tableOf({ a: ['1', '*', '1', '*', '*'], b: ['x', '*', 'x', 'y', '*'] })
  const { sample, suppressedRows, histogram } = riskReport(table, { quasiIdentifiers: ['a', 'b'] })
  assert.equal(suppressedRows, 2)
  assert.deepEqual(histogram, [{ size: 1, classes: 1, rows: 1 }, { size: 2, classes: 1, rows: 2 }])
  assert.equal(sample.averageRisk, 2 / 3)
  assert.throws(() => riskReport(tableOf({ a: ['*'] }), { quasiIdentifiers: ['a'] }), { code: 'RISK_NO_ROWS' })
  assert.throws(() => riskReport(table, { quasiIdentifiers: ['c'] }), { code: 'RISK_UNKNOWN_COLUMN' })
  assert.throws(() => riskReport(table, { quasiIdentifiers: [] }), { code: 'RISK_NO_QUASI_IDENTIFIER' })
})

const rows = fc.array(fc.tuple(fc.constantFrom('*', '1', '2'), fc.constantFrom('*', 'x', 'y'), fc.constantFrom('p', 'q')), { minLength: 1, maxLength: 40 })

test('classes are those of a plain count', () => {
  fc.assert(fc.property(rows, (cells) => {
    const table = tableOf({ a: cells.map((row) => row[0]), b: cells.map((row) => row[1]), c: cells.map((row) => row[2]) })
    const counts = Map.groupBy(cells.filter(([a, b]) => a !== '*' || b !== '*'), ([a, b]) => a + b)
    const classes = classesOf(table, ['a', 'b'])
    assert.deepEqual([...classes.sizes].sort(), [...counts.values()].map((group) => group.length).sort())
    cells.forEach(([a, b], row) => { assert.equal(classes.sizes[classes.classOf[row] as number], counts.get(a + b)?.length) })
  }))
})

test('the journalist is measured against the population table, and never finds more than the prosecutor', () => {
  const release = tableOf({ a: ['1', '1', '2'] })
  const population = tableOf({ a: ['1', '1', '1', '1', '2', '3'] })
  const { attackers } = riskReport(release, { quasiIdentifiers: ['a'], population, threshold: 0.3 })
  assert.deepEqual(attackers.journalist, { highestRisk: 1, averageRisk: (2 / 4 + 1) / 3, recordsAtRisk: 1 / 3, basis: 'population table' })
  assert.equal(attackers.marketer.averageRisk, attackers.journalist.averageRisk)
  assert.ok(attackers.journalist.averageRisk <= attackers.prosecutor.averageRisk)
  assert.throws(() => populationSizesOf(release, classesOf(release, ['a']), { table: tableOf({ a: ['1', '2'] }), quasiIdentifiers: ['a'] }), { code: 'RISK_NOT_IN_POPULATION', details: { rows: 2, firstRow: 1 } })
})

test('a population smaller than the table, and a table without uniques', () => {
  const sizes = new Map([[1, 2], [3, 1]])
  assert.throws(() => populationUniqueness(sizes, 4), { code: 'RISK_BAD_POPULATION' })
  assert.throws(() => populationUniqueness(sizes, Number.NaN), { code: 'RISK_BAD_POPULATION' })
  assert.deepEqual(populationUniqueness(new Map([[5, 7]]), 1000), { share: 0, estimator: 'no sample uniques' })
  assert.deepEqual(populationUniqueness(new Map([[1, 7]]), 1000), { share: 1, estimator: 'zayatz' })
})

test('the rule: Pitman up to a tenth of the population, then the smaller of SNB and Zayatz', () => {
  const sizes = sizesOf(classesOf(adult, ['sex', 'age', 'race', 'education']).sizes)
  assert.equal(populationUniqueness(sizes, 301_620).estimator, 'pitman')
  const above = populationUniqueness(sizes, 301_619)
  const [snb, zayatz] = (['snb', 'zayatz'] as const).map((estimator) => populationUniqueness(sizes, 301_619, estimator))
  assert.deepEqual(above, (snb?.share ?? 1) <= (zayatz?.share ?? 1) ? snb : zayatz)
})

// Origin: suite of sdcMicro, tests/testthat/test_suda2.R, "suda2 simple example contrubtion": contributions 50, 37.5 and 37.5 per cent.
test('special uniques: a published example', () => {
  const { contribution, scores, bySize } = specialUniques(tableOf({ a: ['2', '1', '1'], b: ['0', '3', '0'], c: ['0', '6', '0'] }), ['a', 'b', 'c'])
  assert.deepEqual(contribution, { a: 0.5, b: 0.375, c: 0.375 })
  assert.deepEqual([...scores], [2, 4, 2])
  assert.deepEqual(bySize, [0, 3, 2])
})

test('special uniques are those of a search through every set of attributes', () => {
  const cells = fc.array(fc.tuple(...Array.from({ length: 4 }, () => fc.constantFrom('1', '2', '3'))), { minLength: 1, maxLength: 12 })
  fc.assert(fc.property(cells, fc.integer({ min: 1, max: 3 }), (table, limit) => {
    const names = ['a', 'b', 'c', 'd']
    const isUnique = (row: number, set: number): boolean => table.every((other, index) => index === row || names.some((_, at) => (set & (1 << at)) !== 0 && other[at] !== table[row]?.[at]))
    const sizeOf = (set: number): number => names.filter((_, at) => set & (1 << at)).length
    const expected = table.map((_, row) => {
      let sum = 0
      for (let set = 1; set < 16; set++) {
        const isMinimal = names.every((_, at) => (set & (1 << at)) === 0 || !isUnique(row, set ^ (1 << at)))
        if (sizeOf(set) > limit || !isUnique(row, set) || !isMinimal) continue
        let worth = 1
        for (let i = sizeOf(set); i <= limit; i++) worth *= 4 - i
        sum += worth
      }
      return sum
    })
    // A table of one row is unique by no attribute at all: the search through sets starts at one.
    if (table.length > 1) assert.deepEqual([...specialUniques(tableOf(Object.fromEntries(names.map((name, at) => [name, table.map((row) => row[at] as string)]))), names, { limit }).scores], expected)
  }))
})

// Origin: the closed forms for one and two rows in Hundepool et al., Statistical Disclosure Control (2012), §3.3.3; sums of the negative binomial otherwise.
test('survey weights: expected 1/F', () => {
  for (const p of [0.001, 0.1, 0.49, 0.5, 0.9, 0.999]) {
    const odds = p / (1 - p)
    assert.ok(Math.abs(expectedInverse(1, p) / (odds * Math.log(1 / p)) - 1) < 1e-9)
    assert.ok(Math.abs(expectedInverse(2, p) / (odds - odds * odds * Math.log(1 / p)) - 1) < 1e-6)
  }
  for (const [seen, p] of [[3, 0.3], [7, 0.2], [5, 0.8]] as const) {
    let [probability, sum] = [p ** seen, 0]
    for (let size = seen; size < 2000; size++) {
      sum += probability / size
      probability *= ((1 - p) * size) / (size + 1 - seen)
    }
    assert.ok(Math.abs(expectedInverse(seen, p) - sum) < 1e-12, `${seen} ${p}`)
  }
  assert.equal(expectedInverse(4, 1), 0.25)
})

test('survey weights: classes, households, bad weights', () => {
  const classes = classesOf(tableOf({ a: ['1', '1', '2', '*'] }), ['a'])
  const all = weightedRisk(classes, [1, 1, 1, 1])
  assert.deepEqual([all.highestRisk, all.expected], [1, 2])
  const sampled = weightedRisk(classes, [10, 30, 5, 1])
  assert.ok(sampled.highestRisk < 1 && Math.abs((sampled.risks[1] as number) - expectedInverse(1, 0.2)) < 1e-15)
  assert.throws(() => weightedRisk(classes, [1, 0, 1, 1]), { code: 'RISK_BAD_WEIGHT', details: { row: 2 } })
  assert.throws(() => weightedRisk(classes, [1, 1]), { code: 'RISK_BAD_WEIGHT', details: { row: 3 } })
  assert.deepEqual([...householdRisk([0.5, 0.5, 0.1], [7, 7, 8])].map((risk) => Number(risk.toFixed(12))), [0.75, 0.75, 0.1])
})

test('what classes tell about a sensitive column', () => {
  const table = tableOf({ a: ['1', '1', '2', '2', '2'], s: ['flu', 'flu', 'flu', 'hiv', 'flu'] })
  assert.deepEqual(riskReport(table, { quasiIdentifiers: ['a'], sensitive: ['s'] }).attributes.s, { certainRows: 2 / 5, guessedRight: 4 / 5, guessedRightWithoutClasses: 4 / 5, smallestDistinct: 1 })
})

// Origin: 45 CFR 164.514(b)(2)(i); what may stay and what may not, by paragraph.
test('Safe Harbor: what a table still shows, by names and by shapes; what may stay is not found', () => {
  const found = (columns: Readonly<Record<string, readonly string[]>>): string[] => safeHarborFindings(tableOf(columns)).map(({ column, letter, rows }) => `${letter} ${column} ${rows}`)
  assert.deepEqual(found({
    last_name: ['x', '*'], zip: ['10021', '036'], birth: ['1950-02-03', '1950'], age: ['91', '30'], contact: ['555-123-4567', 'a@b.example'], site: ['https://a.example', '10.0.0.1'], ssn: ['123-45-6789', ''], mrn: ['7', '8'], device_serial_no: ['4', '5'],
  }), ['A last_name 1', 'B zip 2', 'C birth 1', 'C age 1', 'D contact 1', 'F contact 1', 'N site 1', 'O site 1', 'G ssn 1', 'H mrn 2', 'M device_serial_no 2'])
  assert.deepEqual(found({ zip: ['100', '000'], birth: ['1950', '1950-1959'], age: ['>= 90', '[85, 90['], diagnosis: ['E11.9', 'I10'], sex: ['f', 'm'], last_name: ['*', ''] }), [])
})

// Origin: the sources named in presets.ts; Safe Harbor lists 18 kinds, (A) to (R).
test('presets', () => {
  assert.equal(riskPreset('ema-0070')?.highestRisk.toFixed(2), '0.09')
  assert.ok(riskPresets.every(({ source, highestRisk }) => source.length > 20 && Number.isInteger(1 / highestRisk)))
  assert.deepEqual(safeHarborIdentifiers.map(({ letter }) => letter).join(''), 'ABCDEFGHIJKLMNOPQR')
  const eleven = sampleRisk(new Map([[11, 3]]), riskPreset('ema-0070')?.highestRisk ?? 0)
  assert.deepEqual([eleven.recordsAtRisk, sampleRisk(new Map([[10, 3]]), 1 / 11).recordsAtRisk], [0, 1])
})
