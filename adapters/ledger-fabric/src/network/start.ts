// A Fabric network of plain processes on this machine: made once in a folder, and started again on what is there.
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, openGateway } from '../client/gateway.ts'
import type { PeerConnection } from '../client/gateway.ts'
import { channelConfig, cryptoConfig, ordererConfig, peerConfig } from './channel.ts'
import { builderPrograms, chaincodePackage } from './chaincode-package.ts'
import { adminOf, hostOf, orderersOf, peersOf, userOf } from './layout.ts'
import type { NetworkPlan, OrdererPlace, PeerPlace } from './layout.ts'
import { fabricPrograms } from './programs.ts'
import { healthy, listening, run, start, until } from './processes.ts'
import type { Started } from './processes.ts'

export const CHAINCODE = 'mhmd'
const LABEL = 'mhmd_1'
const ordinaryChaincode = new URL('../chaincode/main.ts', import.meta.url).pathname

export interface FabricNetwork {
  readonly plan: NetworkPlan
  connection(member: string): PeerConnection
  /** Running processes by name: `orderer rome`, `peer rome`, `chaincode rome`. */
  readonly processes: Map<string, Started>
  /** Defines the chaincode once more under another name, with a state of its own. */
  define(chaincode: string): Promise<void>
  /** Starts one process again that was ended. */
  revive(name: string): Promise<void>
  stop(): Promise<void>
}

interface Work {
  readonly plan: NetworkPlan
  readonly bin: string
  readonly packageId: string
  readonly chaincodeEntry: string
  readonly environment: NodeJS.ProcessEnv
}

export interface FabricNetworkOptions {
  /** For PATH, HOME and the folder of caches. */
  readonly environment: NodeJS.ProcessEnv
  readonly say?: (line: string) => void
  /** The program of the chaincode; another one only in tests. */
  readonly chaincodeEntry?: string
}

/** Makes the network where its folder is empty, starts it, and comes back when each peer can endorse. */
export async function startFabricNetwork(plan: NetworkPlan, { environment, say = () => undefined, chaincodeEntry = ordinaryChaincode }: FabricNetworkOptions): Promise<FabricNetwork> {
  const bin = await fabricPrograms({ say, environment })
  const isNew = !existsSync(join(plan.folder, 'genesis.block'))
  if (isNew) await makeFiles(plan, bin)
  const { id, bytes } = chaincodePackage(LABEL, peersOf(plan).map((place) => readFileSync(join(hostOf(place), 'tls/ca.crt'), 'utf8')).join(''))
  writeFileSync(join(plan.folder, 'chaincode.tar.gz'), bytes)
  const work: Work = { plan, bin, packageId: id, chaincodeEntry, environment }
  const processes = new Map<string, Started>()
  const starters = startersOf(work)
  for (const [name, starter] of starters) processes.set(name, starter())
  const stop = async (): Promise<void> => {
    await Promise.all([...processes.values()].map((each) => each.kill('SIGTERM')))
  }
  try {
    await Promise.all([...orderersOf(plan), ...peersOf(plan)].map((place) => until(`${place.domain}`, 60, () => healthy(place.operations))))
    await Promise.all(peersOf(plan).map((place) => until(`the chaincode of ${place.member}`, 60, () => listening(place.chaincode))))
    if (isNew) await joinAll(work)
    await Promise.all(plan.peers.map((member) => endorses(plan, member, CHAINCODE)))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    plan, processes, stop,
    define: async (chaincode) => {
      await define(work, chaincode)
      await Promise.all(plan.peers.map((member) => endorses(plan, member, chaincode)))
    },
    connection: (member) => connectionOf(plan, member),
    revive: async (name) => {
      const starter = starters.get(name)
      if (starter === undefined || processes.get(name)?.isAlive() === true) return
      processes.set(name, starter())
      const place = [...orderersOf(plan).map((each) => ({ name: `orderer ${each.member}`, operations: each.operations })), ...peersOf(plan).map((each) => ({ name: `peer ${each.member}`, operations: each.operations }))].find((each) => each.name === name)
      if (place !== undefined) await until(name, 60, () => healthy(place.operations))
    },
  }
}

function connectionOf(plan: NetworkPlan, member: string): PeerConnection {
  const place = peersOf(plan).find((each) => each.member === member)
  if (place === undefined) throw new Error(`${member} has no peer`)
  const msp = join(userOf(place), 'msp')
  const only = (folder: string): string => readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8')
  return { member: place.member, msp: place.msp, address: `localhost:${place.port}`, tlsRoot: readFileSync(join(hostOf(place), 'tls/ca.crt'), 'utf8'), certificate: only(join(msp, 'signcerts')), privateKey: only(join(msp, 'keystore')), others: peersOf(plan).filter((each) => each !== place && each.member !== member).map((each) => each.msp) }
}

/** Until the gateway of a member finds enough peers: the contracts' refusal of nothing at all is an answer. */
async function endorses(plan: NetworkPlan, member: string, chaincode: string): Promise<void> {
  const gateway = openGateway(connectionOf(plan, member), { channel: plan.channel, chaincode })
  await until(`endorsement through ${member}`, 60, () => attempt(gateway.contract, '{}')).finally(() => gateway.close())
}

async function makeFiles(plan: NetworkPlan, bin: string): Promise<void> {
  const json = (path: string, value: object): void => {
    mkdirSync(join(plan.folder, path, '..'), { recursive: true })
    writeFileSync(join(plan.folder, path), JSON.stringify(value, undefined, 1))
  }
  json('crypto-config.yaml', cryptoConfig(plan))
  await run([join(bin, 'cryptogen'), 'generate', `--config=${join(plan.folder, 'crypto-config.yaml')}`, `--output=${join(plan.folder, 'crypto')}`], {})
  json('configtx.yaml', channelConfig(plan))
  const builder = join(plan.folder, 'builder')
  mkdirSync(join(builder, 'bin'), { recursive: true })
  for (const [name, text] of Object.entries(builderPrograms)) {
    writeFileSync(join(builder, 'bin', name), text)
    chmodSync(join(builder, 'bin', name), 0o755)
  }
  for (const place of orderersOf(plan)) json(join('orderers', place.member, 'orderer.yaml'), ordererConfig(plan, place))
  for (const place of peersOf(plan)) json(join('peers', place.member, 'core.yaml'), peerConfig(plan, place, builder))
  await run([join(bin, 'configtxgen'), '-profile', 'Channel', '-channelID', plan.channel, '-outputBlock', join(plan.folder, 'genesis.block'), '-configPath', plan.folder], { FABRIC_CFG_PATH: plan.folder })
}

function startersOf({ plan, bin, packageId, chaincodeEntry, environment }: Work): Map<string, () => Started> {
  // The builder's programs are found by PATH.
  const inherited = { PATH: environment['PATH'] }
  const starters = new Map<string, () => Started>()
  for (const place of orderersOf(plan)) starters.set(`orderer ${place.member}`, () => start(`orderer ${place.member}`, [join(bin, 'orderer')], { cwd: place.data, env: { ...inherited, FABRIC_CFG_PATH: place.data, FABRIC_LOGGING_SPEC: 'warning' }, log: join(place.data, 'log') }))
  for (const place of peersOf(plan)) {
    starters.set(`peer ${place.member}`, () => start(`peer ${place.member}`, [join(bin, 'peer'), 'node', 'start'], { cwd: place.data, env: { ...inherited, FABRIC_CFG_PATH: place.data, FABRIC_LOGGING_SPEC: 'warning', MHMD_CHAINCODE_PORT: String(place.chaincode) }, log: join(place.data, 'log') }))
    starters.set(`chaincode ${place.member}`, () => start(`chaincode ${place.member}`, [process.execPath, chaincodeEntry, packageId, `127.0.0.1:${place.chaincode}`, join(hostOf(place), 'tls')], {
      cwd: place.data, env: { ...inherited, CORE_CHAINCODE_LOGGING_LEVEL: 'error' }, log: join(place.data, 'chaincode-log'),
    }))
  }
  return starters
}

/** Joins orderers and peers to the channel and defines the chaincode: each organisation by its own administrator. */
async function joinAll(work: Work): Promise<void> {
  const { plan, bin } = work
  await Promise.all(orderersOf(plan).map((place) => joinOrderer(work, place)))
  await Promise.all(peersOf(plan).map(async (place) => {
    await until(`${place.domain} on the channel`, 30, () => run([join(bin, 'peer'), 'channel', 'join', '-b', join(plan.folder, 'genesis.block')], adminEnvironment(place)))
    await run([join(bin, 'peer'), 'lifecycle', 'chaincode', 'install', join(plan.folder, 'chaincode.tar.gz')], adminEnvironment(place))
  }))
  await define(work, CHAINCODE)
}

/** Every organisation approves the definition, then one of them commits it. */
async function define({ plan, bin, packageId }: Work, name: string): Promise<void> {
  const [orderer] = orderersOf(plan)
  const [first] = peersOf(plan)
  if (orderer === undefined || first === undefined) throw new Error('a network needs orderers and peers')
  const ordering = ['-o', `localhost:${orderer.port}`, '--tls', '--cafile', join(hostOf(orderer), 'tls/ca.crt')]
  const definition = ['--channelID', plan.channel, '--name', name, '--version', '1', '--sequence', '1']
  await Promise.all(peersOf(plan).map((place) =>
    until(`the approval of ${place.member}`, 60, () => run([join(bin, 'peer'), 'lifecycle', 'chaincode', 'approveformyorg', ...ordering, ...definition, '--package-id', packageId], adminEnvironment(place)))))
  const all = peersOf(plan).flatMap((place) => ['--peerAddresses', `localhost:${place.port}`, '--tlsRootCertFiles', join(hostOf(place), 'tls/ca.crt')])
  await until('the chaincode', 60, () => run([join(bin, 'peer'), 'lifecycle', 'chaincode', 'commit', ...ordering, ...definition, ...all], adminEnvironment(first)))
}

async function joinOrderer({ plan, bin }: Pick<Work, 'plan' | 'bin'>, place: OrdererPlace): Promise<void> {
  const tls = join(hostOf(place), 'tls')
  await until(`${place.domain} on the channel`, 30, () => run([join(bin, 'osnadmin'), 'channel', 'join', '--channelID', plan.channel, '--config-block', join(plan.folder, 'genesis.block'), '-o', `localhost:${place.admin}`, '--ca-file', join(tls, 'ca.crt'), '--client-cert', join(tls, 'server.crt'), '--client-key', join(tls, 'server.key')], {}))
}

const adminEnvironment = (place: PeerPlace): NodeJS.ProcessEnv => ({
  FABRIC_CFG_PATH: place.data, FABRIC_LOGGING_SPEC: 'error', CORE_PEER_LOCALMSPID: place.msp, CORE_PEER_MSPCONFIGPATH: join(adminOf(place), 'msp'), CORE_PEER_ADDRESS: `localhost:${place.port}`, CORE_PEER_TLS_ENABLED: 'true', CORE_PEER_TLS_ROOTCERT_FILE: join(hostOf(place), 'tls/ca.crt'),
})
