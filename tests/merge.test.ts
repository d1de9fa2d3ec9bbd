// Two numbers of one patient put together and taken apart, across nodes: counts, objections, consents, what left before, what she is shown, erasure.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import { decide, declareOptOut, status, withdraw } from '@mhmd/client'
import { resolveCohort, subjectsOf } from '@mhmd/consent'
import { insideOf } from '@mhmd/node/testing'
import type { HolderInside } from '@mhmd/node/testing'
import type { ConsentTerms, UseRequest } from '@mhmd/schema'
import { ask, clock, fileCount, importPatients, mrn, oneTimeClient, releasesOf, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { Citizen, ReleaseRow, SmallNetwork } from './support/small-network.ts'

/** Those settled have chosen; the last two never did. */
const PEOPLE = 26
const SETTLED = 24

let network: SmallNetwork
let inside: HolderInside
let citizens: Citizen[]
let request: string
let document: UseRequest

before(async () => {
  network = await smallNetwork()
  await importPatients(network, PEOPLE)
  citizens = await settleAll(network, SETTLED)
  inside = insideOf(network.node('rome')) as HolderInside
  request = await fileCount(network)
  document = (await rome().get<{ requests: { document: UseRequest }[] }>('/staff/1/inbox')).requests.map((row) => row.document).find(({ id }) => id === request) as UseRequest
  await until('all are permitted', async () => (await considered()) === SETTLED)
})
after(() => network.close())

const rome = (): ReturnType<SmallNetwork['staff']> => network.staff('rome')
/** Asks, and gives the release that left: another node has it by then. */
async function released(): Promise<ReleaseRow> {
  const { answer, manifest } = await ask(network, request)
  const row = (await releasesOf(network)).find(({ id }) => id === manifest.release)
  assert.ok(answer.released && row !== undefined)
  return row
}
/** Pseudonyms that the request would get now, and the decision. */
async function permitted(): Promise<readonly string[]> {
  const now = clock.now()
  const decision = await resolveCohort(document, inside.standing.at(inside.follower.height(), inside.vault.subjects()), { time: now, height: inside.follower.height(), deadline: now + 60_000, stillStands: inside.standing.watch() })
  return [...subjectsOf(decision, now)]
}
const considered = async (): Promise<number> => (await permitted()).length
const calledBack = (release: ReleaseRow): Promise<void> => until('it is called back', async () => ((await releasesOf(network)).find(({ id }) => id === release.id)?.recall?.answered ?? null) !== null)
interface Merge { readonly id: string; readonly state: string; readonly at: number; readonly by: string | null; readonly reason: string | null; readonly ended: { readonly by: string | null; readonly reason: string | null } | null }
const merge = (from: number, into: number): Promise<Merge> => rome().post<Merge>('/staff/1/merges', { patient: mrn(from), into: mrn(into), reason: 'REGISTERED_TWICE' })
const unmerge = (id: string): Promise<Merge> => rome().delete<Merge>(`/staff/1/merges/${id}?reason=TWO_PEOPLE`)
const her = (index: number): Citizen => citizens[index] as Citizen
const clientOf = ({ device }: Citizen): ReturnType<typeof oneTimeClient> => oneTimeClient(network, 'rome', decisionKey(device.seed, 'rome'))
const subjectOf = (index: number): Promise<string> => inside.holderVault.find(mrn(index).system, mrn(index).value)
const bases = async (index: number): Promise<readonly object[]> => inside.standing.of(await subjectOf(index))
const termsOf = (citizen: Citizen): ConsentTerms => citizen.device.state.decisions[0]?.opening.content.terms as ConsentTerms

/** What a person reads of herself, but for what moves by itself. */
async function seen(index: number): Promise<object> {
  const client = clientOf(her(index))
  const { choices, merged, notices } = await client.get<{ choices: object[]; merged: unknown; notices: { hash: string }[] }>('/people/1/me')
  const uses = (await client.get<{ uses: { release: string }[] }>('/people/1/uses')).uses.map(({ release }) => release)
  return { choices, merged, notices: notices.map(({ hash }) => hash), uses }
}

test('a merge widens no consent: the records of a patient who never chose stay out until she decides under the notice of the merge; unmerge gives back what was', async () => {
  const silent = SETTLED
  const [mine, beside] = [await seen(2), await bases(silent)]
  assert.deepEqual(beside, [])
  const { id } = await merge(silent, 2)
  assert.equal(await considered(), SETTLED)
  assert.deepEqual(await bases(silent), [])
  const { view, state } = await status(her(2).device, { holder: 'rome' })
  assert.equal(view.merged?.numbers, 2)
  assert.match(view.notices[0]?.text ?? '', /two patient numbers/)
  her(2).set(decide({ ...her(2).device, state }, { holder: 'rome', terms: termsOf(her(2)), notice: view.notices[0]?.hash ?? '' }))
  await her(2).send()
  await until('her decision for both is on the ledger', async () => (await bases(silent)).some((basis) => 'terms' in basis && basis.terms !== null))
  // One more among the pseudonyms, none more among the people counted, though the silent one has the condition too.
  const left = await released()
  assert.deepEqual([left.considered, left.exact], [SETTLED + 1, SETTLED / 2])
  await unmerge(id)
  assert.deepEqual(await bases(silent), [])
  assert.equal(await considered(), SETTLED)
  await calledBack(left)
  const again = await seen(2) as typeof mine & { choices: { version?: number }[] }
  assert.deepEqual({ ...again, choices: null, uses: null }, { ...mine, choices: null, uses: null })
})

test('an opt-out of either counts for both, and calls back what the other\'s consent let out', async () => {
  const { id } = await merge(4, 5)
  const left = await released()
  her(4).set(declareOptOut(her(4).device, { holder: 'rome' }))
  assert.equal((await her(4).send())[0]?.taken?.enforced, 'now')
  assert.equal((await bases(5)).some((basis) => 'since' in basis), true)
  assert.equal(await considered(), SETTLED - 2)
  await calledBack(left)
  const { statements } = await clientOf(her(5)).get<{ statements: { document: { statement: { kind: string } } }[] }>('/people/1/statements')
  assert.ok(statements.some(({ document }) => document.statement.kind === 'opt-out'), 'the other key reads the statement too')
  await unmerge(id)
  assert.equal((await bases(5)).some((basis) => 'since' in basis), false)
  assert.equal(await considered(), SETTLED - 1)
})

test('merged after one had opted out: what left of the other is called back; a withdrawal of one ends both', async () => {
  const left = await released()
  const { id } = await merge(6, 4)
  assert.equal(await considered(), SETTLED - 2)
  await calledBack(left)
  await unmerge(id)
  const second = await merge(6, 7)
  her(7).set(withdraw(her(7).device, { holder: 'rome' }))
  await her(7).send()
  assert.equal(await considered(), SETTLED - 3)
  await unmerge(second.id)
  assert.equal(await considered(), SETTLED - 2)
})

test('who is one already is not merged again; an end is one; only steward and desk may, and each sees no pseudonym', async () => {
  const { id } = await merge(8, 9)
  for (const [one, other] of [[8, 9], [9, 8], [8, 8]] as const) await assert.rejects(merge(one, other), { code: 'NODE_STATE' })
  const list = await rome().get<{ merges: Merge[] }>('/staff/1/merges')
  assert.equal(list.merges[0]?.id, id)
  for (const index of [8, 9]) assert.ok(!JSON.stringify(list).includes(await subjectOf(index)))
  const search = await rome().post<{ numbers: number; merges: Merge[] }>('/staff/1/merges/search', mrn(9))
  assert.deepEqual([search.numbers, search.merges.map((row) => row.id)], [2, [id]])
  assert.deepEqual([list.merges[0]?.by, list.merges[0]?.reason], [network.admin.publicKey, 'REGISTERED_TWICE'], 'who said so, and why')
  const over = await unmerge(id)
  assert.deepEqual([over.state, over.ended?.by, over.ended?.reason], ['ended', network.admin.publicKey, 'TWO_PEOPLE'])
  await assert.rejects(unmerge(id), { code: 'NODE_STATE' })
  await assert.rejects(unmerge('0'.repeat(26)), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(rome().delete(`/staff/1/merges/${id}`), { code: 'SCHEMA_NOT_VALID' }, 'nothing ends without a reason')
  await assert.rejects(rome().post('/staff/1/merges', { patient: { ...mrn(8), value: 'nobody' }, into: mrn(9), reason: 'PATIENT_SAYS_SO' }), { code: 'NODE_SUBJECT_UNKNOWN' })
  await assert.rejects(oneTimeClient(network, 'rome').post('/staff/1/merges', { patient: mrn(8), into: mrn(9), reason: 'PATIENT_SAYS_SO' }), { code: 'NODE_STAFF_UNKNOWN' })
})

test('a link code for either number is for the one with a key; a restart changes nothing; her erasure ends both', async () => {
  const { id } = await merge(10, SETTLED + 1)
  const { code } = await rome().post<{ code: string }>('/staff/1/link-codes', mrn(SETTLED + 1))
  const begun = await oneTimeClient(network, 'rome').post<{ subject: string }>('/people/1/enrolments/begin', { code })
  assert.equal(begun.subject, await subjectOf(10))
  await network.stopNode('rome')
  await network.start('rome')
  inside = insideOf(network.node('rome')) as HolderInside
  assert.deepEqual((await rome().post<{ merges: Merge[] }>('/staff/1/merges/search', mrn(10))).merges.map((row) => row.id), [id])
  await clientOf(her(10)).post('/people/1/erasure', { confirm: 'erase my records kept here' })
  const held = async (): Promise<number> => (await rome().get<{ subjects: number }>('/staff/1/records')).subjects
  await until('both are erased', async () => await held() === PEOPLE - 2)
  await until('nothing joins them any more', async () => (await rome().get<{ merges: Merge[] }>('/staff/1/merges')).merges.every((row) => row.id !== id))
})
