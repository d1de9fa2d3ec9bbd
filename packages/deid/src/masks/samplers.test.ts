import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator } from '../search/heuristic.ts'
import { bernoulli, bernoulliExp, discreteGaussian, discreteLaplace, floorRoot, indexBelow, uniformBelow } from './samplers.ts'
import type { BitSource } from './secret-stream.ts'
import { SecretStream } from './secret-stream.ts'

// Statistical tests: seeded, so they pass always or never; had the seed been free, each would fail by chance once in a million runs (z = 4.75).
function seededSource(seed: number): BitSource {
  const random = generator(seed)
  return { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)) }
}

const draws = 40_000

/** Whether draws follow a law over whole numbers: chi-square over −span … span and both tails, with Wilson and Hilferty's quantile. */
function follows(law: (z: number) => number, draw: () => bigint, span: number): boolean {
  const total = Array.from({ length: 2001 }, (_, i) => law(i - 1000)).reduce((sum, weight) => sum + weight, 0)
  const cell = (z: number): number => Math.max(-span - 1, Math.min(span + 1, z)) + span + 1
  const expected = new Float64Array(2 * span + 3)
  for (let z = -1000; z <= 1000; z++) expected[cell(z)] = (expected[cell(z)] as number) + draws * law(z) / total
  const counts = new Float64Array(expected.length)
  for (let i = 0; i < draws; i++) {
    const at = cell(Number(draw()))
    counts[at] = (counts[at] as number) + 1
  }
  const statistic = counts.reduce((sum, count, at) => sum + (expected[at] === 0 ? 0 : (count - (expected[at] as number)) ** 2 / (expected[at] as number)), 0)
  const freedom = expected.length - 1
  return statistic < freedom * (1 - 2 / (9 * freedom) + 4.75 * Math.sqrt(2 / (9 * freedom))) ** 3
}

const laplace = (scale: number) => (z: number): number => Math.exp(-Math.abs(z) / scale)
const gaussian = (variance: number) => (z: number): number => Math.exp(-z * z / 2 / variance)

for (const [num, den] of [[1n, 1n], [2n, 1n], [5n, 2n], [1n, 3n]] as const) test(`discrete Laplace of scale ${num}/${den} follows its law`, () => {
  const source = seededSource(1)
  assert.ok(follows(laplace(Number(num) / Number(den)), () => discreteLaplace({ num, den }, source), 3))
})

for (const [num, den] of [[1n, 1n], [4n, 1n], [1n, 2n], [29n, 5n]] as const) test(`discrete Gaussian of variance ${num}/${den} follows its law`, () => {
  const source = seededSource(2)
  assert.ok(follows(gaussian(Number(num) / Number(den)), () => discreteGaussian({ num, den }, source), 2))
})

test('the test of a law tells wrong samplers apart: zero counted twice, a rounded Gaussian, the wrong scale', () => {
  const source = seededSource(3)
  const random = generator(4)
  const doubled = (): bigint => {
    let size = 0n
    while (bernoulliExp({ num: 1n, den: 1n }, source)) size++
    return bernoulli({ num: 1n, den: 2n }, source) ? -size : size
  }
  const rounded = (): bigint => BigInt(Math.round(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) * Math.SQRT1_2))
  assert.ok(!follows(laplace(1), doubled, 3))
  assert.ok(!follows(gaussian(0.5), rounded, 2))
  assert.ok(!follows(laplace(2), () => discreteLaplace({ num: 21n, den: 10n }, source), 3))
})

test('Bernoulli of exp(−γ) has its chance', () => {
  const source = seededSource(5)
  for (const [num, den] of [[0n, 1n], [1n, 7n], [1n, 1n], [5n, 2n]] as const) {
    const chance = Math.exp(-Number(num) / Number(den))
    let hits = 0
    for (let i = 0; i < draws; i++) hits += bernoulliExp({ num, den }, source) ? 1 : 0
    assert.ok(Math.abs(hits - draws * chance) <= 4.9 * Math.sqrt(draws * chance * (1 - chance)), `${num}/${den}: ${hits}`)
  }
})

test('uniform draws cover their range evenly, whatever its size', () => {
  const source = seededSource(6)
  for (const n of [1, 2, 3, 10, 257]) {
    const [small, large] = [new Float64Array(n), new Float64Array(n)]
    for (let i = 0; i < draws; i++) {
      const [a, b] = [indexBelow(n, source), Number(uniformBelow(BigInt(n), source))]
      small[a] = (small[a] as number) + 1
      large[b] = (large[b] as number) + 1
    }
    for (const counts of [small, large]) assert.ok(counts.every((count) => Math.abs(count - draws / n) <= 5.5 * Math.sqrt(draws / n)), `${n}`)
  }
})

test('⌊√n⌋', () => {
  for (let n = 0n; n < 2000n; n++) {
    const root = floorRoot(n)
    assert.ok(root * root <= n && (root + 1n) * (root + 1n) > n, `${n}`)
  }
  assert.equal(floorRoot(10n ** 40n - 1n), 10n ** 20n - 1n)
})

test('a secret repeats its stream; another secret or purpose gives another', () => {
  const bytes = (secret: number, ...purpose: readonly (string | number)[]): string => Buffer.from(new SecretStream(new Uint8Array(32).fill(secret), ...purpose).bytes(100)).toString('hex')
  assert.equal(bytes(1, 'a', 0), bytes(1, 'a', 0))
  assert.equal(new Set([bytes(1, 'a', 0), bytes(2, 'a', 0), bytes(1, 'b', 0), bytes(1, 'a', 1), bytes(1, 'a0')]).size, 5)
})
