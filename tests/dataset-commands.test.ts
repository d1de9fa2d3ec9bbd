// A dataset by the command line alone: drafted, decided, offered, found and asked for, and what is said where something is wrong. The rest of its way is the tour's (tour-table.test.ts).
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { newSigningKey } from '@mhmd/crypto'
import { toHex } from '@mhmd/base'
import type { Dataset } from '@mhmd/schema'
import { importPatients, patientLines, settleAll, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const PEOPLE = 22
const mhmd = new URL('../apps/cli/src/main.ts', import.meta.url).pathname
const run = promisify(execFile)

let network: SmallNetwork
const at = (name: string): string => join(network.folder, name)

/** Runs `mhmd` as staff of this member and gives its JSON; an error is its code. */
async function as<T>(member: 'rome' | 'institute', ...args: string[]): Promise<T> {
  try {
    const { stdout } = await run(process.execPath, [mhmd, ...args, '--json', '--profile', at(`${member}.profile.json`)])
    return JSON.parse(stdout) as T
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    const line = stderr.trim().split('\n').at(-1) ?? ''
    throw line.startsWith('{') ? (JSON.parse(line) as { error: Error }).error : error
  }
}

/** The command's lines as a person sees them. */
const shown = async (member: 'rome' | 'institute', ...args: string[]): Promise<string> => (await run(process.execPath, [mhmd, ...args, '--profile', at(`${member}.profile.json`)])).stdout

before(async () => {
  network = await smallNetwork()
  for (const member of ['rome', 'institute'] as const) {
    const { key, seed } = newSigningKey()
    writeFileSync(at(`${member}.key`), toHex(seed))
    writeFileSync(at(`${member}.profile.json`), JSON.stringify({ node: network.url(member), keyFile: `${member}.key` }))
    await network.staff(member).post('/staff/1/staff', { key: key.publicKey, roles: [member === 'rome' ? 'steward' : 'researcher'] })
  }
  await importPatients(network, PEOPLE)
  await settleAll(network, PEOPLE, 'pseudonymised')
})
after(() => network?.close())

test('from a view to a request by the command line', async () => {
  const file = at('dataset.json')
  const lines = await shown('rome', 'dataset', 'draft', '--view', 'demographics', '--out', file)
  assert.match(lines, new RegExp(`${PEOPLE} rows of ${PEOPLE} people`))
  assert.match(lines, /patient_id .*identifying +it is the key/)
  const written = JSON.parse(readFileSync(file, 'utf8')) as Dataset
  assert.ok(written.columns.every(({ role, reason }) => role === 'unclassified' && reason.startsWith('suggested ')))

  // As it was written nothing is decided; with a scenario alone the columns are still open.
  await assert.rejects(as('rome', 'dataset', 'offer', '--document', file), { code: 'CLI_NO_SCENARIO' })
  await assert.rejects(network.staff('rome').post('/staff/1/datasets', written), { code: 'SCHEMA_NOT_VALID', message: /^[^(]*\/scenario\/text \(minLength: 1\)$/ }, 'what is wrong is told of a dataset with a view')
  const scenario = { ...written.scenario, knows: ['sex', 'birth_date'], text: 'A neighbour who knows sex and birthday' }
  writeFileSync(file, JSON.stringify({ ...written, scenario }))
  await assert.rejects(as('rome', 'dataset', 'offer', '--document', file), { code: 'CATALOGUE_UNCLASSIFIED' })

  const roleOf = (name: string): Dataset['columns'][number]['role'] => name === 'patient_id' ? 'identifying' : name === 'sex' || name === 'birth_date' ? 'quasi-identifying' : 'insensitive'
  const columns = written.columns.map((column) => ({ ...column, role: roleOf(column.name), reason: 'decided', ...(column.name === 'birth_date' ? { hierarchy: { type: 'date' as const, units: ['year', 'decade', 'century'] as ('year' | 'decade' | 'century')[] } } : {}) }))
  const policy = { ...written.policy, forms: ['anonymised'], models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.4, thresholds: { highestRisk: 0.34, averageRisk: 0.34, uniques: 0, distinctValues: 1 } }
  writeFileSync(file, JSON.stringify({ ...written, columns, scenario, policy }))
  const { dataset } = await as<{ dataset: string }>('rome', 'dataset', 'offer', '--document', file)

  await until('the institute finds it', async () => (await as<{ datasets: { dataset: string; entry: object | null }[] }>('institute', 'catalogue', 'list', '--text', 'demographics')).datasets.some((row) => row.dataset === dataset && row.entry !== null))
  assert.equal((await as<{ datasets: object[] }>('institute', 'catalogue', 'list', '--text', 'something else')).datasets.length, 0)
  assert.match(await shown('institute', 'catalogue', 'show', `rome/${dataset}`), /20 or more[^]*birth_date +quasi-identifying +date/)

  writeFileSync(at('request.json'), JSON.stringify({ class: 'research-organisation', title: 'Ages', summary: '', purpose: 'health-research', days: 30 }))
  const { request } = await as<{ request: string }>('institute', 'request', 'file', '--document', at('request.json'), '--dataset', `rome/${dataset}`, '--variables', 'sex, birth_date', '--form', 'anonymised')
  await until('the request arrives', async () => (await as<{ document: { id: string } }[]>('rome', 'request', 'inbox')).some((row) => row.document.id === request))
})

test('a draft\'s protection by the command line: a hierarchy of her own, levels and weight, alternatives, one approved, and its job gives the stated figures to six digits', async () => {
  const file = at('protected.json')
  const { id: draft } = await as<{ id: string }>('rome', 'dataset', 'draft', '--view', 'demographics', '--take-suggestions', '--scenario', 'A neighbour who knows sex and birthday', '--out', file)
  await as('rome', 'dataset', 'hierarchy', '--draft', draft, '--column', 'sex', '--out', at('sexes.csv'))
  const sexes = readFileSync(at('sexes.csv'), 'utf8').trimEnd().split('\n')
  writeFileSync(at('sexes-2.csv'), sexes.map((line) => `${line.split(';')[0]};somebody;*`).join('\n'))
  assert.match(await shown('rome', 'dataset', 'hierarchy', '--draft', draft, '--column', 'sex', '--csv', at('sexes-2.csv')), new RegExp(`0 +${sexes.length} +[^]*1 +1 +${PEOPLE} +0`))
  writeFileSync(at('sexes-3.csv'), `${sexes[0]}\n`)
  assert.match(await shown('rome', 'dataset', 'hierarchy', '--draft', draft, '--column', 'sex', '--csv', at('sexes-3.csv')), /values that occur are missing/)
  writeFileSync(at('sexes-4.csv'), 'a;b;*\nc;*\n')
  await assert.rejects(as('rome', 'dataset', 'hierarchy', '--draft', draft, '--column', 'sex', '--csv', at('sexes-4.csv')), { code: 'HIERARCHY_RAGGED' })

  const document = JSON.parse(readFileSync(file, 'utf8')) as Dataset
  const rows = readFileSync(at('sexes-2.csv'), 'utf8').split('\n').map((line) => line.split(';'))
  const own = { ...document, columns: document.columns.map((column) => (column.name === 'sex' ? { ...column, hierarchy: { rows }, maxLevel: 1, weight: 2 } : column)), policy: { ...document.policy, suppressionLimit: 0.4 } }
  writeFileSync(file, JSON.stringify(own))
  await as('rome', 'dataset', 'keep', '--draft', draft, '--document', file)
  const { alternative } = await as<{ alternative: { name: string } | null }>('rome', 'dataset', 'estimate', '--draft', draft)
  assert.equal(alternative?.name, 'own')
  writeFileSync(at('grid.json'), JSON.stringify({ ks: [3], diversities: [2], closenesses: [], suppressionLimits: [0.3] }))
  const { alternatives } = await as<{ alternatives: { name: string; axes: { loss: number } }[] }>('rome', 'dataset', 'protect', '--draft', draft, '--grid', at('grid.json'))
  const chosen = alternatives.find(({ name }) => name === 'k3-s30')
  assert.ok(chosen !== undefined)
  assert.match(await shown('rome', 'dataset', 'alternatives', '--draft', draft), /k3-s30/)
  await as('rome', 'dataset', 'job', '--draft', draft, '--alternative', 'k3-s30', '--out', at('job'))
  assert.equal(readFileSync(at('job/sex.csv'), 'utf8').trimEnd().split('\n').every((line) => line.endsWith(';somebody;*')), true)
  writeFileSync(at('patients.ndjson'), patientLines(PEOPLE))
  await run(process.execPath, [mhmd, 'view', 'run', 'demographics', at('patients.ndjson'), '--out', at('job/table.csv')])
  await run(process.execPath, [mhmd, 'deid', 'run', '--config', at('job/job.json'), '--measure', '--report', at('job/report.json'), '--output', at('job/released.csv')])
  const report = JSON.parse(readFileSync(at('job/report.json'), 'utf8')) as { measured: { utility: { whole: { loss: number } } }; levels: Record<string, number> }
  assert.equal(report.measured.utility.whole.loss.toPrecision(6), chosen.axes.loss.toPrecision(6))
  assert.ok((report.levels['sex'] ?? 9) <= 1)
  const approved = await as<Dataset>('rome', 'dataset', 'approve', '--draft', draft, '--alternative', 'k3-s30', '--out', at('approved.json'))
  assert.deepEqual([approved.policy.models[0], approved.columns.find(({ name }) => name === 'sex')?.weight], [{ type: 'k-anonymity', k: 3 }, 2])
  // Offered as it is: least and greatest levels and weights are the release's too.
  const drafts = async (): Promise<string[]> => (await as<{ id: string }[]>('rome', 'dataset', 'drafts')).map(({ id }) => id)
  assert.ok((await drafts()).includes(draft))
  const { dataset } = await as<{ dataset: string }>('rome', 'dataset', 'offer', '--draft', draft)
  assert.equal((await drafts()).includes(draft), false, 'a draft that was offered is none any more')

  // A draft of a next version is offered as that, and not over a newer one; the refused draft stays.
  const ofNext = async (): Promise<string> => (await network.staff('rome').post<{ draft: string }>('/staff/1/datasets/drafts', { view: 'demographics', dataset })).draft
  const next = await ofNext()
  assert.equal((await as<{ version: number }>('rome', 'dataset', 'offer', '--dataset', dataset, '--document', at('approved.json'))).version, 2)
  await assert.rejects(as('rome', 'dataset', 'offer', '--draft', next, '--document', at('approved.json')), { code: 'NODE_DATASET_CHANGED' })
  assert.ok((await drafts()).includes(next))
  assert.equal((await as<{ version: number }>('rome', 'dataset', 'offer', '--draft', await ofNext(), '--document', at('approved.json'))).version, 3)
  await assert.rejects(as('rome', 'dataset', 'offer'), { code: 'CLI_BAD_OPTION' })
})

test('what a job fails with is the command\'s own error, with what can be done; an import that left something out says so', async () => {
  const file = at('strict.json')
  await as('rome', 'dataset', 'draft', '--view', 'demographics', '--take-suggestions', '--scenario', 'A neighbour who knows sex and birthday', '--out', file)
  const written = JSON.parse(readFileSync(file, 'utf8')) as Dataset
  writeFileSync(file, JSON.stringify({ ...written, policy: { ...written.policy, models: [{ type: 'k-anonymity', k: 2 }], suppressionLimit: 0, thresholds: { highestRisk: 0.01, averageRisk: 0.01, uniques: 0, distinctValues: 1 } } }))
  const { dataset } = await as<{ dataset: string }>('rome', 'dataset', 'offer', '--document', file)
  writeFileSync(at('request.json'), JSON.stringify({ class: 'research-organisation', title: 'Sexes', summary: '', purpose: 'health-research', days: 30 }))
  await until('the institute finds it', async () => (await as<{ datasets: { dataset: string; entry: object | null }[] }>('institute', 'catalogue', 'list')).datasets.some((row) => row.dataset === dataset && row.entry !== null))
  const { request } = await as<{ request: string }>('institute', 'request', 'file', '--document', at('request.json'), '--dataset', `rome/${dataset}`, '--variables', 'sex', '--form', 'anonymised')
  await until('the request arrives', async () => (await as<{ document: { id: string } }[]>('rome', 'request', 'inbox')).some((row) => row.document.id === request))
  await as('rome', 'request', 'answer', '--request', request, '--state', 'accepted')
  await as('rome', 'agreement', 'offer', '--request', request, '--days', '10')
  await until('the agreement arrives', async () => (await as<{ document: { request: string }; state: string | null }[]>('institute', 'agreement', 'list')).some((row) => row.document.request === request && row.state === 'offered'))
  await as('institute', 'agreement', 'accept', '--request', request, '--holder', 'rome')
  await until('the agreement is heard of', async () => (await network.staff('rome').get<{ height: number }>('/staff/1/status')).height >= (await network.staff('institute').get<{ height: number }>('/staff/1/status')).height)
  await assert.rejects(as('rome', 'release', 'table', '--request', request), { code: 'RELEASE_NO_SOLUTION', remedy: /hierarchies/ })
  const failed = (await as<{ id: string; kind: string; state: string }[]>('rome', 'job', 'list')).find(({ kind, state }) => kind === 'release' && state === 'failed')
  assert.match(await shown('rome', 'job', 'show', '--job', failed?.id ?? ''), /RELEASE_NO_SOLUTION: [^]*→ Ask for fewer/)

  writeFileSync(at('bad.ndjson'), `${JSON.stringify({ resourceType: 'Condition', id: 'bad', subject: { reference: 'Patient/p1' }, code: 'not a code' })}\n`)
  await assert.rejects(shown('rome', 'records', 'import', at('bad.ndjson')), { code: 7, stdout: /1 in quarantine\nNOT ALL was taken[^]*mhmd records quarantine --profile / })
})

test('commands refuse what can\'t be, with a code', async () => {
  await assert.rejects(as('rome', 'dataset', 'draft', '--view', 'demographics', '--out', at('dataset.json')), { code: 'CLI_FILE_EXISTS' })
  await assert.rejects(as('rome', 'dataset', 'draft', '--view', 'no_such_view'), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(as('institute', 'dataset', 'draft', '--view', 'labs'), { code: 'TRANSPORT_NO_SUCH_PATH' })
  await assert.rejects(as('institute', 'catalogue', 'show', 'rome/00000000000000000000000000'), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(as('rome', 'agreement', 'offer', '--request', '00000000000000000000000000', '--days', 'ten'), { code: 'CLI_BAD_OPTION' })
  await assert.rejects(as('institute', 'job', 'show', '--job', '00000000000000000000000000'), { code: 'NODE_NOT_FOUND' })
})
