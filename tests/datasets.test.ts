// A dataset from records to another member's catalogue: drafted, profiled, decided, offered, listed at the researcher's node; nothing of a person on the way.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readyViews } from '@mhmd/fhir'
import type { CatalogueEntry, Dataset, DatasetColumn } from '@mhmd/schema'
import { importText, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

interface Draft {
  readonly state: string
  readonly code: string | null
  readonly profile: { readonly rows: number; readonly people: number; readonly alone: number; readonly columns: readonly { readonly name: string; readonly distinct: number }[] } | null
  readonly columns: readonly DatasetColumn[] | null
}
interface Offered {
  readonly holder: string
  readonly dataset: string
  readonly version: number
  readonly entry: CatalogueEntry | null
}

const PEOPLE = 24
let network: SmallNetwork
let draft: Draft
let dataset: Dataset
let id: string

const steward = (): ReturnType<SmallNetwork['staff']> => network.staff('rome')
const catalogue = async (): Promise<readonly Offered[]> => (await network.staff('institute').get<{ datasets: Offered[] }>('/catalogue/1/datasets')).datasets

async function drafted(view: unknown): Promise<Draft> {
  const { draft: made } = await steward().post<{ draft: string }>('/staff/1/datasets/drafts', { view })
  const read = (): Promise<Draft> => steward().get<Draft>(`/staff/1/datasets/drafts/${made}`)
  await until('the profile is made', async () => (await read()).state !== 'waiting')
  return read()
}

before(async () => {
  network = await smallNetwork()
  const patient = (i: number): object => ({ resourceType: 'Patient', id: `p${i}`, identifier: [{ system: 'urn:oid:1.2.3', value: `MARKED-${i}` }], gender: i % 2 === 0 ? 'female' : 'male', birthDate: `19${50 + i}-01-0${1 + i % 9}`, address: [{ city: i === 0 ? 'MARKED-VILLAGE' : 'Town', postalCode: `0010${i % 5}` }] })
  await importText(network, Array.from({ length: PEOPLE }, (_, i) => JSON.stringify(patient(i))).join('\n'))
})
after(() => network?.close())

test('a draft of a ready view: exact figures and a role suggested for each column, for stewards alone', async () => {
  draft = await drafted('demographics')
  assert.deepEqual([draft.state, draft.profile?.rows, draft.profile?.people, draft.profile?.alone], ['done', PEOPLE, PEOPLE, PEOPLE])
  const roles = Object.fromEntries((draft.columns ?? []).map(({ name, role }) => [name, role]))
  assert.deepEqual([roles['patient_id'], roles['sex'], roles['birth_date'], roles['postal_code'], roles['deceased']], ['identifying', 'quasi-identifying', 'quasi-identifying', 'quasi-identifying', 'insensitive'])
  assert.ok(!JSON.stringify(draft).includes('MARKED'))
})

test('what a steward decided so far is kept with the draft, with words still missing; a draft of a dataset that isn\'t there is refused', async () => {
  const { draft: made } = await steward().post<{ draft: string }>('/staff/1/datasets/drafts', { view: 'demographics' })
  const document = {
    format: 'mhmd-dataset/1', title: '', summary: '', categories: ['a'], view: readyViews.get('demographics'), columns: (draft.columns ?? []).map((column) => ({ ...column, role: 'unclassified' })),
    scenario: { attacker: 'prosecutor', knows: [], text: '' }, policy: { forms: [], models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.05, thresholds: { highestRisk: 0.2, averageRisk: 0.1, uniques: 0, distinctValues: 1 } },
  }
  const read = (): Promise<{ state: string; document: unknown; dataset: string | null }> => steward().get(`/staff/1/datasets/drafts/${made}`)
  assert.deepEqual([(await read()).document, (await read()).dataset], [null, null])
  await steward().post(`/staff/1/datasets/drafts/${made}/document`, document)
  await until('the profile is made', async () => (await read()).state === 'done')
  assert.deepEqual((await read()).document, JSON.parse(JSON.stringify(document)))
  assert.equal(await titleOf(made), readyViews.get('demographics')?.title, 'without a title of its own it has the view\'s')
  await assert.rejects(steward().post('/staff/1/datasets', document), { code: 'SCHEMA_NOT_VALID' })
  await assert.rejects(steward().post(`/staff/1/datasets/drafts/${made}/document`, { ...document, columns: [] }), { code: 'SCHEMA_NOT_VALID' })
  const keep = (title: string, window: string): Promise<{ kept: number }> => steward().post(`/staff/1/datasets/drafts/${made}/document?${window}`, { ...document, title })
  const { kept } = await steward().get<{ kept: number }>(`/staff/1/datasets/drafts/${made}`)
  await keep('Of one window', `after=${kept}&by=one`)
  assert.equal(await titleOf(made), 'Of one window')
  await assert.rejects(keep('Of another, which has not seen it', `after=${kept}&by=other`), { code: 'NODE_DRAFT_CHANGED' })
  assert.equal((await keep('Of the first, on its way together', `after=${kept}&by=one`)).kept, kept + 2)
  assert.equal((await keep('Of another, which has read it', `after=${kept + 2}&by=other`)).kept, kept + 3)
  await assert.rejects(keep('Of the first', `after=${kept + 2}&by=one`), { code: 'NODE_DRAFT_CHANGED' })
  await assert.rejects(steward().post('/staff/1/datasets/drafts', { view: 'demographics', dataset: made }), { code: 'NODE_NOT_FOUND' })
  await steward().delete(`/staff/1/datasets/drafts/${made}`)
  const { views } = await steward().get<{ views: { name: string; columns: string[] }[] }>('/staff/1/views')
  assert.ok(views.length === readyViews.size && views.every(({ columns }) => columns.length > 0))
})

const titleOf = async (made: string): Promise<string | null | undefined> => (await steward().get<{ drafts: { id: string; title: string | null }[] }>('/staff/1/datasets/drafts')).drafts.find((one) => one.id === made)?.title

test('an unclassified column leaves nowhere: a document with one is refused, and nothing goes on the ledger', async () => {
  dataset = {
    format: 'mhmd-dataset/1', title: 'Demographics', summary: 'Everybody with a record here', categories: ['a'], view: readyViews.get('demographics') as unknown as Dataset['view'], columns: [...draft.columns ?? []],
    scenario: { attacker: 'prosecutor', knows: ['sex', 'birth_date', 'postal_code'], text: 'A neighbour of MARKED-SCENARIO' },
    policy: { forms: ['anonymised'], models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.2, thresholds: { highestRisk: 0.34, averageRisk: 0.34, uniques: 0, distinctValues: 1 } },
  }
  const height = async (): Promise<number> => (await steward().get<{ height: number }>('/staff/1/status')).height
  const before = await height()
  const open = dataset.columns.map((column) => (column.name === 'city' ? { ...column, role: 'unclassified' as const } : column))
  await assert.rejects(steward().post('/staff/1/datasets', { ...dataset, columns: open }), { code: 'CATALOGUE_UNCLASSIFIED' })
  await assert.rejects(steward().post('/staff/1/datasets', { ...dataset, columns: dataset.columns.slice(1) }), { code: 'CATALOGUE_UNCLASSIFIED' })
  assert.equal(await height(), before)
  assert.deepEqual(await catalogue(), [])
})

test('an offered dataset is in another member\'s catalogue, held against the ledger, with nothing of a person and no exact figure', async () => {
  id = (await steward().post<{ dataset: string }>('/staff/1/datasets', dataset)).dataset
  await until('the institute has its entry', async () => (await catalogue()).some((row) => row.dataset === id && row.entry !== null))
  const [row] = await catalogue()
  assert.deepEqual([row?.holder, row?.version, row?.entry?.peopleAtLeast, row?.entry?.forms], ['rome', 1, 20, ['anonymised']])
  assert.deepEqual(row?.entry?.columns?.map(({ name, role }) => [name, role]), dataset.columns.map(({ name, role }) => [name, role]))
  const text = JSON.stringify(row)
  for (const hidden of ['MARKED', 'neighbour', 'quarter', '"reason"']) assert.ok(!text.includes(hidden), hidden)
  assert.doesNotMatch(text, new RegExp(`[:,[]"?${PEOPLE}"?[,}\\]]`), 'the exact number as a value (a random id or a time may hold its digits)')
  const one = await network.staff('institute').get<{ dataset: Offered }>(`/catalogue/1/datasets/rome/${id}`)
  assert.deepEqual(one.dataset, row)
  assert.deepEqual((await steward().get<{ datasets: Offered[] }>('/catalogue/1/datasets')).datasets, [row], 'the holder sees what others see')
})

test('the next version replaces it, prepared once and from the present one; a withdrawn one is gone; a restarted holder tells nobody twice', async () => {
  await steward().post(`/staff/1/datasets/${id}`, { ...dataset, title: 'Demographics, second' })
  await until('the second version is there', async () => (await catalogue())[0]?.entry?.title === 'Demographics, second')
  const { versions } = await steward().get<{ versions: { version: number; description: { title: string } }[] }>(`/staff/1/datasets/${id}`)
  assert.deepEqual(versions.map(({ version, description }) => [version, description.title]), [[1, 'Demographics'], [2, 'Demographics, second']])
  const next = await steward().post<{ draft: string }>('/staff/1/datasets/drafts', { view: 'demographics', dataset: id })
  assert.equal(await titleOf(next.draft), 'Demographics, second', 'what prepares the next version is called as the present one')
  await nextVersions(next.draft)
  await network.stopNode('rome')
  await network.start('rome')
  await steward().post('/staff/1/datasets', { title: 'Counts', summary: '', categories: ['a'] })
  await until('a description alone is there too', async () => (await catalogue()).filter((row) => row.entry !== null).length === 2)
  await steward().delete(`/staff/1/datasets/${id}`)
  await until('the withdrawn one is gone', async () => (await catalogue()).map((row) => row.entry?.title).join() === 'Counts')
  await assert.rejects(network.staff('institute').get(`/catalogue/1/datasets/rome/${id}`), { code: 'NODE_NOT_FOUND' })
})

/** What is begun while another is open is that one; what began from an older version is not offered over a newer one. */
async function nextVersions(open: string): Promise<void> {
  const begun = async (view: unknown): Promise<string> => (await steward().post<{ draft: string }>('/staff/1/datasets/drafts', { view, dataset: id })).draft
  assert.equal(await begun('demographics'), open, 'the next version is prepared once')
  const own = { resource: 'Patient', select: [{ column: [{ name: 'patient_id', path: 'getResourceKey()' }] }] }
  assert.notEqual(await begun(own), open, 'another view is another draft')
  const from = async (draft: string): Promise<unknown> => (await steward().get<{ from: number | null }>(`/staff/1/datasets/drafts/${draft}`)).from
  assert.equal(await from(open), 2)
  const { drafts } = await steward().get<{ drafts: { id: string; dataset: string | null }[] }>('/staff/1/datasets/drafts')
  assert.equal(drafts.find((one) => one.id === open)?.dataset, id)
  await steward().post(`/staff/1/datasets/${id}?after=2`, { ...dataset, title: 'Demographics, third' })
  await assert.rejects(steward().post(`/staff/1/datasets/${id}?after=2`, { ...dataset, title: 'Over the third' }), { code: 'NODE_DATASET_CHANGED' })
  assert.equal((await steward().get<{ dataset: { description: { title: string } } }>(`/staff/1/datasets/${id}`)).dataset.description.title, 'Demographics, third')
  const later = await begun('demographics')
  assert.notEqual(later, open, 'one that can\'t be offered any more is not gone on with')
  assert.equal(await from(later), 3)
}

test('views that can\'t be drafted are refused with their place; one that fails on a record ends its job with a code', async () => {
  const refused = (view: unknown, code: string): Promise<void> => assert.rejects(steward().post('/staff/1/datasets/drafts', { view }), { code })
  await refused('nothing_like_it', 'NODE_NOT_FOUND')
  await refused({ resource: 'Patients', select: [{ column: [{ name: 'a', path: 'id' }] }] }, 'VIEW_UNKNOWN_RESOURCE')
  await refused({ resource: 'Patient', select: [{ column: [{ name: 'a', path: 'name.' }] }] }, 'VIEW_BAD_PATH')
  await refused({ resource: 'Patient', select: [{ columns: [] }] }, 'SCHEMA_NOT_VALID')
  const failed = await drafted({ resource: 'Patient', select: [{ column: [{ name: 'a', path: 'identifier.value | gender' }] }] })
  assert.deepEqual([failed.state, failed.code, failed.profile], ['failed', 'VIEW_SEVERAL_VALUES', null])
})
