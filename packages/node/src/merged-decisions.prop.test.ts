// The laws of a merge: an objection to either counts for both, no older consent widens, and without mates nothing changes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from '@mhmd/consent'
import type { Basis } from '@mhmd/consent'
import type { ConsentTerms, UseRequest } from '@mhmd/schema'
import fc from 'fast-check'
import { mergedBases } from './merged-decisions.ts'
import type { Decided, Mate } from './merged-decisions.ts'

const day = 86_400_000
const now = Date.UTC(2030, 0, 1)

const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Asthma', summary: '', purpose: 'health-research', uses: [],
  categories: ['a'], fhirTypes: ['Condition'], form: 'computation', basis: 'consent', from: now - day, until: now + 30 * day, safeguards: [], returns: [],
}
const permission: ConsentTerms['permissions'][number] = { recipients: { members: [], classes: ['research-organisation'], countries: ['EU'] }, purposes: ['health-research'], uses: [], categories: ['a'], form: 'computation' }

const terms = fc.record({ permits: fc.boolean(), prohibits: fc.boolean(), despiteOptOut: fc.boolean(), until: fc.constantFrom(now - day, now + day) })
  .map(({ permits, prohibits, despiteOptOut, until }): ConsentTerms => ({ format: 'mhmd-consent-terms/1', from: now - 9 * day, until, permissions: permits ? [permission] : [], prohibitions: prohibits ? [{ members: ['institute'] }] : [], despiteOptOut, returnsWanted: [] }))
const at = fc.integer({ min: now - 8 * day, max: now })
const consent = fc.record({ state: fc.constantFrom('active', 'withdrawn'), record: fc.constantFrom('held', 'held', 'held', 'missing'), terms, at, isForAll: fc.boolean() })
  .map(({ state, record, terms, at, isForAll }): Decided['consent'] => ({ at, isForAll: isForAll && record === 'held', basis: { basis: 'consent', version: 1, state, by: 'subject', expires: now + day, record, terms: state === 'active' && record === 'held' ? terms : null } }))
const optOut = fc.record({ state: fc.constantFrom('active', 'withdrawn'), record: fc.constantFrom('held', 'held', 'missing'), since: at })
  .map((one): Decided['optOut'] => ({ basis: 'opt-out', version: 1, by: 'subject', ...one }))
const key = fc.constantFrom('active', 'active', 'closed').map((state): Decided['key'] => ({ basis: 'key', state }))
const decided = fc.record({ key: fc.option(key, { nil: undefined }), consent: fc.option(consent, { nil: undefined }), optOut: fc.option(optOut, { nil: undefined }) })
const mates = fc.array(fc.record({ decided, since: at }).map(({ decided, since }): Mate => ({ ...decided, since })), { minLength: 1, maxLength: 2 })

const answer = (bases: readonly Basis[]): string => decide(request, bases, now).answer
const alone = (one: Decided): Basis[] => mergedBases(one, [], now)
const isForAll = (mate: Mate): boolean => mate.consent?.isForAll === true && mate.consent.at >= mate.since && mate.key?.state !== 'closed'

test('without mates her bases are her own, as they are', () => {
  fc.assert(fc.property(decided, (own) => {
    assert.deepEqual(alone(own), [own.key, own.consent?.basis, own.optOut].filter((basis) => basis !== undefined))
  }))
})

test('an opt-out of either, in force or in doubt, counts for both', () => {
  const objects = ({ optOut }: Decided): boolean => optOut !== undefined && (optOut.state === 'active' || optOut.record === 'missing')
  let met = 0
  fc.assert(fc.property(decided, mates, (own, others) => {
    const all = [own, ...others]
    const bases = mergedBases(own, others, now)
    const found = bases.find((basis) => basis.basis === 'opt-out')
    if (!all.some(objects)) return
    met++
    assert.ok(found !== undefined && objects({ optOut: found }))
    assert.ok(found.since <= Math.min(...all.flatMap(({ optOut }) => optOut?.state === 'active' ? [optOut.since] : [])))
    const saysDespite = bases.every((basis) => basis.basis !== 'consent' || basis.terms?.despiteOptOut === true)
    if (!saysDespite) assert.notEqual(answer(bases), 'permit')
  }), { numRuns: 500 })
  assert.ok(met > 100)
})

test('a merge permits nothing that was not permitted for this pseudonym, but by a decision she signed for all of them afterwards', () => {
  let narrowed = 0
  let given = 0
  fc.assert(fc.property(decided, mates, (own, others) => {
    const isPermitted = answer(mergedBases(own, others, now)) === 'permit'
    if (!isPermitted && answer(alone(own)) === 'permit') narrowed++
    if (!isPermitted || answer(alone(own)) === 'permit') return
    given++
    assert.ok(others.some((mate) => isForAll(mate) && (mate.consent?.at ?? 0) > (own.consent?.at ?? -1) && answer([...alone({ ...mate, optOut: undefined })]) === 'permit'))
  }), { numRuns: 4000 })
  assert.ok(narrowed > 0 && given > 0, `${narrowed} narrowed, ${given} given`)
})

test('a withdrawal or a prohibition of one closes the other, unless she decided for all of them since', () => {
  fc.assert(fc.property(decided, mates, (own, others) => {
    const newest = Math.max(-1, ...[own, ...others].flatMap(({ consent }) => consent?.isForAll === true ? [consent.at] : []))
    const against = others.some(({ key, consent }) => key?.state !== 'closed' && consent !== undefined && consent.at > newest
      && (consent.basis.state === 'withdrawn' || consent.basis.record === 'missing' || (consent.basis.terms !== null && consent.basis.terms.until > now && consent.basis.terms.prohibitions.length > 0)))
    if (against) assert.notEqual(answer(mergedBases(own, others, now)), 'permit')
  }), { numRuns: 2000 })
})

test('the order of mates doesn\'t matter', () => {
  fc.assert(fc.property(decided, mates, (own, others) => {
    assert.equal(answer(mergedBases(own, others, now)), answer(mergedBases(own, others.toReversed(), now)))
  }), { numRuns: 1000 })
})
