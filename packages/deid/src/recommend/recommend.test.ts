import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { columnOf, parseCsv } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { adviseForms, checkRelease, dataKinds, needs, readHierarchy, recipients, recommend, release, riskReport, sourceOf, suggestRoles } from '../index.ts'
import type { Job } from '../index.ts'

const data = new URL('../../../../vectors/deid/data/adult/', import.meta.url)
const adult = parseCsv(readFileSync(new URL('adult.csv.gz', data)), { delimiter: ';' }).table
const names = ['sex', 'age', 'race', 'education']
const hierarchies = Object.fromEntries(names.map((name) => [name, readHierarchy(name, readFileSync(new URL(`adult_hierarchy_${name}.csv.gz`, data)))]))
const job: Job = { input: { path: 'x' }, columns: { ...Object.fromEntries(names.map((name) => [name, { role: 'quasi-identifying' as const }])), occupation: { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 2 }] }

test('every situation has advice on every form, with reasons, and something recommended where anything is possible', () => {
  for (const kind of dataKinds) for (const need of needs) for (const recipient of recipients) {
    const advice = adviseForms({ kind, need, recipient })
    assert.equal(advice.length, 5)
    assert.ok(advice.every(({ reason }) => reason.length > 10))
    if (need !== 'records') assert.equal(advice[0]?.verdict, 'recommended')
  }
})

test('records for the public are generalised, never pseudonymised; and images never by columns', () => {
  const [first, ...others] = adviseForms({ kind: 'table', need: 'records', recipient: 'public' })
  assert.deepEqual([first?.form, first?.verdict], ['generalised', 'recommended'])
  assert.equal(others.find(({ form }) => form === 'pseudonymised')?.verdict, 'not advised')
  assert.equal(adviseForms({ kind: 'image', need: 'records', recipient: 'public' }).find(({ form }) => form === 'generalised')?.verdict, 'not possible here')
  assert.equal(adviseForms({ kind: 'table', need: 'records', recipient: 'secure-environment' })[0]?.form, 'pseudonymised')
})

test('each alternative carries the job that gives its figures, and its release passes the check', () => {
  const found = recommend({ job, tables: { input: adult, hierarchies }, kind: 'table', need: 'records', recipient: 'public' })
  assert.ok(found.alternatives.length >= 4)
  for (const alternative of found.alternatives) {
    const made = release(alternative.job, { input: adult, hierarchies })
    assert.deepEqual([made.score, made.levels, made.suppressedRows], [alternative.score, alternative.levels, alternative.suppressedRows])
    assert.deepEqual(riskReport(made.table, { quasiIdentifiers: names, sensitive: ['occupation'] }).sample, alternative.risk.sample)
    assert.ok(alternative.risk.sample.highestRisk <= 1 / 11)
    assert.ok(checkRelease({ job: alternative.job, input: adult, hierarchies, output: made.table }).ok)
  }
  const scores = found.alternatives.map(({ score }) => score)
  assert.deepEqual(scores, scores.toSorted((a, b) => a - b))
})

test('what can\'t be solved is said, and data without columns get no alternative', () => {
  const rigid: Job = { ...job, columns: { ...job.columns, age: { role: 'quasi-identifying', maxLevel: 0 }, sex: { role: 'quasi-identifying', maxLevel: 0 }, education: { role: 'quasi-identifying', maxLevel: 0 } } }
  const found = recommend({ job: rigid, tables: { input: adult, hierarchies }, kind: 'table', need: 'records', recipient: 'public' })
  assert.ok(found.impossible.length > 0 && found.impossible.every(({ code }) => code === 'DEID_NO_SOLUTION'))
  assert.deepEqual(recommend({ job, tables: { input: adult, hierarchies }, kind: 'genome', need: 'records', recipient: 'named' }).alternatives, [])
})

// Sixty persons with two visits each, a set of codes in each row.
const people = 60
const visits: Table = { rows: 2 * people, columns: [
  columnOf('who', Array.from({ length: 2 * people }, (_, row) => `p${row % people}`)), columnOf('ward', Array.from({ length: 2 * people }, (_, row) => ['a', 'b'][Math.floor(row / 7) % 2] as string)),
  columnOf('codes', Array.from({ length: 2 * people }, (_, row) => `${['a1', 'a2', 'b1'][row % 3] ?? ''};${['c1', 'c2'][row % 2] ?? ''}`)),
] }
const sources = { ward: sourceOf('ward', [['a', 'b'], ['*', '*']]), codes: sourceOf('codes', [['a1', 'a2', 'b1', 'c1', 'c2'], ['a', 'a', 'b', 'c', 'c'], ['*', '*', '*', '*', '*']]) }
const visitJob: Job = { input: { path: 'x' }, columns: { who: { role: 'identifying' }, ward: { role: 'quasi-identifying' }, codes: { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 2 }] }

test('sets: every alternative protects the column of sets, for one and for two known items; its job gives its figures and passes the check', () => {
  const found = recommend({ job: visitJob, tables: { input: visits, hierarchies: sources }, kind: 'set', need: 'records', recipient: 'named' })
  assert.deepEqual(found.alternatives.map(({ name }) => name).sort(), ['k5-m1-s2', 'k5-m1-s5', 'k5-m2-s2', 'k5-m2-s5'])
  for (const { job: own, sets, score } of found.alternatives) {
    const made = release(own, { input: visits, hierarchies: sources })
    assert.deepEqual([made.sets, made.score], [sets, score])
    assert.ok(sets?.['codes'] !== undefined && checkRelease({ job: own, input: visits, hierarchies: sources, output: made.table }).ok)
  }
  const without = recommend({ job: { ...visitJob, columns: { ...visitJob.columns, codes: { role: 'insensitive' } } }, tables: { input: visits, hierarchies: sources }, kind: 'set', need: 'records', recipient: 'named' })
  assert.deepEqual([without.alternatives, without.impossible, without.forms.length], [[], [{ name: 'set', code: 'DEID_NO_SET_COLUMN' }], 5])
})

test('sequences: persons are counted, with one known visit, two, and two in their order; without a person column that is said', () => {
  const byPerson: Job = { ...visitJob, person: { column: 'who' } }
  const found = recommend({ job: byPerson, tables: { input: visits, hierarchies: sources }, kind: 'sequence', need: 'records', recipient: 'secure-environment' })
  const known = new Map([...found.alternatives.map(({ name, job: { person } }): [string, unknown] => [name, person]), ...found.impossible.map(({ name, code }): [string, unknown] => [name, code])])
  assert.deepEqual([known.get('k3-v1-s5'), known.get('k3-v2-s5'), known.get('k3-v2-ordered-s5')], [{ column: 'who', visits: 1 }, { column: 'who', visits: 2 }, { column: 'who', visits: 2, ordered: true }])
  for (const { job: own, score, suppressedRows, risk } of found.alternatives) {
    const made = release(own, { input: visits, hierarchies: sources })
    assert.deepEqual([made.score, made.suppressedRows, risk.unit], [score, suppressedRows, 'person'])
    assert.ok((risk.persons?.highestRisk ?? 1) <= 1 / 3 && risk.persons?.visits === own.person?.visits)
    assert.ok(checkRelease({ job: own, input: visits, hierarchies: sources, output: made.table }).ok)
  }
  assert.deepEqual(recommend({ job: visitJob, tables: { input: visits, hierarchies: sources }, kind: 'sequence', need: 'records', recipient: 'named' }).impossible, [{ name: 'sequence', code: 'DEID_NO_PERSON_COLUMN' }])
})

test('roles by name and shape', () => {
  const rows = 30
  const column = (name: string, text: (row: number) => string): ReturnType<typeof columnOf> => columnOf(name, Array.from({ length: rows }, (_, row) => text(row)))
  const roles = suggestRoles({ rows, columns: [
    column('patient_id', (row) => `p${row}`), column('sex', (row) => ['m', 'f'][row % 2] as string), column('x1', (row) => ['E11.9', 'I10'][row % 2] as string),
    column('x2', (row) => `19${60 + (row % 30)}-05-07`), column('key', (row) => `a-${row * 7919}-z`), column('diagnosis', () => 'flu'), column('other', (row) => `c${row % 3}`),
  ] })
  assert.deepEqual(Object.values(roles).map(({ role }) => role), ['identifying', 'quasi-identifying', 'sensitive', 'quasi-identifying', 'identifying', 'sensitive', 'quasi-identifying'])
  const many = 200
  const numbers = (name: string, of: (row: number) => string): ReturnType<typeof columnOf> => columnOf(name, Array.from({ length: many }, (_, row) => of(row)))
  const { pidnum, weight, zprior } = suggestRoles({ rows: many, columns: [numbers('pidnum', (row) => String(10_056 + row * 13)), numbers('weight', (row) => (50 + row / 7).toFixed(4)), numbers('zprior', () => '1')] })
  assert.deepEqual([pidnum?.role, weight?.role, zprior?.role], ['identifying', 'quasi-identifying', 'insensitive'])
})
