import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import fc from 'fast-check'
import { buildHierarchy, frontier, frontierOf, frontierProposals, lossAxes, measuredRelease, release, riskAxes, riskReport, sourceOf } from '../index.ts'
import type { Alternative, Job } from '../index.ts'
import { generator } from '../search/heuristic.ts'

const random = generator(7)
const rows = 400
const texts = (make: (row: number) => string): string[] => Array.from({ length: rows }, (_, row) => make(row))
const ages = Array.from({ length: 60 }, (_, i) => String(20 + i))
const input: Table = { rows, columns: [
  columnOf('who', texts((row) => `p${row >> 1}`)), columnOf('age', texts(() => ages[Math.floor(random() * 60)] as string)), columnOf('sex', texts(() => (random() < 0.5 ? 'f' : 'm'))),
  columnOf('place', texts(() => String(random() < 0.97 ? 100 + Math.floor(random() * 8) : 199))), columnOf('diagnosis', texts(() => `d${Math.floor(random() ** 2 * 5)}`)),
] }
const tables = { input, hierarchies: { age: sourceOf('age', [ages, ages.map((age) => `${age[0]}0s`), ages.map(() => '*')]), place: buildHierarchy('place', input.columns[3]!.dictionary, { type: 'redaction' }) } }
const job: Job = {
  input: { path: 't' }, models: [{ type: 'k-anonymity', k: 2 }],
  columns: { who: { role: 'identifying' }, age: { role: 'quasi-identifying' }, sex: { role: 'quasi-identifying' }, place: { role: 'quasi-identifying' }, diagnosis: { role: 'sensitive' } },
}
const grid = { ks: [3, 8], diversities: [2], closenesses: [0.4], suppressionLimits: [0.05, 0.2] }
const digits = (value: unknown): string => JSON.stringify(value, (_, leaf: unknown) => (typeof leaf === 'number' ? leaf.toPrecision(6) : leaf))

for (const [unit, start] of [['row', job], ['person', { ...job, person: { column: 'who' } }]] as const) {
  test(`each alternative's job, through JSON, gives the stated figures to six digits where the unit is a ${unit}`, () => {
    const found = frontier({ job: start, tables }, { grid })
    assert.ok(found.alternatives.length >= 6)
    for (const alternative of found.alternatives) {
      const again = JSON.parse(JSON.stringify(alternative.job)) as Job
      const made = release(again, tables)
      assert.equal(digits([made.score, made.levels, made.suppressedRows, made.classes]), digits([alternative.score, alternative.levels, alternative.suppressedRows, alternative.classes]))
      const { risk, utility } = measuredRelease(again, tables, made)
      assert.equal(digits({ risk, utility }), digits({ risk: alternative.risk, utility: alternative.utility }))
      assert.equal(alternative.risk.unit, unit)
      const k = again.models.find((model) => model.type === 'k-anonymity')?.k ?? 0
      assert.ok(alternative.risk.sample.smallestClassSize >= k)
    }
  })
}

test('a search that was cut short states figures that its job gives again', () => {
  let asked = 0
  const found = frontier({ job: { ...job, search: { type: 'heuristic' } }, tables }, { grid: { ...grid, suppressionLimits: [0.3] }, startTimer: () => () => asked++ > 5 })
  const cut = found.alternatives.filter(({ optimal }) => !optimal)
  assert.ok(cut.length > 0)
  for (const { job: own, score, levels, suppressedRows } of cut) {
    const made = release(own, tables)
    assert.deepEqual([made.score, made.levels, made.suppressedRows], [score, levels, suppressedRows])
  }
})

test('closeness counts rows and is not tried where persons count; models about sets stay', () => {
  const names = (one: Job): string[] => frontierProposals(one, grid).map(({ name }) => name)
  assert.ok(names(job).includes('k3-t0.4-s5') && !names({ ...job, person: { column: 'who' } }).some((name) => name.includes('-t')))
  const sets: Job['models'] = [{ type: 'km-anonymity', k: 2, m: 2, column: 'place' }]
  assert.ok(frontierProposals({ ...job, models: sets }, grid).every(({ models }) => models.some(({ type }) => type === 'km-anonymity')))
})

// The rule by itself: kept are those for which no other point is at most as large in both and smaller in one.
test('the frontier holds exactly those that nobody beats', () => {
  const one = frontier({ job, tables }, { grid: { ks: [3], diversities: [], closenesses: [], suppressionLimits: [0.2] } }).alternatives[0] as Alternative
  const point = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 5 }))
  fc.assert(fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), (points) => {
    const tried = points.map(([risk, loss], at): Alternative => ({ ...one, name: `a${at}`, score: loss, risk: { ...one.risk, sample: { ...one.risk.sample, highestRisk: risk / 6 } } }))
    const kept = frontierOf(tried).undominated['highestRisk/score'] ?? []
    const expected = points.flatMap(([risk, loss], at) => (points.some(([r, l]) => r <= risk && l <= loss && (r < risk || l < loss)) ? [] : [`a${at}`]))
    assert.deepEqual([...kept].sort(), expected.sort())
  }))
  const keys = Object.keys(frontierOf([one]).undominated)
  assert.deepEqual(keys, riskAxes.flatMap((risk) => lossAxes.map((loss) => `${risk}/${loss}`)))
})

test('who pays: small groups are told together, and every row or person is in one; each figure has its uncertainty', () => {
  const [found] = frontier({ job: { ...job, person: { column: 'who' } }, tables }, { grid: { ks: [3], diversities: [], closenesses: [], suppressionLimits: [0.3] } }).alternatives
  const { sex = [], place = [] } = found?.utility.subgroups ?? {}
  assert.deepEqual(sex.map(({ value }) => value).sort(), ['f', 'm'])
  assert.ok(place.every(({ value, rows: units }) => value === null || units >= 5))
  for (const { suppressed, loss } of [...sex, ...place]) assert.ok(suppressed.low <= suppressed.share + 1e-12 && suppressed.share <= suppressed.high + 1e-12 && loss >= 0 && loss <= 1)
  assert.equal(found?.utility.whole.units, rows / 2)
  assert.ok((found?.utility.whole.lossStandardError ?? 0) > 0 && found?.utility.predictions[0]?.target === 'diagnosis')
})

test('persons make errors wider than rows, and a person is in one fold', () => {
  const copies: Table = { rows: 300, columns: [columnOf('who', Array.from({ length: 300 }, (_, row) => `p${Math.floor(row / 10)}`)), columnOf('a', Array.from({ length: 300 }, (_, row) => `v${Math.floor(row / 10)}`)), columnOf('b', Array.from({ length: 300 }, (_, row) => `w${Math.floor(row / 10)}`))] }
  const own: Job = { input: { path: 't' }, columns: { who: { role: 'identifying' }, a: { role: 'quasi-identifying', maxLevel: 0 }, b: { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 1 }] }
  const measured = (one: Job): ReturnType<typeof measuredRelease> => measuredRelease(one, { input: copies, hierarchies: {} }, { table: { rows: 300, columns: copies.columns.slice(1) }, levels: { a: 0 } })
  const [byRow, byPerson] = [measured(own), measured({ ...own, person: { column: 'who' } })]
  // Each person's value is hers alone: a model that saw her rows knows it, one that didn't can't.
  assert.equal(byRow.utility.predictions[0]?.release.share, 1)
  assert.ok((byPerson.utility.predictions[0]?.release.share ?? 1) < 0.1)
  assert.deepEqual([byRow.risk.sample.highestRisk, byPerson.risk.sample.highestRisk], [0.1, 1])
  assert.ok(riskReport(copies, { quasiIdentifiers: ['a'] }).sample.highestRisk === 0.1)
})
