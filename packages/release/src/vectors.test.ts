import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { hidesSmallGroups } from './overlap.ts'
import { digestOf, roundedCount } from './rounding.ts'

type Ranges = readonly (readonly [number, number])[]
const load = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../../vectors/release/${file}`, import.meta.url), 'utf8'))
const persons = (ranges: Ranges): Set<string> => new Set(ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_unused, index) => `p${from + index}`)))

test('digests and rounded answers are those computed elsewhere', () => {
  for (const one of load('rounding.json') as { secret: string; population: number; cohort: number; base: number; populationDigest: string; cohortDigest: string; answer: number }[]) {
    const secret = Buffer.from(one.secret, 'hex')
    const draw = { population: digestOf(persons([[0, one.population]]), secret), cohort: digestOf(persons([[0, one.cohort]]), secret) }
    assert.deepEqual(draw, { population: one.populationDigest, cohort: one.cohortDigest })
    assert.equal(roundedCount(one.cohort, one.base, { draw, secret }), one.answer)
  }
})

for (const one of load('overlap.json') as { name: string; threshold: number; population: Ranges; answered: readonly Ranges[]; candidate: Ranges; answers: boolean; why: string }[]) {
  test(`${one.name}: ${one.answers ? 'answered' : 'withheld'}, since ${one.why}`, () => {
    assert.equal(hidesSmallGroups(persons(one.candidate), { answered: one.answered.map(persons), population: persons(one.population), threshold: one.threshold }), one.answers)
  })
}
