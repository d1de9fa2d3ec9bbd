// A Fabric network's folder on this machine and its command-line programs, run in the name of one organisation's administrator.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fabricErrors } from '../errors.ts'
import { adminOf, hostOf, isOrderer, orderersOf, peersOf } from './layout.ts'
import type { NetworkPlan, OrdererPlace, PeerPlace, Place } from './layout.ts'
import { fabricPrograms } from './programs.ts'
import type { Program } from './programs.ts'
import { run } from './processes.ts'

export interface Site {
  readonly plan: NetworkPlan
  /** The folder with Fabric's programs. */
  readonly bin: string
}

const file = (folder: string): string => join(folder, 'plan.json')

export function savePlan({ folder, ...plan }: NetworkPlan): void {
  writeFileSync(`${file(folder)}.new`, `${JSON.stringify(plan, undefined, 1)}\n`)
  renameSync(`${file(folder)}.new`, file(folder))
}

/** The network as it is now, where the folder holds one: organisations come and go after its founding. */
export function savedPlan(folder: string): NetworkPlan | undefined {
  return existsSync(file(folder)) ? { ...JSON.parse(readFileSync(file(folder), 'utf8')) as Omit<NetworkPlan, 'folder'>, folder } : undefined
}

/** A network that stands in a folder, whoever runs it. Throws FABRIC_NO_NETWORK. */
export async function openSite(folder: string, environment: NodeJS.ProcessEnv): Promise<Site> {
  const plan = savedPlan(folder)
  if (plan === undefined) throw fabricErrors.NO_NETWORK({ folder })
  return { plan, bin: await fabricPrograms({ say: () => undefined, environment }) }
}

/** Throws FABRIC_NO_MEMBER. */
export function peerOf(plan: NetworkPlan, member: string): PeerPlace {
  const place = peersOf(plan).find((each) => each.member === member)
  if (place === undefined) throw fabricErrors.NO_MEMBER({ member, what: 'peer' })
  return place
}

/** Throws FABRIC_NO_MEMBER. */
export function ordererOf(plan: NetworkPlan, member: string): OrdererPlace {
  const place = orderersOf(plan).find((each) => each.member === member)
  if (place === undefined) throw fabricErrors.NO_MEMBER({ member, what: 'orderer' })
  return place
}

/** Runs one of Fabric's programs, as an administrator where it matters. Throws FABRIC_PROGRAM_FAILED. */
export const tool = ({ plan, bin }: Site, program: Program, args: readonly string[], as?: Place): Promise<string> => run([join(bin, program), ...args], as === undefined ? {} : adminEnvironment(plan, as))

/** What `peer` needs to act as an organisation's administrator, in the environment as it asks for it. */
function adminEnvironment(plan: NetworkPlan, place: Place): NodeJS.ProcessEnv {
  // An orderers' organisation has no peer: any peer's file of settings does, and the address isn't used.
  const peer = isOrderer(place) ? peersOf(plan)[0] ?? peerOf(plan, place.member) : place
  return {
    FABRIC_CFG_PATH: peer.data, FABRIC_LOGGING_SPEC: 'error', CORE_PEER_LOCALMSPID: place.msp, CORE_PEER_MSPCONFIGPATH: join(adminOf(place), 'msp'),
    CORE_PEER_ADDRESS: `localhost:${peer.port}`, CORE_PEER_TLS_ENABLED: 'true', CORE_PEER_TLS_ROOTCERT_FILE: join(hostOf(peer), 'tls/ca.crt'),
  }
}

/** How `peer` reaches the ordering service: through one orderer, the first where none is named. */
export function ordering({ plan }: Site, through: OrdererPlace = orderersOf(plan)[0] ?? ordererOf(plan, '')): string[] {
  return ['-o', `localhost:${through.port}`, '--tls', '--cafile', join(hostOf(through), 'tls/ca.crt')]
}

export const atPeers = (places: readonly PeerPlace[]): string[] => places.flatMap((place) => ['--peerAddresses', `localhost:${place.port}`, '--tlsRootCertFiles', join(hostOf(place), 'tls/ca.crt')])

/** `osnadmin` at one orderer, which knows its administrators by TLS. Throws FABRIC_PROGRAM_FAILED. */
export async function ordererAdmin(site: Site, place: OrdererPlace, args: readonly string[]): Promise<string> {
  const tls = join(hostOf(place), 'tls')
  const answer = await tool(site, 'osnadmin', ['channel', ...args, '--channelID', site.plan.channel, '-o', `localhost:${place.admin}`, '--ca-file', join(tls, 'ca.crt'), '--client-cert', join(tls, 'server.crt'), '--client-key', join(tls, 'server.key')])
  // It ends well whatever the orderer answered.
  if (!/^Status: 2/m.test(answer)) throw fabricErrors.PROGRAM_FAILED({ program: `osnadmin ${args[0]}`, why: answer.trim().replaceAll('\n', ' ').slice(0, 600) })
  return answer
}
