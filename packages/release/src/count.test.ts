import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireDecision, resolveCohort, subjectsOf } from '@mhmd/consent'
import type { Basis, Decision } from '@mhmd/consent'
import { opens } from '@mhmd/crypto'
import type { Facts } from '@mhmd/fhir'
import type { ConsentTerms, UseRequest } from '@mhmd/schema'
import { memoryStore } from '@mhmd/store/testing'
import type { Store } from '@mhmd/store'
import { countPolicy, forgetSubject, manifestContent, openManifest, releaseCount, repeatedAnswer } from './index.ts'
import type { CountOptions, FactsSource, ReleasedCount } from './index.ts'

const now = Date.UTC(2030, 0, 1)
const asthma = { system: 'http://snomed.info/sct', code: '195967001' }
const secret = Buffer.alloc(32, 9)

const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Asthma', summary: '', purpose: 'health-research', uses: [],
  categories: ['a'], fhirTypes: ['Patient', 'Condition'], question: { all: [{ type: 'condition', code: asthma }] }, form: 'computation', basis: 'consent', from: now - 1000, until: now + 1e9, safeguards: [], returns: [],
}
const terms: ConsentTerms = {
  format: 'mhmd-consent-terms/1', from: 0, until: now + 1e9, despiteOptOut: false, returnsWanted: [], prohibitions: [],
  permissions: [{ recipients: { members: ['institute'], classes: [], countries: [] }, purposes: ['health-research'], uses: [], categories: ['a'], form: 'computation' }],
}
const consent: Basis = { basis: 'consent', version: 1, state: 'active', by: 'subject', expires: now + 1e9, record: 'held', terms }

/** 100 people: every even one has asthma; all consent but s0 to s9. */
const people: { subject: string; facts: Facts }[] = Array.from({ length: 100 }, (_unused, index) => ({ subject: `s${index}`, facts: { sex: index < 50 ? 'male' : 'female', birthDate: '1980-01-01', coded: index % 2 === 0 ? [{ type: 'condition', ...asthma, date: '2020-01-01' }] : [] } }))
const basesOf = (index: number, withdrawn: ReadonlySet<string>): Basis[] => (index < 10 || withdrawn.has(`s${index}`) ? [] : [consent])

/** A vault as the port describes it: it gives nothing without a decision, and asks again for each subject. */
const vault: FactsSource = {
  async *facts(decision) {
    for (const subject of subjectsOf(decision, now)) {
      requireDecision(decision, { now, subject })
      const person = people.find((one) => one.subject === subject)
      if (person !== undefined) yield person
    }
  },
}

const decided = (asked: UseRequest = request, withdrawn: ReadonlySet<string> = new Set(), stillStands: (subject: string | undefined) => boolean = () => true): Promise<Decision> =>
  resolveCohort(asked, people.map(({ subject }, index) => ({ subject, bases: basesOf(index, withdrawn) })), { time: now, height: 42, deadline: now + 1000, stillStands })

let fresh = 0
const options = async (store: Store, change: Partial<CountOptions> = {}): Promise<CountOptions> => ({
  request, decision: await decided(change.request), holder: 'rome', vault, store, secret, policy: countPolicy, clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length).fill(fresh++) }, ...change,
})

async function count(store: Store, change: Partial<CountOptions> = {}): Promise<ReleasedCount> {
  const result = await releaseCount(await options(store, change))
  assert.ok(result.released, JSON.stringify(result))
  return result
}

test('counts the permitted people for whom the question holds, rounded', async () => {
  const result = await count(memoryStore())
  assert.ok([45].includes(result.answer), 'forty-five is a multiple of five and stays')
  assert.equal(openManifest(result.sealedManifest, result.manifest.release, secret).exact, 45)
})

test('the recipient learns method, parameters, height and what the figure is not; no key, no exact figure, no person', async () => {
  const { manifest } = await count(memoryStore(), { decision: await decided(request, new Set(['s10'])) })
  assert.equal(manifest.height, 42)
  assert.deepEqual(manifest.parameters, { threshold: 10, base: 5 })
  assert.ok(manifest.notes.includes('People known at two holders are counted twice.'))
  assert.deepEqual(Object.keys(manifest).sort(), ['answer', 'format', 'height', 'holder', 'methods', 'notes', 'parameters', 'question', 'release', 'request', 'simulation', 'time'])
  const text = JSON.stringify(manifest)
  assert.ok(!/exact|draw|cohort|population|salt|"s\d/.test(text) && !text.includes('44'), text)
})

test('the holder can repeat the count exactly from its manifest, and only with its secret', async () => {
  const result = await count(memoryStore(), { decision: await decided(request, new Set(['s10', 's12'])) })
  const kept = openManifest(result.sealedManifest, result.manifest.release, secret)
  assert.equal(kept.exact, 43)
  assert.equal(repeatedAnswer(kept, secret), result.answer)
  assert.throws(() => openManifest(result.sealedManifest, result.manifest.release, Buffer.alloc(32, 1)), { code: 'CRYPTO_CANNOT_OPEN' })
  assert.throws(() => openManifest(result.sealedManifest, 'another', secret), { code: 'CRYPTO_CANNOT_OPEN' })
})

test('the commitment opens with both manifests and the salt, and with nothing else', async () => {
  const result = await count(memoryStore())
  const kept = openManifest(result.sealedManifest, result.manifest.release, secret)
  assert.ok(opens(result.commitment, 'release-manifest', { content: manifestContent(result.manifest, kept), salt: result.salt }))
  assert.ok(!opens(result.commitment, 'release-manifest', { content: manifestContent({ ...result.manifest, answer: result.answer + 5 }, kept), salt: result.salt }))
})

test('the same question to the same people is answered the same, across requests', async () => {
  const store = memoryStore()
  const answers = new Set<number>()
  for (const id of ['1', '2', '3']) {
    const asked = { ...request, id: `0000000000000000000000000${id}` }
    answers.add((await count(store, { request: asked, decision: await decided(asked, new Set(['s10'])) })).answer)
  }
  assert.equal(answers.size, 1)
})

test('after her withdrawal the same question counts her no more', async () => {
  const store = memoryStore()
  const exact = (result: ReleasedCount): number => openManifest(result.sealedManifest, result.manifest.release, secret).exact
  assert.equal(exact(await count(store)), 45)
  assert.equal(exact(await count(store, { decision: await decided(request, new Set(['s10'])) })), 44)
})

test('who withdraws while the vault is read is out before anything is computed', async () => {
  const withdrawn = new Set<string>()
  const slow: FactsSource = { async *facts(decision, types) {
    yield* vault.facts(decision, types)
    withdrawn.add('s10')
  } }
  const decision = await decided(request, new Set(), (subject) => subject === undefined || !withdrawn.has(subject))
  const result = await count(memoryStore(), { decision, vault: slow })
  assert.equal(openManifest(result.sealedManifest, result.manifest.release, secret).exact, 44)
})

test('the vault is asked for the types that the question is answered from, and no others', async () => {
  const asked: (readonly string[])[] = []
  const watched: FactsSource = { facts: (decision, types) => {
    asked.push(types)
    return vault.facts(decision, types)
  } }
  const aged = { ...request, fhirTypes: [], question: { all: [{ type: 'age' as const, from: 0, on: '2029-12-31' }, { type: 'medication' as const, code: asthma }, { type: 'sex' as const, value: 'male' as const }] } }
  for (const one of [request, aged]) await releaseCount(await options(memoryStore(), { request: one, decision: await decided(one), vault: watched }))
  assert.deepEqual(asked, [['Condition'], ['Patient', 'MedicationRequest', 'MedicationStatement', 'MedicationAdministration', 'MedicationDispense']])
})

test('a node that becomes blind while counting releases nothing', async () => {
  let sees = true
  const blinding: FactsSource = { async *facts(decision, types) {
    yield* vault.facts(decision, types)
    sees = false
  } }
  const decision = await decided(request, new Set(), () => sees)
  await assert.rejects(releaseCount(await options(memoryStore(), { decision, vault: blinding })), { code: 'CONSENT_DECISION_SUPERSEDED' })
})

test('every withheld count looks the same to the requester', async () => {
  const store = memoryStore()
  const rare = { ...request, question: { all: [{ type: 'condition' as const, code: { ...asthma, code: 'rare' } }] } }
  const common = { ...request, question: { all: [{ type: 'age' as const, from: 0, on: '2029-12-31' }] } }
  await count(store)
  const near = { ...request, question: { all: [{ type: 'condition' as const, code: asthma }, { type: 'age' as const, from: 1, on: '2029-12-31' }] } }
  const refusals = []
  for (const asked of [rare, common, near]) {
    const result = await releaseCount(await options(store, { request: asked, decision: await decided(asked) }))
    assert.ok(!result.released)
    refusals.push(JSON.stringify(result.refusal))
  }
  assert.deepEqual(new Set(refusals), new Set(['{"code":"RELEASE_WITHHELD"}']))
})

test('a draw limit ends the repeating of a question while people come and go', async () => {
  const store = memoryStore()
  const rules: string[] = []
  for (let gone = 0; gone < 7; gone++) {
    const withdrawn = new Set(Array.from({ length: gone }, (_unused, index) => `s${11 + 2 * index}`))
    const result = await releaseCount(await options(store, { decision: await decided(request, withdrawn) }))
    rules.push(result.released ? 'released' : result.rule)
  }
  assert.deepEqual(rules, ['released', 'released', 'released', 'released', 'released', 'draws', 'draws'])
})

test('no decision, another request\'s decision, a question beyond the data, an unsafe policy: nothing is read', async () => {
  let reads = 0
  const watched: FactsSource = { async *facts(decision, types) {
    reads++
    yield* vault.facts(decision, types)
  } }
  const other = { ...request, id: '00000000000000000000000002' }
  const beyond = { ...request, question: { all: [{ type: 'observation' as const, code: asthma }] } }
  const cases: [Partial<CountOptions>, string][] = [
    [{ decision: { ...(await decided()) } }, 'CONSENT_NO_DECISION'],
    [{ decision: await decided(other) }, 'RELEASE_OTHER_REQUEST'],
    [{ request: beyond, decision: await decided(beyond) }, 'RELEASE_QUESTION_BEYOND_REQUEST'],
    [{ policy: { ...countPolicy, threshold: 1 } }, 'RELEASE_UNSAFE_POLICY'],
    [{ policy: { ...countPolicy, base: 1 } }, 'RELEASE_UNSAFE_POLICY'],
    [{ clock: { now: () => now + 1000 } }, 'CONSENT_DECISION_EXPIRED'],
  ]
  for (const [change, code] of cases) await assert.rejects(releaseCount(await options(memoryStore(), { vault: watched, ...change })), { code })
  const { question: _question, ...without } = request
  await assert.rejects(releaseCount(await options(memoryStore(), { vault: watched, request: without, decision: await decided(without) })), { code: 'RELEASE_NO_QUESTION' })
  assert.equal(reads, 0)
})

test('the memory is sealed: no subject and no question can be read in the store', async () => {
  const store = memoryStore()
  await count(store)
  const rows: string[] = []
  await store.read(async (tx) => {
    for await (const { value } of tx.scan('release-memory')) rows.push(Buffer.from(value).toString('latin1'))
  })
  assert.equal(rows.length, 1)
  assert.ok(!rows.join().includes('s10') && !rows.join().includes('195967001') && !rows.join().includes('cohort'))
})

test('an erased subject leaves the memory, and others stay protected', async () => {
  const store = memoryStore()
  await count(store)
  await store.write((tx) => forgetSubject(tx, 's10', secret))
  const rephrased = { ...request, question: { all: [{ type: 'age' as const, from: 1, on: '2029-12-31' }, { type: 'condition' as const, code: asthma }] } }
  const result = await releaseCount(await options(store, { request: rephrased, decision: await decided(rephrased, new Set(['s10'])) }))
  assert.ok(!result.released && result.rule === 'overlap')
})
