// Every door that exists, walked after one withdrawal. A route, message, job, vault method or exported reader that is not in the table below fails the test: a new door must join it.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import { withdraw } from '@mhmd/client'
import { resolveCohort, subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { factResources } from '@mhmd/fhir'
import { insideOf } from '@mhmd/node/testing'
import type { HolderInside } from '@mhmd/node/testing'
import { countPolicy, openManifest, releaseCount } from '@mhmd/release'
import type { UseRequest } from '@mhmd/schema'
import { openSqliteStore } from '@mhmd/store-sqlite'
import * as vaultRoom from '@mhmd/vault'
import { ask, clock, fileCount, importPatients, importText, mrn, oneTimeClient, patientName, randomness, releasesOf, requestView, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { Answered, Citizen, SmallNetwork } from './support/small-network.ts'

const PEOPLE = 26
/** Without asthma, so that she is in the rest of the count's population. */
const HER = 1

let network: SmallNetwork
let inside: HolderInside
let her: Citizen
let subject: string
let other: string
let request: string
let document: UseRequest
/** Made before she withdrew, and covering her. */
let decisionBefore: Decision
let answerBefore: Answered
let takenAt: number
/** People in the population of a count whose last person had been read when she withdrew. */
let populationOfRunning: number

async function decisionNow(): Promise<Decision> {
  const { height } = await network.staff('rome').get<{ height: number }>('/staff/1/status')
  const now = clock.now()
  return resolveCohort(document, inside.standing.at(height, inside.vault.subjects()), { time: now, height, deadline: now + 300_000, stillStands: inside.standing.watch() })
}

async function takeBack(): Promise<void> {
  her.set(withdraw(her.device, { holder: 'rome' }))
  const [sending] = await her.send()
  assert.equal(sending?.taken?.enforced, 'now')
  takenAt = sending?.taken?.receivedAt ?? 0
}

/** A count that is about to leave when she acts: everybody has been read. */
async function countWhileSheActs(): Promise<number> {
  const store = await openSqliteStore(join(network.folder, 'memory.db'))
  const secret = randomness.bytes(32)
  const decision = await decisionNow()
  const outcome = await releaseCount({
    request: document, decision, holder: 'rome', store, secret, policy: countPolicy, clock, randomness,
    vault: {
      async *facts(asked, types) {
        yield* inside.holderVault.facts(asked, types)
        await takeBack()
      },
    },
  })
  await store.close()
  assert.ok(outcome.released)
  return openManifest(outcome.sealedManifest, outcome.manifest.release, secret).population
}

before(async () => {
  network = await smallNetwork({ withAccessBody: true })
  await importPatients(network, PEOPLE)
  // Somebody whose record stays out: the quarantine has something to show.
  await importText(network, `${JSON.stringify({ resourceType: 'Condition', id: 'bad', subject: { reference: 'Patient/p1' }, code: 'not a code' })}\n`)
  const citizens = await settleAll(network, PEOPLE)
  her = citizens[HER] as Citizen
  subject = her.device.state.links[0]?.subject ?? ''
  other = citizens[HER + 2]?.device.state.links[0]?.subject ?? ''
  inside = insideOf(network.node('rome')) as HolderInside
  request = await fileCount(network)
  document = (await network.staff('rome').get<{ requests: { document: UseRequest }[] }>('/staff/1/inbox')).requests.map((row) => row.document).find(({ id }) => id === request) as UseRequest
  decisionBefore = await decisionNow()
  await until('everybody is permitted', async () => [...subjectsOf(decisionBefore = await decisionNow(), clock.now())].length === PEOPLE)
  assert.equal((await collect(inside.vault.read(decisionBefore, subject))).length > 0, true, 'her record can be read before')
  answerBefore = await ask(network, request)
  assert.equal(answerBefore.answer.released, true)
  populationOfRunning = await countWhileSheActs()
})
after(() => network.close())

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
const mine = (): ReturnType<typeof oneTimeClient> => oneTimeClient(network, 'rome', decisionKey(her.device.seed, 'rome'))

/** Asks anew: the release that left after her act covers everybody but her. */
async function countedWithoutHer(): Promise<void> {
  const { answer, manifest } = await ask(network, request)
  assert.equal(answer.released, true)
  assert.equal((await releasesOf(network)).find((row) => row.id === manifest.release)?.considered, PEOPLE - 1)
}

/** The answer that considered her is with its recipient no more. */
async function calledBack(): Promise<void> {
  const release = answerBefore.manifest.release
  await until('the recipient has answered', async () => (await releasesOf(network)).find((row) => row.id === release)?.recall?.answered !== null)
  assert.ok((await requestView(network, request)).answered.every((row) => row.manifest.release !== release))
}

const showsNothingOfHer = (path: string) => async (): Promise<void> => {
  const text = JSON.stringify(await network.staff('rome').get(path))
  for (const word of [patientName(HER), mrn(HER).value, subject]) assert.ok(!text.includes(word), `${path} names her`)
}

/** What a door does after her withdrawal, or why a withdrawal has nothing to close there. */
type Door = (() => Promise<void>) | string

const ids = 'ids, keys, codes and times of the network and its members; nothing of a person\'s record passes'
const inward = 'a way in: it takes what is sent and gives no person\'s data'
const herOwn = 'her own acts and what she is owed; it must stay open after a withdrawal'
const described = 'what a steward wrote about a dataset, and figures in steps of whole groups: about nobody (decision 0018)'
const publicly = 'figures for everybody: of organisations alone, or of people with noise out of a budget and small cells left out; her withdrawal changes a cell by one, which the noise hides (decision 0044)'
const written = 'what staff of two members write to each other about a request, sealed on its way and where it lies; records have no way into it (docs/limits.md)'
const duty = 'the holder\'s own duty towards the records it keeps (Regulation (EU) 2016/679, Art. 6(1)(c)); a withdrawn consent ends no duty, and no decision of a cohort opens it'

/** Tables have their own walk, over several releases and withdrawals. */
const inTables = 'walked after withdrawals by tests/tables.test.ts'

const people: Readonly<Record<string, Door>> = {
  'GET /people/1/me': async () => {
    const view = await mine().get<{ choices: { basis: string; state: string }[]; preview: { verdict: { answer: string } }[] }>('/people/1/me')
    assert.deepEqual(view.preview.map((row) => row.verdict.answer), ['deny'])
    assert.equal(view.choices.find((row) => row.basis === 'consent')?.state, 'withdrawn')
  },
  'GET /people/1/uses': async () => {
    await countedWithoutHer()
    const { uses } = await mine().get<{ uses: { release: string; at: number }[] }>('/people/1/uses')
    assert.deepEqual(uses.filter((use) => use.at > takenAt), [])
    assert.deepEqual(uses.map((use) => use.release), [answerBefore.manifest.release])
  },
  'GET /people/1/access-log': async () => {
    await countedWithoutHer()
    const { events } = await mine().get<{ events: { recorded: string; agent: { who: { identifier: { value: string } } }[] }[] }>('/people/1/access-log')
    assert.deepEqual(events.filter((event) => Date.parse(event.recorded) > takenAt && event.agent[0]?.who.identifier.value === 'institute'), [])
    assert.ok(events.length > 0)
  },
  'GET /people/1/statements': async () => {
    await until('she is given a statement', async () => (await mine().get<{ statements: object[] }>('/people/1/statements')).statements.length === 1)
  },
  'POST /people/1/decisions': herOwn, 'POST /people/1/erasure': herOwn, 'POST /people/1/relays': inward,
  'POST /people/1/enrolments/begin': herOwn, 'POST /people/1/enrolments': herOwn,
  'POST /people/1/accounts': herOwn, 'GET /people/1/account': herOwn, 'POST /people/1/account/enrolments': herOwn, 'POST /people/1/account/decisions': herOwn, 'POST /people/1/account/key-replacements': herOwn, 'GET /people/1/account/decisions/:operationId': herOwn,
  'GET /openapi.json': 'the description of this table itself', 'POST /session/1': ids, 'GET /session/1': ids, 'DELETE /session/1': ids,
  'GET /people/1/directory': ids, 'GET /people/1/proofs/:operationId': ids,
}

const staffDoors: Readonly<Record<string, Door>> = {
  'GET /staff/1/checkpoints': ids,
  'GET /staff/1/releases': calledBack,
  'GET /staff/1/releases/:id': async () => {
    await calledBack()
    await showsNothingOfHer(`/staff/1/releases/${String(answerBefore.manifest.release)}`)()
  },
  'GET /staff/1/requests/:id': calledBack,
  'POST /staff/1/requests/:id/asks': countedWithoutHer,
  'GET /staff/1/imports/:id': async () => {
    const job = (await network.staff('rome').get<{ jobs: { id: string; kind: string }[] }>('/staff/1/jobs')).jobs.find((row) => row.kind === 'import')
    await showsNothingOfHer(`/staff/1/imports/${job?.id ?? ''}`)()
  },
  'GET /staff/1/quarantine': async () => {
    await showsNothingOfHer('/staff/1/quarantine')()
    assert.equal((await network.staff('rome').get<{ quarantine: object[] }>('/staff/1/quarantine')).quarantine.length > 0, true)
  },
  'GET /staff/1/jobs': showsNothingOfHer('/staff/1/jobs'),
  'GET /staff/1/records': showsNothingOfHer('/staff/1/records'),
  'GET /staff/1/inbox': showsNothingOfHer('/staff/1/inbox'),
  'GET /staff/1/inbox/:id': () => showsNothingOfHer(`/staff/1/inbox/${request}`)(),
  'GET /staff/1/imports': showsNothingOfHer('/staff/1/imports'),
  'GET /staff/1/access-log': showsNothingOfHer('/staff/1/access-log'),
  'PUT /staff/1/uploads/:id': inward, 'POST /staff/1/imports': inward, 'DELETE /staff/1/imports/:id': inward, 'POST /staff/1/inbox/:id/answer': ids, 'POST /staff/1/requests': ids, 'GET /staff/1/requests': ids, 'GET /staff/1/requests/:id/messages': written, 'POST /staff/1/requests/:id/messages': written, 'POST /staff/1/anonymity-assessments': ids,
  'POST /staff/1/bulk-sources': inward, 'GET /staff/1/bulk-sources': 'addresses and public keys of record systems', 'DELETE /staff/1/bulk-sources/:id': inward, 'POST /staff/1/bulk-sources/:id/runs': inward,
  'POST /staff/1/profiles': inward, 'GET /staff/1/profiles': 'definitions of the holder\'s own, about nobody', 'DELETE /staff/1/profiles/:id': inward, 'GET /staff/1/provenance': showsNothingOfHer('/staff/1/provenance'),
  'POST /staff/1/merges': duty, 'POST /staff/1/merges/search': duty, 'POST /staff/1/merges/:id/acceptance': duty, 'DELETE /staff/1/merges/:id': duty, 'GET /staff/1/merges': showsNothingOfHer('/staff/1/merges'),
  'POST /staff/1/link-codes': duty, 'POST /staff/1/key-closings': inward, 'POST /staff/1/desk-declarations/drafts': duty, 'POST /staff/1/desk-declarations': duty, 'POST /staff/1/erasures': duty, 'GET /staff/1/erasures/:id': duty,
  'GET /staff/1/jobs/:id': ids, 'DELETE /staff/1/jobs/:id': inward, 'POST /staff/1/jobs/:id/resumption': 'a job does again what its kind does, and each kind stands below',
  'POST /staff/1/inbox/:id/agreement': ids, 'GET /staff/1/inbox/:id/agreement': ids, 'DELETE /staff/1/inbox/:id/agreement': inward, 'GET /staff/1/deletions': ids, 'GET /staff/1/agreements': ids, 'POST /staff/1/agreements/:id/:holder/acceptance': ids, 'DELETE /staff/1/agreements/:id/:holder': inward,
  'POST /staff/1/releases/tables': inTables, 'POST /staff/1/releases/:id/assessment': ids, 'GET /staff/1/releases/:id/assessment': ids,
  'GET /staff/1/holdings': ids, 'GET /staff/1/holdings/:id/:holder/bytes': inTables, 'POST /staff/1/holdings/:id/:holder/transfer': inTables, 'POST /staff/1/holdings/:id/:holder/deletion': inward,
  'POST /staff/1/datasets': described, 'POST /staff/1/datasets/:id': described, 'GET /staff/1/datasets': described, 'GET /staff/1/datasets/:id': described, 'DELETE /staff/1/datasets/:id': described,
  'POST /staff/1/datasets/drafts': duty, 'GET /staff/1/datasets/drafts': described, 'GET /staff/1/datasets/drafts/:id': duty, 'DELETE /staff/1/datasets/drafts/:id': described, 'POST /staff/1/datasets/drafts/:id/document': described, 'GET /staff/1/views': described,
  'POST /staff/1/datasets/drafts/:id/protection': duty, 'GET /staff/1/datasets/drafts/:id/protection': duty, 'GET /staff/1/datasets/drafts/:id/protection/:name': duty, 'GET /staff/1/datasets/drafts/:id/protection/:name/files': duty, 'POST /staff/1/datasets/drafts/:id/hierarchy': duty, 'POST /staff/1/datasets/drafts/:id/estimate': duty, 'GET /staff/1/release-forms': 'rules of the house; about nobody',
  'GET /staff/1/permits': ids, 'GET /staff/1/permits/:id': ids, 'GET /staff/1/applications': ids, 'GET /staff/1/applications/:id': ids, 'POST /staff/1/applications/:id/incompleteness': inward, 'POST /staff/1/requests/:id/amendment': inward, 'POST /staff/1/applications/:id/permit': ids, 'POST /staff/1/applications/:id/refusal': ids, 'POST /staff/1/applications/:id/revocation': inward,
  'GET /catalogue/1/datasets': described, 'GET /catalogue/1/datasets/:holder/:id': described,
  'GET /public/1/figures': publicly, 'GET /public/1/figures/:question/evidence': publicly, 'GET /public/1/people': publicly,
  'GET /staff/1/analytics/questions': 'the questions themselves', 'GET /staff/1/analytics/questions/:question': ids, 'GET /staff/1/analytics/questions/:question/evidence': ids, 'POST /staff/1/analytics/sql': ids,
  'GET /staff/1/events': ids, 'GET /staff/1/health': ids, 'GET /staff/1/ledger/blocks': ids, 'GET /staff/1/ledger/transactions/:operationId': ids, 'GET /staff/1/ledger/transactions/:operationId/trace': ids, 'GET /staff/1/recalls': ids, 'GET /staff/1/status': ids, 'GET /staff/1/proofs/:operationId': ids, 'GET /staff/1/members': ids, 'GET /staff/1/network': ids, 'POST /staff/1/members/admissions': ids, 'POST /staff/1/members/suspensions': ids, 'POST /staff/1/members/reinstatements': ids, 'GET /staff/1/staff': ids, 'POST /staff/1/staff': ids, 'DELETE /staff/1/staff/:key': ids, 'POST /staff/1/invitations': ids, 'GET /staff/1/invitations': ids, 'DELETE /staff/1/invitations/:id': ids, 'POST /people/1/invitations/:id': ids,
}

const messagesAndJobs: Readonly<Record<string, Door>> = {
  'message ask/1': countedWithoutHer,
  'message release/1': countedWithoutHer,
  'job count': async () => { assert.equal(populationOfRunning, PEOPLE - 1) },
  'message recall/1': calledBack, 'job recall': calledBack, 'message recall-statement/1': calledBack,
  'message use-request/1': ids, 'message request-message/1': written, 'message use-answer/1': ids, 'message relayed-decision/1': inward, 'job relayed': inward,
  'message permit-decided/1': ids, 'message application-incomplete/1': ids, 'message use-request-amended/1': ids, 'message agreement/1': ids, 'message table-offer/1': inTables, 'message table-stopped/1': inward, 'message table-received/1': ids, 'message table-deleted/1': ids,
  'job release': inTables, 'job transfer': inTables, 'job deletion': inward, 'member GET /members/1/tables/:release/bytes': inTables,
  'message dataset-offered/1': described, 'job profile': duty, 'job protection': duty, 'job import': duty, 'job bulk': duty, 'job erasure': duty,
}

const superseded = { code: 'CONSENT_DECISION_SUPERSEDED' }
const otherSubject = { code: 'CONSENT_OTHER_SUBJECT' }
const inProcess: Readonly<Record<string, Door>> = {
  'vault.read': async () => {
    await assert.rejects(collect(inside.vault.read(decisionBefore, subject)), superseded)
    const fresh = await decisionNow()
    await assert.rejects(collect(inside.vault.read(fresh, subject)), otherSubject)
    assert.ok((await collect(inside.vault.read(fresh, other))).length > 0)
  },
  'vault.facts': async () => {
    await assert.rejects(inside.vault.facts(decisionBefore, subject, factResources), superseded)
    await assert.rejects(inside.vault.facts(await decisionNow(), subject, factResources), otherSubject)
  },
  'vault.subjectOf': async () => {
    await assert.rejects(inside.vault.subjectOf(decisionBefore, mrn(HER)), { code: 'CONSENT_NO_DECISION' })
  },
  'vault.subjects': 'pseudonyms alone: whom a cohort is resolved over', 'vault.origins': 'ids of imports and counts of records', 'vault.has': 'whether a pseudonym is known',
  'vault.erase': 'removes', 'vault.footprint': 'digests of sealed rows', 'vault.sealAside': 'seals what she signed', 'vault.openAside': 'opens what she signed, which is the evidence of her withdrawal itself, and no record',
  'holderVault.facts': async () => {
    for (const decision of [decisionBefore, await decisionNow()]) {
      const met = (await collect(inside.holderVault.facts(decision, factResources))).map((row) => row.subject)
      assert.deepEqual([met.length, met.includes(subject)], [PEOPLE - 1, false])
    }
  },
  'holderVault.records': async () => {
    for (const decision of [decisionBefore, await decisionNow()]) {
      const met = (await collect(inside.holderVault.records(decision, 'Patient'))).map((row) => row.person)
      assert.deepEqual([met.length, met.includes(subject)], [PEOPLE - 1, false])
    }
  },
  'holderVault.find': duty, 'holderVault.pseudonymsOf': 'pseudonyms alone', 'holderVault.duty': duty, 'holderVault.subjects': 'pseudonyms alone', 'holderVault.has': 'whether a pseudonym is known',
  'consent.subjectsOf': async () => {
    for (const decision of [decisionBefore, await decisionNow()]) assert.ok(![...subjectsOf(decision, clock.now())].includes(subject))
  },
  'room.openVault': 'gives the vault, whose methods stand above', 'room.importRecords': duty, 'room.patientLinks': duty, 'room.importProgress': 'counts', 'room.importFindings': 'places and codes: see GET /staff/1/quarantine', 'room.vaultErrors': 'not a door',
}

const table: Readonly<Record<string, Door>> = { ...people, ...staffDoors, ...messagesAndJobs, ...inProcess }

test('every door that exists is in the table, and the table names no other', () => {
  const existing = new Set([
    ...(['rome', 'institute', 'accounts', 'access'] as const).flatMap((name) => network.node(name).doors),
    ...Object.keys(inside.vault).map((name) => `vault.${name}`), ...Object.keys(inside.holderVault).map((name) => `holderVault.${name}`),
    ...Object.keys(vaultRoom).map((name) => `room.${name}`), 'consent.subjectsOf',
  ])
  assert.deepEqual([...existing].filter((door) => table[door] === undefined), [], 'doors that nobody has looked at: add them to the table')
  assert.deepEqual(Object.keys(table).filter((door) => !existing.has(door)), [], 'doors that are gone: take them out')
})

describe('after one withdrawal', () => {
  for (const [door, check] of Object.entries(table)) if (typeof check === 'function') test(`${door} is closed to her data`, check)
})
