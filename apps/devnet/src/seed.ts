// Seeds a new network through its public interfaces: hospitals import patients, citizens make accounts on their own devices, link their records and choose.
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { once } from 'node:events'
import { keep, newDevice, readProfile } from '@mhmd/cli'
import { decide, declareOptOut, enrol, peopleClient, send } from '@mhmd/client'
import type { Device, PeopleClient } from '@mhmd/client'
import { profileOf } from './choices.ts'
import type { ChoiceProfile } from './choices.ts'
import type { DevNetwork } from './network.ts'
import { hospitalsOf, patientsOf, readBundle } from './patients.ts'
import type { PatientFile } from './patients.ts'
import { runCommand } from './processes.ts'

export interface SeedOptions {
  readonly patients: number
  readonly data: string
  /** How many of the patients make an account; default two of three. */
  readonly citizens?: number
  /** At which hospitals the n-th patient is known; default one each in turn, every tenth at two. */
  readonly hospitalsOf?: (index: number, hospitals: readonly string[]) => string[]
  /** What the n-th citizen chooses; default the devnet's kinds of people in turn. */
  readonly profileOf?: (index: number) => ChoiceProfile
  readonly say: (line: string) => void
  readonly signal?: AbortSignal
}

/** A citizen of the devnet, as tests need her: her folder, her patient's file, where she is linked, and what she chose. */
export interface SeededCitizen {
  readonly folder: string
  readonly patient: PatientFile
  readonly hospitals: readonly string[]
  readonly profile: ChoiceProfile
}

export interface Seeded {
  readonly patients: readonly { readonly patient: PatientFile; readonly hospitals: readonly string[] }[]
  readonly citizens: readonly SeededCitizen[]
}

const AT_ONCE = 8
const clock = { now: (): number => Date.now() }
const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }

export async function seedPeople(network: DevNetwork, options: SeedOptions): Promise<Seeded> {
  const { say } = options
  const hospitals = network.plan.organisations.filter((organisation) => organisation.roles.includes('data-holder')).map((organisation) => organisation.id)
  const patients = patientsOf(options.data, options.patients).map((patient, index) => ({ patient, hospitals: (options.hospitalsOf ?? hospitalsOf)(index, hospitals) }))
  say(`${patients.length} synthetic patients: ${hospitals.map((hospital) => `${patients.filter((row) => row.hospitals.includes(hospital)).length} at ${hospital}`).join(', ')}`)
  await Promise.all(hospitals.map(async (hospital) => {
    await importAt(network, hospital, patients.filter((row) => row.hospitals.includes(hospital)).map((row) => row.patient))
    say(`${hospital} has imported its patients`)
  }))
  const chosen = patients.slice(0, options.citizens ?? Math.ceil(patients.length * 2 / 3))
  const citizens = chosen.map(({ patient, hospitals: at }, index): SeededCitizen => ({ folder: join(network.plan.folder, 'citizens', String(index + 1).padStart(3, '0')), patient, hospitals: at, profile: (options.profileOf ?? profileOf)(index) }))
  let done = 0
  await inLanes(citizens, async (citizen) => {
    if (options.signal?.aborted === true) return
    await settleCitizen(network, citizen)
    if (++done % 50 === 0) say(`${done} of ${citizens.length} citizens have made their choices`)
  })
  say(`${citizens.length} citizens have accounts on their own devices and have chosen`)
  return { patients, citizens }
}

/** One file of bundles, a line each, imported as a steward would: by the command line. */
async function importAt(network: DevNetwork, hospital: string, patients: readonly PatientFile[]): Promise<void> {
  const folder = join(network.plan.folder, 'import')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${hospital}.ndjson`)
  const out = createWriteStream(file, { mode: 0o600 })
  for (const patient of patients) if (!out.write(`${JSON.stringify(readBundle(patient.file))}\n`)) await once(out, 'drain')
  out.end()
  await once(out, 'close')
  await runCommand(['records', 'import', '--profile', network.profile(hospital), file])
  rmSync(file)
}

async function settleCitizen(network: DevNetwork, { folder, patient, hospitals, profile }: SeededCitizen): Promise<void> {
  if (existsSync(folder)) return
  const provider = network.plan.organisations.find((organisation) => organisation.roles.includes('account-provider'))?.id ?? ''
  let { device } = await newDevice(folder, network.url(provider))
  const step = (next: Device['state']): void => {
    device = { ...device, state: next }
    keep(folder, next)
  }
  for (const holder of hospitals) {
    const { code } = await desk(network, holder).post<{ code: string }>('/staff/1/link-codes', patient.identifier)
    step((await enrol(device, { holder, code })).state)
    if (profile.terms !== null) step(decide(device, { holder, terms: profile.terms(clock.now()) }))
    if (profile.optsOut) step(declareOptOut(device, { holder }))
  }
  // Enrolment must be seen by the holder before it takes a decision: tried again until everything arrived.
  for (let attempt = 0; attempt < 50; attempt++) {
    const { state } = await send(device)
    step(state)
    if (state.decisions.every((decision) => decision.sent.holder && decision.sent.provider)) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('a citizen\'s decisions did not arrive')
}

function desk(network: DevNetwork, hospital: string): PeopleClient {
  const profile = readProfile(network.profile(hospital))
  return peopleClient({ baseUrl: profile.node, key: profile.key, clock, randomness })
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }))
}
