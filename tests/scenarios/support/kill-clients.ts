// The clients of a kill run, each from outside and each with an identity of its own for every act, so that a call may be repeated: citizens, two hospitals' stewards, a researcher.
import { createHash, randomBytes } from 'node:crypto'
import { MhmdError, newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { lastDecision } from '@mhmd/accounts'
import { keep, openDevice, readProfile } from '@mhmd/cli'
import { clientErrors, decide, declareOptOut, peopleClient, send, withdraw, withdrawOptOut } from '@mhmd/client'
import type { Device, PeopleClient } from '@mhmd/client'
import { profileOf, readBundle } from '@mhmd/devnet'
import type { DevNetwork, SeededCitizen } from '@mhmd/devnet'
import { reviveError } from '@mhmd/messages'
import type { Journal } from './kill-journal.ts'

export const clock: Clock = { now: () => Date.now() }
export const randomness: Randomness = { bytes: (length) => randomBytes(length) }
const freshId = (): string => newId(randomness)

export interface LaneParts {
  readonly journal: Journal
  readonly random: () => number
  /** True once no new act is to begin; one that has begun goes on to its acknowledgement. */
  readonly isOver: () => boolean
}

export function staffOf(network: DevNetwork, id: string): PeopleClient {
  const { node, key } = readProfile(network.profile(id))
  return peopleClient({ baseUrl: node, key, clock, randomness, timeoutMs: 20_000 })
}

const rest = (random: () => number, milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, random() * 2 * milliseconds))

/** Citizens who change their minds: signs, keeps, sends until hospital and provider have it, then rests. */
export async function citizenLane(citizens: readonly SeededCitizen[], { journal, random, isOver }: LaneParts): Promise<void> {
  while (!isOver()) {
    const citizen = citizens[Math.floor(random() * citizens.length)] as SeededCitizen
    const holder = citizen.hospitals[Math.floor(random() * citizen.hospitals.length)] ?? ''
    let device = openDevice(citizen.folder)
    const step = (state: Device['state']): void => {
      device = { ...device, state }
      keep(citizen.folder, state)
    }
    step(nextDecision(device, holder, random))
    const made = device.state.decisions.at(-1)
    await journal.insist({ nodes: [holder, 'accounts'], what: made === undefined ? 'decision' : `${made.kind} ${made.statement.operation}` }, async () => {
      const { state, sendings } = await send(device)
      step(state)
      const errors = sendings.flatMap((sending) => sending.errors)
      if (errors.length > 0) throw errors[0]
    })
    journal.acknowledge('decision', made?.statement.operationId ?? '')
    await rest(random, 150)
  }
}

function nextDecision(device: Device, holder: string, random: () => number): Device['state'] {
  const isSet = (kind: 'consent' | 'opt-out'): boolean => lastDecision(device.state, holder, kind)?.statement.operation === 'set'
  if (random() < 0.3) return isSet('opt-out') ? withdrawOptOut(device, { holder }) : declareOptOut(device, { holder })
  const terms = profileOf(0).terms?.(clock.now())
  if (terms === undefined) throw new Error('the first profile permits nothing')
  return isSet('consent') && random() < 0.6 ? withdraw(device, { holder }) : decide(device, { holder, terms })
}

/** A file that a steward sent and was told is imported. */
export interface ImportedFile {
  readonly hospital: string
  readonly text: string
  readonly resources: number
}

/** A steward who imports small files, each with a patient of its own; a file's upload is taken up where it broke. */
export async function importLane(network: DevNetwork, hospital: string, { journal, random, isOver }: LaneParts): Promise<ImportedFile[]> {
  const imported: ImportedFile[] = []
  while (!isOver()) {
    const { text, resources } = smallFile(freshId(), random)
    const { job, report } = await importText(network, hospital, { text, journal })
    if (report.read !== resources || report.added !== resources) throw new Error(`of ${resources} resources ${report.read} were read and ${report.added} added`)
    imported.push({ hospital, text, resources })
    journal.acknowledge('import', job)
    await rest(random, 400)
  }
  return imported
}

export interface ImportReport {
  readonly read: number
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly quarantined: number
}

/** Announces, sends and awaits one file. */
export async function importText(network: DevNetwork, hospital: string, { text, journal }: { text: string; journal: Journal }): Promise<{ job: string; report: ImportReport }> {
  const staff = staffOf(network, hospital)
  const bytes = Buffer.from(text)
  const announced = await journal.insist({ nodes: [hospital], what: 'announce' }, () => staff.post<{ id: string; token: string }>('/staff/1/imports', { name: 'small.ndjson', size: bytes.length, sha256: createHash('sha256').update(bytes).digest('base64url') }))
  const url = `${network.url(hospital)}/staff/1/uploads/${announced.id}`
  let offset = 0
  const { job } = await journal.insist({ nodes: [hospital], what: 'upload' }, async () => {
    try {
      return await put(url, { token: announced.token, bytes, offset })
    } catch (error) {
      const at = continueAt(error)
      if (at === undefined) throw error
      offset = at
      return put(url, { token: announced.token, bytes, offset })
    }
  })
  const report = await journal.insist({ nodes: [hospital], what: 'import' }, async () => {
    for (;;) {
      const found = await staff.get<{ state: string; code?: string; report: ImportReport | null }>(`/staff/1/imports/${job}`)
      if (found.state === 'done' && found.report !== null) return found.report
      if (found.state !== 'waiting') throw new Error(`an import ${found.state} with ${found.code ?? 'no code'}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })
  return { job, report }
}

async function put(url: string, { token, bytes, offset }: { token: string; bytes: Buffer; offset: number }): Promise<{ job: string }> {
  const address = new URL(url).host
  const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/vnd.mhmd.upload', 'x-upload-token': token, 'x-upload-offset': String(offset) }, body: Uint8Array.from(bytes.subarray(offset)) })
    .catch((cause: unknown) => { throw clientErrors.UNREACHABLE({ address }, { cause }) })
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok && typeof (body as { job?: unknown } | undefined)?.job === 'string') return body as { job: string }
  throw reviveError(body) ?? clientErrors.BAD_ANSWER({ address, status: answer.status })
}

/** Where the node wants the file continued: not a failure, but the next attempt's offset. */
function continueAt(error: unknown): number | undefined {
  const state = MhmdError.isInstance(error) && error.code === 'NODE_STATE' ? error.details['state'] : undefined
  const found = typeof state === 'string' ? /^at byte (\d+)$/.exec(state) : null
  return found === null ? undefined : Number(found[1])
}

function smallFile(id: string, random: () => number): { text: string; resources: number } {
  const observations = 20 + Math.floor(random() * 180)
  const patient = { resourceType: 'Patient', id, identifier: [{ system: 'urn:example:kill-run', value: id }], gender: 'other', birthDate: '1970-01-01' }
  const rows = Array.from({ length: observations }, (_, index) => ({
    resourceType: 'Observation', id: `${id}-${index}`, status: 'final', subject: { reference: `Patient/${id}` }, code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] }, valueQuantity: { value: 50 + Math.floor(random() * 100), unit: '/min' },
  }))
  return { text: [patient, ...rows].map((row) => `${JSON.stringify(row)}\n`).join(''), resources: observations + 1 }
}

/** The age that splits people most evenly, so that a count of those above it may be given; from their files alone. */
export function evenQuestion(people: readonly SeededCitizen[]): object {
  const on = '2025-01-01'
  const births = people.map(({ patient }) => readBundle(patient).entry.map(({ resource }) => resource as { resourceType: string; birthDate?: string }).find((resource) => resource.resourceType === 'Patient')?.birthDate ?? on)
  const ages = Array.from({ length: 100 }, (_, age) => ({ age, older: births.filter((birth) => birth <= `${2025 - age}-01-01`).length }))
  const best = ages.reduce((chosen, next) => Math.abs(2 * next.older - people.length) < Math.abs(2 * chosen.older - people.length) ? next : chosen)
  return { all: [{ type: 'age', from: best.age, on }] }
}

const draft = (title: string, question: object): object => ({ holders: ['rome', 'berlin'], class: 'research-organisation', title, summary: 'A count by hospital.', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], question, days: 30 })

/** Files one request; its id is chosen here, so that filing it again files it once. */
export async function fileRequest(network: DevNetwork, journal: Journal, { title, question }: { title: string; question: object }): Promise<string> {
  const id = freshId()
  const staff = staffOf(network, 'institute')
  await journal.insist({ nodes: ['institute', 'ledger'], what: 'file' }, () => staff.post('/staff/1/requests', { ...draft(title, question), id }))
  journal.acknowledge('request', id)
  return id
}

/** A researcher who files requests that nobody answers yet. */
export async function requestLane(network: DevNetwork, question: object, { journal, random, isOver }: LaneParts): Promise<void> {
  for (let n = 1; !isOver(); n++) {
    await fileRequest(network, journal, { title: `Question ${n}`, question })
    await rest(random, 1500)
  }
}

/** A researcher who asks for the same count again and again. */
export async function askLane(network: DevNetwork, request: string, { journal, random, isOver }: LaneParts): Promise<void> {
  const staff = staffOf(network, 'institute')
  while (!isOver()) {
    const ask = freshId()
    await journal.insist({ nodes: ['institute'], what: 'ask' }, () => staff.post(`/staff/1/requests/${request}/asks`, { ask }))
    journal.acknowledge('ask', ask)
    await rest(random, 700)
  }
}
