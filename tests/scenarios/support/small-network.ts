// A small network for one scenario: the thread's five processes in a folder of its own, stopped and removed at the end whatever happens.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPatients, rosters, seedPeople, startNetwork } from '@mhmd/devnet'
import type { DevNetwork, NetworkPlan, SeedOptions, Seeded } from '@mhmd/devnet'
import { onLedger } from '@mhmd/client'
import type { Device } from '@mhmd/client'
import type { Transcript } from './transcript.ts'

export interface SmallNetwork {
  readonly network: DevNetwork
  /** For the scenario's own files, beside the network's. */
  readonly folder: string
  readonly seeded: Seeded
}

export const argument = (name: string): string | undefined => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined

export interface SmallNetworkOptions extends Pick<NetworkPlan, 'runArguments'>, Pick<SeedOptions, 'profileOf'> {
  readonly patients: number
  readonly transcript: Transcript
}

/** Runs the scenario on a fresh network whose patients are all known at both hospitals; an error counts as a failed check. */
export async function onSmallNetwork(name: string, { patients, transcript, runArguments = {}, ...choices }: SmallNetworkOptions, scenario: (at: SmallNetwork) => Promise<void>): Promise<void> {
  const { say, check } = transcript
  const folder = mkdtempSync(join(tmpdir(), `mhmd-${name}-`))
  const basePort = Number(argument('--port') ?? 24_000 + 100 * (process.pid % 40))
  const started: { network?: DevNetwork } = {}
  try {
    started.network = await startNetwork({ folder: join(folder, 'net'), basePort, organisations: rosters.thread, runArguments }, say)
    const seeded = await seedPeople(started.network, { patients, data: defaultPatients(), citizens: patients, hospitalsOf: () => ['rome', 'berlin'], say, ...choices })
    await scenario({ network: started.network, folder, seeded })
  } catch (error) {
    check(`it runs to its end (${error instanceof Error ? `${error.message} ${error.stack?.split('\n')[1] ?? ''}` : String(error)})`, false)
  } finally {
    await started.network?.stop()
    if (process.argv.includes('--keep')) say(`kept in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Waits until it holds; throws after `seconds`. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  const limit = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`it took more than ${seconds} s until ${what}`)
    await pause(100)
  }
}

/** Until every decision this device made has its outcome on the ledger. */
export async function untilOnLedger(device: Device): Promise<void> {
  for (const decision of device.state.decisions) await until('a decision is on the ledger', async () => !['WAITING', 'SENT'].includes((await onLedger(device, decision)).code))
}
