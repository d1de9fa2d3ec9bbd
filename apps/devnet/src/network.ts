// Makes, starts and stops a development network: one process an organisation, each with its own folder.
import { join } from 'node:path'
import { devnetErrors } from './errors.ts'
import { fabricPorts, startFabric } from './fabric.ts'
import { claimFolder, forgetHalfMade, readMade, releaseFolder, writeMade } from './folder.ts'
import { admitEveryone, makeFolders } from './founding.ts'
import { freePorts, startProcess } from './processes.ts'
import type { Running } from './processes.ts'
import type { FabricNetwork } from '@mhmd/ledger-fabric'
import { addressOf, isLedger, portsOf } from './roster.ts'
import type { NetworkPlan, Place } from './roster.ts'
import { makeWitnesses, policyFile, startWitnessProcess } from './witnesses.ts'
import type { Witnesses } from './witnesses.ts'

/** A running network: where each node's people interface is, and the profiles its staff use. */
export interface DevNetwork {
  readonly plan: NetworkPlan
  /** Whether this start made the network. */
  readonly isNew: boolean
  processes(): readonly Running[]
  process(id: string): Running
  /** Where the ledger is Fabric: its orderers, peers and chaincodes. */
  readonly fabric: FabricNetwork | undefined
  /** Where programs on this machine reach it. */
  url(id: string): string
  /** Where its people's browsers find it. */
  address(id: string): string
  home(id: string): string
  /** Where the plan wants them: trust roots that name them, and the running process of a member's. */
  readonly witnesses: { readonly members: readonly string[]; readonly roots: string; process(id: string): Running; restart(id: string): Promise<void> } | undefined
  /** The profile file of an organisation's first administrator, who in the devnet is steward and desk too. */
  profile(id: string): string
  /** Starts a stopped node again. */
  restart(id: string): Promise<void>
  stop(): Promise<void>
}

/** Starts the network in a folder, making it first where there is none, and going on where an earlier start was stopped. Aborting stops what was started. */
export async function startNetwork(plan: NetworkPlan, say: (line: string) => void, signal?: AbortSignal): Promise<DevNetwork> {
  claimFolder(plan.folder)
  const running = new Map<string, Running>()
  const witnessing = new Map<string, Running>()
  let fabric: FabricNetwork | undefined
  try {
    const places = placesOf(plan)
    requireSamePlan(plan)
    await freePorts([...places.flatMap((place) => [place.ports.member, place.ports.people, ...(plan.witnesses === true && place.witness === true ? [place.ports.member + 2] : [])]), ...(plan.ledger === 'fabric' ? fabricPorts(plan) : [])], say)
    const isNew = readMade(plan.folder) === undefined
    if (isNew) await make(plan, places, say)
    signal?.throwIfAborted()
    if (plan.ledger === 'fabric') fabric = await startFabric(plan, places, say)
    signal?.throwIfAborted()
    const witnesses = plan.witnesses === true ? await startWitnesses(plan, places, { running: witnessing, signal }) : undefined
    await startAll(plan, places, { running, say, signal })
    const made = readMade(plan.folder)
    if (made !== undefined && !made.admitted) {
      await admitEveryone(places, say)
      writeMade(plan.folder, { ...made, admitted: true })
    }
    signal?.throwIfAborted()
    return network(plan, places, { running, witnessing, witnesses, isNew, fabric })
  } catch (error) {
    await Promise.all([...running.values(), ...witnessing.values()].map((process) => process.stop()))
    await fabric?.stop()
    releaseFolder(plan.folder)
    throw error
  }
}

/** Addresses stand on the ledger and in every node's configuration. Throws DEVNET_OTHER_PLAN. */
function requireSamePlan({ folder, basePort, organisations, ledger = 'embedded' }: NetworkPlan): void {
  const made = readMade(folder)
  if (made === undefined) return
  const isSame = made.basePort === basePort && made.ledger === ledger && organisations.map(({ id }) => id).join() === made.organisations.join()
  if (!isSame) throw devnetErrors.OTHER_PLAN({ folder, port: made.basePort })
}

const placesOf = (plan: NetworkPlan): Place[] => plan.organisations.map((organisation, index) => ({
  ...organisation, home: join(plan.folder, 'nodes', organisation.id), staff: join(plan.folder, 'staff', organisation.id), ports: portsOf(plan.basePort, index),
}))

async function make(plan: NetworkPlan, places: readonly Place[], say: (line: string) => void): Promise<void> {
  forgetHalfMade(plan.folder)
  say('Making keys and folders for each organisation …')
  const hash = await makeFolders(plan.folder, places)
  writeMade(plan.folder, { organisations: places.map((place) => place.id), basePort: plan.basePort, ledger: plan.ledger ?? 'embedded', admitted: false })
  say(`The founders agreed on network.json, hash ${hash}`)
}

interface Started {
  readonly running: Map<string, Running>
  readonly witnessing: Map<string, Running>
  readonly witnesses: Witnesses | undefined
  readonly isNew: boolean
  readonly fabric: FabricNetwork | undefined
}

function network(plan: NetworkPlan, places: readonly Place[], { running, witnessing, witnesses, isNew, fabric }: Started): DevNetwork {
  const place = (id: string): Place => {
    const found = places.find((candidate) => candidate.id === id)
    if (found === undefined) throw new Error(`no organisation ${id} in this network`)
    return found
  }
  return {
    plan,
    isNew,
    fabric,
    processes: () => [...running.values()],
    process: (id) => processOf(running, id),
    witnesses: witnesses === undefined ? undefined : {
      members: witnesses.members, roots: witnesses.roots,
      process: (id) => processOf(witnessing, id),
      restart: async (id) => void witnessing.set(id, await startWitnessProcess(plan.folder, witnesses, id)),
    },
    url: (id) => `http://127.0.0.1:${place(id).ports.people}`,
    address: (id) => addressOf(place(id)),
    home: (id) => place(id).home,
    profile: (id) => join(place(id).staff, 'admin.json'),
    restart: async (id) => void running.set(id, await startOne(plan, place(id))),
    stop: async () => {
      const nodes = [...running].filter(([id]) => !isLedger(place(id)))
      await Promise.all(nodes.map(([, process]) => process.stop()))
      await Promise.all([...running.values(), ...witnessing.values()].map((process) => process.stop()))
      await fabric?.stop()
      releaseFolder(plan.folder)
    },
  }
}

function processOf(running: ReadonlyMap<string, Running>, id: string): Running {
  const process = running.get(id)
  if (process === undefined) throw new Error(`${id} is not running`)
  return process
}

async function startWitnesses(plan: NetworkPlan, places: readonly Place[], { running, signal }: { running: Map<string, Running>; signal: AbortSignal | undefined }): Promise<Witnesses> {
  const witnesses = makeWitnesses(plan.folder, places)
  await Promise.all(witnesses.members.map(async (id) => running.set(id, await startWitnessProcess(plan.folder, witnesses, id, signal))))
  return witnesses
}

/** All at once: a node that is up before its ledger, or before it is a member, waits for it by itself. */
async function startAll(plan: NetworkPlan, places: readonly Place[], { running, say, signal }: { running: Map<string, Running>; say: (line: string) => void; signal: AbortSignal | undefined }): Promise<void> {
  const starts = await Promise.allSettled(places.map(async (place) => {
    const process = await startOne(plan, place, signal)
    running.set(place.id, process)
    say(`${place.name} is up (process ${process.pid})`)
  }))
  for (const start of starts) if (start.status === 'rejected') throw start.reason
}

function startOne(plan: NetworkPlan, place: Place, signal?: AbortSignal): Promise<Running> {
  const log = join(plan.folder, 'logs', `${place.id}.log`)
  return startProcess(place.id, [isLedger(place) ? 'ledger' : 'node', 'run', '--home', place.home, ...(plan.witnesses === true && !isLedger(place) ? ['--witnesses', policyFile(plan.folder)] : []), ...(plan.runArguments?.[place.id] ?? [])], { log, signal })
}
