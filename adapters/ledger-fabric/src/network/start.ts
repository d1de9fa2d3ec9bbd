// A Fabric network of plain processes on this machine: made once in a folder, and started again on what is there.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt, openGateway } from '../client/gateway.ts'
import type { PeerConnection } from '../client/gateway.ts'
import { channelConfig, ordererConfig, peerConfig } from './channel.ts'
import { builderPrograms } from './chaincode-package.ts'
import { CHAINCODE, committed, define, install, packageOf } from './contracts.ts'
import { folderAuthorities, makeIdentities } from './identities.ts'
import type { Authorities } from './identities.ts'
import { firstStart } from './databases.ts'
import { chaincodePort, hostOf, isOrderer, orderersOf, peersOf, userOf } from './layout.ts'
import type { NetworkPlan, OrdererPlace, PeerPlace, Place } from './layout.ts'
import { lock } from './lock.ts'
import { fabricPrograms } from './programs.ts'
import { healthy, listening, start, until } from './processes.ts'
import type { Started } from './processes.ts'
import { ordererAdmin, ordererOf, peerOf, savePlan, savedPlan, tool } from './site.ts'
import type { Site } from './site.ts'
import { fabricErrors } from '../errors.ts'

const ordinaryChaincode = new URL('../chaincode/main.ts', import.meta.url).pathname

export interface FabricNetwork {
  /** As it stands now: it grows and shrinks. */
  readonly site: Site
  readonly plan: NetworkPlan
  readonly authorities: Authorities
  connection(member: string): PeerConnection
  /** Running processes by name: `orderer rome`, `peer rome`, `chaincode rome`. */
  readonly processes: Map<string, Started>
  /** Defines the chaincode once more under another name, with a state of its own. */
  define(chaincode: string): Promise<void>
  /** Starts a process that doesn't run, and waits until it answers. A chaincode may be another program, of another version. */
  revive(name: string, chaincode?: ChaincodeProgram): Promise<void>
  /** Ends a process and forgets it. */
  end(name: string): Promise<void>
  /** From now on the network is this one; also after a restart, unless it isn't saved. */
  replan(plan: NetworkPlan, options?: { readonly save: boolean }): void
  stop(): Promise<void>
}

export interface ChaincodeProgram {
  /** Node's arguments up to the file itself. */
  readonly command?: readonly string[]
  readonly version?: number
}

export interface FabricNetworkOptions {
  /** For PATH, HOME and the folder of caches. */
  readonly environment: NodeJS.ProcessEnv
  readonly say?: (line: string) => void
  /** The program of the chaincode; another one only in tests. */
  readonly chaincodeEntry?: string
  /** Where certificates come from. Default: authorities in the organisations' folders. */
  readonly authorities?: Authorities
  /** The group under which a member's processes run, by which a packet filter tells them apart. */
  readonly groupOf?: (member: string) => number
}

/** Makes the network where its folder is empty, starts it, and comes back when each peer can endorse. */
export async function startFabricNetwork(founding: NetworkPlan, options: FabricNetworkOptions): Promise<FabricNetwork> {
  const { environment, say = () => undefined, authorities = folderAuthorities } = options
  const bin = await fabricPrograms({ say, environment })
  const saved = savedPlan(founding.folder)
  let site: Site = { bin, plan: saved === undefined ? founding : { ...saved, basePort: founding.basePort } }
  const release = lock(founding.folder)
  const processes = new Map<string, Started>()
  const network: FabricNetwork = {
    get site() { return site },
    get plan() { return site.plan },
    processes, authorities,
    connection: (member) => connectionOf(site.plan, member),
    define: async (chaincode) => {
      await define(site, { name: chaincode, version: 1 })
      await Promise.all(peersOf(site.plan).map(({ member }) => endorses(site.plan, member, chaincode)))
    },
    revive: async (name, chaincode) => {
      if (processes.get(name)?.isAlive() === true) return
      const finished = isChaincode(name) ? () => undefined : firstStart(placeOf(site.plan, name))
      const started = launch(site, name, { ...options, ...chaincode })
      processes.set(name, started)
      await until(name, 60, async () => { if (started.isAlive()) await answers(site.plan, name, chaincode?.version) })
      if (!started.isAlive()) throw fabricErrors.PROGRAM_FAILED({ program: name, why: started.lastWords() })
      finished()
    },
    end: async (name) => {
      await processes.get(name)?.kill('SIGTERM')
      processes.delete(name)
    },
    replan: (plan, { save } = { save: true }) => {
      site = { bin, plan }
      if (save) savePlan(plan)
    },
    stop: async () => {
      await Promise.all([...processes.values()].map((each) => each.kill('SIGTERM')))
      release()
    },
  }
  try {
    await portsFree(site.plan)
    if (saved === undefined) await makeFiles(site, authorities)
    else for (const place of placesOf(site.plan)) makeSettings(site.plan, place)
    if (saved !== undefined) await resume(network)
    await Promise.all(namesIn(site.plan).map((name) => network.revive(name)))
    if (saved === undefined) {
      await Promise.all([...orderersOf(site.plan).map((place) => joinOrderer(site, place)), ...peersOf(site.plan).map((place) => joinPeer(site, place))])
      await define(site, { name: CHAINCODE, version: 1 })
      savePlan(site.plan)
    }
    await Promise.all(peersOf(site.plan).map(({ member }) => endorses(site.plan, member)))
  } catch (error) {
    await network.stop()
    throw error
  }
  return network
}

/** Peers and orderers first: the channel says which version of the contracts is in force, and a peer whose folder is empty joins again. */
async function resume(network: FabricNetwork): Promise<void> {
  await Promise.all(namesIn(network.plan).filter((name) => !isChaincode(name)).map((name) => network.revive(name)))
  const { site, plan } = network
  await Promise.all(peersOf(plan).map((place) => joinPeer(site, place)))
  const { version } = await until('the channel', 30, () => committed(site, CHAINCODE))
  if (version !== (plan.contracts ?? 1)) network.replan({ ...plan, contracts: version })
}

const placesOf = (plan: NetworkPlan): Place[] => [...orderersOf(plan), ...peersOf(plan)]

/** A run that is just ending lets go of its ports. Throws FABRIC_PORT_TAKEN. */
async function portsFree(plan: NetworkPlan): Promise<void> {
  const ports = placesOf(plan).flatMap((place) => (isOrderer(place) ? [place.port, place.admin, place.operations] : [place.port, place.callback, place.operations, chaincodePort(place, 1), chaincodePort(place, 2)]).map((port) => ({ port, what: place.domain })))
  await Promise.all(ports.map(async (each) => {
    const end = Date.now() + PORT_PATIENCE_MS
    while (await listening(each.port).then(() => true, () => false)) {
      if (Date.now() > end) throw fabricErrors.PORT_TAKEN(each)
      await sleep(100)
    }
  }))
}

const PORT_PATIENCE_MS = 15_000

const namesIn = (plan: NetworkPlan): string[] => [...orderersOf(plan).map(({ member }) => `orderer ${member}`), ...peersOf(plan).flatMap(({ member }) => [`peer ${member}`, `chaincode ${member}`])]

const isChaincode = (name: string): boolean => name.startsWith('chaincode ')

/** The host on which a process runs: a chaincode beside its peer. */
function placeOf(plan: NetworkPlan, name: string): Place {
  const [kind, member = ''] = name.split(' ')
  return kind === 'orderer' ? ordererOf(plan, member) : peerOf(plan, member)
}

/** A process that takes what it is there for: its health is told before its databases are open, calls are taken after. */
async function answers(plan: NetworkPlan, name: string, version = plan.contracts ?? 1): Promise<void> {
  const place = placeOf(plan, name)
  if (isChaincode(name) && !isOrderer(place)) return listening(chaincodePort(place, version))
  await listening(place.port)
  await healthy(place.operations)
}

/** How a member's client reaches its peer, from the files of the network's folder. */
export function connectionOf(plan: NetworkPlan, member: string): PeerConnection {
  const place = peerOf(plan, member)
  const msp = join(userOf(place), 'msp')
  const text = (...path: string[]): string => readFileSync(join(...path), 'utf8')
  return { member: place.member, msp: place.msp, address: `localhost:${place.port}`, tlsRoot: text(hostOf(place), 'tls/ca.crt'), certificate: text(msp, 'signcerts/cert.pem'), privateKey: text(msp, 'keystore/key.pem'), others: peersOf(plan).filter((each) => each.member !== member).map((each) => each.msp) }
}

/** Until the gateway of a member finds enough peers: the contracts' refusal of nothing at all is an answer. */
export async function endorses(plan: NetworkPlan, member: string, chaincode = CHAINCODE): Promise<void> {
  const gateway = openGateway(connectionOf(plan, member), { channel: plan.channel, chaincode })
  await until(`endorsement through ${member}`, 60, () => attempt(gateway.contract, '{}')).finally(() => gateway.close())
}

export const writeSettings = (file: string, value: object): void => {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, JSON.stringify(value, undefined, 1))
}

async function makeFiles(site: Site, authorities: Authorities): Promise<void> {
  const { plan } = site
  await Promise.all([...orderersOf(plan), ...peersOf(plan)].map((place) => makeIdentities(place, authorities)))
  writeSettings(join(plan.folder, 'configtx.yaml'), channelConfig(plan))
  for (const [name, text] of Object.entries(builderPrograms)) {
    const file = join(plan.folder, 'builder/bin', name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, 0o755)
  }
  for (const place of [...orderersOf(plan), ...peersOf(plan)]) makeSettings(plan, place)
  await tool(site, 'configtxgen', ['-profile', 'Channel', '-channelID', plan.channel, '-outputBlock', join(plan.folder, 'genesis.block'), '-configPath', plan.folder])
}

/** The settings of one process. */
export function makeSettings(plan: NetworkPlan, place: Place): void {
  if (isOrderer(place)) writeSettings(join(place.data, 'orderer.yaml'), ordererConfig(plan, place))
  else writeSettings(join(place.data, 'core.yaml'), peerConfig(plan, place, join(plan.folder, 'builder')))
}

function launch({ plan, bin }: Site, name: string, options: FabricNetworkOptions & ChaincodeProgram): Started {
  const at = placeOf(plan, name)
  // The builder's programs are found by PATH.
  const env = { PATH: options.environment['PATH'], FABRIC_CFG_PATH: at.data, FABRIC_LOGGING_SPEC: 'warning', CORE_CHAINCODE_LOGGING_LEVEL: 'error' }
  const command: readonly [string, ...string[]] = isOrderer(at) ? [join(bin, 'orderer')] : isChaincode(name) ? chaincodeCommand(at, options, options.version ?? plan.contracts ?? 1) : [join(bin, 'peer'), 'node', 'start']
  return start(name, command, { cwd: at.data, env, log: join(at.data, isChaincode(name) ? 'chaincode-log' : 'log'), group: options.groupOf?.(at.member) })
}

function chaincodeCommand(place: PeerPlace, { command, chaincodeEntry = ordinaryChaincode }: FabricNetworkOptions & ChaincodeProgram, version: number): readonly [string, ...string[]] {
  return [process.execPath, ...command ?? [chaincodeEntry], packageOf(place, version).id, `127.0.0.1:${chaincodePort(place, version)}`, join(hostOf(place), 'tls')]
}

/** From the channel's first block on, with the contracts' package; a peer that is there already stays as it is. */
export async function joinPeer(site: Site, place: PeerPlace): Promise<void> {
  await until(`${place.domain} on the channel`, 30, async () => {
    if (!(await tool(site, 'peer', ['channel', 'list'], place)).split('\n').includes(site.plan.channel)) await tool(site, 'peer', ['channel', 'join', '-b', join(site.plan.folder, 'genesis.block')], place)
  })
  await install(site, place, site.plan.contracts ?? 1)
}

/** `block`: the newest block of configuration that names the orderer, or the channel's first. */
export async function joinOrderer(site: Site, place: OrdererPlace, block = join(site.plan.folder, 'genesis.block')): Promise<void> {
  if (await ordererAdmin(site, place, ['list']).then(() => true, () => false)) return
  await until(`${place.domain} on the channel`, 30, () => ordererAdmin(site, place, ['join', '--config-block', block]))
}
