// A withdrawal through a whole small network: her statement, the recipient's removal and statement, the relay, the holder's own way to the ledger, and erasure.
import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import type { RecallStatement } from '@mhmd/accounts'
import { MhmdError } from '@mhmd/base'
import { erase, sendThroughRelay, statements, withdraw } from '@mhmd/client'
import type { StatementsView } from '@mhmd/client'
import { Citizen, ask, fileCount, importPatients, importText, mrn, oneTimeClient, patientLines, patientName, releasesOf, requestView, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const PEOPLE = 30
let network: SmallNetwork
let citizens: Citizen[]
let request: string

before(async () => {
  network = await smallNetwork({ ledgerAfterMilliseconds: 1500, lateAfterMilliseconds: 800 })
  await importPatients(network, PEOPLE)
  citizens = await settleAll(network, PEOPLE)
  await until('all are permitted', async () => (await viewOf(citizens[PEOPLE - 1] as Citizen)).versions.consent === 1)
  request = await fileCount(network)
})
after(() => network.close())

const viewOf = (citizen: Citizen): Promise<{ versions: { consent: number }; erased: { asked: number; done: number | null } | null; choices: object[]; permits: object[]; preview: { verdict: { answer: string } }[] }> => clientOf(citizen).get('/people/1/me')
function clientOf({ device }: Citizen): ReturnType<typeof oneTimeClient> {
  return oneTimeClient(network, 'rome', decisionKey(device.seed, 'rome'))
}

async function statementsOf(citizen: Citizen): Promise<StatementsView> {
  const members = await network.directory()
  return statements(citizen.device, { holder: 'rome', signingKeyOf: (id) => members.find((member) => member.id === id)?.signingKey ?? '' })
}

/** Whether any file below the folder holds the bytes. */
function holds(folder: string, text: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
}

test('after a withdrawal the recipient removes the answer, purges it from its files and states so; she keeps both statements', async () => {
  const her = citizens[1] as Citizen
  const { answer, manifest } = await ask(network, request)
  assert.equal(answer.released, true)
  const planted = `"release":"${manifest.release ?? ''}","request":`
  assert.equal(holds(network.home('institute'), planted), true, 'the answer is in the institute\'s files before')
  her.set(withdraw(her.device, { holder: 'rome' }))
  const [sending] = await her.send()
  assert.equal(sending?.taken?.enforced, 'now')
  await until('the recipient has answered', async () => ((await statementsOf(her)).statements[0]?.recipients[0]?.document ?? null) !== null)
  const [given] = (await statementsOf(her)).statements
  assert.equal(given?.document.statement.outcome, 'stopped')
  assert.equal(given?.document.statement.operationId, her.device.state.decisions.at(-1)?.statement.operationId)
  assert.deepEqual(given?.document.statement.releases, [{ release: manifest.release, recipient: 'institute' }])
  const theirs = given?.recipients[0]?.document?.statement
  assert.deepEqual([theirs?.outcome, theirs?.release, theirs?.removed.map(({ what, rows }) => [what, rows])], ['purged', manifest.release, [['answer', 1]]])
  assert.ok((theirs?.at ?? 0) >= (given?.document.statement.at ?? Infinity))
  assert.deepEqual((await requestView(network, request)).answered, [])
  assert.equal(holds(network.home('institute'), planted), false, 'and in none of them after')
  for (const name of [patientName(1), mrn(1).value]) assert.equal(holds(network.home('institute'), name), false)
  assert.equal((await releasesOf(network)).find((row) => row.id === manifest.release)?.recall?.late, false)
})

test('a figure of a standing question is computed anew without her: the recall leads to the corrected answer, and the statement names it', async () => {
  const her = citizens[13] as Citizen
  const { manifest, ask: first } = await ask(network, request, { standing: true })
  const considered = async (release: string | undefined): Promise<number | undefined> => (await releasesOf(network)).find((row) => row.id === release)?.considered
  const before = await considered(manifest.release)
  her.set(withdraw(her.device, { holder: 'rome' }))
  await her.send()
  const stated = async (): Promise<RecallStatement | undefined> => (await statementsOf(her)).statements[0]?.recipients.find((row) => row.release === manifest.release)?.document?.statement
  await until('the recipient has answered', async () => await stated() !== undefined)
  const theirs = await stated()
  assert.deepEqual([theirs?.outcome, theirs?.release, theirs?.removed.map(({ rows }) => rows)], ['recomputed', manifest.release, [1]])
  const { answered } = await requestView(network, request)
  assert.equal(answered.some((row) => row.ask === first), false, 'the old figure is gone')
  const anew = answered.find((row) => row.manifest.release === theirs?.replacedBy)
  assert.equal(anew?.answer.released, true)
  assert.deepEqual([await considered(theirs?.replacedBy), before], [(before ?? 0) - 1, before])
  assert.equal(answered.length, 1, 'one figure in the place of one')
})

test('a recipient that is down is shown late; up again, it removes and answers by itself; a release a person assessed as anonymous stays, and says so', async () => {
  const her = citizens[3] as Citizen
  const first = await ask(network, request)
  const second = await ask(network, request)
  assert.ok(first.manifest.release !== second.manifest.release)
  await network.staff('institute').post('/staff/1/anonymity-assessments', { holder: 'rome', release: second.manifest.release, report: Buffer.alloc(32, 3).toString('base64url') })
  await network.stopNode('institute')
  her.set(withdraw(her.device, { holder: 'rome' }))
  await her.send()
  const rowOf = async (id: string | undefined): Promise<Awaited<ReturnType<typeof releasesOf>>[number] | undefined> => (await releasesOf(network)).find((row) => row.id === id)
  await until('it is late', async () => (await rowOf(first.manifest.release))?.recall?.late === true)
  const uses = await clientOf(her).get<{ uses: { release: string; recall: { late: boolean } | null }[] }>('/people/1/uses')
  assert.equal(uses.uses.find((use) => use.release === first.manifest.release)?.recall?.late, true)
  await network.start('institute')
  await until('it answers', async () => (await rowOf(first.manifest.release))?.recall?.answered !== null)
  const [given] = (await statementsOf(her)).statements
  const outcomes = new Map(given?.recipients.map((row) => [row.release, row.document?.statement]))
  assert.equal(outcomes.get(first.manifest.release ?? '')?.outcome, 'purged')
  assert.equal(outcomes.get(second.manifest.release ?? '')?.outcome, 'released-as-anonymous-on')
  assert.ok((outcomes.get(second.manifest.release ?? '')?.assessedAt ?? 0) > 0)
  const kept = (await requestView(network, request)).answered.map((row) => row.manifest.release)
  assert.deepEqual([first, second].map(({ manifest: { release } }) => kept.includes(release)), [false, true])
})

test('where provider and holder refuse her, any member carries her declaration, sealed; the holder enforces it and takes it to the ledger itself', async () => {
  const her = citizens[5] as Citizen
  her.set(withdraw(her.device, { holder: 'rome' }))
  await network.stopNode('accounts')
  const cutOff = { ...her.device, addressOf: (member: string) => member === 'institute' ? network.url('institute') : 'http://127.0.0.1:9' }
  const members = await network.directory()
  const carried = await sendThroughRelay(cutOff, { relay: 'institute', messageKeyOf: (id) => members.find((member) => member.id === id)?.messageKey ?? '' })
  assert.equal(carried.length, 1)
  await until('the hospital has closed', async () => (await viewOf(her)).preview.every(({ verdict }) => verdict.answer !== 'permit'))
  await until('the ledger shows it', async () => (await viewOf(her)).versions.consent === 2)
  // What is not on the ledger anyway must not be with the relay: her decision's opening, by its salt.
  const salt = her.device.state.decisions.at(-1)?.opening.salt ?? ''
  assert.deepEqual([holds(network.home('institute'), 'relayed-decision/1'), holds(network.home('institute'), salt)], [true, false])
  await network.start('accounts')
  // Sent directly afterwards, the same decision is taken once.
  const [sending] = await her.send()
  assert.equal(sending?.taken?.version, 2)
})

test('a withdrawal that came by her provider alone closes too, and is stated; the hospital takes the record when it comes after the ledger', async () => {
  const her = citizens[9] as Citizen
  const { device } = her
  her.set(withdraw(device, { holder: 'rome' }))
  her.device = { ...her.device, addressOf: (member) => member === 'rome' ? 'http://127.0.0.1:9' : network.url(member) }
  const [first] = await her.send()
  assert.deepEqual(first?.decision.sent, { holder: false, provider: true })
  her.device = { ...her.device, addressOf: device.addressOf }
  await until('the hospital has it from the ledger', async () => (await viewOf(her)).versions.consent === 2)
  assert.ok((await viewOf(her)).preview.every(({ verdict }) => verdict.answer !== 'permit'))
  await until('it is stated', async () => (await statementsOf(her)).statements.length === 1)
  const [given] = (await statementsOf(her)).statements
  assert.deepEqual([given?.document.statement.outcome, given?.document.statement.operationId, given?.document.statement.version], ['stopped', null, 2])
  const [second] = await her.send()
  assert.deepEqual([second?.decision.sent.holder, second?.taken?.version], [true, 2])
  assert.equal((await statementsOf(her)).statements.length, 1)
})

test('a relay refuses what it can\'t carry, and a forged sealed message changes nothing', async () => {
  const relay = oneTimeClient(network, 'institute')
  const noise = Buffer.alloc(16_432, 1).toString('base64url')
  await assert.rejects(relay.post('/people/1/relays', { to: 'accounts', sealed: noise }), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(relay.post('/people/1/relays', { to: 'rome', sealed: 'short' }), { code: 'SCHEMA_NOT_VALID' })
  await relay.post('/people/1/relays', { to: 'rome', sealed: noise })
  await until('the hospital has looked at it', async () => (await network.staff('rome').get<{ jobs: { kind: string; state: string }[] }>('/staff/1/jobs')).jobs.some((job) => job.kind === 'relayed' && job.state === 'failed'))
})

test('erasure: records, signed decisions and memory of her end with her key; the statement follows the purge; a backup from before does not bring them back', async () => {
  const her = citizens[7] as Citizen
  const released = await ask(network, request)
  await network.stopNode('rome')
  cpSync(network.home('rome'), join(network.folder, 'backup'), { recursive: true })
  await network.start('rome')
  await assert.rejects(clientOf(her).post('/people/1/erasure', {}), { code: 'SCHEMA_NOT_VALID' })
  assert.deepEqual([(await viewOf(her)).erased, (await viewOf(her)).choices.length > 0, (await viewOf(her)).preview.length > 0], [null, true, true])
  const first = await erase(her.device, { holder: 'rome' })
  const { asked } = (await viewOf(her)).erased ?? {}
  assert.ok(typeof asked === 'number', 'from the moment it is asked for she is told')
  assert.deepEqual(await erase(her.device, { holder: 'rome' }), first, 'asked for twice, it is one erasure')
  await until('she is given the statement', async () => (await statementsOf(her)).statements.some(({ document }) => document.statement.outcome === 'purged'))
  const given = (await statementsOf(her)).statements.find(({ document }) => document.statement.outcome === 'purged')
  assert.deepEqual(given?.document.statement.removed.map(({ what }) => what), ['records', 'facts', 'signed-decisions', 'access-log'])
  assert.deepEqual(await erase(her.device, { holder: 'rome' }), first)
  assert.equal(given?.document.statement.releases.some(({ release }) => release === released.manifest.release), released.answer.released)
  assert.deepEqual((await clientOf(her).get<{ uses: object[] }>('/people/1/uses')).uses, [])
  const { erased, choices, preview, permits } = await viewOf(her)
  assert.deepEqual({ erased, choices, preview, permits }, { erased: { asked, done: given?.document.statement.at }, choices: [], preview: [], permits: [] })
  await assert.rejects(network.staff('rome').post('/staff/1/link-codes', mrn(7)), { code: 'NODE_SUBJECT_UNKNOWN' })
  assert.equal((await network.staff('rome').get<{ subjects: number }>('/staff/1/records')).subjects, PEOPLE - 1)
  await assert.rejects(network.staff('accounts').post('/staff/1/erasures', mrn(9)), { code: 'TRANSPORT_NO_SUCH_PATH' })
  // Nothing of hers is left that a choice could be about.
  her.set(withdraw(her.device, { holder: 'rome' }))
  assert.deepEqual((await her.send()).map(({ taken, errors }) => [taken, errors.some((error) => MhmdError.isInstance(error) && error.code === 'VAULT_UNKNOWN_SUBJECT')]), [[undefined, true]])
  // By staff, for a patient without an account.
  await importText(network, `${JSON.stringify({ resourceType: 'Patient', id: 'px', identifier: [{ system: mrn(0).system, value: 'MRN-X' }] })}\n`)
  const { erasure } = await network.staff('rome').post<{ erasure: string }>('/staff/1/erasures', { system: mrn(0).system, value: 'MRN-X' })
  await until('it is stated', async () => (await network.staff('rome').get<{ document: object | null }>(`/staff/1/erasures/${erasure}`)).document !== null)
  // Somebody new: her old pseudonym stays erased.
  await importText(network, patientLines(8).split('\n').filter((line) => line.includes('MRN-777')).join('\n'))
  const anew = await Citizen.settle(network, 7)
  assert.notEqual(anew.device.state.links[0]?.subject, her.device.state.links[0]?.subject)
  assert.deepEqual([(await viewOf(anew)).erased, (await viewOf(anew)).choices.length > 0, (await viewOf(her)).erased], [null, true, erased])
  // The older store with the present keys: its epoch's key is destroyed, so the node does not even start on it.
  await network.stopNode('rome')
  const store = (home: string): string => join(home, 'data', 'store.db')
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${store(network.home('rome'))}${suffix}`, { force: true })
  cpSync(store(join(network.folder, 'backup')), store(network.home('rome')))
  await assert.rejects(network.start('rome'), { code: 'VAULT_KEY_MISSING' })
})
