// Copies of a peer: a backup of its folder put back, a new folder filled from the ordering service, and Fabric's own snapshot that a fresh peer starts from.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { common } from '@hyperledger/fabric-protos'
import { openGateway } from '../client/gateway.ts'
import { fabricErrors } from '../errors.ts'
import { CHAINCODE, install } from './contracts.ts'
import { copied, databasesOf, thrownAway } from './databases.ts'
import { orderersOf } from './layout.ts'
import type { PeerPlace } from './layout.ts'
import { ordererHeight } from './membership.ts'
import { until } from './processes.ts'
import { atPeers, peerOf, tool } from './site.ts'
import { connectionOf, endorses, joinPeer } from './start.ts'
import type { FabricNetwork } from './start.ts'

/** Copies a peer's ledger into a folder that isn't there yet; the peer is away meanwhile, because a running one's databases have no one state. Throws FABRIC_FOLDER_TAKEN. */
export async function backUpPeer(network: FabricNetwork, member: string, to: string): Promise<void> {
  const place = peerOf(network.plan, member)
  if (existsSync(to)) throw fabricErrors.FOLDER_TAKEN({ folder: to })
  await network.end(`peer ${member}`)
  copied(databasesOf(place), to)
  await network.revive(`peer ${member}`)
}

/** Puts a backup in the place of a peer's ledger, and comes back when the ordering service has given again what came since. Throws FABRIC_NO_COPY, FABRIC_NOT_READY. */
export async function restorePeer(network: FabricNetwork, member: string, from: string): Promise<void> {
  const place = peerOf(network.plan, member)
  if (!existsSync(join(from, 'ledgersData'))) throw fabricErrors.NO_COPY({ folder: from, what: 'copy of a peer\'s ledger' })
  await network.end(`peer ${member}`)
  const fresh = `${databasesOf(place)}.copy`
  rmSync(fresh, { recursive: true, force: true })
  copied(from, fresh)
  thrownAway(databasesOf(place))
  renameSync(fresh, databasesOf(place))
  await network.revive(`peer ${member}`)
  // A copy from before the contracts' present version doesn't hold its package.
  await install(network.site, place, network.plan.contracts ?? 1)
  await caughtUp(network, place)
}

/** Throws a peer's ledger away and fetches the channel from its first block, and comes back when it is up: for a peer whose files are spoiled. Private data come from its organisation's other peers, if it has any. Throws FABRIC_NOT_READY. */
export async function rebuildPeer(network: FabricNetwork, member: string): Promise<void> {
  const place = peerOf(network.plan, member)
  await emptied(network, place)
  await joinPeer(network.site, place)
  await caughtUp(network, place)
}

const MOST_SECONDS = 6 * 3600

/** Until a peer holds every block that was ordered by now, and endorses. */
async function caughtUp({ site, plan }: FabricNetwork, place: PeerPlace): Promise<void> {
  const ordered = Math.max(0, ...(await Promise.all(orderersOf(plan).map((orderer) => ordererHeight(site, orderer)))).map((height) => height ?? 0))
  const gateway = openGateway(connectionOf(plan, place.member), { channel: plan.channel, chaincode: CHAINCODE })
  const system = gateway.network.getContract('qscc')
  await until(`${ordered} blocks at ${place.domain}`, MOST_SECONDS, async () => {
    const held = common.BlockchainInfo.deserializeBinary(await system.evaluate('GetChainInfo', { arguments: [plan.channel], endorsingOrganizations: [place.msp] })).getHeight()
    if (held < ordered) throw new Error(`it holds ${held}`)
  }).finally(() => gateway.close())
  await endorses(plan, place.member)
}

async function emptied(network: FabricNetwork, place: PeerPlace): Promise<void> {
  await network.end(`peer ${place.member}`)
  thrownAway(databasesOf(place))
  await network.revive(`peer ${place.member}`)
}

/** Asks a peer for a snapshot of the channel as it stands; gives its folder, also of one that was made at this block before. */
export async function snapshotPeer(network: FabricNetwork, member: string): Promise<string> {
  const place = peerOf(network.plan, member)
  const folder = join(place.data, 'snapshots/completed', network.plan.channel)
  const made = (): string | undefined => (existsSync(folder) ? readdirSync(folder) : []).sort((a, b) => Number(a) - Number(b)).at(-1)
  const height = /"height":\s*([0-9]+)/.exec(await tool(network.site, 'peer', ['channel', 'getinfo', '-c', network.plan.channel], place))?.[1]
  const newest = Number(height) - 1
  if (Number(made() ?? -1) >= newest) return join(folder, String(made()))
  const pending = await tool(network.site, 'peer', ['snapshot', 'listpending', '-c', network.plan.channel, ...peerAddress(place)], place)
  if (!pending.includes(String(newest))) await tool(network.site, 'peer', ['snapshot', 'submitrequest', '-c', network.plan.channel, '-b', '0', ...peerAddress(place)], place)
  return until('the snapshot', 60, async () => {
    const last = made()
    if (Number(last ?? -1) < newest) throw new Error('it is not there yet')
    return join(folder, String(last))
  })
}

const peerAddress = (place: PeerPlace): string[] => atPeers([place]).map((each) => each === '--peerAddresses' ? '--peerAddress' : each === '--tlsRootCertFiles' ? '--tlsRootCertFile' : each)

/** Fills an emptied peer from a snapshot: it has the state and every block after, none before. Its organisation's node, which reads the channel from its start, goes through another peer until there is a full copy again. */
export async function joinBySnapshot(network: FabricNetwork, member: string, snapshot: string): Promise<void> {
  const place = peerOf(network.plan, member)
  if (!existsSync(join(snapshot, '_snapshot_signable_metadata.json'))) throw fabricErrors.NO_COPY({ folder: snapshot, what: 'snapshot of a channel' })
  await emptied(network, place)
  await until('the start from the snapshot', 30, () => tool(network.site, 'peer', ['channel', 'joinbysnapshot', '--snapshotpath', snapshot], place))
  await until(`${place.domain} on the channel`, 60, () => tool(network.site, 'peer', ['channel', 'getinfo', '-c', network.plan.channel], place))
  await install(network.site, place, network.plan.contracts ?? 1)
  await endorses(network.plan, member)
}
