// What every scenario begins and ends with: options, waiting, and a network of real processes in a folder of its own, stopped and removed whatever happens.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rosters, startNetwork } from '@mhmd/devnet'
import type { DevNetwork, NetworkPlan } from '@mhmd/devnet'
import type { Transcript } from './transcript.ts'

export const option = (name: string): string | undefined => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined

export interface ScenarioPlan extends Partial<Pick<NetworkPlan, 'organisations' | 'runArguments' | 'witnesses'>> {
  readonly transcript: Transcript
  /** Done before the network stops, whatever happened. */
  readonly atEnd?: (network: DevNetwork) => void
}

export interface OnNetwork {
  readonly network: DevNetwork
  /** For the scenario's own files, beside the network's. */
  readonly folder: string
}

/** Ports from 27,000 on are those of suites that name their own, and run beside. */
const BLOCKS = 60
const PORTS_IN_BLOCK = 150

/**
 * Where this process's ports begin. They lie below the range from which systems take those of outgoing connections: a killed
 * node must get its own back. A block belongs to whoever listens on its last port, so that two scenarios at once never share one.
 */
async function basePort(): Promise<number> {
  const asked = option('--port')
  if (asked !== undefined) return Number(asked)
  for (let tried = 0; tried < BLOCKS; tried++) {
    const base = 18_000 + PORTS_IN_BLOCK * ((process.pid + tried) % BLOCKS)
    const guard = createServer().unref()
    const isOurs = await new Promise<boolean>((resolve) => guard.once('error', () => resolve(false)).listen({ host: '127.0.0.1', port: base + PORTS_IN_BLOCK - 1, exclusive: true }, () => resolve(true)))
    if (isOurs) return base
  }
  throw new Error('every block of ports is taken by another scenario')
}

/** `--ledger fabric` plays the same scenario on Hyperledger Fabric. */
const ledger = (): NonNullable<NetworkPlan['ledger']> => option('--ledger') === 'fabric' ? 'fabric' : 'embedded'

/** Runs the scenario on a fresh network, the thread's five where none are named; an error counts as a failed check. With `--keep` the folder stays, `--port N` says where ports begin. */
export async function onNetwork(name: string, plan: ScenarioPlan, scenario: (at: OnNetwork) => Promise<void>): Promise<void> {
  const { organisations = rosters.thread, runArguments = {}, witnesses = false, transcript: { say, check } } = plan
  const folder = mkdtempSync(join(tmpdir(), `mhmd-${name}-`))
  const started: { network?: DevNetwork } = {}
  try {
    started.network = await startNetwork({ folder: join(folder, 'net'), basePort: await basePort(), ledger: ledger(), organisations, runArguments, witnesses }, say)
    await scenario({ network: started.network, folder })
  } catch (error) {
    check(`it runs to its end (${error instanceof Error ? `${error.message} ${error.stack?.split('\n')[1] ?? ''}` : String(error)})`, false)
  } finally {
    if (started.network !== undefined) plan.atEnd?.(started.network)
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
