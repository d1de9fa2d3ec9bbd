// A whole small network inside the test's process: ledger, one hospital, one institute, one account provider, an access body where it is wanted; real ports, real files, invented people.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newDeviceState, newSeed } from '@mhmd/accounts'
import { decide, enrol, openAccount, peopleClient, send } from '@mhmd/client'
import type { Device, PeopleClient } from '@mhmd/client'
import { networkId } from '@mhmd/contracts'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { startLedger, startNode } from '@mhmd/node'
import { initHome, joinHome } from '@mhmd/node/home'
import { foundNetwork } from '@mhmd/node/network'
import type { NodeOptions, RunningLedger, RunningNode } from '@mhmd/node'
import type { ConsentTerms } from '@mhmd/schema'

export const clock = { now: (): number => Date.now() }
export const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }

const roles = { ledger: 'ledger-operator', rome: 'data-holder', institute: 'data-user', accounts: 'account-provider', access: 'access-body' } as const
export type Member = keyof typeof roles
type NodeName = Exclude<Member, 'ledger'>
const everybody = Object.keys(roles) as Member[]

export interface SmallNetwork {
  readonly folder: string
  readonly id: string
  readonly ledger: RunningLedger
  /** The administrator's key at every node. */
  readonly admin: SigningKey
  node(name: NodeName): RunningNode
  home(name: Member): string
  url(name: string): string
  /** An administrator's client, who is steward, desk and data protection officer too. */
  staff(name: NodeName): PeopleClient
  /** Members as the directory shows them. */
  directory(): Promise<readonly { readonly id: string; readonly signingKey: string; readonly messageKey: string }[]>
  start(name: NodeName, more?: Waits): Promise<void>
  stopNode(name: NodeName): Promise<void>
  close(): Promise<void>
}

/** A test asks more often in a second than a person in an hour. */
const generous = { address: { perSecond: 1e6, burst: 1e6 }, key: { perSecond: 1e6, burst: 1e6 }, refused: { perSecond: 1e6, burst: 1e6 } }

type Waits = Omit<NodeOptions, 'home' | 'log' | 'clock' | 'randomness'>

/** Fifty ports that no other small network on this machine has: the last of them is listened on until they are given back. */
async function takePorts(): Promise<{ readonly base: number; readonly giveBack: () => void }> {
  for (let at = process.pid; at < process.pid + 60; at++) {
    const base = 11_000 + 50 * (at % 60)
    const guard = createServer().unref()
    const isOurs = await new Promise<boolean>((resolve) => void guard.once('error', () => resolve(false)).listen(base + 49, '127.0.0.1', () => resolve(true)))
    if (isOurs) return { base, giveBack: () => void guard.close() }
  }
  throw new Error('every stretch of ports is taken')
}

export async function smallNetwork({ withAccessBody = false, ...waits }: Waits & { readonly withAccessBody?: boolean } = {}): Promise<SmallNetwork> {
  const names = everybody.filter((name) => name !== 'access' || withAccessBody)
  const ports = await takePorts()
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-small-'))
  const admin = newSigningKey().key
  const home = (name: Member): string => join(folder, name)
  const port = (name: string, of: 'member' | 'people'): number => ports.base + 10 * everybody.indexOf(name as Member) + (of === 'member' ? 0 : 1)
  const url = (name: string): string => `http://127.0.0.1:${port(name, 'people')}`
  const founders = await Promise.all(names.map((name) => initHome(home(name), {
    id: name, name, country: 'IT', roles: [roles[name]],
    member: { host: '127.0.0.1', port: port(name, 'member'), serverName: `${name}.localhost` }, people: { host: '127.0.0.1', port: port(name, 'people') },
  }, { now: Date.now(), adminKey: admin.publicKey })))
  const document = foundNetwork('small', founders, { now: Date.now(), randomness })
  for (const name of names) joinHome(home(name), document, networkId(document))
  // An answer that its route doesn't describe is always told: the caller of a test sees a correlation id alone.
  const log = (event: string, details?: object): void => void (process.env['MHMD_TEST_LOG'] === undefined && event !== 'answer-not-as-described' ? undefined : process.stderr.write(`${event} ${JSON.stringify(details)}\n`))
  const ledger = await startLedger({ home: home('ledger'), log, clock, randomness })
  const nodes = new Map<NodeName, RunningNode>()
  const start = async (name: NodeName, more: Waits = {}): Promise<void> => void nodes.set(name, await startNode({ home: home(name), log, clock, randomness, batchMilliseconds: 100, mixMilliseconds: 200, checkAnswers: true, rateLimits: generous, ...waits, ...more }))
  const stopNode = async (name: NodeName): Promise<void> => {
    await nodes.get(name)?.stop()
    nodes.delete(name)
  }
  const staff = (name: NodeName): PeopleClient => peopleClient({ baseUrl: url(name), key: admin, clock, randomness })
  for (const name of names.filter((one) => one !== 'ledger')) {
    await start(name)
    await until(`${name} hears the ledger`, async () => (await staff(name).get<{ height: number }>('/staff/1/status')).height >= 0)
    await staff(name).post('/staff/1/staff', { key: admin.publicKey, roles: ['admin', 'steward', 'dpo', ...(name === 'rome' ? ['desk'] : name === 'access' ? ['officer'] : [])] })
  }
  return {
    folder, ledger, admin, home, url, staff, start, stopNode,
    id: networkId(document),
    node: (name) => {
      const node = nodes.get(name)
      if (node === undefined) throw new Error(`${name} is not running`)
      return node
    },
    directory: async () => (await peopleClient({ baseUrl: url('institute'), key: newSigningKey().key, clock, randomness }).get<{ members: { id: string; signingKey: string; messageKey: string }[] }>('/people/1/directory')).members,
    close: async () => {
      for (const name of [...nodes.keys()]) await stopNode(name)
      await ledger.stop()
      ports.giveBack()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const SYSTEM = 'urn:example:mrn'
/** The condition of every second patient. */
export const asthma = { system: 'http://snomed.info/sct', code: '195967001' }

export const patientName = (index: number): string => `Zyxwander-${index}`

/** Invented patients, every second one with asthma, imported as a steward would. */
export const importPatients = (network: SmallNetwork, count: number): Promise<void> => importText(network, patientLines(count))

/** Their records, as they are imported. */
export function patientLines(count: number): string {
  return Array.from({ length: count }, (_, index) => [
    { resourceType: 'Patient', id: `p${index}`, identifier: [{ system: SYSTEM, value: `MRN-77${index}` }], name: [{ family: patientName(index) }], gender: index % 3 === 0 ? 'female' : 'male', birthDate: `19${50 + index % 40}-01-01` },
    ...(index % 2 === 0 ? [{ resourceType: 'Condition', id: `c${index}`, subject: { reference: `Patient/p${index}` }, code: { coding: [asthma] } }] : []),
  ].map((resource) => `${JSON.stringify(resource)}\n`).join('')).join('')
}

export async function importText(network: SmallNetwork, text: string, level: 'structure' | 'full' = 'structure'): Promise<void> {
  const body = Buffer.from(text)
  const staff = network.staff('rome')
  const { id, token } = await staff.post<{ id: string; token: string }>('/staff/1/imports', { name: 'patients.ndjson', level, size: body.length, sha256: createHash('sha256').update(body).digest('base64url') })
  const sent = await fetch(`${network.url('rome')}/staff/1/uploads/${id}`, { method: 'PUT', body, headers: { 'content-type': 'application/vnd.mhmd.upload', 'x-upload-token': token, 'x-upload-offset': '0' } })
  const { job } = await sent.json() as { job: string }
  await until('the import is done', async () => (await staff.get<{ state: string }>(`/staff/1/imports/${job}`)).state === 'done')
}

export const mrn = (index: number): { system: string; value: string } => ({ system: SYSTEM, value: `MRN-77${index}` })

/** Her device in memory: linked with the hospital, permitting any research organisation in Europe to count her. */
export class Citizen {
  device: Device
  readonly index: number

  private constructor(index: number, device: Device) {
    this.index = index
    this.device = device
  }

  static async settle(network: Pick<SmallNetwork, 'id' | 'url' | 'staff'>, index: number, form: Permitted = 'computation'): Promise<Citizen> {
    const device: Device = { state: newDeviceState({ network: network.id, provider: 'accounts' }), seed: newSeed(randomness), addressOf: (member) => network.url(member), clock, randomness }
    const citizen = new Citizen(index, device)
    await openAccount(device)
    const { code } = await network.staff('rome').post<{ code: string }>('/staff/1/link-codes', mrn(index))
    citizen.set((await enrol(device, { holder: 'rome', code })).state)
    citizen.set(decide(citizen.device, { holder: 'rome', terms: permitting(form) }))
    await until('her decision has arrived', async () => {
      await citizen.send()
      return citizen.device.state.decisions.every(({ sent }) => sent.holder && sent.provider)
    })
    return citizen
  }

  set(state: Device['state']): void {
    this.device = { ...this.device, state }
  }

  async send(): Promise<Awaited<ReturnType<typeof send>>['sendings']> {
    const { state, sendings } = await send(this.device)
    this.set(state)
    return sendings
  }
}

type Permitted = ConsentTerms['permissions'][number]['form']
const permitting = (form: Permitted): ConsentTerms => ({
  format: 'mhmd-consent-terms/1', from: Date.now() - 60_000, until: Date.now() + 86_400_000, prohibitions: [], despiteOptOut: false, returnsWanted: [],
  permissions: [{ recipients: { members: [], classes: ['research-organisation'], countries: ['EEA'] }, purposes: ['research'], categories: ['a', 'b', 'c', 'd'], uses: [], form }],
})

/** Files the count of people with asthma at the institute; the hospital agrees. Gives the request's id. */
export async function fileCount(network: SmallNetwork): Promise<string> {
  const { request } = await network.staff('institute').post<{ request: string }>('/staff/1/requests', {
    holders: ['rome'], class: 'research-organisation', title: 'Asthma', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition', 'Patient'], question: { all: [{ type: 'condition', code: asthma }] }, days: 30,
  })
  await until('the request arrives', async () => (await network.staff('rome').get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')).requests.some((row) => row.document.id === request))
  // Its message may overtake the block that holds it.
  await until('the hospital has its block', () => network.staff('rome').post(`/staff/1/inbox/${request}/answer`, { state: 'accepted' }).then(() => true, (error: unknown) => {
    if ((error as { code?: string }).code !== 'NODE_STATE') throw error
    return false
  }))
  await until('the agreement arrives', async () => (await requestView(network, request)).answers['rome']?.state === 'accepted')
  return request
}

export interface Answered {
  readonly ask: string
  readonly answer: { readonly released: boolean; readonly count?: number }
  readonly manifest: { readonly release?: string; readonly time?: number }
}
interface RequestView {
  readonly document: { readonly id: string }
  readonly answers: Readonly<Record<string, { readonly state: string }>>
  readonly answered: readonly Answered[]
}

export const requestView = (network: SmallNetwork, request: string): Promise<RequestView> => network.staff('institute').get<RequestView>(`/staff/1/requests/${request}`)

/** Asks, and waits for the answer. */
export async function ask(network: SmallNetwork, request: string, options: { readonly standing?: true } = {}): Promise<Answered> {
  const { ask: id } = await network.staff('institute').post<{ ask: string }>(`/staff/1/requests/${request}/asks`, options)
  let found: Answered | undefined
  await until('the count is answered', async () => (found = (await requestView(network, request)).answered.find((row) => row.ask === id)) !== undefined)
  return found as Answered
}

export interface ReleaseRow {
  readonly id: string
  readonly considered: number
  readonly exact: number
  readonly recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null
}
export const releasesOf = async (network: SmallNetwork): Promise<readonly ReleaseRow[]> => (await network.staff('rome').get<{ releases: ReleaseRow[] }>('/staff/1/releases')).releases

/** Settles several people at once. */
export const settleAll = (network: SmallNetwork, count: number, form: Permitted = 'computation'): Promise<Citizen[]> => Promise.all(Array.from({ length: count }, (_, index) => Citizen.settle(network, index, form)))

export const oneTimeClient = (network: SmallNetwork, name: string, key: SigningKey = newSigningKey().key): PeopleClient => peopleClient({ baseUrl: network.url(name), key, clock, randomness })

export async function until(what: string, holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const limit = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`it took more than ${seconds} s until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
