import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf, textAt } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { checkRelease } from '../check/check.ts'
import type { Job, PersonSpec } from '../job.ts'
import { release } from '../release.ts'
import { generator } from './heuristic.ts'
import { goingPersons, personsOf } from './persons.ts'

type Histories = readonly (readonly number[])[]

/** Who goes, of histories given as classes. */
function going(histories: Histories, { k, visits = 1, ordered = false }: { k: number; visits?: number; ordered?: boolean }): string {
  const classes = Uint32Array.from(histories.flat())
  const of = Uint32Array.from(histories.flatMap((history, person) => history.map(() => person)))
  const persons = { ...personsOf(of, histories.length, Uint32Array.from(of.keys())), k, visits, ordered, diverse: [] }
  return (goingPersons(persons, { classes, classCount: Math.max(0, ...classes) + 1, values: [] }, Infinity) as Uint8Array).join('')
}

test('k counts persons: one person with many rows in a class is one', () => {
  assert.equal(going([[0, 0, 0], [0]], { k: 2 }), '00')
  assert.equal(going([[0, 0, 0], [1]], { k: 2 }), '11')
})

test('the rows of a person go together, and may take others with them', () => {
  // Person 2 alone has class 2; without her only person 1 has class 1, and without him only person 0 has class 0.
  assert.equal(going([[0], [0, 1], [1, 2]], { k: 2 }), '111')
  assert.equal(going([[0], [0, 1], [1, 2], [0]], { k: 2 }), '0110')
})

test('two known visits: flips when a second person has both, in order where the order is known', () => {
  const one: Histories = [[0, 1], [0, 2], [1, 2], [0, 1, 2]]
  assert.equal(going(one, { k: 2, visits: 1 }), '0000')
  assert.equal(going(one, { k: 2, visits: 2 }), '0000')
  assert.equal(going([[0, 1], [1, 0]], { k: 2, visits: 2 }), '00')
  assert.equal(going([[0, 1], [1, 0]], { k: 2, visits: 2, ordered: true }), '11')
  assert.equal(going([[0, 0], [0]], { k: 2, visits: 2 }), '11', 'she who has two visits of a kind is alone; without her so is the other')
  assert.equal(going([[0, 0], [0], [0]], { k: 2, visits: 2 }), '100')
})

/** Histories of random length over few classes. */
function randomHistories(random: () => number): number[][] {
  const classes = 1 + Math.floor(random() * 6)
  return Array.from({ length: 1 + Math.floor(random() * 8) }, () => Array.from({ length: 1 + Math.floor(random() * 4) }, () => Math.floor(random() * classes)))
}

/** Tries whether merging classes ever sends somebody away who stayed. */
function shrinks(judge: typeof going, tries: number): boolean {
  const random = generator(17)
  for (let i = 0; i < tries; i++) {
    const histories = randomHistories(random)
    const map = Array.from({ length: 6 }, () => Math.floor(random() * 4))
    const rules = { k: 1 + Math.floor(random() * 3), visits: 1 + Math.floor(random() * 3), ordered: random() < 0.5 }
    const [before, after] = [judge(histories, rules), judge(histories.map((history) => history.map((found) => map[found] as number)), rules)]
    if ([...before].some((flag, person) => flag === '0' && after[person] === '1')) return true
  }
  return false
}

test('merging classes keeps everybody who stayed: 10,000 random tables', () => {
  assert.equal(shrinks(going, 10_000), false)
})

test('wrong variants are told apart: k as the exact number of sharers breaks the claim, one pass instead of a fixpoint breaks the example', () => {
  const exactly: typeof going = (histories, { k }) => histories.map((history) => (history.every((found) => histories.filter((other) => other.includes(found)).length === k) ? '0' : '1')).join('')
  assert.equal(shrinks(exactly, 10_000), true)
  const once: typeof going = (histories, { k }) => histories.map((history) => (history.every((found) => histories.filter((other) => other.includes(found)).length >= k) ? '0' : '1')).join('')
  assert.notEqual(once([[0], [0, 1], [1, 2]], { k: 2 }), '111')
})

const visitsTable: Table = { rows: 6, columns: [columnOf('person', ['a', 'a', 'b', 'c', 'c', 'd']), columnOf('age', ['30', '31', '30', '60', '60', '31']), columnOf('note', ['x', 'y', 'x', 'z', 'z', 'y'])] }
const jobOf = (person: PersonSpec, more: Partial<Job> = {}): Job => ({
  input: { path: 't.csv' }, person, columns: { person: { role: 'identifying' }, age: { role: 'quasi-identifying', maxLevel: 0 }, note: { role: 'insensitive' } },
  models: [{ type: 'k-anonymity', k: 2 }], suppressionLimit: 1, ...more,
})

test('a release by persons: a class of one person\'s rows is suppressed with everything that stood there', () => {
  const found = release(jobOf({ column: 'person' }), { input: visitsTable, hierarchies: {} })
  const cells = (name: number): string[] => Array.from({ length: 6 }, (_, row) => textAt(found.table.columns[name]!, row))
  assert.deepEqual([found.suppressedRows, found.suppressedPersons, found.optimal], [2, 1, true])
  assert.deepEqual(cells(0), ['30', '31', '30', '*', '*', '31'])
  assert.deepEqual(cells(1), ['x', 'y', 'x', '*', '*', 'y'])
})

test('a check counts persons: it accepts the release and refuses one that counted rows', () => {
  const job = jobOf({ column: 'person' })
  const files = { job, input: visitsTable, hierarchies: {} }
  assert.equal(checkRelease({ ...files, output: release(job, files).table }).ok, true)
  const { person: _, ...rows } = job
  const byRows = checkRelease({ ...files, output: release(rows, files).table })
  assert.deepEqual(byRows.findings.map(({ code }) => code), ['CHECK_MODEL'])
  const columns = release(job, files).table.columns.map((column) => ({ ...column, codes: column.codes.with(0, column.dictionary.indexOf('*')) }))
  assert.ok(checkRelease({ ...files, output: { rows: 6, columns } }).findings.some(({ code, row }) => code === 'CHECK_PERSON_SPLIT' && row === 2))
})

test('checks of 300 random releases by persons hold', () => {
  const random = generator(5)
  for (let i = 0; i < 300; i++) {
    const rows = 4 + Math.floor(random() * 20)
    const texts = (most: number): string[] => Array.from({ length: rows }, () => String(Math.floor(random() * most)))
    const input: Table = { rows, columns: [columnOf('person', texts(8)), columnOf('age', texts(3)), columnOf('note', texts(2))] }
    const job = jobOf({ column: 'person', visits: 1 + Math.floor(random() * 3), ordered: random() < 0.5 }, { columns: { person: { role: 'identifying' }, age: { role: 'quasi-identifying' }, note: { role: 'insensitive' } } })
    const { table } = release(job, { input, hierarchies: {} })
    assert.deepEqual(checkRelease({ job, input, hierarchies: {}, output: table }).findings, [], `table ${i}`)
  }
})

test('more known visits than anybody has ask no more than all of them', () => {
  const visits = Number.MAX_SAFE_INTEGER
  const job = jobOf({ column: 'person', visits })
  const { table } = release(job, { input: visitsTable, hierarchies: {} })
  assert.deepEqual(table, release(jobOf({ column: 'person', visits: 6 }), { input: visitsTable, hierarchies: {} }).table)
  assert.deepEqual(checkRelease({ job, input: visitsTable, hierarchies: {}, output: table }).findings, [])
})

const refusals: readonly (readonly [what: string, job: Job, code: string])[] = [
  ['a model that counts rows', jobOf({ column: 'person' }, { models: [{ type: 'average-risk', threshold: 0.2 }] }), 'DEID_COUNTS_ROWS'],
  ['a metric that counts rows', jobOf({ column: 'person' }, { metric: { type: 'discernibility' } }), 'DEID_COUNTS_ROWS'],
  ['a person column that would leave', jobOf({ column: 'note' }), 'DEID_PERSON_ROLE'],
  ['a person column the table lacks', jobOf({ column: 'who' }, { columns: { who: { role: 'identifying' }, age: { role: 'quasi-identifying' } } }), 'DEID_COLUMN_UNKNOWN'],
]

for (const [what, job, code] of refusals) test(`refused where persons are the unit: ${what}`, () => {
  assert.throws(() => release(job, { input: visitsTable, hierarchies: {} }), { code })
})
