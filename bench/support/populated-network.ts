// A network of real processes with as many records, datasets and people as a bench asks for, made through its own doors: import, link, consent, offer, request, agreement.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProfile } from '@mhmd/cli'
import { peopleClient, wholeList } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { rosters, runCommand, startNetwork } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { signRequest } from '@mhmd/messages'
import { readNetwork } from '@mhmd/node/home'
import type { Dataset } from '@mhmd/schema'
import { Citizen, clock, mrn, randomness, until } from '../../tests/support/small-network.ts'

export interface Size {
  readonly records: number
  readonly datasets: number
  readonly citizens: number
  readonly requests: number
}

export interface Populated {
  readonly network: DevNetwork
  readonly citizens: readonly Citizen[]
  /** Ids of datasets at the hospital, the one over all records first. */
  readonly datasets: readonly string[]
  /** Of figures; one of them accepted. */
  readonly requests: readonly string[]
  staff(id: string): PeopleClient
  /** Imports 500 records each of so many more people. */
  importMore(people: number): Promise<void>
  close(): Promise<void>
}

const AT_ONCE = 8

/** `say` hears what takes long. */
export async function populatedNetwork(size: Size, say: (line: string) => void): Promise<Populated> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-populated-'))
  const network = await startNetwork({ folder: join(folder, 'net'), basePort: 25_000 + 100 * (process.pid % 9), organisations: rosters.thread }, () => undefined)
  const close = async (): Promise<void> => {
    await network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const staff = (id: string): PeopleClient => peopleClient({ baseUrl: network.url(id), key: readProfile(network.profile(id)).key, clock, randomness })
    const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
      const before = performance.now()
      const made = await work
      say(`${what}: ${((performance.now() - before) / 1000).toFixed(1)} s`)
      return made
    }
    await timed(`${size.records} records imported`, importRecords(network, folder, { each: Math.ceil(size.records / size.citizens) - 1, people: size.citizens }))
    const where = { id: readNetwork(network.home('rome')).id, url: network.url.bind(network), staff }
    const citizens = await timed(`${size.citizens} people linked, each with a choice`, inLanes(size.citizens, (index) => Citizen.settle(where, index, 'pseudonymised')))
    const datasets = await timed(`${size.datasets} datasets offered`, inLanes(size.datasets, async (index) => (await staff('rome').post<{ dataset: string }>('/staff/1/datasets', datasetOf(index))).dataset))
    await until('the institute knows the datasets', async () => (await wholeList<{ entry: object | null }>(staff('institute'), '/catalogue/1/datasets', { name: 'datasets' })).filter(({ entry }) => entry !== null).length === size.datasets, 300)
    const requests = await timed(`${size.requests} requests filed`, inLanes(size.requests, () => fileCount(staff('institute'))))
    return { network, citizens, datasets, requests, staff, close, importMore: (people) => importRecords(network, folder, { each: 499, people, from: size.citizens }) }
  } catch (error) {
    await close()
    throw error
  }
}

/** Runs `work` for each index, some at a time; results in their order. */
async function inLanes<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const made = new Array<T>(count)
  let next = 0
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let index = next++; index < count; index = next++) made[index] = await work(index)
  }))
  return made
}

const codes = ['8867-4', '8480-6', '8462-4', '29463-7', '8302-2', '2339-0', '718-7', '2093-3'] as const

/** A file of people with `each` observations, numbered on from `from`. */
async function importRecords(network: DevNetwork, folder: string, { each, people, from = 0 }: { each: number; people: number; from?: number }): Promise<void> {
  const file = join(folder, 'records.ndjson')
  const lines = Array.from({ length: people }, (_, index) => index + from).map((person) => [
    { resourceType: 'Patient', id: `p${person}`, identifier: [mrn(person)], name: [{ family: `Invented-${person}` }], gender: person % 3 === 0 ? 'female' : 'male', birthDate: `19${40 + person % 60}-0${1 + person % 9}-1${person % 10}` },
    ...Array.from({ length: each }, (_unused, index) => ({
      resourceType: 'Observation', id: `o${person}-${index}`, status: 'final', code: { coding: [{ system: 'http://loinc.org', code: codes[index % codes.length] }] }, subject: { reference: `Patient/p${person}` },
      effectiveDateTime: `20${10 + (person + index) % 15}-0${1 + index % 9}-1${(person * 7 + index) % 10}`, valueQuantity: { value: 60 + (person * 31 + index * 17) % 90, unit: 'u', system: 'http://unitsofmeasure.org', code: '1' },
    })),
  ].map((resource) => `${JSON.stringify(resource)}\n`).join('')).join('')
  writeFileSync(file, lines)
  await runCommand(['records', 'import', '--profile', network.profile('rome'), file])
}

/** The first is over all observations, and tables leave from it in either form. */
function datasetOf(index: number): Dataset {
  const columns = [['sex', 'gender'], ['birth', 'birthDate'], ['zip', 'address.first().postalCode'], ['family', 'name.first().family'], ['language', 'communication.first().language.text'], ['married', 'maritalStatus.text'], ['deceased', 'deceased.ofType(dateTime)'], ['practice', 'generalPractitioner.first().reference']] as const
  if (index > 0) {
    return {
      format: 'mhmd-dataset/1', title: `Patients, selection ${index}`, summary: 'Invented patients of the bench, described as a steward would: who is in it, since when, how it came about and what it has been used for before.', categories: ['a'],
      view: { resource: 'Patient', select: [{ column: columns.map(([name, path]) => ({ name, path, description: `What the patient’s record says under ${path}` })) }] },
      columns: columns.map(([name]) => ({ name, role: name === 'family' ? 'identifying' : 'quasi-identifying', reason: 'Known to neighbours', ...(name === 'birth' ? { values: 'date' as const, hierarchy: { type: 'date' as const, units: ['year', 'decade'] as ('year' | 'decade')[] } } : {}) })),
      scenario: { attacker: 'prosecutor', knows: ['sex', 'birth'], text: 'A neighbour' },
      policy: { forms: ['anonymised'], models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.3, thresholds: { highestRisk: 0.2, averageRisk: 0.2, uniques: 0, distinctValues: 1 } },
    }
  }
  return {
    format: 'mhmd-dataset/1', title: 'Observations', summary: '', categories: ['a'],
    view: { resource: 'Observation', select: [{ column: [{ name: 'code', path: 'code.coding.first().code' }, { name: 'day', path: 'effective.ofType(dateTime)' }, { name: 'value', path: 'value.ofType(Quantity).value' }] }] },
    columns: [{ name: 'code', role: 'quasi-identifying', reason: 'Known to a colleague' }, { name: 'day', role: 'quasi-identifying', reason: 'Known to a colleague', values: 'date', hierarchy: { type: 'date', units: ['month', 'year', 'decade'] } }, { name: 'value', role: 'sensitive', reason: 'A finding', values: 'number' }],
    scenario: { attacker: 'prosecutor', knows: ['code', 'day'], text: 'A colleague who was there' },
    policy: { forms: ['anonymised', 'pseudonymised'], models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.3, thresholds: { highestRisk: 0.2, averageRisk: 0.2, uniques: 0, distinctValues: 2 } },
  }
}

const fileCount = async (institute: PeopleClient): Promise<string> => (await institute.post<{ request: string }>('/staff/1/requests', {
  holders: ['rome'], class: 'research-organisation', title: 'How many', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], question: { all: [{ type: 'sex', value: 'female' }] }, days: 30,
})).request

/** A table asked for and agreed on; gives the request under which it may be released. */
export async function agreedTable({ staff, datasets: [dataset] }: Populated, form: 'anonymised' | 'pseudonymised'): Promise<string> {
  const [rome, institute] = [staff('rome'), staff('institute')]
  const { request } = await institute.post<{ request: string }>('/staff/1/requests', { holders: ['rome'], class: 'research-organisation', title: 'Observations', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Observation'], form, dataset: { holder: 'rome', id: dataset, version: 1 }, variables: ['code', 'day', 'value'], days: 30 })
  await until('the request arrives', () => rome.post(`/staff/1/inbox/${request}/answer`, { state: 'accepted' }).then(() => true, () => false))
  await rome.post(`/staff/1/inbox/${request}/agreement`, { days: 10 })
  await until('the agreement is accepted', () => institute.post(`/staff/1/agreements/${request}/rome/acceptance`, {}).then(() => true, () => false))
  return request
}

/** Somebody new on an organisation's staff, in a session as her browser would have one. */
export async function inSession({ network, staff }: Pick<Populated, 'network' | 'staff'>, node: string, roles: readonly string[]): Promise<{ cookie: string; key: SigningKey }> {
  const { key } = newSigningKey()
  await staff(node).post('/staff/1/staff', { key: key.publicKey, roles })
  const url = new URL('/session/1', network.url(node))
  const answer = await fetch(url, { method: 'POST', headers: { ...signRequest({ method: 'POST', url, body: new Uint8Array(0) }, key, { clock, randomness }) } })
  await answer.arrayBuffer()
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', key }
}

/** Resident memory now and at its peak, in MiB. */
export function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string): number => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? NaN) / 1024)
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') }
}

/** Processor time so far, in seconds (proc(5): fields 14 and 15, in hundredths). */
export function processorOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export const bytesOnDisk = (folder: string): number => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

/** The p-th quantile of numbers. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN
}
