import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { columnOf, textAt } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { checkRelease } from '../check/check.ts'
import { compileHierarchy } from '../hierarchies/compile.ts'
import { sourceOf } from '../hierarchies/source.ts'
import type { Job, ModelSpec } from '../job.ts'
import { release } from '../release.ts'
import { generator } from '../search/heuristic.ts'
import { compileProblem } from '../search/problem.ts'
import { nodeScores, permuteAndFlip, sensitivityOf } from './private-search.ts'
import { deltaOf, samplingFor } from './sampling.ts'

/** P[Binomial(n, β) > γn] in whole numbers, β a multiple of 2⁻³⁰, γ = 1 − (1 − β)·e^−ε given as a rational of 2⁻⁶⁰: shares nothing with the bound. */
function exactTail(n: number, beta: bigint, gamma: bigint): number {
  const [b, one] = [beta, 1n << 30n]
  let sum = 0n
  for (let j = 0; j <= n; j++) {
    if ((BigInt(j) << 60n) <= gamma * BigInt(n)) continue
    let choose = 1n
    for (let i = 0; i < j; i++) choose = choose * BigInt(n - i) / BigInt(i + 1)
    sum += choose * b ** BigInt(j) * (one - b) ** BigInt(n - j)
  }
  return Number((sum << 200n) / one ** BigInt(n)) / 2 ** 200
}

test('δ(k) is the largest exact binomial tail from ⌈k/γ − 1⌉ on, never below it', () => {
  for (const [epsilon, share, k] of [[1, 0.6, 5], [0.5, 0.3, 8], [2, 0.8, 4], [0.7, 0.5, 10]] as const) {
    const beta = BigInt(Math.floor(share * 2 ** 30))
    const rates = { epsilon, beta: Number(beta) / 2 ** 30 }
    const gamma = 1 - (1 - rates.beta) * Math.exp(-epsilon)
    const exact = Math.max(...Array.from({ length: 80 }, (_, i) => exactTail(Math.ceil(k / gamma - 1) + i, beta, BigInt(Math.floor(gamma * 2 ** 60)))))
    const bound = deltaOf(k, rates)
    assert.ok(bound >= exact && bound <= exact * 1.00001, `${epsilon}, ${k}: ${exact} ${bound}`)
  }
})

// γ = 0.7517. P[Binomial(n, ½) > γn]: n = 3: 1/8, 4: 1/16, 5: 6/32, 6: 7/64, 7: 8/128, 8: 9/256, 9: 46/512, then less.
test('by hand: ε = 0.7, β = ½: n from 3 for k = 3 and from 5 for k = 4, so δ = 6/32; from 6 for k = 5, so δ = 7/64', () => {
  const at = (k: number): number => deltaOf(k, { epsilon: 0.7, beta: 0.5 })
  assert.ok([3, 4].every((k) => at(k) >= 6 / 32 && at(k) < 6 / 32 * 1.00001))
  assert.ok(at(5) >= 7 / 64 && at(5) < 7 / 64 * 1.00001)
})

test('a wrong variant is told apart by that example: the tail at the first n alone', () => {
  assert.ok(exactTail(3, 1n << 29n, 3n << 58n) < deltaOf(3, { epsilon: 0.7, beta: 0.5 }) / 1.4)
})

test('the k found is the least: one less exceeds δ; the sampling rate is the largest that ε allows', () => {
  for (const [epsilon, delta] of [[0.5, 1e-5], [1, 1e-6], [1.5, 1e-6], [2, 1e-5]] as const) {
    const { k, beta } = samplingFor(epsilon, delta)
    assert.ok(deltaOf(k, { epsilon, beta }) <= delta && deltaOf(k - 1, { epsilon, beta }) > delta, `${epsilon}, ${delta}: k ${k}`)
    assert.ok(beta <= 1 - Math.exp(-epsilon) && beta > (1 - Math.exp(-epsilon)) * (1 - 1e-9))
  }
})

interface PeerSampling { readonly epsilon: number; readonly delta: number; readonly k: number; readonly below: readonly [number, number]; readonly at: readonly [number, number] }

// Origin: ARX's ParameterCalculation, the implementation of SafePub by its authors, in interval arithmetic; see vectors/deid/models-arx-3.9.2.json. Its k is one above the least one that keeps δ.
test('δ(k) lies where the authors\' own program puts it, and k is the least one that keeps δ', () => {
  const { sampling } = JSON.parse(readFileSync(new URL('../../../../vectors/deid/models-arx-3.9.2.json', import.meta.url), 'utf8')) as { sampling: readonly PeerSampling[] }
  for (const { epsilon, delta, k, below, at } of sampling) {
    const found = samplingFor(epsilon, delta)
    assert.equal(found.k, k - 1, `${epsilon}, ${delta}`)
    for (const [own, [low, high]] of [[k - 2, below], [k - 1, at]] as const) {
      const bound = deltaOf(own, { epsilon, beta: found.beta })
      assert.ok(bound >= low && bound <= high * (1 + 2e-6), `${epsilon}, ${delta}, k ${own}: ${bound} outside ${low} to ${high}`)
    }
  }
})

/**
 * The whole mechanism on one class: n rows alike are sampled and the class is shown where it reaches k. Its output is the number shown, so
 * (ε, δ) is checked exactly, against the table with one row less, in both directions.
 */
function worstDelta(n: number, { epsilon, beta, k }: { epsilon: number; beta: number; k: number }): number {
  const shown = (rows: number): number[] => {
    const chances = new Array<number>(n + 1).fill(0)
    let chance = (1 - beta) ** rows
    for (let j = 0; j <= rows; j++) {
      chances[j >= k ? j : 0] = (chances[j >= k ? j : 0] as number) + chance
      chance *= (rows - j) / (j + 1) * beta / (1 - beta)
    }
    return chances
  }
  const [more, less] = [shown(n), shown(n - 1)]
  const excess = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, chance, j) => sum + Math.max(0, chance - Math.exp(epsilon) * (b[j] as number)), 0)
  return Math.max(excess(more, less), excess(less, more))
}

test('the mechanism keeps (ε, δ) for every size of a class, and a smaller k or a larger sample does not', () => {
  for (const [epsilon, delta] of [[1, 1e-3], [0.7, 1e-2], [1.5, 1e-4]] as const) {
    const { k, beta } = samplingFor(epsilon, delta)
    const worst = (rates: { epsilon: number; beta: number; k: number }): number => Math.max(...Array.from({ length: 150 }, (_, i) => worstDelta(i + 1, rates)))
    assert.ok(worst({ epsilon, beta, k }) <= delta, `${epsilon}: ${worst({ epsilon, beta, k })}`)
    assert.ok(worst({ epsilon, beta, k: 1 }) > delta)
    assert.ok(worst({ epsilon, beta: (1 + beta) / 2, k }) > delta)
  }
})

test('permute-and-flip follows its law: two candidates, one worse by Δ·2/ε·ln 2', () => {
  const random = generator(8)
  const source = { bytes: (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256)) }
  // exp(ε·gap / 2Δ) with ε = 1, Δ = 1, gap = 2: q = e⁻¹. The worse one wins when it comes first and its coin says so: q/2.
  let worse = 0
  for (let i = 0; i < 20_000; i++) worse += permuteAndFlip(Float64Array.of(5, 3), { epsilon: { num: 1n, den: 1n }, sensitivity: 1 }, source)
  const chance = Math.exp(-1) / 2
  assert.ok(Math.abs(worse - 20_000 * chance) < 5 * Math.sqrt(20_000 * chance * (1 - chance)), `${worse}`)
})

const random = generator(12)
const ages = Array.from({ length: 4000 }, () => String(20 + Math.floor(random() * 20)))
const input: Table = { rows: ages.length, columns: [columnOf('age', ages), columnOf('name', ages.map((_, row) => `n${row}`))] }
const values = Array.from({ length: 20 }, (_, i) => String(20 + i))
const hierarchies = { age: sourceOf('age', [values, values.map((value) => `${value[0]}0s`), values.map(() => 'any')]) }
const secret = new Uint8Array(32).fill(4)
const jobOf = (model: Partial<Extract<ModelSpec, { type: 'differential-privacy' }>> = {}, more: Partial<Job> = {}, levels: object = { minLevel: 0, maxLevel: 0 }): Job => ({
  input: { path: 't.csv' }, columns: { age: { role: 'quasi-identifying', ...levels }, name: { role: 'identifying' } }, models: [{ type: 'differential-privacy', epsilon: 1, delta: 1e-5, ...model }], ...more,
})

test('a private release: fewer rows in the order of their texts, classes of k or more, repeated by its secret, another by another', () => {
  const found = release(jobOf(), { input, hierarchies }, { secret })
  const texts = Array.from({ length: found.table.rows }, (_, row) => textAt(found.table.columns[0]!, row))
  assert.deepEqual(texts, texts.toSorted())
  assert.ok(found.table.rows < 4000 * 0.67 && found.table.rows > 4000 * 0.58, `${found.table.rows}`)
  assert.ok([...Map.groupBy(texts, (text) => text).values()].every((rows) => rows.length >= found.privacy!.k))
  assert.deepEqual(found.table.columns.map(({ name }) => name), ['age'])
  const again = (key: Uint8Array): string[] => { const { table } = release(jobOf(), { input, hierarchies }, { secret: key }); return Array.from({ length: table.rows }, (_, row) => textAt(table.columns[0]!, row)) }
  assert.deepEqual(again(secret), texts)
  assert.notDeepEqual(again(new Uint8Array(32)), texts)
})

test('rows at the top of every hierarchy are kept, though nothing but the marker stands there', () => {
  const top = { age: sourceOf('age', [values, values.map(() => '*')]) }
  const { table, suppressedRows } = release(jobOf({}, {}, { minLevel: 1, maxLevel: 1 }), { input, hierarchies: top }, { secret })
  assert.ok(table.rows > 4000 * 0.58 && table.rows + suppressedRows === 4000)
  assert.deepEqual(checkRelease({ job: jobOf({}, {}, { minLevel: 1, maxLevel: 1 }), input, hierarchies: top, output: table }).findings, [])
})

/** What one row more or less moves a node's score by, at most over every node of a random table; and how much that may be. */
function largestMove(random: () => number, scores: typeof nodeScores): { readonly moved: number; readonly allowed: number } {
  const rows = 5 + Math.floor(random() * 40)
  const domains = Array.from({ length: 1 + Math.floor(random() * 3) }, () => 2 + Math.floor(random() * 4))
  const cells = domains.map((size) => Array.from({ length: rows }, () => String(Math.floor(random() * random() * size))))
  const sources = domains.map((size, c) => { const own = Array.from({ length: size }, (_, value) => String(value)); return sourceOf(`c${c}`, [own, own.map((value) => `g${Math.floor(Number(value) / 2)}`), own.map(() => '*')]) })
  const least = 1 + Math.floor(random() * 8)
  const of = (count: number): Float64Array => {
    const quasiIdentifiers = cells.map((own, c) => { const column = columnOf(`c${c}`, own.slice(0, count)); return { name: column.name, codes: column.codes, hierarchy: compileHierarchy(sources[c]!, column), minLevel: 0, maxLevel: 2, weight: 1 } })
    const problem = compileProblem({ rows: count, quasiIdentifiers, sensitive: [], models: [{ type: 'k-anonymity', k: 1 }], metric: { type: 'loss' }, suppressionLimit: 1 })
    // Dimensions stand in an order of their own, which a row may change: by column here.
    const found = scores(problem, { least, hierarchies: problem.order.map((index) => quasiIdentifiers[index]!.hierarchy) })
    const all = new Float64Array(3 ** domains.length)
    for (let node = 0; node < all.length; node++) {
      const digits = problem.order.map((_, d) => Math.floor(node / 3 ** (problem.order.length - 1 - d)) % 3)
      all[problem.order.reduce((sum, index, d) => sum + (digits[d] as number) * 3 ** index, 0)] = found[node] as number
    }
    return all
  }
  const [more, less] = [of(rows), of(rows - 1)]
  return { moved: more.reduce((most, score, node) => Math.max(most, Math.abs(score - (less[node] as number))), 0), allowed: sensitivityOf(least, domains.length) }
}

test('one row more or less moves no node\'s score by more than the sensitivity, on 2,000 random tables; a score that counts classes\' squares is told apart', () => {
  const moves = (scores: typeof nodeScores): { moved: number; allowed: number }[] => { const random = generator(33); return Array.from({ length: 2000 }, () => largestMove(random, scores)) }
  const found = moves(nodeScores)
  assert.ok(found.every(({ moved, allowed }) => moved <= allowed))
  assert.ok(found.some(({ moved, allowed }) => moved === allowed), 'the bound is met')
  assert.ok(moves((problem, options) => nodeScores(problem, options).map((score) => score * score)).some(({ moved, allowed }) => moved > allowed))
})

test('a private search with its own budget finds the level that tells most; with a tiny budget it may not', () => {
  const levels = (searchEpsilon: number, fill: number): Readonly<Record<string, number>> => release(jobOf({ epsilon: 3, searchEpsilon }, {}, {}), { input, hierarchies }, { secret: new Uint8Array(32).fill(fill) }).levels
  assert.deepEqual(Array.from({ length: 5 }, (_, fill) => levels(1, fill)['age']), [0, 0, 0, 0, 0])
  assert.ok(new Set(Array.from({ length: 30 }, (_, fill) => levels(0.000001, fill)['age'])).size > 1)
})

const refusals: readonly (readonly [what: string, job: Job, code: string])[] = [
  ['levels open without a budget for them', jobOf({}, {}, {}), 'DEID_DP_SEARCHES'],
  ['a column that would leave as it is', jobOf({}, { columns: { age: { role: 'quasi-identifying', minLevel: 0, maxLevel: 0 }, name: { role: 'insensitive' } } }), 'DEID_DP_COLUMN'],
  ['a column without a hierarchy', jobOf({}, { columns: { age: { role: 'quasi-identifying', minLevel: 0, maxLevel: 0 }, name: { role: 'quasi-identifying', minLevel: 0, maxLevel: 0 } } }), 'DEID_HIERARCHY_MISSING'],
  ['a second model', jobOf({}, { models: [...jobOf().models, { type: 'k-anonymity', k: 3 }] }), 'DEID_DP_ALONE'],
  ['a mask that looks at other rows', jobOf({}, { masks: [{ type: 'rank-swapping', columns: ['age'], share: 0.1 }] }), 'DEID_DP_ALONE'],
  ['a search budget as large as the whole', jobOf({ searchEpsilon: 1 }, {}, {}), 'DEID_PARAMETER_IMPOSSIBLE'],
  ['an impossible δ', jobOf({ delta: 0 }), 'DEID_PARAMETER_IMPOSSIBLE'],
]

for (const [what, job, code] of refusals) test(`refused under differential privacy: ${what}`, () => { assert.throws(() => release(job, { input, hierarchies }, { secret }), { code }) })

test('refused without a secret', () => { assert.throws(() => release(jobOf(), { input, hierarchies }), { code: 'DEID_SECRET_MISSING' }) })

test('a check accepts a private release and refuses one with a row too many, a small class, or a label of another level', () => {
  const { table } = release(jobOf(), { input, hierarchies }, { secret })
  const check = (output: Table): string[] => checkRelease({ job: jobOf(), input, hierarchies, output }).findings.map(({ code }) => code)
  const texts = Array.from({ length: table.rows }, (_, row) => textAt(table.columns[0]!, row))
  const of = (values: readonly string[]): Table => ({ rows: values.length, columns: [columnOf('age', values)] })
  assert.deepEqual(check(table), [])
  assert.deepEqual(check(of([...texts, ...Array.from({ length: 400 }, () => texts[0] as string)])), ['CHECK_CELLS'])
  assert.deepEqual(check(of(texts.filter((text, row) => text !== texts[0] || row === 0))), ['CHECK_MODEL'])
  assert.deepEqual(check(of(texts.map(() => '20s'))), ['CHECK_LEVEL'])
})
