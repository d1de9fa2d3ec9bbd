// The search for a draft's protection at a holder: a job over the draft's rows; called off, gone on with after the node's end, kept sealed; the policy that is approved gives a release with the figures it was chosen by.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { buildHierarchy, measuredRelease, release } from '@mhmd/deid'
import type { HierarchySpec, Job } from '@mhmd/deid'
import { compileView, readyViews, viewTable } from '@mhmd/fhir'
import type { Dataset, DatasetPolicy, ViewDefinition } from '@mhmd/schema'
import { importText, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

interface Alternative { readonly name: string; readonly policy: DatasetPolicy; readonly axes: Readonly<Record<string, number>>; readonly suppressedRows: number }
interface Protection { readonly protection: string | null; readonly job: string | null; readonly state: string; readonly code: string | null; readonly isOutdated: boolean; readonly done: number; readonly total: number; readonly people: number | null; readonly alternatives: readonly Alternative[]; readonly undominated: Readonly<Record<string, readonly string[]>> }
interface Whole extends Alternative { readonly job: Job; readonly levels: object; readonly sample: { readonly averageRisk: number }; readonly subgroups: Readonly<Record<string, readonly { readonly value: string | null; readonly rows: number }[]>>; readonly lossByAttribute: Readonly<Record<string, number>> }

const PEOPLE = 60
let network: SmallNetwork
let draft: string
let document: Dataset

const patients = Array.from({ length: PEOPLE }, (_, i) => ({ resourceType: 'Patient', id: `p${i}`, identifier: [{ system: 'urn:oid:1.2.3', value: `MARKED-${i}` }], gender: i % 2 === 0 ? 'female' : 'male', birthDate: `19${50 + i % 40}-0${1 + i % 9}-0${1 + i % 9}`, address: [{ city: i === 0 ? 'MARKED-VILLAGE' : 'Town', postalCode: `001${10 + i % 6}` }] }))
const steward = (): ReturnType<SmallNetwork['staff']> => network.staff('rome')
const at = (): string => `/staff/1/datasets/drafts/${draft}/protection`
const shown = (): Promise<Protection> => steward().get<Protection>(at())
const ended = async (): Promise<Protection> => {
  await until('the search has ended', async () => (await shown()).state !== 'waiting', 90)
  return shown()
}
const grid = { ks: [3, 5], diversities: [2], closenesses: [], suppressionLimits: [0.1, 0.3] }
const long = { ks: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], diversities: [2, 3, 4, 5, 6], closenesses: [], suppressionLimits: [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6] }

before(async () => {
  network = await smallNetwork()
  await importText(network, patients.map((patient) => JSON.stringify(patient)).join('\n'))
  draft = (await steward().post<{ draft: string }>('/staff/1/datasets/drafts', { view: 'demographics' })).draft
  await until('the profile is made', async () => (await steward().get<{ state: string }>(`/staff/1/datasets/drafts/${draft}`)).state === 'done')
})
after(() => network?.close())

test('nothing is searched before columns are decided; what was decided is searched over all people, by a job', async () => {
  assert.equal((await shown().catch((error: { code: string }) => ({ code: error.code }))).code, 'NODE_NOT_FOUND')
  await assert.rejects(steward().post(at(), {}), { code: 'NODE_NOT_FOUND' })
  const { columns } = await steward().get<{ columns: Dataset['columns'] }>(`/staff/1/datasets/drafts/${draft}`)
  document = {
    format: 'mhmd-dataset/1', title: 'Demographics', summary: '', categories: ['a'], view: readyViews.get('demographics') as unknown as Dataset['view'],
    columns: columns.map((column) => (column.name === 'city' ? { ...column, role: 'sensitive' as const, hierarchy: undefined } : column)).map(({ hierarchy, ...column }) => (hierarchy === undefined ? column : { ...column, hierarchy })),
    scenario: { attacker: 'prosecutor', knows: ['sex', 'birth_date'], text: 'A neighbour' },
    policy: { forms: ['anonymised'], models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.05, thresholds: { highestRisk: 0.2, averageRisk: 0.2, uniques: 0, distinctValues: 1 } },
  }
  await steward().post(`/staff/1/datasets/drafts/${draft}/document`, { ...document, columns: document.columns.map((column) => ({ ...column, role: 'unclassified' })) })
  await assert.rejects(steward().post(at(), {}), { code: 'CATALOGUE_UNCLASSIFIED' })
  await steward().post(`/staff/1/datasets/drafts/${draft}/document`, document)
  assert.equal((await shown()).state, 'none')
  await steward().post(at(), { grid })
  const found = await ended()
  assert.deepEqual([found.state, found.code, found.done, found.total, found.people], ['done', null, 9, 9, PEOPLE])
  assert.ok(found.alternatives.length > 0 && (found.undominated['highestRisk/loss'] ?? []).length > 0)
  for (const { policy, axes } of found.alternatives) assert.ok((axes['highestRisk'] ?? 1) <= policy.thresholds.highestRisk + 1e-9)
})

test('an alternative whole: what each attribute pays, who pays without small groups, and a job that gives its figures over the view\'s table', async () => {
  const { alternatives } = await shown()
  const one = await steward().get<Whole>(`${at()}/${alternatives[0]?.name ?? ''}`)
  assert.ok(Object.keys(one.lossByAttribute).includes('birth_date'))
  for (const groups of Object.values(one.subgroups)) for (const { value, rows } of groups) assert.ok(value === null || rows >= 5)
  assert.ok(!JSON.stringify(await shown()).includes('MARKED') && !JSON.stringify(one).includes('MARKED'))
  const view = compileView(readyViews.get('demographics') as ViewDefinition)
  const { table } = await viewTable(view, patients.map((patient) => ({ person: patient.id, resources: [patient] })))
  const hierarchies = Object.fromEntries(document.columns.flatMap(({ name, hierarchy }) => (hierarchy === undefined || one.job.columns[name] === undefined ? [] : [[name, buildHierarchy(name, table.columns.find((column) => column.name === name)!.dictionary, hierarchy as HierarchySpec)]])))
  const made = release(one.job, { input: table, hierarchies })
  const { risk, utility } = measuredRelease(one.job, { input: table, hierarchies }, made)
  assert.deepEqual([made.suppressedRows, made.levels, risk.sample.averageRisk.toPrecision(6), utility.whole.loss.toPrecision(6)], [one.suppressedRows, one.levels, one.sample.averageRisk.toPrecision(6), one.axes['loss']?.toPrecision(6)])
  await assert.rejects(steward().get(`${at()}/k99`), { code: 'NODE_NOT_FOUND' })
})

interface Preview { readonly values: number; readonly missing: { readonly values: number; readonly common: readonly string[] }; readonly levels: readonly { readonly labels: number; readonly fewest: number }[]; readonly groups: readonly { readonly labels: readonly (string | null)[]; readonly people: number }[]; readonly rows: readonly (readonly string[])[] | null; readonly csv: string | null }
const preview = (body: object): Promise<Preview> => steward().post<Preview>(`/staff/1/datasets/drafts/${draft}/hierarchy`, body)

test('a hierarchy is previewed over the column\'s values without a rare one; a file of it goes out, comes back changed, and is refused with its reason', async () => {
  const dates = await preview({ column: 'birth_date', hierarchy: { type: 'date', units: ['year', 'decade'] } })
  assert.deepEqual([dates.levels.length, dates.levels.at(-1)?.fewest, dates.csv], [4, PEOPLE, null])
  assert.ok(dates.groups.length > 0 && dates.groups.every(({ people }) => people >= 5))
  assert.ok(!JSON.stringify(await preview({ column: 'city', hierarchy: { type: 'suppression' } })).includes('MARKED'))
  const { csv } = await preview({ column: 'sex', whole: true })
  assert.equal(csv, 'female;*\nmale;*\n')
  const grouped = await preview({ column: 'sex', csv: 'female;known;*\nmale;known;*\n' })
  assert.deepEqual([grouped.rows, grouped.levels.map(({ labels }) => labels)], [[['female', 'known', '*'], ['male', 'known', '*']], [2, 1, 1]])
  assert.deepEqual((await preview({ column: 'sex', csv: 'female;*\n' })).missing, { values: 1, rows: PEOPLE / 2, common: ['male'] })
  await assert.rejects(preview({ column: 'sex', csv: 'female;known;*\nmale;*\n' }), { code: 'HIERARCHY_RAGGED', message: /Line 2/ })
  await assert.rejects(preview({ column: 'sex', csv: 'female;male;*\nmale;female;*\n' }), { code: 'HIERARCHY_CYCLIC' })
  await assert.rejects(preview({ column: 'sex', hierarchy: { type: 'interval', widths: [5] } }), { code: 'HIERARCHY_BAD_VALUE' })
  await assert.rejects(preview({ column: 'nothing' }), { code: 'CATALOGUE_COLUMN_UNKNOWN' })
})

interface Estimate { readonly alternative: Alternative | null; readonly code: string | null; readonly people: number }
const estimate = (change: Partial<Dataset>): Promise<Estimate> => steward().post<Estimate>(`/staff/1/datasets/drafts/${draft}/estimate`, { ...document, ...change })

test('what her policy would leave is told while she decides: by levels, weights and any model, and that there is no way', async () => {
  const base = { ...document.policy, suppressionLimit: 0.3 }
  const free = await estimate({ policy: base })
  assert.deepEqual([free.code, free.people, free.alternative?.name], [null, PEOPLE, 'own'])
  // The best hides birth dates: where they may not be, something else pays.
  const kept = await estimate({ policy: base, columns: document.columns.map((column) => (column.name === 'birth_date' ? { ...column, maxLevel: 4 } : column)) })
  assert.ok((kept.alternative?.axes['score'] ?? 0) > (free.alternative?.axes['score'] ?? 1), JSON.stringify([kept, free]))
  // Kept to its least level, birth dates are given whole, and everybody goes.
  assert.equal((await estimate({ policy: base, columns: document.columns.map((column) => (column.name === 'birth_date' ? { ...column, maxLevel: 0 } : column)) })).code, 'DEID_NO_SOLUTION')
  const models: DatasetPolicy['models'] = [{ type: 'k-anonymity', k: 3 }, { type: 'average-risk', threshold: 0.1 }, { type: 'population-uniqueness', threshold: 0.05, estimator: 'dankar', populationSize: 10_000 }, { type: 'equal-t-closeness', column: 'city', t: 0.9 }]
  assert.ok(((await estimate({ policy: { ...base, models, thresholds: { ...base.thresholds, highestRisk: 1 / 3, averageRisk: 1 / 3 } } })).alternative?.axes['averageRisk'] ?? 1) <= 0.1 + 1e-9)
  await assert.rejects(estimate({ columns: document.columns.map((column) => ({ ...column, role: 'unclassified' as const })) }), { code: 'CATALOGUE_UNCLASSIFIED' })
  await assert.rejects(estimate({ columns: document.columns.map((column) => (column.name === 'birth_date' ? { ...column, minLevel: 3, maxLevel: 2 } : column)) }), { code: 'CATALOGUE_LEVELS' })
  await assert.rejects(estimate({ columns: document.columns.map((column) => (column.name === 'birth_date' ? { ...column, minLevel: 9, maxLevel: 9 } : column)) }), { code: /^DEID_/ })
})

test('the job of an alternative comes with the hierarchies it names, and says whether records are still those that were measured', async () => {
  const { alternatives } = await shown()
  const files = (): Promise<{ job: Job; hierarchies: { name: string; csv: string }[]; isOfSameRows: boolean }> => steward().get(`${at()}/${alternatives[0]?.name ?? ''}/files`)
  const { job, hierarchies, isOfSameRows } = await files()
  assert.deepEqual([hierarchies.map(({ name }) => name).sort(), isOfSameRows], [Object.values(job.columns).flatMap(({ hierarchy }) => hierarchy ?? []).sort(), true])
  assert.ok(hierarchies.every(({ csv }) => csv.split('\n').every((line) => line === '' || line.endsWith(';*'))))
})

test('a search that is called off keeps what it found, and is gone on with; other roles make it outdated and another search starts anew', async () => {
  // On a quick machine it may be over before it is called off: then once more.
  let isCalledOff = false
  for (let tries = 0; tries < 10 && !isCalledOff; tries++) {
    const { job } = await steward().post<{ job: string }>(at(), { grid: long })
    const progress = async (): Promise<number> => (await steward().get<{ job: { progress?: { done: number } } }>(`/staff/1/jobs/${job}`)).job.progress?.done ?? 0
    const isOver = async (): Promise<boolean> => (await steward().get<{ job: { state: string } }>(`/staff/1/jobs/${job}`)).job.state !== 'waiting'
    while (await progress() < 2 && !await isOver());
    isCalledOff = await steward().delete(`/staff/1/jobs/${job}`).then(() => true, () => false)
  }
  assert.ok(isCalledOff)
  const running = await shown()
  const stopped = await ended()
  assert.ok(stopped.state === 'cancelled' && stopped.done >= 2 && stopped.done < 601, JSON.stringify([stopped.state, stopped.done]))
  await steward().post(at(), { resume: true })
  const resumed = await shown()
  assert.deepEqual([resumed.protection, resumed.job === running.job, resumed.done >= stopped.done], [running.protection, false, true])
  const done = await ended()
  assert.deepEqual([done.state, done.done, done.total], ['done', 601, 601])
  await steward().post(`/staff/1/datasets/drafts/${draft}/document`, { ...document, columns: document.columns.map((column) => (column.name === 'birth_date' ? { ...column, minLevel: 1 } : column)) })
  assert.equal((await shown()).isOutdated, true)
  await steward().post(`/staff/1/datasets/drafts/${draft}/document`, document)
  assert.equal((await shown()).isOutdated, false)
})

test('figures lie sealed in the node\'s store and go with the draft; forms are told for each kind of data', async () => {
  const folder = join(network.folder, 'rome')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((file) => statSync(file).isFile())
  assert.ok(files.every((file) => !readFileSync(file).includes('lossByAttribute')))
  await steward().delete(`/staff/1/datasets/drafts/${draft}`)
  await assert.rejects(shown(), { code: 'NODE_NOT_FOUND' })
  const { forms } = await steward().get<{ forms: { kind: string; form: string; verdict: string }[] }>('/staff/1/release-forms')
  assert.deepEqual([...new Set(forms.map(({ kind }) => kind))], ['table', 'set', 'sequence', 'image', 'text', 'genome'])
  assert.ok(forms.filter(({ kind, form }) => kind === 'genome' && form === 'generalised').every(({ verdict }) => verdict === 'not possible here'))
  await assert.rejects(network.staff('institute').get(at()), { code: /NODE_STAFF_ROLE|TRANSPORT_NO_SUCH_PATH/ })
})
