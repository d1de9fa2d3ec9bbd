// Seeds a new network through its public interfaces: hospitals import patients, citizens make accounts on their own devices, link their records and choose.
import { createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { NOT_ALL } from '@mhmd/cli'
import { crowdProfileOf } from './choices.ts'
import type { ChoiceProfile } from './choices.ts'
import { clock } from './machine.ts'
import type { DevNetwork } from './network.ts'
import { bundleText, hospitalsOf, patientsOf } from './patients.ts'
import type { PatientFile } from './patients.ts'
import { runCommand } from './processes.ts'
import { settleCitizen } from './seed-citizen.ts'
import type { SeededCitizen } from './seed-citizen.ts'

export interface SeedOptions {
  readonly patients: number
  readonly data: string
  /** How many of the patients make an account; default five of six. */
  readonly citizens?: number
  /** At which hospitals the n-th patient is known; default one each in turn, every tenth at two. */
  readonly hospitalsOf?: (index: number, hospitals: readonly string[]) => string[]
  /** What the n-th citizen chooses; default the devnet's kinds of people in turn. */
  readonly profileOf?: (index: number) => ChoiceProfile
  readonly say: (line: string) => void
  readonly signal?: AbortSignal
}

export interface Seeded {
  readonly patients: readonly { readonly patient: PatientFile; readonly hospitals: readonly string[] }[]
  readonly citizens: readonly SeededCitizen[]
}

const AT_ONCE = 8

export async function seedPeople(network: DevNetwork, options: SeedOptions): Promise<Seeded> {
  const { say } = options
  const hospitals = network.plan.organisations.filter((organisation) => organisation.roles.includes('data-holder')).map((organisation) => organisation.id)
  const patients = patientsOf(options.data, options.patients).map((patient, index) => ({ patient, hospitals: (options.hospitalsOf ?? hospitalsOf)(index, hospitals) }))
  say(`${patients.length} synthetic patients: ${hospitals.map((hospital) => `${patients.filter((row) => row.hospitals.includes(hospital)).length} at ${hospital}`).join(', ')}`)
  await Promise.all(hospitals.map(async (hospital) => {
    await importAt(network, hospital, { ...options, patients: patients.filter((row) => row.hospitals.includes(hospital)).map((row) => row.patient) })
  }))
  const chosen = patients.slice(0, options.citizens ?? Math.ceil(patients.length * 5 / 6))
  const citizens = chosen.map(({ patient, hospitals: at }, index): SeededCitizen => ({ folder: join(network.plan.folder, 'citizens', String(index + 1).padStart(3, '0')), patient, hospitals: at, profile: (options.profileOf ?? crowdProfileOf)(index) }))
  let done = 0
  await inLanes(citizens, async (citizen) => {
    options.signal?.throwIfAborted()
    await settleCitizen(network, citizen, options.signal)
    if (++done % 50 === 0) say(`${done} of ${citizens.length} citizens have made their choices`)
  })
  say(`${citizens.length} citizens have accounts on their own devices and have chosen`)
  return { patients, citizens }
}

/** One file of bundles, a line each, imported as a steward would: by the command line. A second run leaves out what the first one finished. */
async function importAt(network: DevNetwork, hospital: string, { patients, say, signal }: { patients: readonly PatientFile[] } & Pick<SeedOptions, 'say' | 'signal'>): Promise<void> {
  const folder = join(network.plan.folder, 'import')
  const done = join(folder, `${hospital}.done`)
  if (existsSync(done) || patients.length === 0) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${hospital}.ndjson`)
  const out = createWriteStream(file, { mode: 0o600 })
  for (const patient of patients) if (!out.write(`${bundleText(patient)}\n`)) await once(out, 'drain')
  out.end()
  await once(out, 'close')
  await runCommand(['records', 'import', '--profile', network.profile(hospital), file], { signal, alsoDone: [NOT_ALL], progress: everyFewSeconds((line) => say(line.replace('.ndjson', ''))) })
  rmSync(file)
  writeFileSync(done, '')
  say(`${hospital} has imported its patients`)
}

const SAID_EVERY_MILLISECONDS = 5000

function everyFewSeconds(say: (line: string) => void): (line: string) => void {
  let last = clock.now()
  return (line) => {
    if (clock.now() - last < SAID_EVERY_MILLISECONDS) return
    last = clock.now()
    say(line)
  }
}

/** After an error nothing more is begun; it is thrown once every lane has ended, so that nothing goes on behind the caller's back. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, async () => {
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
    } catch (error) {
      waiting.length = 0
      throw error
    }
  }))
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
}
