import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf, csvBytes, parseCsv } from '@mhmd/columns'
import type { Dataset } from '@mhmd/schema'
import fc from 'fast-check'
import { dataset } from '../../testing/people.ts'
import { smallestJoint } from './differencing.ts'
import { gate } from './gate.ts'
import type { GateInput, GateRule } from './gate.ts'
import { openBytes } from './read-bytes.ts'

const utf8 = (text: string): Uint8Array => Buffer.from(text)
const header = 'birth,sex,place,diagnosis\n'
/** Classes as `[label, people, rows each]`; every class has two diagnoses. */
const table = (classes: readonly (readonly [string, number, number])[]): { bytes: Uint8Array; people: string[] } => {
  const rows = classes.flatMap(([label, people, each]) => Array.from({ length: people }, (_unused, person) => Array.from({ length: each }, (_one, row) => ({ person: `${label}-${person}`, text: `${label},female,001**,${(person + row) % 2 === 0 ? 'J45' : 'E11'}\n` })))).flat(2)
  return { bytes: utf8(header + rows.map(({ text }) => text).join('')), people: rows.map(({ person }) => person) }
}
const input = (change: Partial<GateInput> = {}): GateInput => ({ ...table([['1950', 10, 1], ['1960', 10, 1]]), form: 'anonymised', dataset, k: 5, names: new Set(), datesBefore: {}, earlier: [], ...change })
const policy = (thresholds: Partial<Dataset['policy']['thresholds']>, suppressionLimit = 0.2): Dataset => ({ ...dataset, policy: { ...dataset.policy, suppressionLimit, thresholds: { ...dataset.policy.thresholds, ...thresholds } } })
const ruleOf = (change: Partial<GateInput>): GateRule | 'passed' => {
  const answer = gate(input(change))
  return answer.passed ? 'passed' : answer.rule
}

test('figures are those counted by hand', () => {
  const answer = gate(input({ ...table([['1950', 6, 2], ['1960', 5, 1]]) }))
  assert.ok(answer.passed, JSON.stringify(answer))
  assert.deepEqual(answer.figures, { rows: 17, suppressedRows: 0, people: 11, classes: 2, smallestClass: 5, memberships: 11, uniques: 0, distinctValues: { diagnosis: 2 }, labels: { birth: 2, sex: 1, place: 1 }, toldApart: {} })
})

test('a class is as large as its people, not as its rows', () => {
  assert.equal(ruleOf(table([['1950', 10, 1], ['1960', 4, 3]])), 'HIGHEST_RISK')
  assert.equal(ruleOf(table([['1950', 10, 1], ['1960', 5, 1]])), 'passed')
})

test('each rule holds back what it is about', () => {
  assert.equal(ruleOf({}), 'passed')
  assert.equal(ruleOf({ dataset: { ...dataset, columns: dataset.columns.map((column) => (column.name === 'place' ? { ...column, role: 'unclassified' } : column)) } }), 'COLUMN')
  assert.equal(ruleOf({ dataset: { ...dataset, columns: dataset.columns.filter(({ name }) => name !== 'sex') } }), 'COLUMN')
  assert.equal(ruleOf({ names: new Set(['001**']) }), 'NAME_INSIDE')
  assert.equal(ruleOf({ bytes: utf8(header), people: [] }), 'EMPTY')
  assert.equal(ruleOf({ people: ['one'] }), 'EMPTY')
  assert.equal(ruleOf({ bytes: utf8(`${header}${'*,*,*,*\n'.repeat(20)}`) }), 'EMPTY')
  assert.equal(ruleOf({ dataset: { ...dataset, scenario: { ...dataset.scenario, knows: ['diagnosis'] } } }), 'KNOWN_COLUMN')
  assert.equal(ruleOf({ dataset: policy({ highestRisk: 0.05 }) }), 'HIGHEST_RISK')
  assert.equal(ruleOf({ dataset: policy({ averageRisk: 0.05 }) }), 'AVERAGE_RISK')
  assert.equal(ruleOf({ dataset: policy({ highestRisk: 1, averageRisk: 1 }), k: 1, ...table([['1950', 10, 1], ['1960', 1, 2]]) }), 'UNIQUES')
  assert.equal(ruleOf({ dataset: policy({ distinctValues: 3 }) }), 'DISTINCT_VALUES')
  assert.equal(ruleOf({ bytes: utf8(`birth,sex,place,diagnosis,clinic\n${Array.from({ length: 20 }, (_unused, row) => `1950,female,001**,${row % 2 === 0 ? 'J45' : 'E11'},${row === 0 ? 'south' : 'north'}\n`).join('')}`) }), 'TELLS_APART')
  const starred = table([['1950', 10, 1]])
  assert.equal(ruleOf({ bytes: Buffer.concat([starred.bytes, utf8('*,*,*,*\n'.repeat(5))]), people: [...starred.people, '1', '2', '3', '4', '5'] }), 'SUPPRESSION')
})

test('a date of a pseudonymised table that stands where it stood holds it back', () => {
  const bytes = utf8('pseudonym,onset,diagnosis\np1,2020-01-02,J45\np2,2019-05-06,E11\n')
  const shared = { bytes, people: ['one', 'two'], form: 'pseudonymised' as const, k: 1 }
  assert.equal(ruleOf({ ...shared, datesBefore: { onset: ['2020-03-04', '2019-08-09'] } }), 'passed')
  assert.equal(ruleOf({ ...shared, datesBefore: { onset: ['2020-03-04', '2019-05-06'] } }), 'DATE_NOT_MOVED')
  assert.equal(ruleOf({ ...shared, form: 'anonymised' }), 'COLUMN', 'pseudonyms belong to one form')
})

test('people narrowed down by two tables together are counted, absence being a place as well', () => {
  const people = (from: number, to: number): string[] => Array.from({ length: to - from }, (_unused, index) => `p${from + index}`)
  assert.equal(smallestJoint([people(0, 10), people(10, 20)], [people(0, 10), people(10, 20)]), 10)
  assert.equal(smallestJoint([people(0, 10), people(10, 20)], [people(0, 12), people(12, 20)]), 2)
  assert.equal(smallestJoint([people(0, 10)], [people(0, 9)]), 1)
  assert.equal(smallestJoint([people(0, 10)], [people(0, 10), people(10, 20)]), 10)
  assert.equal(smallestJoint([people(0, 10)], [people(0, 5), people(5, 10)]), 5)
  assert.equal(smallestJoint([], []), Infinity)
})

test('the gate’s reader and the writer agree on every table, though they share no code', () => {
  const cell = fc.oneof(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()), fc.constantFrom('', '*', 'a,b', 'a"b', 'a\nb', 'a\r\nb', '"', 'é'))
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (cells) => {
    const bytes = csvBytes({ rows: cells.length, columns: [columnOf('one', cells.map(([a]) => a)), columnOf('two', cells.map(([, b]) => b))] })
    const opened = openBytes(bytes)
    assert.deepEqual(opened.columns.map(({ name, texts, cells: codes }) => [name, Array.from(codes, (code) => texts[code])]), [['one', cells.map(([a]) => a)], ['two', cells.map(([, b]) => b)]])
    assert.equal(parseCsv(bytes, {}).table.rows, opened.rows)
  }), { numRuns: 100 })
})

for (const [why, bytes] of [
  ['a row that is too short', utf8('a,b\n1\n')], ['a row that is too long', utf8('a,b\n1,2,3\n')], ['a last row that is cut off', utf8('a,b\n1,2')], ['a quote that does not end', utf8('a,b\n"1,2\n')], ['a quote inside a plain cell', utf8('a,b\n1"x,2\n')],
  ['text after a quoted cell', utf8('a,b\n"1"x,2\n')], ['a column twice', utf8('a,a\n1,2\n')], ['nothing at all', new Uint8Array()], ['bytes that are no UTF-8', Uint8Array.from([97, 10, 255, 10])], ['a row that ends with a comma', utf8('a,b\n1,')],
] as const) {
  test(`the gate’s reader refuses ${why}`, () => assert.throws(() => openBytes(bytes), { code: 'RELEASE_GATE_UNREADABLE' }))
}
