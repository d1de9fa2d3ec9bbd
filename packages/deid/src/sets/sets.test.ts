import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf, textAt } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { checkRelease } from '../check/check.ts'
import { sourceOf } from '../hierarchies/source.ts'
import type { HierarchySource } from '../hierarchies/source.ts'
import type { Job } from '../job.ts'
import { release } from '../release.ts'
import { generator } from '../search/heuristic.ts'
import { recodeSets } from './km-anonymity.ts'
import type { SetRecoding } from './km-anonymity.ts'

// Terrovitis, Mamoulis and Kalnis (PVLDB 2008), figures 1 and 2: items a1, a2 under A, b1, b2 under B, all under one root; four transactions.
const tree = sourceOf('items', [['a1', 'a2', 'b1', 'b2'], ['A', 'A', 'B', 'B'], ['*', '*', '*', '*']])
const paper = [['a1', 'b1', 'b2'], ['a2', 'b1'], ['a2', 'b1', 'b2'], ['a1', 'a2', 'b2']]
const labels = (found: SetRecoding): string => ['a1', 'a2', 'b1', 'b2'].map((item) => found.labels?.get(item)).join()

test('the paper\'s example: 2²-anonymous with a1 and a2 as A, and b1, b2 as they are', () => {
  const found = recodeSets({ k: 2, m: 2, units: paper, hierarchy: tree })
  assert.equal(labels(found), 'A,A,b1,b2')
  assert.ok(found.optimal)
  // Five of the eleven items are a1 or a2, whose label covers 2 of 4: 5 · (2 − 1) / 11 / (4 − 1).
  assert.ok(Math.abs(found.loss - 5 / 33) < 1e-12)
})

test('flips: k = 2 holds for single items as they are; k = 3 does not; what no cut holds leaves nothing', () => {
  assert.equal(labels(recodeSets({ k: 2, m: 1, units: paper, hierarchy: tree })), 'a1,a2,b1,b2')
  assert.notEqual(labels(recodeSets({ k: 3, m: 1, units: paper, hierarchy: tree })), 'a1,a2,b1,b2')
  assert.equal(recodeSets({ k: 5, m: 1, units: paper, hierarchy: tree }).labels, undefined)
})

test('an m beyond the largest set asks no more than the largest set\'s size', () => {
  const [most, more] = [3, Number.MAX_SAFE_INTEGER].map((m) => recodeSets({ k: 2, m, units: paper, hierarchy: tree })) as [SetRecoding, SetRecoding]
  assert.deepEqual(more, most)
})

/** The definition: every combination of up to m labels of a unit is shared by k units. */
function holds(units: readonly (readonly string[])[], k: number, m: number): boolean {
  const choose = (set: readonly string[], most: number): string[][] => most === 0 ? [] : set.flatMap((first, at) => [[first], ...choose(set.slice(at + 1), most - 1).map((rest) => [first, ...rest])])
  return units.every((set) => choose([...new Set(set)], m).every((chosen) => units.filter((other) => chosen.every((label) => other.includes(label))).length >= k))
}

interface RandomSets { readonly source: HierarchySource; readonly units: string[][]; readonly k: number; readonly m: number; readonly levels: string[][] }

function randomSets(random: () => number): RandomSets {
  const size = 1 + Math.floor(random() * 6)
  const items = Array.from({ length: size }, (_, i) => `i${i}`)
  const groups = items.map(() => Math.floor(random() * 3))
  const top = random() < 0.5 ? 'root' : '*'
  const levels = [items, groups.map((group) => `G${group}`), ...(random() < 0.8 ? [items.map(() => top)] : [])]
  const units = Array.from({ length: 1 + Math.floor(random() * 8) }, () => items.filter(() => random() < 0.45)).filter((set) => set.length > 0)
  return { source: sourceOf('items', levels), units, k: 1 + Math.floor(random() * 4), m: 1 + Math.floor(random() * 3), levels }
}

const isMarker = (levels: readonly (readonly string[])[], level: number): boolean => level > 0 && level === levels.length - 1 && (levels[level] ?? []).every((label) => label === '*')

/** All ways to give every item a level such that items under one label all have it; at the marker each is left out by itself. */
function* everyCut(levels: readonly (readonly string[])[]): Generator<number[]> {
  const items = levels[0] as readonly string[]
  for (let code = 0; code < levels.length ** items.length; code++) {
    const cut = items.map((_, i) => Math.floor(code / levels.length ** i) % levels.length)
    if (items.every((_, a) => items.every((_, b) => isMarker(levels, cut[a] as number) || levels[cut[a] as number]?.[a] !== levels[cut[a] as number]?.[b] || cut[b] === cut[a]))) yield cut
  }
}

test('400 random set tables: the recoding holds by definition and no cut of all loses less', () => {
  const random = generator(21)
  for (let i = 0; i < 400; i++) {
    const { source, units, k, m, levels } = randomSets(random)
    const found = recodeSets({ k, m, units, hierarchy: source })
    const items = levels[0] as string[]
    const shown = (cut: readonly number[], set: readonly string[]): string[] => set.flatMap((item) => { const level = cut[items.indexOf(item)] as number; return isMarker(levels, level) ? [] : levels[level]?.[items.indexOf(item)] ?? [] })
    const costs = [...everyCut(levels)].filter((cut) => holds(units.map((set) => shown(cut, set)), k, m))
      .map((cut) => units.flat().reduce((sum, item) => { const at = items.indexOf(item); const level = levels[cut[at] as number] as string[]; return sum + level.filter((label) => label === level[at]).length - 1 }, 0) / Math.max(1, units.flat().length) / Math.max(1, items.length - 1))
    if (found.labels === undefined) assert.ok(items.length === 1 || costs.every((cost) => cost >= 1 - 1e-9), `table ${i}`)
    else {
      assert.ok(holds(units.map((set) => set.flatMap((item) => found.labels?.get(item) ?? [])), k, m), `table ${i}`)
      assert.ok(Math.abs(found.loss - Math.min(...costs)) < 1e-9, `table ${i}: ${found.loss} ${Math.min(...costs)}`)
    }
  }
})

/** Whether raising a cut ever breaks what held: tried on random tables. */
function isMonotone(judge: typeof holds, tries: number): boolean {
  const random = generator(22)
  for (let i = 0; i < tries; i++) {
    const { units, k, m, levels } = randomSets(random)
    const at = (level: number): string[][] => units.map((set) => set.map((item) => levels[level]?.[levels[0]!.indexOf(item)] as string))
    if (judge(at(0), k, m) && !judge(at(1), k, m)) return false
  }
  return true
}

test('more general labels keep what held: 10,000 random tables; a variant that asks for exactly k sharers does not', () => {
  assert.ok(isMonotone(holds, 10_000))
  assert.ok(!isMonotone((units, k) => units.flat().every((label) => units.filter((set) => set.includes(label)).length === k), 10_000))
})

test('a wrong variant is told apart by the paper\'s example: looking at single items only', () => {
  assert.ok(!holds(paper, 2, 2) && holds(paper, 2, 1))
})

test('beyond the cuts that can be tried the heuristic holds too and claims no optimum', () => {
  const random = generator(23)
  const items = Array.from({ length: 40 }, (_, i) => `i${i}`)
  const source = sourceOf('items', [items, items.map((_, i) => `P${i >> 1}`), items.map((_, i) => `Q${i >> 3}`), items.map(() => '*')])
  const units = Array.from({ length: 300 }, () => items.filter((_, i) => random() < 0.3 / (1 + i / 4)))
  const found = recodeSets({ k: 5, m: 2, units, hierarchy: source })
  assert.ok(!found.optimal && found.loss < 1)
  assert.ok(holds(units.map((set) => [...new Set(set.flatMap((item) => found.labels?.get(item) ?? []))]), 5, 2))
})

const input: Table = { rows: 5, columns: [columnOf('age', ['30', '30', '30', '30', '90']), columnOf('diagnoses', ['a1;b1;b2', 'a2;b1', 'b2; a2;b1', 'a1;a2;b2', 'b1'])] }
const job: Job = { input: { path: 't.csv' }, columns: { age: { role: 'quasi-identifying' }, diagnoses: { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 2 }, { type: 'km-anonymity', k: 2, m: 2, column: 'diagnoses' }], suppressionLimit: 0.3, metric: { type: 'loss' } }
const hierarchies = { diagnoses: tree }

test('a release with a set column: recoded over the rows that are kept, hidden in those that are not; a check agrees and sees a changed cell', () => {
  const found = release({ ...job, columns: { ...job.columns, age: { role: 'quasi-identifying', maxLevel: 0 } } }, { input, hierarchies })
  const cells = Array.from({ length: 5 }, (_, row) => textAt(found.table.columns[1]!, row))
  assert.deepEqual(cells, ['A;b1;b2', 'A;b1', 'A;b1;b2', 'A;b2', '*'])
  assert.equal(found.sets?.['diagnoses']?.optimal, true)
  const files = { job, input, hierarchies }
  assert.deepEqual(checkRelease({ ...files, output: found.table }).findings, [])
  const wrong = (texts: readonly string[]): string[] => checkRelease({ ...files, output: { rows: 5, columns: [found.table.columns[0]!, columnOf('diagnoses', texts)] } }).findings.map(({ code }) => code)
  assert.deepEqual(wrong(cells.with(1, 'A')), ['CHECK_CELLS'])
  assert.deepEqual(wrong(['a1;b1;b2', 'a2;b1', 'a2;b1;b2', 'a1;a2;b2', '*']), ['CHECK_MODEL'])
  assert.deepEqual(wrong(cells.with(4, 'b1')), ['CHECK_CELLS'])
})

test('a rare code is left out rather than taking its whole branch to the top; a check agrees, and sees it shown, or another left out', () => {
  const cells = [...Array.from({ length: 6 }, () => 'a1;b1'), ...Array.from({ length: 6 }, () => 'a2;b2'), 'a1;b1;rare']
  const source = sourceOf('diagnoses', [['a1', 'a2', 'b1', 'b2', 'rare'], ['A', 'A', 'B', 'B', 'C'], ['*', '*', '*', '*', '*']])
  const table: Table = { rows: cells.length, columns: [columnOf('age', cells.map(() => '30')), columnOf('diagnoses', cells)] }
  const own = { job, input: table, hierarchies: { diagnoses: source } }
  const found = release(job, own)
  const shown = Array.from({ length: cells.length }, (_, row) => textAt(found.table.columns[1]!, row))
  assert.deepEqual(shown, cells.map((cell) => cell.replace(';rare', '')))
  // One of 27 items is left out.
  assert.ok(Math.abs((found.sets?.['diagnoses']?.loss ?? 0) - 1 / 27) < 1e-12)
  const codesOf = (texts: readonly string[]): string[] => checkRelease({ ...own, output: { rows: cells.length, columns: [found.table.columns[0]!, columnOf('diagnoses', texts)] } }).findings.map(({ code }) => code)
  assert.deepEqual([codesOf(shown), codesOf(shown.with(12, 'a1;b1;rare')), codesOf(shown.with(0, 'a1'))], [[], ['CHECK_MODEL'], ['CHECK_CELLS']])
})

test('where persons are the unit, what all her rows name is one set', () => {
  const table: Table = { rows: 4, columns: [columnOf('person', ['p', 'p', 'q', 'q']), columnOf('age', ['30', '30', '30', '30']), columnOf('diagnoses', ['a1', 'b1', 'b1', 'a1'])] }
  const persons: Job = { ...job, person: { column: 'person' }, columns: { ...job.columns, person: { role: 'identifying' } }, suppressionLimit: 0 }
  const found = release(persons, { input: table, hierarchies })
  assert.deepEqual(Array.from({ length: 4 }, (_, row) => textAt(found.table.columns[1]!, row)), ['a1', 'b1', 'b1', 'a1'])
  assert.deepEqual(checkRelease({ job: persons, input: table, hierarchies, output: found.table }).findings, [])
})

test('a set column that is not sensitive is refused', () => {
  assert.throws(() => release({ ...job, columns: { age: { role: 'quasi-identifying' }, diagnoses: { role: 'insensitive' } } }, { input, hierarchies }), { code: 'DEID_SENSITIVE_UNKNOWN' })
})
