import assert from 'node:assert/strict'
import { test } from 'node:test'
import { now, sampleConsent, sampleOptOut, sampleRequest, sampleTerms, day } from '../testing/samples.ts'
import { requireDecision, resolveCohort, resolveDuty, revokeSubject, subjectsOf } from './index.ts'
import type { Decision, DecisionTerms } from './index.ts'

const terms: DecisionTerms = { time: now, height: 7, deadline: now + 1000, stillStands: () => true }
const request = sampleRequest()
const duty = sampleRequest({ basis: 'holder-duty', purpose: 'import', form: 'identified', requester: { member: 'rome', class: 'healthcare-provider', country: 'IT' } })

const cohort = (change: Partial<DecisionTerms> = {}): Promise<Decision> => resolveCohort(request, [
  { subject: 's1', bases: [sampleConsent()] },
  { subject: 's2', bases: [] },
  { subject: 's3', bases: [sampleConsent({ record: 'missing', terms: null })] },
  { subject: 's4', bases: [sampleConsent({ expires: now + 500 })] },
  { subject: 's5', bases: [sampleConsent(), sampleOptOut()] },
], { ...terms, ...change })

test('covers exactly the permitted subjects and tells the holder why the others are not', async () => {
  const decision = await cohort()
  assert.deepEqual([...subjectsOf(decision, now)], ['s1', 's4'])
  assert.deepEqual({ ...decision.tallies.answers }, { permit: 2, deny: 2, undetermined: 1 })
  assert.deepEqual({ ...decision.tallies.reasons }, { CONSENT_GIVEN: 2, CONSENT_NONE: 1, CONSENT_RECORD_MISSING: 1, CONSENT_OPTED_OUT: 1 })
  assert.equal(requireDecision(decision, { now, subject: 's1', form: 'computation', purpose: 'health-research' }), decision)
  assert.equal(decision.height, 7)
})

test('refuses every imitation of a decision', async () => {
  const decision = await cohort()
  class Imitation {}
  const imitations: Record<string, unknown> = {
    cast: { requestId: request.id, basis: 'consent', purpose: 'health-research', form: 'computation', height: 7, decidedAt: now, deadline: now + 1000 },
    'spread copy': { ...decision },
    'structured clone': structuredClone(decision),
    'JSON round trip': JSON.parse(JSON.stringify(decision)),
    'same prototype and properties': Object.create(Object.getPrototypeOf(decision) as object, Object.getOwnPropertyDescriptors(decision)),
    'object that inherits from it': Object.create(decision),
    'instance of a class with its members': Object.assign(new Imitation(), decision),
    proxy: new Proxy(decision, {}),
    'its JSON text': JSON.stringify(decision),
    null: null,
    undefined,
    function: () => decision,
  }
  for (const [name, imitation] of Object.entries(imitations)) {
    assert.throws(() => requireDecision(imitation, { now, subject: 's1' }), { code: 'CONSENT_NO_DECISION' }, name)
    assert.throws(() => [...subjectsOf(imitation, now)], { code: 'CONSENT_NO_DECISION' }, name)
  }
})

test('a decision made by another copy of the package opens nothing here', async () => {
  const copy = (await import(new URL('./decision.ts?copy', import.meta.url).href)) as { resolveCohort: typeof resolveCohort; requireDecision: typeof requireDecision }
  const foreign = await copy.resolveCohort(request, [{ subject: 's1', bases: [sampleConsent()] }], terms)
  assert.equal(copy.requireDecision(foreign, { now, subject: 's1' }), foreign)
  assert.throws(() => requireDecision(foreign, { now, subject: 's1' }), { code: 'CONSENT_NO_DECISION' })
})

test('the package exports nothing that mints but the engine itself', async () => {
  const names = Object.keys(await import('@mhmd/consent')).concat(Object.keys(await import('./decision.ts')))
  assert.ok(!names.some((name) => /mint|minted|secret/i.test(name)))
})

test('refuses another subject, another form, another purpose', async () => {
  const decision = await cohort()
  for (const subject of ['s2', 's3', 's5', 'nobody', '']) assert.throws(() => requireDecision(decision, { now, subject }), { code: 'CONSENT_OTHER_SUBJECT' })
  for (const form of ['anonymised', 'pseudonymised', 'identified'] as const) assert.throws(() => requireDecision(decision, { now, form }), { code: 'CONSENT_OTHER_FORM' })
  assert.throws(() => requireDecision(decision, { now, purpose: 'education' }), { code: 'CONSENT_OTHER_PURPOSE' })
})

test('refuses before the decision, from its deadline on, and at no time at all', async () => {
  const decision = await cohort()
  for (const time of [now - 1, now + 1000, now + day, Number.NaN, Infinity]) assert.throws(() => requireDecision(decision, { now: time, subject: 's1' }), { code: 'CONSENT_DECISION_EXPIRED' })
  requireDecision(decision, { now: now + 999, subject: 's1' })
})

test('a subject whose consent ends before the deadline is covered only until then', async () => {
  const decision = await cohort()
  requireDecision(decision, { now: now + 499, subject: 's4' })
  assert.throws(() => requireDecision(decision, { now: now + 500, subject: 's4' }), { code: 'CONSENT_DECISION_EXPIRED' })
  assert.deepEqual([...subjectsOf(decision, now + 500)], ['s1'])
})

test('a withdrawal heard of after the decision closes it for her at the next reading, in the middle of a job', async () => {
  const withdrawn = new Set<string>()
  const decision = await cohort({ stillStands: (subject) => subject === undefined || !withdrawn.has(subject) })
  const job = subjectsOf(decision, now)
  assert.equal(job.next().value, 's1')
  withdrawn.add('s4')
  assert.equal(job.next().done, true)
  assert.throws(() => requireDecision(decision, { now, subject: 's4' }), { code: 'CONSENT_DECISION_SUPERSEDED' })
  requireDecision(decision, { now, subject: 's1' })
})

test('a node that has become blind closes the whole decision', async () => {
  let sees = true
  const decision = await cohort({ stillStands: () => sees })
  requireDecision(decision, { now })
  sees = false
  assert.throws(() => requireDecision(decision, { now }), { code: 'CONSENT_DECISION_SUPERSEDED' })
})

test('a revoked subject stays out', async () => {
  const decision = await cohort()
  revokeSubject(decision, 's1')
  assert.throws(() => requireDecision(decision, { now, subject: 's1' }), { code: 'CONSENT_DECISION_SUPERSEDED' })
  assert.deepEqual([...subjectsOf(decision, now)], ['s4'])
  assert.throws(() => revokeSubject({ ...decision }, 's4'), { code: 'CONSENT_NO_DECISION' })
})

test('nothing about a decision can be changed from outside', async () => {
  const decision = await cohort()
  assert.throws(() => Object.assign(decision, { deadline: now + day }), TypeError)
  assert.throws(() => Object.assign(decision.tallies.answers, { permit: 9 }), TypeError)
  assert.ok(!('subjects' in decision))
})

test('a subject given twice is covered only where every answer permits', async () => {
  const twice = await resolveCohort(request, [{ subject: 's1', bases: [sampleConsent()] }, { subject: 's1', bases: [] }], terms)
  assert.deepEqual([...subjectsOf(twice, now)], [])
  const reversed = await resolveCohort(request, [{ subject: 's1', bases: [] }, { subject: 's1', bases: [sampleConsent()] }], terms)
  assert.deepEqual([...subjectsOf(reversed, now)], [])
})

test('a duty covers subjects not yet known, for that duty only, and only the holder has it', () => {
  const decision = resolveDuty(duty, [{ basis: 'holder-duty', holder: 'rome', duty: 'import' }], terms)
  requireDecision(decision, { now, subject: 'anyone', purpose: 'import', form: 'identified' })
  assert.throws(() => requireDecision(decision, { now, subject: 'anyone', purpose: 'backup' }), { code: 'CONSENT_OTHER_PURPOSE' })
  assert.deepEqual([...subjectsOf(decision, now)], [])
  assert.throws(() => resolveDuty(duty, [{ basis: 'holder-duty', holder: 'berlin', duty: 'import' }], terms), { code: 'CONSENT_NOT_A_DUTY' })
  assert.throws(() => resolveDuty(duty, [{ basis: 'holder-duty', holder: 'rome', duty: 'backup' }], terms), { code: 'CONSENT_NOT_A_DUTY' })
  assert.throws(() => resolveDuty(request, [sampleConsent()], terms), { code: 'CONSENT_NOT_A_DUTY' })
})

test('a decision needs a time, a later deadline and a height', async () => {
  for (const change of [{ time: Number.NaN }, { deadline: now }, { deadline: Infinity }, { height: -1 }, { height: 0.5 }]) await assert.rejects(cohort(change), { code: 'CONSENT_BAD_TERM' })
})

test('no error names a subject', async () => {
  const decision = await resolveCohort(request, [{ subject: 'MARKED', bases: [sampleConsent({ terms: sampleTerms() })] }], terms)
  revokeSubject(decision, 'MARKED')
  for (const asked of [{ now, subject: 'MARKED' }, { now, subject: 'MARKED-TOO' }, { now: now + day, subject: 'MARKED' }]) {
    try {
      requireDecision(decision, asked)
      assert.fail('opened')
    } catch (error) {
      assert.ok(!(JSON.stringify(error) + String(error)).includes('MARKED'))
    }
  }
})
