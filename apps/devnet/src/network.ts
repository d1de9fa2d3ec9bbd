// Makes, starts and stops a development network: each organisation's node founded, joined and run through the command line, as its operator would.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readProfile } from '@mhmd/cli'
import { peopleClient } from '@mhmd/client'
import { devnetErrors } from './errors.ts'
import { requireFreePorts, runCommand, runJson, startProcess } from './processes.ts'
import type { Running } from './processes.ts'
import { portsOf } from './roster.ts'
import type { Organisation } from './roster.ts'

export interface NetworkPlan {
  readonly folder: string
  readonly basePort: number
  readonly organisations: readonly Organisation[]
  /** Further arguments of `mhmd node run`, by organisation. */
  readonly runArguments?: Readonly<Record<string, readonly string[]>>
}

/** A running network: where each node's people interface is, and the profiles its staff use. */
export interface DevNetwork {
  readonly plan: NetworkPlan
  /** Whether this start made the network, so that its people are still to be seeded. */
  readonly isNew: boolean
  processes(): readonly Running[]
  process(id: string): Running
  url(id: string): string
  home(id: string): string
  /** The profile file of an organisation's first administrator, who in the devnet is steward and desk too. */
  profile(id: string): string
  /** Starts a stopped node again. */
  restart(id: string): Promise<void>
  stop(): Promise<void>
}

interface Place extends Organisation {
  readonly home: string
  readonly staff: string
  readonly ports: { readonly member: number; readonly people: number }
}

/** Starts the network in a folder, making it first where there is none. Says each step through `say`. */
export async function startNetwork(plan: NetworkPlan, say: (line: string) => void): Promise<DevNetwork> {
  claimFolder(plan.folder)
  const places = plan.organisations.map((organisation, index): Place => ({
    ...organisation,
    home: join(plan.folder, 'nodes', organisation.id),
    staff: join(plan.folder, 'staff', organisation.id),
    ports: portsOf(plan.basePort, index),
  }))
  await requireFreePorts(places.flatMap((place) => [place.ports.member, place.ports.people]))
  const made = join(plan.folder, 'made.json')
  const isNew = !existsSync(made)
  const running = new Map<string, Running>()
  try {
    if (isNew) await found(plan, places, running, say)
    else await startAll(plan, startOrder(places), running, say)
    if (isNew) writeFileSync(made, `${JSON.stringify({ organisations: plan.organisations.map((organisation) => organisation.id) })}\n`)
  } catch (error) {
    await Promise.all([...running.values()].map((process) => process.stop()))
    releaseFolder(plan.folder)
    throw error
  }
  return network(plan, places, running, isNew)
}

function network(plan: NetworkPlan, places: readonly Place[], running: Map<string, Running>, isNew: boolean): DevNetwork {
  const place = (id: string): Place => {
    const found = places.find((candidate) => candidate.id === id)
    if (found === undefined) throw new Error(`no organisation ${id} in this network`)
    return found
  }
  return {
    plan,
    isNew,
    processes: () => [...running.values()],
    process: (id) => {
      const process = running.get(id)
      if (process === undefined) throw new Error(`${id} is not running`)
      return process
    },
    url: (id) => `http://127.0.0.1:${place(id).ports.people}`,
    home: (id) => place(id).home,
    profile: (id) => join(place(id).staff, 'admin.json'),
    restart: async (id) => void running.set(id, await startOne(plan, place(id))),
    stop: async () => {
      const nodes = [...running].filter(([id]) => !isLedger(place(id)))
      await Promise.all(nodes.map(([, process]) => process.stop()))
      await Promise.all([...running.values()].map((process) => process.stop()))
      releaseFolder(plan.folder)
    },
  }
}

const isLedger = (organisation: Organisation): boolean => organisation.roles.includes('ledger-operator')
const startOrder = (places: readonly Place[]): Place[][] => [places.filter(isLedger), places.filter((place) => !isLedger(place))]

async function startAll(plan: NetworkPlan, groups: readonly (readonly Place[])[], running: Map<string, Running>, say: (line: string) => void): Promise<void> {
  for (const group of groups) {
    await Promise.all(group.map(async (place) => {
      running.set(place.id, await startOne(plan, place))
      say(`${place.name} is up (process ${running.get(place.id)?.pid ?? 0})`)
    }))
  }
}

function startOne(plan: NetworkPlan, place: Place): Promise<Running> {
  const log = join(plan.folder, 'logs', `${place.id}.log`)
  return startProcess(place.id, [isLedger(place) ? 'ledger' : 'node', 'run', '--home', place.home, ...(plan.runArguments?.[place.id] ?? [])], { log })
}

/** The ceremony: keys made at each organisation, network.json agreed by the founders, the others admitted by two of them. */
async function found(plan: NetworkPlan, places: readonly Place[], running: Map<string, Running>, say: (line: string) => void): Promise<void> {
  for (const folder of ['nodes', 'staff', 'logs', 'citizens']) mkdirSync(join(plan.folder, folder), { recursive: true, mode: 0o700 })
  say('Making keys and folders for each organisation …')
  await Promise.all(places.map(makeNode))
  const founders = places.filter((place) => place.founder)
  const networkFile = join(plan.folder, 'network.json')
  const { hash } = await runJson<{ hash: string }>(['network', 'found', '--name', 'MHMD devnet', '--out', networkFile, ...founders.flatMap((place) => ['--application', join(place.home, 'application.json')])])
  say(`The founders agreed on network.json, hash ${hash}`)
  await Promise.all(places.map((place) => runCommand(['node', 'join', '--home', place.home, '--network', networkFile, '--hash', hash])))
  await startAll(plan, startOrder(founders), running, say)
  const admitters = founders.filter((place) => !isLedger(place))
  for (const joining of places.filter((place) => !place.founder)) {
    const application = join(joining.staff, 'application.json')
    writeFileSync(application, await runCommand(['node', 'application', '--home', joining.home]))
    for (const admitter of admitters.slice(0, 2)) await runCommand(['member', 'admit', '--profile', join(admitter.staff, 'admin.json'), '--application', application])
    say(`${joining.name} was admitted by ${admitters.slice(0, 2).map((place) => place.name).join(' and ')}`)
  }
  await startAll(plan, [places.filter((place) => !place.founder)], running, say)
  await Promise.all(places.filter((place) => !isLedger(place)).map(registerStaff))
}

/** In the devnet one person is administrator, steward and desk in turn; a colleague witnesses at the desk. */
async function registerStaff(place: Place): Promise<void> {
  const admin = readProfile(join(place.staff, 'admin.json'))
  const colleague = join(place.staff, 'colleague.key')
  const { key } = await runJson<{ key: string }>(['key', 'new', '--out', colleague])
  writeFileSync(join(place.staff, 'colleague.json'), `${JSON.stringify({ node: admin.node, keyFile: 'colleague.key' }, null, 2)}\n`)
  const client = peopleClient({ baseUrl: admin.node, key: admin.key, clock: { now: () => Date.now() }, randomness: { bytes: (length) => randomBytes(length) } })
  const isHolder = place.roles.includes('data-holder')
  await client.post('/staff/1/staff', { key: admin.key.publicKey, roles: ['admin', 'steward', 'dpo', ...(isHolder ? ['desk'] : [])] })
  if (isHolder) await client.post('/staff/1/staff', { key, roles: ['desk'] })
}

async function makeNode(place: Place): Promise<void> {
  mkdirSync(place.staff, { recursive: true, mode: 0o700 })
  const keyFile = join(place.staff, 'admin.key')
  const { key } = await runJson<{ key: string }>(['key', 'new', '--out', keyFile])
  writeFileSync(join(place.staff, 'admin.json'), `${JSON.stringify({ node: `http://127.0.0.1:${place.ports.people}`, keyFile: 'admin.key' }, null, 2)}\n`)
  await runCommand([
    'node', 'init', '--home', place.home, '--id', place.id, '--name', place.name, '--country', place.country,
    ...place.roles.flatMap((role) => ['--role', role]), '--admin-key', key, '--server-name', `${place.id}.localhost`,
    '--member-port', String(place.ports.member), '--people-port', String(place.ports.people),
  ])
}

/** One launcher a folder: a lock file names the process that runs it. Throws DEVNET_RUNNING, DEVNET_FOREIGN_FOLDER, DEVNET_HALF_MADE. */
function claimFolder(folder: string): void {
  if (existsSync(folder)) {
    const content = readdirSync(folder)
    const lock = join(folder, 'lock')
    if (existsSync(lock)) {
      const pid = Number(readFileSync(lock, 'utf8'))
      if (isAlive(pid)) throw devnetErrors.RUNNING({ folder, pid })
    }
    if (content.length > 0 && !content.includes('lock')) throw devnetErrors.FOREIGN_FOLDER({ folder })
    if (content.includes('nodes') && !content.includes('made.json')) throw devnetErrors.HALF_MADE({ folder })
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'lock'), String(process.pid))
}

// The lock file stays, empty of a process: it marks the folder as a devnet's.
function releaseFolder(folder: string): void {
  writeFileSync(join(folder, 'lock'), '0')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return pid > 0
  } catch {
    return false
  }
}

/** Deletes a devnet's folder, and nothing that isn't one. */
export function forgetNetwork(folder: string): void {
  if (!existsSync(folder)) return
  const content = readdirSync(folder)
  if (content.length > 0 && !content.includes('lock')) throw devnetErrors.FOREIGN_FOLDER({ folder })
  const pid = content.includes('lock') ? Number(readFileSync(join(folder, 'lock'), 'utf8')) : 0
  if (pid > 0 && isAlive(pid)) throw devnetErrors.RUNNING({ folder, pid })
  rmSync(folder, { recursive: true, force: true })
}
