// Laws of the decision engine, on random requests and bases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { basesOfOne, consentTerms, consents, optOuts, permissions, permits, prohibitions, requests } from '../testing/arbitraries.ts'
import { day, now } from '../testing/samples.ts'
import { decide, reasonTable } from './index.ts'
import type { Basis, ConsentBasis } from './index.ts'

const runs = { numRuns: 400 }
const consentRequests = requests.map((request) => ({ ...request, basis: 'consent' as const }))
const held = (terms: ConsentBasis['terms'], change: Partial<ConsentBasis> = {}): ConsentBasis => ({ basis: 'consent', version: 9, state: 'active', by: 'subject', expires: now + 9 * day, record: 'held', terms, ...change })

test('the random cases meet every answer often enough to mean something', () => {
  const seen = { permit: 0, deny: 0, undetermined: 0 }
  for (const [request, bases] of fc.sample(fc.tuple(requests, basesOfOne), { numRuns: 3000, seed: 1 })) seen[decide(request, bases, now).answer]++
  assert.ok(seen.permit > 50 && seen.undetermined > 50 && seen.deny > 500, JSON.stringify(seen))
})

test('silence under consent is never a permit', () => {
  fc.assert(fc.property(consentRequests, fc.array(fc.oneof<fc.Arbitrary<Basis>[]>(optOuts, permits), { maxLength: 4 }), (request, bases) => {
    assert.equal(decide(request, bases, now).answer, 'deny')
  }), runs)
})

test('adding a prohibition never opens', () => {
  fc.assert(fc.property(consentRequests, consentTerms, prohibitions, fc.array(optOuts, { maxLength: 2 }), (request, terms, prohibition, others) => {
    const before = decide(request, [held(terms), ...others], now).answer
    const after = decide(request, [held({ ...terms, prohibitions: [...terms.prohibitions, prohibition] }), ...others], now).answer
    assert.ok(before === 'permit' || after !== 'permit')
  }), runs)
})

test('declaring an opt-out never opens, at any version and with any other bases', () => {
  fc.assert(fc.property(requests, basesOfOne, optOuts.map((optOut) => ({ ...optOut, state: 'active' as const })), (request, bases, optOut) => {
    assert.ok(decide(request, bases, now).answer === 'permit' || decide(request, [...bases, optOut], now).answer !== 'permit')
  }), { numRuns: 2000 })
})

test('removing a permission never opens, and adding one never closes', () => {
  fc.assert(fc.property(consentRequests, consentTerms, permissions, (request, terms, extra) => {
    const with_ = decide(request, [held({ ...terms, permissions: [...terms.permissions, extra] })], now).answer
    const without = decide(request, [held(terms)], now).answer
    assert.ok(without !== 'permit' || with_ === 'permit')
  }), runs)
})

test('a withdrawal at a higher version closes, whatever came before', () => {
  fc.assert(fc.property(consentRequests, basesOfOne, (request, bases) => {
    assert.notEqual(decide(request, [...bases, held(null, { state: 'withdrawn' })], now).answer, 'permit')
  }), runs)
})

test('the order of bases does not matter', () => {
  const shuffled = basesOfOne.chain((bases) => fc.tuple(fc.constant(bases), fc.shuffledSubarray(bases, { minLength: bases.length })))
  fc.assert(fc.property(requests, shuffled, (request, [bases, other]) => {
    const [a, b] = [decide(request, bases, now), decide(request, other, now)]
    assert.deepEqual([a.answer, a.until, a.simulation, [...a.reasons].sort(byCode)], [b.answer, b.until, b.simulation, [...b.reasons].sort(byCode)])
  }), { numRuns: 2000 })
})

const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1)

test('nothing is permitted outside the window of the request, of the terms, or past the expiry', () => {
  fc.assert(fc.property(requests, basesOfOne, fc.oneof(fc.integer({ min: now - 60 * day, max: now + 60 * day }), fc.constantFrom(Number.NaN, Infinity, -Infinity)), (request, bases, time) => {
    const verdict = decide(request, bases, time)
    if (verdict.answer !== 'permit') return assert.equal(verdict.until, 0)
    assert.ok(time >= request.from && time < request.until && time < verdict.until)
    if (request.basis !== 'consent') return
    assert.ok(bases.some((basis) => basis.basis === 'consent' && basis.terms !== null && time >= basis.terms.from && time < basis.terms.until && time < basis.expires))
  }), { numRuns: 2000 })
})

test('a permit of consent holds for every moment before its end', () => {
  fc.assert(fc.property(consentRequests, consents, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (request, consent, part) => {
    const verdict = decide(request, [consent], now)
    fc.pre(verdict.answer === 'permit')
    assert.equal(decide(request, [consent], now + Math.floor((verdict.until - now) * part)).answer, 'permit')
    assert.notEqual(decide(request, [consent], verdict.until).answer, 'permit')
  }), { numRuns: 50 })
})

test('a missing record never opens, and what is denied for other reasons stays denied', () => {
  fc.assert(fc.property(requests, basesOfOne, (request, bases) => {
    const blind = bases.map((basis): Basis => (basis.basis === 'consent' || basis.basis === 'permit' || basis.basis === 'opt-out' ? { ...basis, record: 'missing' } : basis))
    assert.notEqual(decide(request, blind, now).answer, 'permit')
  }), runs)
})

test('every reason carries the verdict\'s own answer, and there is at least one', () => {
  fc.assert(fc.property(requests, basesOfOne, (request, bases) => {
    const verdict = decide(request, bases, now)
    assert.ok(verdict.reasons.length > 0)
    for (const one of verdict.reasons) assert.equal(reasonTable[one.code].answer, verdict.answer)
  }), runs)
})

test('before it is law every permit-based verdict says that it is a simulation', () => {
  fc.assert(fc.property(requests, basesOfOne, (request, bases) => {
    const verdict = decide(request, bases, now)
    const law = Date.parse(request.categories.includes('f') ? '2031-03-26T00:00:00Z' : '2029-03-26T00:00:00Z')
    assert.equal(verdict.simulation, request.basis === 'permit' && now < law)
    if (verdict.answer === 'permit') assert.equal(verdict.reasons.some((one) => one.code === 'SIMULATION'), verdict.simulation)
  }), runs)
})
