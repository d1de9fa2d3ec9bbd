// Permits between an institute, an access body, a hospital and citizens, on a whole small network: application, permit, count, opt-outs before and after it, revocation, end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import { declareOptOut, everyPage, wholeList, withdrawOptOut, withdraw } from '@mhmd/client'
import { releaseAssessmentStatement, signStatement, stateKeys, statementKinds } from '@mhmd/contracts'
import { commit, newSalt } from '@mhmd/crypto'
import { insideOf } from '@mhmd/node/testing'
import type { HolderInside } from '@mhmd/node/testing'
import { fileForPermit, issuePermit, permitAt } from './support/permits.ts'
import { Citizen, ask, importPatients, oneTimeClient, randomness, releasesOf, requestView, smallNetwork, until } from './support/small-network.ts'
import type { Answered, ReleaseRow, SmallNetwork } from './support/small-network.ts'

const PEOPLE = 26

let network: SmallNetwork
let inside: HolderInside
/** With asthma and a consent; with an account and nothing she permits any more. */
let her: Citizen
let silent: Citizen

const access = (): ReturnType<SmallNetwork['staff']> => network.staff('access')
const institute = (): ReturnType<SmallNetwork['staff']> => network.staff('institute')
const releaseOf = async ({ manifest }: Answered): Promise<ReleaseRow> => (await releasesOf(network)).find((row) => row.id === manifest.release) as ReleaseRow

interface HerPermit {
  readonly request: string
  readonly state: string
  readonly uses: number
  readonly mayUse: boolean
  readonly optOut: string
}
const permitsOf = async ({ device }: Citizen): Promise<readonly HerPermit[]> => (await oneTimeClient(network, 'rome', decisionKey(device.seed, 'rome')).get<{ permits: HerPermit[] }>('/people/1/me')).permits

async function onLedger(citizen: Citizen, kind: 'opt-out' | 'consent', version: number): Promise<void> {
  const subject = citizen.device.state.links[0]?.subject ?? ''
  await until('the ledger shows it', async () => {
    await citizen.send()
    return (await inside.follower.latest(kind === 'opt-out' ? stateKeys.optOut('rome', subject) : stateKeys.consent('rome', subject)) as { version: number } | undefined)?.version === version
  })
}

async function optedOut(citizen: Citizen): Promise<void> {
  citizen.set(declareOptOut(citizen.device, { holder: 'rome' }))
  await onLedger(citizen, 'opt-out', 1)
}

before(async () => {
  network = await smallNetwork({ withAccessBody: true })
  inside = insideOf(network.node('rome')) as HolderInside
  await importPatients(network, PEOPLE)
  her = await Citizen.settle(network, 0)
  silent = await Citizen.settle(network, 2)
  silent.set(withdraw(silent.device, { holder: 'rome' }))
  await onLedger(silent, 'consent', 2)
})
after(() => network.close())

let running: string
let first: Answered

test('an application reaches the access body with its question; before a permit nothing is asked and nothing leaves', async () => {
  running = await fileForPermit(network)
  const { applications } = await access().get<{ applications: { document: { id: string; basis: string; question: object }; permit: { state: string } }[] }>('/staff/1/applications')
  assert.deepEqual(applications.map(({ document, permit }) => [document.id, document.basis, permit.state]), [[running, 'permit', 'filed']])
  assert.ok(applications[0]?.document.question)
  await assert.rejects(institute().post(`/staff/1/requests/${running}/asks`, {}), { code: 'NODE_PERMIT_NOT_IN_FORCE' })
  // Whom it concerns has no answer to give.
  await until('the hospital has it', async () => (await network.staff('rome').get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')).requests.some((row) => row.document.id === running))
  await assert.rejects(network.staff('rome').post(`/staff/1/inbox/${running}/answer`, { state: 'refused' }), { code: 'NODE_LEDGER_REFUSED' })
  const researcher = oneTimeClient(network, 'access')
  await assert.rejects(researcher.post(`/staff/1/applications/${running}/permit`, {}), { code: 'NODE_STAFF_UNKNOWN' })
})

test('a permit is issued with its conditions, and whoever it names knows what must be delivered by when', async () => {
  await issuePermit(network, running, { days: 10, deliverWithinDays: 5, conditions: ['no-re-identification'], explanation: 'Of public interest.' })
  for (const node of ['rome', 'institute', 'access'] as const) {
    const row = await permitAt(network, node, running)
    assert.deepEqual([row?.state, row?.explanation, row?.permit?.conditions, row?.permit?.kind], ['issued', 'Of public interest.', ['no-re-identification'], 'data-request'], node)
    assert.equal(Math.round(((row?.permit?.deliverBy ?? 0) - (row?.permit?.from ?? 0)) / 86_400_000), 5)
    assert.deepEqual(row?.deliveries, [{ holder: 'rome', first: null, late: false }])
  }
  await assert.rejects(access().post(`/staff/1/applications/${running}/permit`, {}), { code: 'NODE_LEDGER_REFUSED' })
})

test('the count is of everybody without an opt-out, those who never consented included', async () => {
  first = await ask(network, running)
  assert.equal(first.answer.released, true)
  const { considered, exact } = await releaseOf(first)
  assert.deepEqual([considered, exact], [PEOPLE, PEOPLE / 2])
  await until('the access body sees the delivery', async () => ((await permitAt(network, 'access', running))?.deliveries[0]?.first ?? 0) > 0)
  assert.deepEqual((await permitsOf(silent)).map(({ request, uses, mayUse, optOut }) => ({ request, uses, mayUse, optOut })), [{ request: running, uses: 1, mayUse: true, optOut: 'none' }])
})

let later: string

/** How many have opted out so far: each test can run alone. */
let out = 0

test('an opt-out is for permits approved after it: the running one goes on and is listed, a later one leaves her out', async () => {
  await optedOut(her)
  out++
  const again = await ask(network, running)
  assert.equal((await releaseOf(again)).considered, PEOPLE)
  later = await fileForPermit(network, { title: 'Later' })
  await issuePermit(network, later)
  const { considered, exact } = await releaseOf(await ask(network, later))
  assert.deepEqual([considered, exact], [PEOPLE - 1, PEOPLE / 2 - 1])
  assert.deepEqual((await permitsOf(her)).map(({ request, uses, mayUse, optOut }) => ({ request, uses, mayUse, optOut })), [
    { request: later, uses: 0, mayUse: false, optOut: 'keeps-out' }, { request: running, uses: 2, mayUse: true, optOut: 'for-later-ones' },
  ])
})

test('her opt-out calls nothing back that a running permit gave, and her statement says which permits go on', async () => {
  const statements = async (): Promise<{ document: { statement: { kind: string; releases: object[]; running?: object[] } } }[]> => (await oneTimeClient(network, 'rome', decisionKey(her.device.seed, 'rome')).get<{ statements: { document: { statement: { kind: string; releases: object[]; running?: object[] } } }[] }>('/people/1/statements')).statements
  await until('she has a statement', async () => (await statements()).some(({ document }) => document.statement.kind === 'opt-out'))
  const stated = (await statements()).find(({ document }) => document.statement.kind === 'opt-out')?.document.statement
  assert.deepEqual([stated?.releases, stated?.running], [[], [{ request: running, authority: 'access', until: (await permitAt(network, 'rome', running))?.permit?.until }]])
  assert.equal((await releaseOf(first)).recall, null)
  assert.equal((await requestView(network, running)).answered.length, 2)
})

test('an opt-out that the hospital has before a permit counts for it, though the ledger shows it later', async () => {
  const quick = await Citizen.settle(network, 4)
  out++
  await until('the provider is away', async () => network.stopNode('accounts').then(() => true))
  const request = await fileForPermit(network, { title: 'Meanwhile' })
  quick.set(declareOptOut(quick.device, { holder: 'rome' }))
  await quick.send().catch(() => undefined)
  await issuePermit(network, request)
  assert.equal((await releaseOf(await ask(network, request))).considered, PEOPLE - out)
  await network.start('accounts')
  await onLedger(quick, 'opt-out', 1)
  assert.equal((await releaseOf(await ask(network, request))).considered, PEOPLE - out)
})

test('an opt-out taken back is as if it had not been', async () => {
  her.set(withdrawOptOut(her.device, { holder: 'rome' }))
  await onLedger(her, 'opt-out', 2)
  out--
  assert.equal((await releaseOf(await ask(network, later))).considered, PEOPLE)
})

interface Shown {
  readonly permit: { readonly state: string; readonly version: number; readonly explanation: string | null }
  readonly course: readonly { readonly state: string; readonly by: string; readonly reason: string; readonly explanation: string | null }[]
}
const shownAt = (node: 'rome' | 'institute' | 'access', request: string): Promise<Shown> => network.staff(node).get<Shown>(`/staff/1/permits/${request}`)
const textAt = async (node: 'rome' | 'access', request: string): Promise<{ title: string; summary: string } | undefined> => node === 'access'
  ? (await access().get<{ document: { title: string; summary: string } }>(`/staff/1/applications/${request}`)).document
  : (await network.staff('rome').get<{ requests: { document: { id: string; title: string; summary: string } }[] }>('/staff/1/inbox')).requests.find(({ document }) => document.id === request)?.document

test('an application called incomplete is amended by its applicant alone, reaches everybody as it is then, and is decided on as it was read', async () => {
  const request = await fileForPermit(network, { title: 'Short' })
  const amend = (change: object): Promise<{ version: number }> => institute().post<{ version: number }>(`/staff/1/requests/${request}/amendment`, change)
  await assert.rejects(amend({ summary: 'Not asked for.' }), { code: 'NODE_STATE' })
  await access().post(`/staff/1/applications/${request}/incompleteness`, { missing: 'Say what it is good for.', version: 1 })
  await until('the applicant knows what is missing', async () => (await permitAt(network, 'institute', request))?.explanation === 'Say what it is good for.')
  assert.equal((await permitAt(network, 'institute', request))?.state, 'incomplete')
  assert.deepEqual((await shownAt('institute', request)).course.map(({ state }) => state), ['filed', 'incomplete'], 'before any decision too')
  await assert.rejects(institute().post(`/staff/1/requests/${request}/asks`, {}), { code: 'NODE_PERMIT_NOT_IN_FORCE' })
  await assert.rejects(amend({ purpose: 'education' }), { code: 'SCHEMA_NOT_VALID' })
  await assert.rejects(amend({ dataset: { holder: 'berlin', id: '0'.repeat(26), version: 1 }, question: null }), { code: 'NODE_BAD_INPUT' })
  assert.deepEqual([(await amend({ summary: 'Better care for asthma.' })).version, (await amend({ summary: 'Better care for asthma.' })).version], [3, 3])
  for (const node of ['access', 'rome'] as const) await until(`${node} has the new text`, async () => (await textAt(node, request))?.summary === 'Better care for asthma.')
  assert.equal((await textAt('rome', request))?.title, 'Short')
  await assert.rejects(access().post(`/staff/1/applications/${request}/permit`, { version: 2 }), { code: 'NODE_STATE' })
  await assert.rejects(access().post(`/staff/1/applications/${request}/refusal`, { reason: 'PURPOSE_NOT_SHOWN', version: 2 }), { code: 'NODE_STATE' })
  await issuePermit(network, request, { version: 3, explanation: 'Complete now.' })
  await assert.rejects(amend({ title: 'Another title' }), { code: 'NODE_STATE' })
  for (const node of ['institute', 'access'] as const) {
    assert.deepEqual((await shownAt(node, request)).course.map(({ state, by, reason, explanation }) => [state, by, reason, explanation]), [
      ['filed', 'institute', 'REQUEST_FILED', null], ['incomplete', 'access', 'APPLICATION_INCOMPLETE', 'Say what it is good for.'], ['amended', 'institute', 'REQUEST_AMENDED', null],
      ['complete', 'access', 'APPLICATION_COMPLETE', null], ['issued', 'access', 'CRITERIA_MET', 'Complete now.'],
    ], node)
  }
  // What was missing is between applicant and access body.
  assert.equal((await shownAt('rome', request)).course[1]?.explanation, null)
  assert.equal((await ask(network, request)).answer.released, true)
})

test('applicant and access body write to each other about an application', async () => {
  const request = await fileForPermit(network, { title: 'Asked about' })
  const texts = async (node: 'institute' | 'access'): Promise<string[]> => (await network.staff(node).get<{ messages: { text: string }[] }>(`/staff/1/requests/${request}/messages`)).messages.map(({ text }) => text)
  await access().post(`/staff/1/requests/${request}/messages`, { to: 'institute', text: 'Which guideline is it for?' })
  await until('the applicant reads it', async () => (await texts('institute')).length === 1)
  await institute().post(`/staff/1/requests/${request}/messages`, { to: 'access', text: 'The one on asthma.' })
  await until('the officer reads the answer', async () => (await texts('access')).length === 2)
  await assert.rejects(access().post(`/staff/1/requests/${request}/messages`, { to: 'rome', text: 'Not to a holder.' }), { code: 'NODE_NOT_FOUND' })
})

test('a refusal and its reason reach the requester', async () => {
  const request = await fileForPermit(network, { title: 'Refused' })
  await access().post(`/staff/1/applications/${request}/refusal`, { reason: 'PURPOSE_NOT_SHOWN', explanation: 'The benefit is not described.' })
  await until('the institute knows', async () => typeof (await permitAt(network, 'institute', request))?.explanation === 'string')
  const row = await permitAt(network, 'institute', request)
  assert.deepEqual([row?.state, row?.reason, row?.explanation, row?.permit], ['refused', 'PURPOSE_NOT_SHOWN', 'The benefit is not described.', null])
  const { requests } = await institute().get<{ requests: { request: string; permit: string | null }[] }>('/staff/1/requests')
  assert.deepEqual(requests.filter(({ request: id }) => id === request || id === running).map(({ permit }) => permit), ['refused', 'issued'])
  await assert.rejects(institute().post(`/staff/1/requests/${request}/asks`, {}), { code: 'NODE_PERMIT_NOT_IN_FORCE' })
})

interface Listed {
  readonly request: string
  readonly state: string
}

test('permits and applications come by pages: first what waits for the access body, then what is to be amended, then the rest, each the newest first', async () => {
  const filed: string[] = []
  for (const title of ['Leaf one', 'Leaf two', 'Leaf three', 'Leaf four', 'Leaf five']) filed.push(await fileForPermit(network, { title }))
  const [one = '', two = '', three = '', four = '', five = ''] = filed
  await access().post(`/staff/1/applications/${four}/incompleteness`, { missing: 'What it is good for.' })
  await issuePermit(network, five)
  await access().post(`/staff/1/applications/${one}/refusal`, { reason: 'PURPOSE_NOT_SHOWN' })
  const wanted = [[three, 'filed'], [two, 'filed'], [four, 'incomplete'], [one, 'refused'], [five, 'issued']]
  const pages = async (node: 'rome' | 'institute' | 'access', { path, limit }: { path: string; limit: string }): Promise<string[][]> => {
    const rows: string[][] = []
    for await (const { permits = [], applications = [] } of everyPage<{ permits?: Listed[]; applications?: { document: { id: string }; permit: Listed }[]; next: string | null }>(network.staff(node), path, { text: 'leaf', limit })) {
      assert.ok(permits.length + applications.length <= Number(limit))
      rows.push(...permits.map(({ request, state }) => [request, state]), ...applications.map(({ document, permit }) => [document.id, permit.state]))
    }
    return rows
  }
  for (const node of ['rome', 'institute', 'access'] as const) {
    await until(`${node} knows of the refusal`, async () => (await permitAt(network, node, one))?.state === 'refused')
    for (const limit of ['1', '2', '500']) assert.deepEqual(await pages(node, { path: '/staff/1/permits', limit }), wanted, `${node} ${limit}`)
    assert.deepEqual(await pages(node, { path: '/staff/1/permits?only=issued', limit: '1' }), [[five, 'issued']])
    assert.deepEqual(await pages(node, { path: '/staff/1/permits?only=late', limit: '1' }), [])
  }
  for (const limit of ['1', '3']) assert.deepEqual(await pages('access', { path: '/staff/1/applications', limit }), wanted)
  for (const bad of ['limit=0', 'limit=501', 'after=A', 'only=all', 'page=2']) await assert.rejects(access().get(`/staff/1/permits?${bad}`), { code: 'SCHEMA_NOT_VALID' }, bad)
  await assert.rejects(access().get(`/staff/1/applications/${'0'.repeat(26)}`), { code: 'NODE_NOT_FOUND' })
  // A holder's inbox says how each stands, without the list.
  const inbox = await wholeList<{ document: { id: string }; permit: string | null }>(network.staff('rome'), '/staff/1/inbox', { name: 'requests', text: 'leaf' })
  assert.deepEqual(new Map(inbox.map(({ document, permit }) => [document.id, permit])), new Map(inbox.map(({ document: { id } }) => [id, wanted.find(([request]) => request === id)?.[1] ?? null])))
  assert.equal(inbox.length, 5)
})

interface Holding {
  readonly release: string
  readonly request: string
  readonly state: string
}
const holdingOf = async (request: string): Promise<Holding | undefined> => (await institute().get<{ holdings: Holding[] }>('/staff/1/holdings')).holdings.find((row) => row.request === request)

async function offered(): Promise<string> {
  return (await network.staff('rome').post<{ dataset: string }>('/staff/1/datasets', {
    format: 'mhmd-dataset/1', title: 'Patients', summary: '', categories: ['a'],
    view: { resource: 'Patient', select: [{ column: [{ name: 'sex', path: 'gender' }, { name: 'birth', path: 'birthDate' }] }] },
    columns: [{ name: 'sex', role: 'quasi-identifying', reason: 'Known to everybody' }, { name: 'birth', role: 'quasi-identifying', reason: 'Known to neighbours', values: 'date', hierarchy: { type: 'date', units: ['year', 'decade', 'century'] } }],
    scenario: { attacker: 'prosecutor', knows: ['sex', 'birth'], text: 'A neighbour' },
    policy: { forms: ['anonymised', 'pseudonymised'], models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.5, thresholds: { highestRisk: 0.34, averageRisk: 0.34, uniques: 0, distinctValues: 1 } },
  })).dataset
}

/** A request for a table of this dataset, with a permit for it. */
async function tablePermitted(id: string, { form, body = {} }: { form: string; body?: object }): Promise<string> {
  const request = await fileForPermit(network, { title: 'Ages', fhirTypes: ['Patient'], question: undefined, form, dataset: { holder: 'rome', id, version: 1 }, ...(form === 'pseudonymised' ? { safeguards: ['secure-processing-environment'] } : {}) })
  await issuePermit(network, request, body)
  return request
}

test('rows under pseudonyms, and whatever a permit binds to a secure environment, leave nowhere', async () => {
  const dataset = await offered()
  for (const request of [await tablePermitted(dataset, { form: 'pseudonymised' }), await tablePermitted(dataset, { form: 'anonymised', body: { conditions: ['secure-processing-environment'] } })]) {
    await assert.rejects(network.staff('rome').post(`/staff/1/inbox/${request}/agreement`, { days: 10 }), { code: 'RELEASE_SECURE_ENVIRONMENT_ONLY' })
    await assert.rejects(network.staff('rome').post('/staff/1/releases/tables', { request }), { code: 'RELEASE_SECURE_ENVIRONMENT_ONLY' })
  }
})

test('a generalised table under a permit passes the gate, and leaves once a steward holds it anonymous; an opt-out meanwhile stops none of it', async () => {
  const request = await tablePermitted(await offered(), { form: 'anonymised' })
  await network.staff('rome').post(`/staff/1/inbox/${request}/agreement`, { days: 10 })
  await until('the agreement is accepted', () => institute().post(`/staff/1/agreements/${request}/rome/acceptance`, {}).then(() => true, () => false))
  await until('the release starts', () => network.staff('rome').post('/staff/1/releases/tables', { request }).then(() => true, () => false))
  const rowOf = async (): Promise<{ id: string; considered: number } | undefined> => (await network.staff('rome').get<{ releases: { id: string; request: string; considered: number }[] }>('/staff/1/releases')).releases.find((row) => row.request === request)
  await until('the gate let it through', async () => await rowOf() !== undefined)
  const row = await rowOf() as { id: string; considered: number }
  assert.equal(row.considered, PEOPLE - out)
  assert.equal(await holdingOf(request), undefined)
  const during = await Citizen.settle(network, 6)
  await optedOut(during)
  assert.equal(await holdingOf(request), undefined)
  const shown = await network.staff('rome').get<{ network: string; recipient: string; version: number }>(`/staff/1/releases/${row.id}/assessment`)
  const [reasons, salt] = ['Nobody there knows any patient of this hospital.', newSalt(randomness)]
  const statement = releaseAssessmentStatement({ network: shown.network, holder: 'rome', request, release: row.id, recipient: shown.recipient, state: 'anonymous', reason: 'RISK_IS_REMOTE', report: commit('release-assessment-report', reasons, salt), until: Date.now() + 86_400_000, version: shown.version + 1 })
  await network.staff('rome').post(`/staff/1/releases/${row.id}/assessment`, { statement, by: { key: network.admin.publicKey, signature: signStatement(statementKinds.releaseAssessment, statement, network.admin) }, reasons, salt })
  await until('the table is held', async () => (await holdingOf(request))?.state === 'held')
  await until('the access body sees the delivery', async () => ((await permitAt(network, 'access', request))?.deliveries[0]?.first ?? 0) > 0)
  assert.equal((await permitsOf(during)).find((one) => one.request === request)?.optOut, 'for-later-ones')
})

test('a revoked permit closes the door at once, for decisions made before too; what it gave stays', async () => {
  const request = (await network.staff('rome').get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')).requests.find((row) => row.document.id === running)
  assert.ok(request)
  await access().post(`/staff/1/applications/${running}/revocation`, { reason: 'CONDITIONS_BROKEN', explanation: 'Results were published that tell of people.' })
  for (const node of ['rome', 'institute'] as const) await until(`${node} knows`, async () => (await permitAt(network, node, running))?.explanation === 'Results were published that tell of people.')
  await assert.rejects(institute().post(`/staff/1/requests/${running}/asks`, {}), { code: 'NODE_PERMIT_NOT_IN_FORCE' })
  assert.deepEqual((await permitsOf(silent)).find((row) => row.request === running), { ...(await permitsOf(silent)).find((row) => row.request === running), state: 'revoked', mayUse: false, uses: 2 })
  assert.equal((await requestView(network, running)).answered.length, 2)
})
