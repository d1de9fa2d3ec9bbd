import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { pitmanUniques } from './pitman.ts'
import { fitSnb, shlosser, snbUniques } from './snb.ts'
import { digamma, logGamma, trigamma } from './special-functions.ts'
import { zayatzUniques } from './zayatz.ts'

// Origin: ln Γ by Python 3.11's math.lgamma; ψ(1) = −γ, ψ(1/2) = −γ − 2 ln 2, ψ′(1) = π²/6, ψ′(1/2) = π²/2 (Abramowitz & Stegun 6.3.2, 6.3.3, 6.4.2, 6.4.4).
test('special functions', () => {
  const close = (actual: number, expected: number): void => { assert.ok(Math.abs(actual - expected) <= 2e-14 * Math.max(1, Math.abs(expected)), `${actual} ${expected}`) }
  const gamma = 0.5772156649015329
  close(logGamma(0.1), 2.2527126517342055)
  close(logGamma(4.5), 2.453736570842442)
  close(logGamma(317238626), 5892759753.834159)
  close(digamma(1), -gamma)
  close(digamma(0.5), -gamma - 2 * Math.log(2))
  close(trigamma(1), Math.PI ** 2 / 6)
  close(trigamma(0.5), Math.PI ** 2 / 2)
})

test('special functions obey their recurrences', () => {
  fc.assert(fc.property(fc.double({ min: 0.01, max: 1e6, noNaN: true }), (x) => {
    assert.ok(Math.abs(digamma(x + 1) - digamma(x) - 1 / x) < 1e-11 * Math.max(1, 1 / x))
    assert.ok(Math.abs(trigamma(x) - trigamma(x + 1) - 1 / (x * x)) < 1e-11 * Math.max(1, 1 / (x * x)))
  }))
})

/** A small generator with a fixed seed (mulberry32): the tests below are the same every time. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A population by the two-parameter Chinese restaurant process, which Pitman's formula describes, and a simple random sample of it. */
function drawn(theta: number, alpha: number, people: number, share: number): { sample: Map<number, number>; uniques: number; rows: number } {
  const random = generator(20261121)
  const classOf: number[] = []
  const sizes: number[] = []
  for (let person = 0; person < people; person++) {
    // A newcomer starts a class, or sits with an earlier person; that person's class keeps them unless the discount throws them out.
    let chosen = -1
    while (chosen < 0) {
      if (random() * (theta + person) < theta + sizes.length * alpha) chosen = sizes.push(0) - 1
      else {
        const id = classOf[Math.floor(random() * person)] as number
        if (random() < 1 - alpha / (sizes[id] as number)) chosen = id
      }
      if (chosen < 0) continue
    }
    classOf.push(chosen)
    sizes[chosen] = (sizes[chosen] as number) + 1
  }
  const counts = new Map<number, number>()
  let rows = 0
  for (const id of classOf) if (random() < share) {
    counts.set(id, (counts.get(id) ?? 0) + 1)
    rows++
  }
  const sample = new Map<number, number>()
  for (const size of counts.values()) sample.set(size, (sample.get(size) ?? 0) + 1)
  return { sample, uniques: sizes.filter((size) => size === 1).length, rows }
}

// One fixed draw. Over the seeds 1 to 20 the ratio of estimate and truth had median 1.00 and lay in 0.82 to 1.15; Zayatz lay in 1.94 to 2.32.
test('Pitman finds the uniques of a population that follows its formula, and a wrong model does not', () => {
  const { sample, uniques } = drawn(500, 0.3, 100_000, 0.05)
  const estimate = pitmanUniques(sample, 100_000) ?? 0
  assert.ok(Math.abs(estimate / uniques - 1) < 0.15, `${estimate} ${uniques}`)
  assert.ok(zayatzUniques(sample, 100_000) / uniques > 1.3)
})

test('Pitman has no estimate for uniques only or one class', () => {
  assert.equal(pitmanUniques(new Map([[1, 50]]), 1000), undefined)
  assert.equal(pitmanUniques(new Map([[50, 1]]), 1000), undefined)
})

// Origin: by hand. N = 4, n = 2, classes of sizes 1 and … : two ones. P(one seen | 1) = 1/2, so each unique stays unique and S = 2·1·4/2 = 4.
// With sizes {1: 1, 2: 1}, n = 3, N = 6: chance of one for size 1 is C(5,2)/C(6,3) = 1/2, for size 2 it is 2·C(4,2)/C(6,3) = 3/5;
// P = (1/2·1/2) / (1/2·1/2 + 1/2·3/5) = 5/11 and S = 1·5/11·6/3 = 10/11.
test('Zayatz by hand', () => {
  assert.equal(zayatzUniques(new Map([[1, 2]]), 4), 4)
  assert.ok(Math.abs(zayatzUniques(new Map([[1, 1], [2, 1]]), 6) - 10 / 11) < 1e-15)
})

test('the fitted slide negative binomial gives back the sample\'s ones and twos', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 50 }), fc.double({ min: 0.02, max: 0.9, noNaN: true }), (ones, twos, threes, fraction) => {
    const fitted = fitSnb(new Map([[1, ones], [2, twos], [3, threes]]), fraction)
    if (fitted === undefined) return
    const { classes, alpha, beta } = fitted
    // Population sizes 1 + NB(α, β), each person kept with the sampling fraction: summed term by term. Long tails are left to other draws.
    let [probability, one, two] = [beta ** alpha, 0, 0]
    const reach = 20_000
    for (let size = 1; size < reach; size++) {
      one += probability * size * fraction * (1 - fraction) ** (size - 1)
      two += probability * ((size * (size - 1)) / 2) * fraction ** 2 * (1 - fraction) ** (size - 2)
      probability *= ((1 - beta) * (alpha + size - 1)) / size
    }
    if (probability > 1e-12) return
    assert.ok(Math.abs(classes * one - ones) < 1e-4 * ones && Math.abs(classes * two - twos) < 1e-4 * twos, `${classes * one} ${classes * two}`)
  }))
})

test('a whole population needs no estimate', () => {
  assert.equal(snbUniques(new Map([[1, 3], [2, 1]]), 5), 3)
  assert.ok(shlosser(new Map([[1, 30], [2, 10], [4, 5]]), 0.5) > 45)
})

interface PeerUniques { readonly sizes: readonly (readonly [size: number, classes: number])[]; readonly populationSize: number; readonly pitman: number; readonly zayatz: number }

// Origin: ARX's ModelPitman and ModelZayatz; see vectors/deid/models-arx-3.9.2.json.
test('Pitman and Zayatz as the peer finds them, on four samples and four populations', () => {
  const { uniqueness } = JSON.parse(readFileSync(new URL('../../../../../vectors/deid/models-arx-3.9.2.json', import.meta.url), 'utf8')) as { uniqueness: readonly PeerUniques[] }
  assert.equal(uniqueness.length, 16)
  for (const { sizes, populationSize, pitman, zayatz } of uniqueness) {
    const sample = new Map(sizes)
    assert.ok(Math.abs((pitmanUniques(sample, populationSize) ?? 0) / pitman - 1) < 1e-8, `${pitman}`)
    assert.ok(Math.abs(zayatzUniques(sample, populationSize) / zayatz - 1) < 1e-12, `${zayatz}`)
  }
})
