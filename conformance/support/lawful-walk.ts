// A lawful walk through a small network: every operation of the people interface succeeds once, by somebody who may call it; and the credentials of each kind of caller.
import { join } from 'node:path'
import { accountKey, decisionKey } from '@mhmd/accounts'
import { declareOptOut, erase, onLedger, peopleClient, replaceKey, send, sendThroughRelay, statements, status, uses, withdraw } from '@mhmd/client'
import { releaseAssessmentStatement, signStatement, statementKinds } from '@mhmd/contracts'
import { commit, newSalt, newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { signRequest } from '@mhmd/messages'
import { initHome, joinHome, readApplication, readNetwork } from '@mhmd/node/home'
import { ask, clock, fileCount, importPatients, importText, mrn, oneTimeClient, randomness, releasesOf, settleAll, until } from '../../tests/support/small-network.ts'
import type { Citizen, SmallNetwork } from '../../tests/support/small-network.ts'
import { fileForPermit, issuePermit, permitAt } from '../../tests/support/permits.ts'

export interface Walked {
  /** `GET http://127.0.0.1:10011/staff/1/status`, each that succeeded. */
  readonly calls: readonly string[]
  /** Ids that exist, by the path's last word before them. */
  readonly ids: Readonly<Record<string, string>>
  /** She stays, to be asked in the name of. */
  readonly citizen: Citizen
}

const PEOPLE = 24

/** Notes every call that succeeds while `work` runs. */
async function noted(work: () => Promise<Omit<Walked, 'calls'>>): Promise<Walked> {
  const calls = new Set<string>()
  const real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const answer = await real(input, init)
    const url = input instanceof Request ? input.url : String(input)
    if (answer.ok) calls.add(`${init?.method ?? 'GET'} ${url}`)
    return answer
  }
  try {
    return { ...await work(), calls: [...calls] }
  } finally {
    globalThis.fetch = real
  }
}

export const walkLawfully = (network: SmallNetwork): Promise<Walked> => noted(async () => {
  await importPatients(network, PEOPLE + 4)
  await importText(network, `${JSON.stringify({ resourceType: 'Condition', id: 'bad', subject: { reference: 'Patient/p1' }, code: 'not a code' })}\n`)
  const citizens = await settleAll(network, PEOPLE, 'pseudonymised')
  const counted = await counting(network)
  const table = await tables(network)
  const permits = await permitted(network)
  const [stays, leaves, erased, relays] = citizens as [Citizen, Citizen, Citizen, Citizen]
  await citizensOwn(network, { stays, leaves, erased, relays })
  const staff = await staffsOwn(network)
  await everywhere(network)
  await standing(network)
  return { citizen: stays, ids: { ...counted, ...table, ...permits, ...staff } }
})

/** Requests, counts, jobs, proofs. */
async function counting(network: SmallNetwork): Promise<Record<string, string>> {
  const [rome, institute] = [network.staff('rome'), network.staff('institute')]
  const request = await fileCount(network)
  const { manifest } = await ask(network, request)
  for (const path of ['/staff/1/requests', '/staff/1/inbox', '/staff/1/releases', '/staff/1/jobs']) await (path === '/staff/1/requests' ? institute : rome).get(path)
  await releasesOf(network)
  await institute.post(`/staff/1/requests/${request}/messages`, { to: 'rome', text: 'Which codes do you use for asthma?' })
  await rome.post(`/staff/1/requests/${request}/messages`, { to: 'institute', text: 'SNOMED CT.' })
  for (const staff of [rome, institute]) await staff.get(`/staff/1/requests/${request}/messages`)
  await institute.post('/staff/1/anonymity-assessments', { holder: 'rome', release: manifest.release ?? '', report: 'A'.repeat(43) })
  const { jobs } = await rome.get<{ jobs: { id: string; kind: string }[] }>('/staff/1/jobs')
  const job = jobs.find(({ kind }) => kind === 'import')?.id ?? ''
  await rome.get(`/staff/1/jobs/${job}`)
  await rome.delete(`/staff/1/imports/${job}`)
  await cancelled(network)
  for (const path of ['/staff/1/quarantine', '/staff/1/records', '/staff/1/imports', `/staff/1/imports/${job}`, `/staff/1/inbox/${request}`, `/staff/1/releases/${manifest.release ?? ''}`]) await rome.get(path)
  return { requests: request, inbox: request, jobs: job, imports: job, releases: manifest.release ?? '' }
}

/** A job that is ended before it began, and goes on: its door is asked until one was not yet taken up. */
async function cancelled(network: SmallNetwork): Promise<void> {
  const rome = network.staff('rome')
  await until('a job is cancelled', async () => {
    const request = importText(network, `${JSON.stringify({ resourceType: 'Patient', id: 'late', identifier: [{ system: 'urn:example:late', value: 'late' }] })}\n`).catch(() => undefined)
    for (let tries = 0; tries < 40; tries++) {
      const { jobs } = await rome.get<{ jobs: { id: string; kind: string; state: string }[] }>('/staff/1/jobs')
      const waiting = jobs.find((job) => job.kind === 'import' && job.state === 'waiting')
      if (waiting === undefined || !await rome.delete(`/staff/1/jobs/${waiting.id}`).then(() => true, () => false)) continue
      await until('it goes on', () => rome.post(`/staff/1/jobs/${waiting.id}/resumption`, {}).then(() => true, () => false))
      return true
    }
    await request
    return false
  })
}

/** A table by agreement, released, held, assessed and deleted. */
async function tables(network: SmallNetwork): Promise<Record<string, string>> {
  const [rome, institute] = [network.staff('rome'), network.staff('institute')]
  const offer = async (): Promise<string> => (await rome.post<{ dataset: string }>('/staff/1/datasets', dataset)).dataset
  const hold = async (id: string): Promise<{ request: string; release: string }> => {
    const { request } = await institute.post<{ request: string }>('/staff/1/requests', { holders: ['rome'], class: 'research-organisation', title: 'Ages', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], form: 'anonymised', dataset: { holder: 'rome', id, version: 1 }, variables: ['sex', 'birth'], days: 30 })
    await until('the request arrives', () => rome.post(`/staff/1/inbox/${request}/answer`, { state: 'accepted' }).then(() => true, () => false))
    await rome.post(`/staff/1/inbox/${request}/agreement`, { days: 10 })
    await until('the agreement is accepted', () => institute.post(`/staff/1/agreements/${request}/rome/acceptance`, {}).then(() => true, () => false))
    await until('the release starts', () => rome.post('/staff/1/releases/tables', { request }).then(() => true, () => false))
    let release = ''
    await until('the table is held', async () => {
      const holding = (await institute.get<{ holdings: { release: string; request: string; state: string }[] }>('/staff/1/holdings')).holdings.find((row) => row.request === request)
      release = holding?.release ?? ''
      // Asked for again while it is on its way, which does no harm; mostly it is too late for that.
      if (holding?.state === 'offered') await institute.post(`/staff/1/holdings/${release}/rome/transfer`, {}).catch(() => undefined)
      return holding?.state === 'held'
    })
    return { request, release }
  }
  const kept = await offer()
  const { request, release } = await hold(kept)
  for await (const _ of await institute.stream(`/staff/1/holdings/${release}/rome/bytes`));
  const shown = await rome.get<{ network: string; recipient: string; version: number }>(`/staff/1/releases/${release}/assessment`)
  const [reasons, salt] = ['Nobody there knows any patient of this hospital.', newSalt(randomness)]
  const statement = releaseAssessmentStatement({ network: shown.network, holder: 'rome', request, release, recipient: shown.recipient, state: 'anonymous', reason: 'RISK_IS_REMOTE', report: commit('release-assessment-report', reasons, salt), until: Date.now() + 86_400_000, version: shown.version + 1 })
  const steward = newSigningKey().key
  await rome.post('/staff/1/staff', { key: steward.publicKey, roles: ['steward'] })
  await oneTimeClient(network, 'rome', steward).post(`/staff/1/releases/${release}/assessment`, { statement, by: { key: steward.publicKey, signature: signStatement(statementKinds.releaseAssessment, statement, steward) }, reasons, salt })
  await institute.get('/staff/1/agreements')
  await institute.post(`/staff/1/holdings/${release}/rome/deletion`, { reason: 'WORK_DONE' })
  await institute.delete(`/staff/1/agreements/${(await hold(await offer())).request}/rome`)
  await rome.get('/staff/1/deletions')
  await rome.get(`/staff/1/inbox/${request}/agreement`)
  await rome.delete(`/staff/1/inbox/${request}/agreement`)
  const second = await offer()
  await rome.post(`/staff/1/datasets/${second}`, dataset)
  await rome.delete(`/staff/1/datasets/${second}`)
  const { draft } = await rome.post<{ draft: string }>('/staff/1/datasets/drafts', { view: dataset.view })
  await until('the draft is profiled', async () => (await rome.get<{ state: string }>(`/staff/1/datasets/drafts/${draft}`)).state === 'done')
  await rome.get('/staff/1/datasets/drafts')
  await rome.post(`/staff/1/datasets/drafts/${draft}/document`, dataset)
  await rome.get('/staff/1/views')
  await rome.get('/staff/1/release-forms')
  const protection = `/staff/1/datasets/drafts/${draft}/protection`
  await rome.post(protection, { grid: { ks: [3], diversities: [], closenesses: [], suppressionLimits: [1] } })
  let name = ''
  await until('alternatives were tried', async () => {
    const { state, alternatives } = await rome.get<{ state: string; alternatives: { name: string }[] }>(protection)
    name = alternatives[0]?.name ?? ''
    return state === 'done'
  })
  await rome.get(`${protection}/${name}`)
  await rome.get(`${protection}/${name}/files`)
  await rome.post(`/staff/1/datasets/drafts/${draft}/hierarchy`, { column: 'birth', hierarchy: { type: 'date', units: ['year', 'decade'] } })
  await rome.post(`/staff/1/datasets/drafts/${draft}/estimate`, dataset)
  await rome.get(`/staff/1/datasets/${kept}`)
  await rome.get('/catalogue/1/datasets')
  await rome.get(`/catalogue/1/datasets/rome/${kept}`)
  await rome.delete(`/staff/1/datasets/drafts/${draft}`)
  await rome.get('/staff/1/datasets')
  return { datasets: kept, holdings: release, agreements: request }
}

const dataset = {
  format: 'mhmd-dataset/1', title: 'Patients', summary: '', categories: ['a'],
  view: { resource: 'Patient', select: [{ column: [{ name: 'sex', path: 'gender' }, { name: 'birth', path: 'birthDate' }] }] },
  columns: [{ name: 'sex', role: 'quasi-identifying', reason: 'Known to everybody' }, { name: 'birth', role: 'quasi-identifying', reason: 'Known to neighbours', values: 'date', hierarchy: { type: 'date', units: ['year', 'decade', 'century'] } }],
  scenario: { attacker: 'prosecutor', knows: ['sex', 'birth'], text: 'A neighbour' },
  policy: { forms: ['anonymised'], models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.5, thresholds: { highestRisk: 0.34, averageRisk: 0.34, uniques: 0, distinctValues: 1 } },
}

/** Applications: one for which a permit is issued and revoked, one that is refused. */
async function permitted(network: SmallNetwork): Promise<Record<string, string>> {
  const request = await fileForPermit(network)
  await issuePermit(network, request)
  await ask(network, request)
  for (const path of ['/staff/1/permits', '/staff/1/applications', `/staff/1/applications/${request}`]) await network.staff('access').get(path)
  await network.staff('access').post(`/staff/1/applications/${request}/revocation`, { reason: 'CONDITIONS_BROKEN' })
  await network.staff('access').post(`/staff/1/applications/${await fileForPermit(network)}/refusal`, { reason: 'CRITERIA_NOT_MET' })
  const begun = await fileForPermit(network)
  await network.staff('access').post(`/staff/1/applications/${begun}/incompleteness`, { missing: 'What the study is for.' })
  await until('the applicant sees it', async () => (await permitAt(network, 'institute', begun))?.explanation === 'What the study is for.')
  await network.staff('institute').post(`/staff/1/requests/${begun}/amendment`, { summary: 'How many people have asthma.' })
  await network.staff('institute').get(`/staff/1/permits/${begun}`)
  return { applications: request, permits: begun }
}

/** What a citizen does herself, at holder, provider and relay. */
async function citizensOwn(network: SmallNetwork, { stays, leaves, erased, relays }: Readonly<Record<'stays' | 'leaves' | 'erased' | 'relays', Citizen>>): Promise<void> {
  const directory = await network.directory()
  const holder = { holder: 'rome' }
  await status(stays.device, holder)
  await uses(stays.device, holder)
  await oneTimeClient(network, 'rome', decisionKey(stays.device.seed, 'rome')).get('/people/1/access-log')
  const [decision] = stays.device.state.decisions
  if (decision === undefined) throw new Error('she decided nothing')
  await until('her decision stands on the ledger', async () => (await onLedger(stays.device, decision)).code === 'VALID')
  const hers = oneTimeClient(network, 'rome', decisionKey(stays.device.seed, 'rome'))
  await until('her proof is there', () => hers.get(`/people/1/proofs/${decision.statement.operationId}`).then(() => true, () => false))
  await peopleClient({ baseUrl: network.url('accounts'), key: accountKey(stays.device.seed, 'accounts'), clock, randomness }).get('/people/1/account')
  leaves.set(withdraw(leaves.device, holder))
  await leaves.send()
  await until('she has a statement', async () => (await statements(leaves.device, { ...holder, signingKeyOf: (id) => directory.find((member) => member.id === id)?.signingKey ?? '' })).statements.length > 0)
  await replaceKey(leaves.device, { ...holder, by: 'old-key' })
  relays.set(declareOptOut(relays.device, holder))
  // By way of each node that is no holder, and of one that is: a relay never carries to itself.
  for (const relay of ['institute', 'accounts']) await sendThroughRelay(relays.device, { relay, messageKeyOf: (id) => directory.find((member) => member.id === id)?.messageKey ?? '' })
  relays.set((await send(relays.device)).state)
  await erase(erased.device, holder)
}

/** What staff do beside requests: desk, erasures, members, invitations, sessions. */
async function staffsOwn(network: SmallNetwork): Promise<Record<string, string>> {
  const rome = network.staff('rome')
  const pair = [newSigningKey().key, newSigningKey().key] as const
  for (const { publicKey } of pair) await rome.post('/staff/1/staff', { key: publicKey, roles: ['desk'] })
  const desk = oneTimeClient(network, 'rome', pair[0])
  const draft = await desk.post<{ draft: string; statement: any }>('/staff/1/desk-declarations/drafts', { ...mrn(PEOPLE), kind: 'opt-out', operation: 'set', evidence: 'E'.repeat(43), staff: pair.map(({ publicKey }) => publicKey) })
  await desk.post('/staff/1/desk-declarations', { draft: draft.draft, signatures: pair.map((key) => signStatement(statementKinds.deskDeclaration, draft.statement, key)) })
  await desk.post('/staff/1/key-closings', mrn(PEOPLE - 2))
  const { id: profile } = await rome.post<{ id: string }>('/staff/1/profiles', { definition: { resourceType: 'StructureDefinition', url: 'urn:example:named-patient', name: 'NamedPatient', status: 'active', kind: 'resource', abstract: false, type: 'Patient', baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient', derivation: 'constraint', differential: { element: [{ id: 'Patient.name', path: 'Patient.name', min: 1 }] } } })
  for (const path of ['/staff/1/profiles', '/staff/1/provenance']) await rome.get(path)
  await rome.delete(`/staff/1/profiles/${profile}`)
  const { id: merge } = await desk.post<{ id: string }>('/staff/1/merges', { patient: mrn(PEOPLE + 2), into: mrn(PEOPLE + 3), reason: 'REGISTERED_TWICE' })
  await desk.post('/staff/1/merges/search', mrn(PEOPLE + 2))
  await rome.get('/staff/1/merges')
  await desk.delete(`/staff/1/merges/${merge}?reason=TWO_PEOPLE`)
  await importText(network, `${JSON.stringify({ resourceType: 'Patient', id: `p${PEOPLE + 2}`, identifier: [mrn(PEOPLE + 2)], link: [{ other: { reference: `Patient/p${PEOPLE}` }, type: 'seealso' }] })}\n`)
  const { merges: [proposed] } = await desk.get<{ merges: { id: string }[] }>('/staff/1/merges?state=proposed')
  await desk.post(`/staff/1/merges/${proposed?.id ?? ''}/acceptance`, { stays: 'other', reason: 'INDEX_SAYS_SO' })
  const { erasure } = await rome.post<{ erasure: string }>('/staff/1/erasures', mrn(PEOPLE + 1))
  await rome.get(`/staff/1/erasures/${erasure}`)
  for (const path of ['/staff/1/recalls', '/staff/1/access-log', '/staff/1/checkpoints']) await rome.get(path)
  // Nothing answers there: the job that starts waits, and ends with its source.
  const source = await rome.post<{ id: string }>('/staff/1/bulk-sources', { name: 'the wards', url: 'http://127.0.0.1:9/fhir', tokenUrl: 'http://127.0.0.1:9/token', clientId: 'share' })
  await rome.post(`/staff/1/bulk-sources/${source.id}/runs`, {})
  await rome.get('/staff/1/bulk-sources')
  await rome.delete(`/staff/1/bulk-sources/${source.id}`)
  return { erasures: erasure, merges: merge }
}

/** What every node offers: its state, its members, the ledger, staff, invitations and sessions. */
async function everywhere(network: SmallNetwork): Promise<void> {
  for (const name of ['rome', 'institute', 'accounts', 'access'] as const) {
    const [admin, url] = [network.staff(name), network.url(name)]
    for (const path of ['/openapi.json', '/public/1/figures', '/public/1/figures/participants/evidence', '/public/1/people']) await fetch(`${url}${path}`)
    for (const path of ['/people/1/directory', '/staff/1/status', '/staff/1/members', '/staff/1/network', '/staff/1/staff', '/staff/1/health', '/staff/1/jobs', '/staff/1/invitations']) await admin.get(path)
    for await (const _ of await admin.stream('/staff/1/events?seconds=0'));
    const { blocks } = await admin.get<{ blocks: { transactions: { operationId: string }[] }[] }>('/staff/1/ledger/blocks?from=1&limit=100')
    const operation = blocks.flatMap(({ transactions }) => transactions)[0]?.operationId ?? ''
    await admin.get(`/staff/1/ledger/transactions/${operation}`)
    await admin.get(`/staff/1/ledger/transactions/${operation}/trace`)
    await admin.get(`/staff/1/proofs/${operation}`)
    for (const path of ['', '/participants', '/participants/evidence']) await admin.get(`/staff/1/analytics/questions${path}`)
    const colleague = newSigningKey().key
    const { link, id } = await admin.post<{ link: string; id: string }>('/staff/1/invitations', { roles: ['auditor'] })
    await oneTimeClient(network, name, colleague).post(`/people/1/invitations/${id}`, { secret: link.split('.').at(-1) })
    await admin.delete(`/staff/1/invitations/${(await admin.post<{ id: string }>('/staff/1/invitations', { roles: ['auditor'] })).id}`)
    await oneTimeClient(network, name, colleague).post('/staff/1/analytics/sql', { sql: 'SELECT * FROM channel' })
    const session = await openSession(network, name, colleague)
    for (const method of ['GET', 'DELETE']) await fetch(`${url}/session/1`, { method, headers: { cookie: session.cookie, 'x-mhmd-csrf': session.csrf, 'sec-fetch-site': 'same-origin' } })
    await admin.delete(`/staff/1/staff/${colleague.publicKey}`)
  }
}

/** Somebody new applies and is admitted, suspended, and voted for again: it stays suspended, and nobody else's standing changes. */
async function standing(network: SmallNetwork): Promise<void> {
  const home = join(network.folder, 'newcomer')
  const { document, id } = readNetwork(network.home('rome'))
  await initHome(home, { id: 'newcomer', name: 'Newcomer', country: 'IT', roles: ['auditor'], member: { host: '127.0.0.1', port: 9, serverName: 'newcomer.localhost' }, people: { host: '127.0.0.1', port: 9 } }, { now: Date.now(), adminKey: newSigningKey().key.publicKey })
  joinHome(home, document, id)
  const voters = [network.staff('rome'), network.staff('institute')] as const
  await voters[0].post('/staff/1/members/admissions', readApplication(home))
  await until('the other voter has the application', async () => (await voters[1].get<{ applications: object[] }>('/staff/1/members')).applications.length === 1)
  await voters[1].post('/staff/1/members/admissions', readApplication(home))
  for (const staff of voters) await staff.post('/staff/1/members/suspensions', { member: 'newcomer', version: 1 })
  await voters[0].post('/staff/1/members/reinstatements', { member: 'newcomer', version: 2 })
}

export async function openSession(network: SmallNetwork, node: string, key: SigningKey): Promise<{ cookie: string; csrf: string }> {
  const url = new URL('/session/1', network.url(node))
  const answer = await fetch(url, { method: 'POST', headers: { ...signRequest({ method: 'POST', url, body: new Uint8Array(0) }, key, { clock, randomness }) } })
  const { csrf } = await answer.json() as { csrf: string }
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', csrf }
}

