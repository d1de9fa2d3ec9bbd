// A table from a view to another member's disk by the command line alone: draft, decide, offer, find, ask, agree, release, fetch, delete.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { newSigningKey } from '@mhmd/crypto'
import { toHex } from '@mhmd/base'
import type { Dataset } from '@mhmd/schema'
import { importPatients, patientName, settleAll, smallNetwork, until } from './support/small-network.ts'
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

test('the whole way by the command line', async () => {
  const file = at('dataset.json')
  const lines = await shown('rome', 'dataset', 'draft', '--view', 'demographics', '--out', file)
  assert.match(lines, new RegExp(`${PEOPLE} rows of ${PEOPLE} people`))
  assert.match(lines, /patient_id .*identifying +it is the key/)
  const written = JSON.parse(readFileSync(file, 'utf8')) as Dataset
  assert.ok(written.columns.every(({ role, reason }) => role === 'unclassified' && reason.startsWith('suggested ')))

  // As it was written nothing is decided; with a scenario alone the columns are still open.
  await assert.rejects(as('rome', 'dataset', 'offer', '--document', file), { code: 'SCHEMA_NOT_VALID' })
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
  await as('rome', 'request', 'answer', '--request', request, '--state', 'accepted')
  await as('rome', 'agreement', 'offer', '--request', request, '--days', '10')
  await until('the agreement arrives', async () => (await as<{ state: string | null }[]>('institute', 'agreement', 'list')).some((row) => row.state === 'offered'))
  await as('institute', 'agreement', 'accept', '--request', request, '--holder', 'rome')
  await until('the release is made', async () => as<{ job: { state: string } }>('rome', 'release', 'table', '--request', request).then((view) => view.job.state === 'done', (error: { code?: string }) => {
    assert.equal(error.code, 'NODE_STATE')
    return false
  }))

  let release = ''
  await until('the table is held', async () => {
    const [row] = await as<{ release: string; state: string }[]>('institute', 'holding', 'list')
    release = row?.release ?? ''
    return row?.state === 'held'
  })
  await as('institute', 'holding', 'get', '--release', release, '--holder', 'rome', '--out', at('table.csv'))
  const table = readFileSync(at('table.csv'), 'utf8')
  assert.match(table, /^sex,birth_date\n/)
  assert.ok(!Array.from({ length: PEOPLE }, (_, index) => patientName(index)).some((name) => table.includes(name)))
  await assert.rejects(as('institute', 'holding', 'get', '--release', release, '--holder', 'rome', '--out', at('table.csv')), { code: 'CLI_FILE_EXISTS' })

  writeFileSync(at('reasons.txt'), 'Classes of three; the institute holds nothing to link them with.')
  await as('rome', 'release', 'assess', '--release', release, '--state', 'anonymous', '--reasons', at('reasons.txt'), '--days', '30')
  await until('the institute sees the assessment', async () => (await shown('institute', 'holding', 'list')).includes('anonymous until'))
  await as('institute', 'holding', 'delete', '--release', release, '--holder', 'rome')
  assert.match(await shown('institute', 'holding', 'list'), /deleted/)
})

test('commands refuse what can\'t be, with a code', async () => {
  await assert.rejects(as('rome', 'dataset', 'draft', '--view', 'no_such_view'), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(as('institute', 'dataset', 'draft', '--view', 'labs'), { code: 'TRANSPORT_NO_SUCH_PATH' })
  await assert.rejects(as('institute', 'catalogue', 'show', 'rome/00000000000000000000000000'), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(as('rome', 'agreement', 'offer', '--request', '00000000000000000000000000', '--days', 'ten'), { code: 'CLI_BAD_OPTION' })
  await assert.rejects(as('institute', 'job', 'show', '--job', '00000000000000000000000000'), { code: 'NODE_NOT_FOUND' })
})
