import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { basesOfOne, permits, requests } from '../testing/arbitraries.ts'
import { day, now } from '../testing/samples.ts'
import { answerCodes, compileRequest, consentColumns, decide } from './index.ts'
import type { Basis, SubjectBases } from './index.ts'

const personal = basesOfOne.map((bases): Basis[] => bases.filter((basis) => basis.basis !== 'permit'))
const rowsOf = (people: readonly Basis[][]): SubjectBases[] => people.map((bases, index) => ({ subject: `s${index}`, bases }))

test('the compiled form answers as decide does, for every row', () => {
  const time = fc.integer({ min: -30, max: 30 }).map((days) => now + days * day)
  fc.assert(fc.property(requests, fc.array(permits, { maxLength: 3 }), fc.array(personal, { maxLength: 30 }), time, (request, given, people, at) => {
    const answers = compileRequest(request, given, at)(consentColumns(rowsOf(people)))
    assert.deepEqual([...answers], people.map((bases) => answerCodes[decide(request, [...given, ...bases], at).answer]))
  }), { numRuns: 600 })
})

test('no row, one row, and many equal rows', () => {
  const [request, bases] = fc.sample(fc.tuple(requests, personal), { numRuns: 1, seed: 7 })[0] ?? assert.fail()
  const compiled = compileRequest(request, [], now)
  assert.equal(compiled(consentColumns([])).length, 0)
  const same = compiled(consentColumns(rowsOf(Array.from({ length: 1000 }, () => structuredClone(bases)))))
  assert.equal(new Set(same).size, 1)
})

test('equal terms in different objects are kept once', () => {
  const terms = fc.sample(basesOfOne, { numRuns: 500, seed: 3 }).flat().find((basis) => basis.basis === 'consent' && basis.terms !== null) ?? assert.fail()
  assert.equal(consentColumns(rowsOf([[terms], [structuredClone(terms)], [terms]])).terms.length, 1)
})
