import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf, textAt } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import fc from 'fast-check'
import { checkRelease } from '../check/check.ts'
import type { Job, MaskSpec } from '../job.ts'
import { release } from '../release.ts'
import { generator } from '../search/heuristic.ts'
import { rationalOf, stepsOf, textOfSteps } from './decimals.ts'
import { maskedTable, needsSecret } from './index.ts'
import { mdav, optimalGroups } from './microaggregation.ts'

const secret = new Uint8Array(32).fill(9)
const jobOf = (...masks: MaskSpec[]): Job => ({ input: { path: 't.csv' }, person: { column: 'person' }, columns: {}, masks, models: [] })
const texts = (column: Column | undefined): string[] => Array.from(column!.codes, (_, row) => textAt(column!, row))
const tableOf = (columns: Readonly<Record<string, readonly string[]>>): Table => ({ rows: Object.values(columns)[0]!.length, columns: Object.entries(columns).map(([name, values]) => columnOf(name, values)) })
const masked = (columns: Readonly<Record<string, readonly string[]>>, ...masks: MaskSpec[]): string[] => texts(maskedTable(jobOf(...masks), tableOf(columns), secret).columns.at(-1))
const many = (count: number, value: (i: number) => number): string[] => Array.from({ length: count }, (_, i) => String(value(i)))

test('top and bottom coding: the bound is coded with what lies beyond it', () => {
  const ages = ['17', '18', '19', '', '89', '90', '104']
  assert.deepEqual(masked({ age: ages }, { type: 'top-bottom-coding', columns: ['age'], bottom: 18, top: 90 }), ['≤ 18', '≤ 18', '19', '', '89', '≥ 90', '≥ 90'])
  assert.deepEqual(masked({ age: ages }, { type: 'top-bottom-coding', columns: ['age'], top: 90, as: 'bound' }), ['17', '18', '19', '', '89', '90', '90'])
})

test('dates of a person move together, by a secret number of days that is never 0; intervals, clock times and blanks stay', () => {
  const columns = { person: ['a', 'a', 'b', 'b'], date: ['2020-02-28', '2020-03-01T10:30:00Z', '2019-12-31', ''] }
  const [first, second, third, blank] = masked(columns, { type: 'date-shift', columns: ['date'], mostDays: 30 })
  const days = (text: string): number => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000
  assert.equal(days(second!) - days(first!), 2)
  assert.equal(second!.slice(10), 'T10:30:00Z')
  assert.equal(blank, '')
  const shift = days(first!) - days('2020-02-28')
  assert.ok(shift !== 0 && Math.abs(shift) <= 30)
  assert.notEqual(days(third!) - days('2019-12-31'), 0)
})

test('shifts of many persons are spread evenly over −most … −1 and 1 … most', () => {
  const people = many(6000, (i) => i)
  const moved = masked({ person: people, date: people.map(() => '2020-06-15') }, { type: 'date-shift', columns: ['date'], mostDays: 3 })
  const counts = Map.groupBy(moved, (text) => text)
  assert.deepEqual([...counts.keys()].sort(), ['2020-06-12', '2020-06-13', '2020-06-14', '2020-06-16', '2020-06-17', '2020-06-18'])
  for (const hits of counts.values()) assert.ok(Math.abs(hits.length - 1000) < 5.5 * Math.sqrt(1000))
})

test('pseudonyms: equal values alike, different ones different, none shows its value', () => {
  const made = masked({ person: ['ann', 'bob', 'ann'] }, { type: 'pseudonym', columns: ['person'] })
  assert.ok(made[0] === made[2] && made[0] !== made[1] && /^[0-9a-f]{32}$/.test(made[0]!))
})

test('rank swapping keeps the column\'s values and stays within its ranks', () => {
  const values = many(500, (i) => (i * 37) % 500)
  const swapped = masked({ v: values }, { type: 'rank-swapping', columns: ['v'], share: 0.1 })
  assert.deepEqual(swapped.toSorted(), values.toSorted())
  // All values differ, so ranks are the values themselves.
  assert.ok(values.every((value, row) => Math.abs(Number(value) - Number(swapped[row])) <= 50))
  assert.ok(values.filter((value, row) => value !== swapped[row]).length > 400)
})

test('PRAM keeps what it says, and shares on average', () => {
  const values = many(20_000, (i) => i % 4 === 0 ? 1 : 0)
  const made = masked({ v: values }, { type: 'pram', columns: ['v'], keep: 0.6 })
  const [ones, changed] = [made.filter((value) => value === '1').length, made.filter((value, row) => value !== values[row]).length]
  assert.ok(Math.abs(ones - 5000) < 5.5 * Math.sqrt(20_000 * 0.4 * 0.1875), `${ones}`)
  // A cell changes with chance 0.4 · (share of the other value): 0.4 · 2 · ¼ · ¾.
  assert.ok(Math.abs(changed - 3000) < 5.5 * Math.sqrt(20_000 * 0.15 * 0.85), `${changed}`)
})

test('noise lies on the step\'s grid, has the variance of its law and leaves blanks', () => {
  const made = masked({ v: [...many(20_000, () => 10), ''] }, { type: 'laplace-noise', columns: ['v'], sensitivity: 1, epsilon: 0.5, step: 0.5 })
  assert.equal(made.pop(), '')
  assert.ok(made.every((text) => /^-?\d+\.[05]$/.test(text)))
  // Scale 4 in steps; variance 2a/(1 − a)² with a = exp(−¼), in units of ¼.
  const variance = made.reduce((sum, text) => sum + (Number(text) - 10) ** 2, 0) / made.length
  assert.ok(Math.abs(variance / 4 / (2 * Math.exp(-0.25) / (1 - Math.exp(-0.25)) ** 2) * 16 - 1) < 0.1, `${variance}`)
  const gaussian = masked({ v: many(20_000, () => 0) }, { type: 'gaussian-noise', columns: ['v'], sensitivity: 3, rho: 0.5 })
  assert.ok(Math.abs(gaussian.reduce((sum, text) => sum + Number(text) ** 2, 0) / gaussian.length / 9 - 1) < 0.08)
})

test('the same secret repeats every mask, another does not; columns and masks draw apart', () => {
  const table = tableOf({ a: many(100, (i) => i), b: many(100, (i) => i) })
  const job = jobOf({ type: 'gaussian-noise', columns: ['a', 'b'], sensitivity: 10, rho: 0.1 })
  const made = (key: Uint8Array): string[][] => maskedTable(job, table, key).columns.map(texts)
  assert.deepEqual(made(secret), made(secret))
  assert.notDeepEqual(made(secret), made(new Uint8Array(32)))
  assert.notDeepEqual(made(secret)[0], made(secret)[1])
})

test('refused: no secret, a cell no mask can change, dates without a person, MDAV of too many', () => {
  const noise: MaskSpec = { type: 'laplace-noise', columns: ['v'], sensitivity: 1, epsilon: 1 }
  assert.ok(needsSecret(jobOf(noise)) && !needsSecret(jobOf({ type: 'top-bottom-coding', columns: ['v'], top: 1 })))
  assert.throws(() => maskedTable(jobOf(noise), tableOf({ v: ['1'] }), undefined), { code: 'DEID_SECRET_MISSING' })
  assert.throws(() => masked({ v: ['1', 'x'] }, noise), { code: 'DEID_MASK_VALUE', details: { mask: 'laplace-noise', column: 'v', row: 2 } })
  assert.throws(() => masked({ person: ['a'], v: ['2020-02-30'] }, { type: 'date-shift', columns: ['v'], mostDays: 3 }), { code: 'DEID_MASK_VALUE' })
  const { person: _, ...job } = jobOf({ type: 'date-shift', columns: ['v'], mostDays: 3 })
  assert.throws(() => maskedTable(job, tableOf({ v: ['2020-01-01'] }), secret), { code: 'DEID_MASK_NEEDS_PERSON' })
  assert.throws(() => masked({ v: many(60_001, (i) => i) }, { type: 'microaggregation', columns: ['v'], k: 3, method: 'mdav' }), { code: 'DEID_MASK_TOO_LARGE' })
})

test('MDAV by hand: the record farthest from the centre and the one farthest from that take their nearest', () => {
  const points = [0, 1, 2, 10, 11, 12, 50, 51, 52].map((value, row) => ({ row, at: [value] }))
  // Centre 21: 52 is farthest and takes 50, 51; 0 is farthest from 52 and takes 1, 2; three are left.
  assert.deepEqual(mdav(points, 3).map((group) => group.toSorted((a, b) => a - b)), [[6, 7, 8], [0, 1, 2], [3, 4, 5]])
})

/** Least sum of squares of any cut of sorted values into groups of k or more, by trying all. */
function leastSquares(values: readonly number[], k: number): number {
  if (values.length === 0) return 0
  let least = Infinity
  for (let size = k; size <= values.length; size++) {
    const group = values.slice(0, size)
    const mean = group.reduce((sum, value) => sum + value, 0) / size
    least = Math.min(least, group.reduce((sum, value) => sum + (value - mean) ** 2, 0) + leastSquares(values.slice(size), k))
  }
  return least
}

const squares = (groups: readonly (readonly number[])[], values: Float64Array): number => groups.reduce((sum, group) => {
  const mean = group.reduce((all, row) => all + (values[row] as number), 0) / group.length
  return sum + group.reduce((all, row) => all + ((values[row] as number) - mean) ** 2, 0)
}, 0)

test('one column: groups of k to 2k − 1 with the least sum of squares of all cuts; MDAV never beats them', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 14 }), fc.integer({ min: 1, max: 4 }), (list, k) => {
    const values = Float64Array.from(list).sort()
    const rows = [...values.keys()]
    const groups = optimalGroups(rows, values, k)
    assert.deepEqual(groups.flat().sort((a, b) => a - b), rows)
    if (list.length < k) return
    assert.ok(groups.every((group) => group.length >= k))
    const best = squares(groups, values)
    assert.ok(Math.abs(best - leastSquares([...values], k)) < 1e-6)
    assert.ok(squares(mdav(rows.map((row) => ({ row, at: [values[row] as number] })), k), values) >= best - 1e-6)
  }))
})

test('microaggregated values are shared by k rows at least, means stay, and the order of rows leaves no trace but among equal ones', () => {
  const random = generator(3)
  const [a, b] = [many(200, () => Math.floor(random() * 1000)), many(200, () => Math.floor(random() * 10))]
  const make = (columns: Readonly<Record<string, readonly string[]>>): string[][] => maskedTable(jobOf({ type: 'microaggregation', columns: ['a', 'b'], k: 4, method: 'mdav' }), tableOf(columns), secret).columns.map(texts)
  const [x, y] = make({ a, b }) as [string[], string[]]
  const groups = Map.groupBy(x.keys(), (row) => `${x[row]} ${y[row]}`)
  assert.ok([...groups.values()].every((rows) => [...rows].length >= 4))
  assert.ok(Math.abs(x.reduce((sum, value) => sum + Number(value), 0) - a.reduce((sum, value) => sum + Number(value), 0)) < 1e-6)
  const pairs = ([left, right]: readonly string[][], rows: readonly string[]): string[] => rows.map((text, row) => `${text} to ${left![row]} ${right![row]}`).sort()
  assert.deepEqual(pairs(make({ a: a.toReversed(), b: b.toReversed() }), a.toReversed()), pairs([x, y], a))
})

test('decimals go through exactly', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.constantFrom('1', '0.01', '0.5', '5', '0.025'), (count, step) => {
    const grid = rationalOf(step)!
    assert.equal(stepsOf(rationalOf(textOfSteps(count, grid))!, grid), count)
  }))
  assert.deepEqual(['1e3', '-0.5', '1.50', '.5', '1e', '0x1', 'NaN', ''].map((text) => rationalOf(text) !== undefined), [true, true, true, false, false, false, false, false])
})

test('a job with masks: the release shows the masked values; a check with the secret agrees, with another it does not, without one it says what is missing', () => {
  const input = tableOf({ person: ['a', 'a', 'b', 'b'], date: ['2020-01-01', '2020-01-09', '2020-03-01', '2020-03-02'], age: ['30', '30', '30', '30'] })
  const job: Job = {
    input: { path: 't.csv' }, person: { column: 'person' }, masks: [{ type: 'date-shift', columns: ['date'], mostDays: 100 }, { type: 'pseudonym', columns: ['person'] }],
    columns: { person: { role: 'insensitive' }, date: { role: 'insensitive' }, age: { role: 'quasi-identifying' } }, models: [{ type: 'k-anonymity', k: 2 }],
  }
  const { table } = release(job, { input, hierarchies: {} }, { secret })
  const shown = table.columns.map(texts)
  assert.ok(!shown.flat().some((text) => ['a', 'b', ...texts(input.columns[1])].includes(text)))
  assert.equal(new Set(shown[0]).size, 2)
  const check = (key?: Uint8Array): string[] => checkRelease({ job, input, hierarchies: {}, output: table, ...(key && { secret: key }) }).findings.map(({ code }) => code)
  assert.deepEqual(check(secret), [])
  assert.deepEqual(check(new Uint8Array(32)), ['CHECK_CELLS', 'CHECK_CELLS'])
  assert.throws(() => check(), { code: 'DEID_SECRET_MISSING' })
})
