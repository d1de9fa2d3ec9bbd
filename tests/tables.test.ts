// Tables between a hospital and an institute, on a whole small network: agreement, release, gate, transfer, assessment, withdrawal, deletion.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import { newId } from '@mhmd/base'
import { withdraw } from '@mhmd/client'
import { releaseAssessmentStatement, signStatement, stateKeys, statementKinds } from '@mhmd/contracts'
import { commit, newSalt } from '@mhmd/crypto'
import { insideOf } from '@mhmd/node/testing'
import type { HolderInside } from '@mhmd/node/testing'
import type { Dataset } from '@mhmd/schema'
import { importPatients, oneTimeClient, patientName, randomness, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { Citizen, SmallNetwork } from './support/small-network.ts'

const PEOPLE = 24

let network: SmallNetwork
let citizens: Citizen[]
let datasetId: string
let inside: HolderInside

const dataset = (change: Partial<Dataset['policy']> = {}): Dataset => ({
  format: 'mhmd-dataset/1', title: 'Patients', summary: '', categories: ['a'],
  view: { resource: 'Patient', select: [{ column: [{ name: 'family', path: 'name.first().family' }, { name: 'sex', path: 'gender' }, { name: 'birth', path: 'birthDate' }] }] },
  columns: [
    { name: 'family', role: 'identifying', reason: 'A name' },
    { name: 'sex', role: 'quasi-identifying', reason: 'Known to everybody' },
    { name: 'birth', role: 'quasi-identifying', reason: 'Known to neighbours', values: 'date', hierarchy: { type: 'date', units: ['year', 'decade', 'century'] } },
  ],
  scenario: { attacker: 'prosecutor', knows: ['sex', 'birth'], text: 'A neighbour' },
  policy: { forms: ['anonymised', 'pseudonymised'], models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.3, thresholds: { highestRisk: 0.34, averageRisk: 0.34, uniques: 0, distinctValues: 1 }, ...change },
})

interface Holding {
  readonly release: string
  readonly request: string
  readonly state: string
  readonly digest: string
  readonly until: number
  readonly agreement: string
  readonly manifest: { readonly withheld: unknown; readonly form: string; readonly digest: string }
  readonly receipt: object | null
  readonly assessment: { readonly state: string } | null
}
interface ReleaseRow {
  readonly id: string
  readonly considered: number
  readonly table?: { readonly received?: number; readonly stopped?: number; readonly deleted?: { readonly at: number } }
  readonly recall: { readonly answered: number | null } | null
}
interface DeletionRow {
  readonly release: string
  readonly recipient: string
  readonly due: number
  readonly receipt: number | null
  readonly late: boolean
}
interface JobView {
  readonly job: { readonly state: string; readonly code?: string }
  readonly log: readonly { readonly event: string; readonly details: Readonly<Record<string, string | number>> }[]
}

const rome = (): ReturnType<SmallNetwork['staff']> => network.staff('rome')
const institute = (): ReturnType<SmallNetwork['staff']> => network.staff('institute')
const holdings = async (): Promise<readonly Holding[]> => (await institute().get<{ holdings: Holding[] }>('/staff/1/holdings')).holdings
const holdingOf = async (request: string): Promise<Holding | undefined> => (await holdings()).find((row) => row.request === request)
const deletions = async (): Promise<readonly DeletionRow[]> => (await rome().get<{ deletions: DeletionRow[] }>('/staff/1/deletions')).deletions
const releaseRow = async (id: string): Promise<ReleaseRow | undefined> => (await rome().get<{ releases: ReleaseRow[] }>('/staff/1/releases')).releases.find((row) => row.id === id)
const jobOf = (job: string): Promise<JobView> => rome().get<JobView>(`/staff/1/jobs/${job}`)

async function offered(document: Dataset): Promise<string> {
  return (await rome().post<{ dataset: string }>('/staff/1/datasets', document)).dataset
}

/** A request that the hospital accepted. */
async function accepted(form: 'anonymised' | 'pseudonymised', { dataset: id = datasetId, variables = ['family', 'sex', 'birth'], question }: { dataset?: string; variables?: readonly string[]; question?: object } = {}): Promise<string> {
  const { request } = await institute().post<{ request: string }>('/staff/1/requests', {
    holders: ['rome'], class: 'research-organisation', title: 'Ages', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], form, dataset: { holder: 'rome', id, version: 1 }, variables, days: 30, ...(question === undefined ? {} : { question }),
  })
  await until('the request arrives', async () => (await rome().get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')).requests.some((row) => row.document.id === request))
  await rome().post(`/staff/1/inbox/${request}/answer`, { state: 'accepted' })
  return request
}

async function agreed(request: string): Promise<string> {
  await rome().post(`/staff/1/inbox/${request}/agreement`, { days: 10 })
  await until('the agreement arrives', async () => (await institute().get<{ agreements: { document: { request: string }; state: string | null }[] }>('/staff/1/agreements')).agreements.some((row) => row.document.request === request && row.state === 'offered'))
  await institute().post(`/staff/1/agreements/${request}/rome/acceptance`, {})
  return request
}

/** Starts the release as soon as this holder has heard of the acceptance. */
async function started(request: string): Promise<string> {
  let job = ''
  const named = newId(randomness)
  await until('the agreement is heard of', async () => rome().post<{ job: string }>('/staff/1/releases/tables', { request, job: named }).then((answer) => (job = answer.job) !== '', () => false))
  return job
}

async function held(request: string): Promise<Holding> {
  await started(request)
  await until('the table is held', async () => (await holdingOf(request))?.state === 'held')
  return await holdingOf(request) as Holding
}

async function download({ release }: Holding): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of await institute().stream(`/staff/1/holdings/${release}/rome/bytes`)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

async function withdrawn(citizen: Citizen): Promise<void> {
  citizen.set(withdraw(citizen.device, { holder: 'rome' }))
  await citizen.send()
}

before(async () => {
  network = await smallNetwork()
  inside = insideOf(network.node('rome')) as HolderInside
  await importPatients(network, PEOPLE)
  citizens = await settleAll(network, PEOPLE, 'pseudonymised')
  datasetId = await offered(dataset())
  await until('everybody’s consent is on the ledger', async () => (await inside.follower.latestBelow(['consent', 'rome'])).length === PEOPLE)
})
after(() => network.close())

test('a generalised table travels under an agreement, and is held with the digest that the gate passed', async () => {
  const request = await accepted('anonymised')
  await assert.rejects(rome().post('/staff/1/releases/tables', { request }), { code: 'NODE_NO_AGREEMENT', remedy: /mhmd agreement offer/ })
  await agreed(request)
  const holding = await held(request)
  const text = await download(holding)
  assert.equal(createHash('sha256').update(text).digest('base64url'), holding.digest)
  assert.equal(holding.manifest.digest, holding.digest)
  const [header, ...lines] = text.trimEnd().split('\n')
  assert.equal(header, 'sex,birth')
  assert.equal(lines.length, PEOPLE)
  assert.ok(!citizens.some((_one, index) => text.includes(patientName(index))))
  for (const [line, rows] of Map.groupBy(lines, (one) => one)) assert.ok(line === '*,*' || rows.length >= 3, line)
  assert.deepEqual(holding.manifest.withheld, [{ name: 'family', why: 'identifying' }])
  await until('the holder knows that it came', async () => (await releaseRow(holding.release))?.table?.received !== undefined)
  assert.equal((await releaseRow(holding.release))?.considered, PEOPLE)
  assert.ok(await inside.follower.latest(stateKeys.useRelease(request, 'rome', holding.release)))
})

test('what the gate holds back leaves no byte, and its log says by which rule and figures', async () => {
  // What the engine is not asked to protect: a birthday that somebody called insensitive.
  const mistaken = dataset()
  const strict = await offered({ ...mistaken, scenario: { ...mistaken.scenario, knows: ['sex'] }, columns: mistaken.columns.map((column) => (column.name === 'birth' ? { name: 'birth', role: 'insensitive', reason: 'A mistake' } : column)) })
  const request = await agreed(await accepted('anonymised', { dataset: strict }))
  const job = await started(request)
  await until('the job is over', async () => (await jobOf(job)).job.state === 'failed')
  const { job: { code }, log } = await jobOf(job)
  assert.equal(code, 'RELEASE_GATE_TELLS_APART')
  const line = log.find(({ event }) => event === 'held-back')
  assert.ok(line?.details['rule'] === 'TELLS_APART' && Number(line.details['smallestClass']) >= 3, JSON.stringify(log))
  assert.equal(await holdingOf(request), undefined)
})

test('whoever withdraws while a table is on its way stops all of it; asked twice under one name it is made once', async () => {
  const request = await agreed(await accepted('pseudonymised'))
  const named = newId(randomness)
  await until('the agreement is heard of', async () => (await rome().get<{ agreement: { state: string | null } | null }>(`/staff/1/inbox/${request}/agreement`)).agreement?.state === 'accepted')
  // The institute hears of nothing: the table waits at the hospital.
  await network.stopNode('institute')
  for (let turn = 0; turn < 2; turn++) assert.equal((await rome().post<{ job: string }>('/staff/1/releases/tables', { request, job: named })).job, named)
  await until('the release is made', async () => (await jobOf(named)).job.state === 'done')
  const made = (await rome().get<{ releases: (ReleaseRow & { request: string })[] }>('/staff/1/releases')).releases.filter((row) => row.request === request)
  assert.deepEqual(made.map(({ table }) => table?.received), [undefined])
  const { id } = made[0] as ReleaseRow
  await withdrawn(citizens.pop() as Citizen)
  await network.start('institute')
  await until('it is stopped or called back', async () => (await releaseRow(id))?.table?.stopped !== undefined || (await releaseRow(id))?.recall !== null)
  await until('nothing of it is on its way any more', async () => !['offered', 'held', 'deleting'].includes((await holdingOf(request))?.state ?? 'none'))
  for (const { id: job } of (await institute().get<{ jobs: { id: string; kind: string; input: { release?: string }; state: string }[] }>('/staff/1/jobs')).jobs.filter((row) => row.kind === 'transfer' && row.input.release === id)) {
    assert.equal((await institute().get<JobView>(`/staff/1/jobs/${job}`)).log.some(({ event }) => event === 'verified'), false, 'its bytes never came whole')
  }
})

test('a table is of the cohort that the request names, and a request for one names a dataset', async () => {
  const request = await agreed(await accepted('pseudonymised', { question: { all: [{ type: 'sex', value: 'female' }] } }))
  const lines = (await download(await held(request))).trimEnd().split('\n').slice(1)
  assert.ok(lines.length > 3 && lines.every((line) => line.split(',')[1] === 'female'), lines.join())
  const asked = { holders: ['rome'], class: 'research-organisation', title: 'Ages', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], days: 30 }
  for (const wrong of [{ form: 'anonymised' }, {}, { form: 'pseudonymised', dataset: { holder: 'berlin', id: datasetId, version: 1 } }]) await assert.rejects(institute().post('/staff/1/requests', { ...asked, ...wrong }), { code: 'NODE_BAD_INPUT' })
})

test('a pseudonymised table is purged after a withdrawal, and the receipt stands on the ledger', async () => {
  const request = await agreed(await accepted('pseudonymised'))
  const holding = await held(request)
  const text = await download(holding)
  assert.match(text, /^pseudonym,sex,birth\n[0-9a-hjkmnp-tv-z]{26},/)
  await withdrawn(citizens.pop() as Citizen)
  await until('it is deleted', async () => (await holdingOf(request))?.state === 'deleted')
  await assert.rejects(download(holding), { code: 'NODE_STATE' })
  await until('the ledger shows the deletion', async () => await inside.follower.latest(stateKeys.deletion(request, 'rome', holding.release)) !== undefined)
  assert.ok((await holdingOf(request))?.receipt)
  await until('its holder counts it as deleted', async () => (await deletions()).find(({ release }) => release === holding.release)?.receipt !== null)
  // Neither the next table nor its people have her.
  const next = await held(await agreed(await accepted('pseudonymised')))
  assert.equal((await releaseRow(next.release))?.considered, citizens.length)
  assert.equal((await download(next)).trimEnd().split('\n').length - 1, citizens.length)
})

/** What a steward signs of a table that she holds anonymous for its recipient. */
async function assessed({ request, release }: { readonly request: string; readonly release: string }): Promise<{ statement: object; by: object; reasons: string; salt: string }> {
  const shown = await rome().get<{ network: string; recipient: string; version: number }>(`/staff/1/releases/${release}/assessment`)
  const [reasons, salt] = ['Nobody at the institute knows any patient of this hospital.', newSalt(randomness)]
  const statement = releaseAssessmentStatement({ network: shown.network, holder: 'rome', request, release, recipient: shown.recipient, state: 'anonymous', reason: 'RISK_IS_REMOTE', report: commit('release-assessment-report', reasons, salt), until: Date.now() + 86_400_000, version: shown.version + 1 })
  return { statement, by: { key: network.admin.publicKey, signature: signStatement(statementKinds.releaseAssessment, statement, network.admin) }, reasons, salt }
}

test('a table that a steward assessed as anonymous for its recipient stays after a withdrawal, and its recipient says so', async () => {
  const fresh = await offered(dataset())
  const request = await agreed(await accepted('anonymised', { dataset: fresh }))
  const holding = await held(request)
  const signed = await assessed({ request, release: holding.release })
  await assert.rejects(rome().post(`/staff/1/releases/${holding.release}/assessment`, { ...signed, reasons: 'Other reasons.' }), { code: 'NODE_BAD_INPUT' })
  await rome().post(`/staff/1/releases/${holding.release}/assessment`, signed)
  await until('the institute sees the assessment', async () => (await holdingOf(request))?.assessment?.state === 'anonymous')
  await withdrawn(citizens.pop() as Citizen)
  await until('the recall is answered', async () => (await releaseRow(holding.release))?.recall?.answered !== null && (await releaseRow(holding.release))?.recall !== null)
  assert.equal((await holdingOf(request))?.state, 'held')
})

test('a table is deleted at the end, with a receipt to the holder; ending the agreement suffices', async () => {
  const fresh = await offered(dataset())
  const byHand = await held(await agreed(await accepted('anonymised', { dataset: fresh })))
  await institute().post(`/staff/1/holdings/${byHand.release}/rome/deletion`, { reason: 'WORK_DONE' })
  await until('the holder has the receipt', async () => (await releaseRow(byHand.release))?.table?.deleted !== undefined)
  await assert.rejects(rome().post(`/staff/1/releases/${byHand.release}/assessment`, await assessed(byHand)), { code: 'NODE_STATE' }, 'what is gone is assessed no more')
  const byEnd = await held(await agreed(await accepted('anonymised', { dataset: await offered(dataset()) })))
  const her = citizens[0] as Citizen
  const { uses } = await oneTimeClient(network, 'rome', decisionKey(her.device.seed, 'rome')).get<{ uses: { release: string; deleted: number | null }[] }>('/people/1/uses')
  const toldOf = (release: string): number | null | undefined => uses.find((use) => use.release === release)?.deleted
  assert.deepEqual([toldOf(byHand.release), toldOf(byEnd.release)], [(await releaseRow(byHand.release))?.table?.deleted?.at, null], 'who was in it is told')
  await institute().delete(`/staff/1/agreements/${byEnd.request}/rome`)
  await until('it is deleted', async () => (await holdingOf(byEnd.request))?.state === 'deleted')
  await assert.rejects(rome().post('/staff/1/releases/tables', { request: byEnd.request }), { code: 'NODE_NO_AGREEMENT' })
})

test('a holder sees its agreement, ends it, and whose receipt of deletion is due', async () => {
  const request = await accepted('anonymised')
  const agreement = async (): Promise<{ state: string | null; by: string | null; document: { until: number } } | null> => (await rome().get<{ agreement: { state: string; by: string; document: { until: number } } | null }>(`/staff/1/inbox/${request}/agreement`)).agreement
  assert.equal(await agreement(), null)
  await agreed(request)
  await until('the holder hears of the acceptance', async () => (await agreement())?.state === 'accepted')
  assert.equal((await agreement())?.by, 'institute')
  const { release } = await held(request)
  const deletion = async (): Promise<DeletionRow | undefined> => (await deletions()).find((row) => row.release === release)
  await until('the holder knows that it came', async () => await deletion() !== undefined)
  const { due, receipt, late, recipient } = await deletion() ?? {}
  assert.deepEqual([recipient, due, receipt, late], ['institute', (await agreement())?.document.until, null, false])
  await rome().delete(`/staff/1/inbox/${request}/agreement`)
  await until('the institute deletes what it holds under it', async () => typeof (await deletion())?.receipt === 'number')
  assert.deepEqual([(await agreement())?.state, (await agreement())?.by, (await deletion())?.late], ['ended', 'rome', false])
  const { agreements } = await institute().get<{ agreements: { document: { request: string }; state: string; by: string | null; since: number | null }[] }>('/staff/1/agreements')
  const ended = agreements.find(({ document }) => document.request === request)
  assert.deepEqual([ended?.state, ended?.by, ended?.since], ['ended', 'rome', (await deletion())?.due], 'its recipient sees when it ended, and by whom')
  assert.ok(Number((await deletion())?.due) <= Number((await deletion())?.receipt))
  await assert.rejects(rome().delete(`/staff/1/inbox/${request}/agreement`), { code: 'NODE_LEDGER_REFUSED' })
  await assert.rejects(rome().delete(`/staff/1/inbox/${'0'.repeat(26)}/agreement`), { code: 'NODE_NOT_FOUND' })
})

test('an agreement offered for more days than the use has left ends with the use, and the answer says on which day', async () => {
  const request = await accepted('anonymised')
  const { until: ends } = (await rome().get<{ requests: { document: { id: string; until: number } }[] }>('/staff/1/inbox')).requests.find(({ document }) => document.id === request)?.document ?? {}
  assert.equal((await rome().post<{ until: number }>(`/staff/1/inbox/${request}/agreement`, { days: 31 })).until, ends)
})
