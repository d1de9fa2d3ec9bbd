import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import fc from 'fast-check'
import { riskOptionsOf, riskReport, specialUniques } from '../index.ts'
import type { Job, RiskReport } from '../index.ts'

const tableOf = (columns: Readonly<Record<string, readonly string[]>>): Table => ({ rows: Object.values(columns)[0]?.length ?? 0, columns: Object.entries(columns).map(([name, values]) => columnOf(name, values)) })
const job: Job = { input: { path: 't' }, columns: { who: { role: 'identifying' }, place: { role: 'quasi-identifying' } }, person: { column: 'who' }, models: [{ type: 'k-anonymity', k: 2 }] }
const measured = (table: Table, person: Partial<NonNullable<Job['person']>> = {}, more: object = {}): RiskReport => riskReport(table, { ...riskOptionsOf({ ...job, person: { column: 'who', ...person } }, table), ...more })

// By hand: in class a are p (three rows) and q, in class b is r alone. Rows would say 1/4 at worst in a.
test('classes count persons, each once, where the job names their column', () => {
  const table = tableOf({ who: ['p', 'p', 'p', 'q', 'r', 'q'], place: ['a', 'a', 'a', 'a', 'b', 'a'] })
  const { unit, sample, persons, attackers } = measured(table)
  assert.deepEqual([unit, sample.smallestClassSize, sample.largestClassSize, sample.rows, sample.classes], ['person', 1, 2, 3, 2])
  assert.deepEqual([persons?.persons, persons?.highestRisk, persons?.averageRisk, persons?.unique], [3, 1, (1 / 2 + 1 / 2 + 1) / 3, 1 / 3])
  assert.equal(attackers.prosecutor.highestRisk, 1)
  const rows = riskReport(table, { quasiIdentifiers: ['place'] })
  assert.deepEqual([rows.unit, rows.sample.rows, rows.sample.largestClassSize, 'persons' in rows], ['row', 6, 5, false])
})

// By hand: each visit alone is shared by two; both together, in this order, by nobody else.
test('two known visits tell more than one, their order more still', () => {
  const table = tableOf({ who: ['p', 'p', 'q', 'q', 'r', 's'], place: ['a', 'b', 'b', 'a', 'a', 'b'] })
  assert.equal(measured(table).persons?.highestRisk, 1 / 3)
  assert.equal(measured(table, { visits: 2 }).persons?.highestRisk, 1 / 2)
  assert.equal(measured(table, { visits: 2, ordered: true }).persons?.highestRisk, 1)
})

test('the persons of a release are those of its input, row by row; rows are never counted instead', () => {
  const input = tableOf({ who: ['p', 'p', 'q', 'r'], place: ['a', 'a', 'a', 'b'] })
  const released = tableOf({ place: ['x', 'x', 'x', '*'] })
  const { sample, persons, suppressedRows } = riskReport(released, riskOptionsOf(job, released, input))
  assert.deepEqual([sample.smallestClassSize, persons?.persons, suppressedRows], [2, 2, 1])
  assert.throws(() => riskOptionsOf(job, tableOf({ place: ['x', 'x'] }), input), { code: 'RISK_NO_PERSONS' })
  assert.throws(() => riskOptionsOf(job, released), { code: 'RISK_NO_PERSONS' })
})

test('with one row a person both units agree; several rows never make her safer', () => {
  const rows = fc.array(fc.tuple(fc.nat(12), fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 40 })
  fc.assert(fc.property(rows, (cells) => {
    const places = cells.map(([, place]) => place)
    const alone = measured(tableOf({ who: cells.map((_, row) => `p${row}`), place: places }))
    const byRow = riskReport(tableOf({ place: places }), { quasiIdentifiers: ['place'] })
    assert.deepEqual([alone.sample, alone.attackers], [byRow.sample, byRow.attackers])
    assert.ok(Math.abs((alone.persons?.averageRisk ?? 0) - byRow.sample.averageRisk) < 1e-12)
    const several = measured(tableOf({ who: cells.map(([who]) => `p${who}`), place: places }))
    assert.ok((several.persons?.highestRisk ?? 0) >= byRow.sample.highestRisk)
    assert.equal(several.persons?.highestRisk, several.sample.highestRisk)
  }))
})

// By hand: two members at 1/2 each, of one household: 1 - (1/2)^2.
test('households and survey weights', () => {
  const table = tableOf({ who: ['p', 'q', 'r', 's'], place: ['a', 'a', 'b', 'b'] })
  const households = columnOf('home', ['1', '1', '2', '3']).codes
  const { household } = riskReport(table, { quasiIdentifiers: ['place'], households, threshold: 0.6 })
  assert.deepEqual([household?.households, household?.highestRisk, household?.averageRisk, household?.householdsAtRisk], [3, 0.75, (0.75 + 0.5 + 0.5) / 3, 1 / 3])
  const twice = tableOf({ who: ['p', 'p', 'q', 'r'], place: ['a', 'a', 'a', 'b'] })
  assert.equal(measured(twice, {}, { households: columnOf('home', ['1', '1', '1', '2']).codes }).household?.highestRisk, 1)
  assert.equal(measured(twice, {}, { households: columnOf('home', ['1', '1', '1', '1']).codes }).household?.households, 1)
  const { survey } = riskReport(table, { quasiIdentifiers: ['place'], weights: [1, 1, 1, 1] })
  assert.deepEqual([survey?.highestRisk, survey?.expected], [0.5, 2])
  assert.ok((riskReport(table, { quasiIdentifiers: ['place'], weights: [10, 10, 1, 1] }).survey?.averageRisk ?? 1) < 0.5)
  assert.throws(() => measured(table, {}, { weights: [1, 1, 1, 1] }), { code: 'RISK_WEIGHTED_PERSONS' })
})

// By hand: p is alone by a (two of her rows), r by c; by a and b together the last row is r's alone, by b and c the second is p's.
test('special uniques count persons: rows alike of one person single her out, once a set', () => {
  const table = tableOf({ who: ['p', 'p', 'q', 'r', 'r'], a: ['1', '1', '2', '2', '2'], b: ['5', '6', '5', '5', '6'], c: ['7', '7', '7', '7', '9'] })
  const persons = columnOf('who', ['p', 'p', 'q', 'r', 'r']).codes
  const { unit, bySize, scores, withMsu } = specialUniques(table, ['a', 'b', 'c'], { limit: 2, persons })
  // Of size 1 a set scores 2 · 1, of size 2 it scores 1.
  assert.deepEqual([unit, bySize, [...scores], withMsu], ['person', [0, 2, 2], [3, 0, 3], 2])
  // Rows would find p nowhere by a alone.
  assert.deepEqual(specialUniques(table, ['a', 'b', 'c'], { limit: 2 }).bySize[1], 1)
})

test('with one row a person special uniques are those of rows; rows said twice change nothing', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('1', '2', '3'), fc.constantFrom('1', '2', '3'), fc.constantFrom('1', '2')), { minLength: 2, maxLength: 12 }), (rows) => {
    const [names, of] = [['a', 'b', 'c'], (all: typeof rows): Table => tableOf({ a: all.map(([a]) => a), b: all.map(([, b]) => b), c: all.map(([, , c]) => c) })]
    const { unit: _, ...byRow } = specialUniques(of(rows), names)
    const { unit, ...byPerson } = specialUniques(of(rows), names, { persons: Uint32Array.from(rows.keys()) })
    assert.deepEqual([unit, byPerson], ['person', byRow])
    assert.deepEqual(specialUniques(of([...rows, ...rows]), names, { persons: Uint32Array.from([...rows, ...rows], (__, at) => at % rows.length) }), { unit, ...byPerson })
  }))
})
