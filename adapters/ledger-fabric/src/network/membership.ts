// Organisations come and go while the network runs: each change of the channel is signed by a majority of those who are in it.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ordererOrganisation, peerOrganisation } from './channel.ts'
import { changeConfiguration, fetchConfigBlock, majorityOf, readConfiguration } from './configuration.ts'
import type { ConfigGroup } from './configuration.ts'
import { CHAINCODE, approve } from './contracts.ts'
import { databasesOf, thrownAway } from './databases.ts'
import { makeIdentities } from './identities.ts'
import { hostOf, isOrderer, ordererMsp, orderersOf, peerMsp, peersOf } from './layout.ts'
import type { NetworkPlan, OrdererPlace, Place } from './layout.ts'
import { endorses, joinOrderer, joinPeer, makeSettings, writeSettings } from './start.ts'
import type { FabricNetwork } from './start.ts'
import { ordererAdmin, ordererOf, peerOf, tool } from './site.ts'
import type { Site } from './site.ts'
import { fabricErrors } from '../errors.ts'

/** An organisation with a peer of its own joins: from now on it endorses, and counts towards every majority. Cut off, it is finished by doing it again. Throws FABRIC_ALREADY_MEMBER, FABRIC_BAD_NAME. */
export async function addOrganisation(network: FabricNetwork, member: string): Promise<void> {
  const before = network.site
  const { peers, left = [] } = before.plan
  checkName(member, peersOf(before.plan))
  const plan: NetworkPlan = peers.includes(member) ? { ...before.plan, left: left.filter((each) => each !== member) } : { ...before.plan, peers: [...peers, member] }
  const place = peerOf(plan, member)
  await makeIdentities(place, network.authorities)
  makeSettings(plan, place)
  const group = await organisationGroup({ ...before, plan }, place)
  await changeConfiguration(before, majorityOf(peersOf(before.plan)), (channel) => { applicationOf(channel).groups[place.msp] ??= group })
  network.replan(plan, { save: false })
  await Promise.all([network.revive(`peer ${member}`), network.revive(`chaincode ${member}`)])
  await joinPeer(network.site, place)
  await approve(network.site, place, { name: CHAINCODE, version: plan.contracts ?? 1 })
  await endorses(plan, member)
  network.replan(plan)
}

/** A name that is a member's, and whose MSP nobody has. */
function checkName(member: string, places: readonly Place[]): void {
  if (!isMemberId(member)) throw fabricErrors.BAD_NAME({ member })
  if (places.some(({ msp }) => msp === peerMsp(member) || msp === ordererMsp(member))) throw fabricErrors.ALREADY_MEMBER({ member })
}

/** As the contracts have it: it becomes part of file names and of MSPs. */
const isMemberId = (member: string): boolean => /^[a-z][a-z0-9-]{1,30}$/.test(member)

/** An organisation leaves: its peer gets no more blocks, and its signature counts for nothing. The others sign. Throws FABRIC_NO_MEMBER, FABRIC_TOO_FEW_PEERS. */
export async function removeOrganisation(network: FabricNetwork, member: string): Promise<void> {
  const before = network.site
  const { peers, left = [] } = before.plan
  const others = peersOf(before.plan).filter((each) => each.member !== member)
  const isHere = peersOf(before.plan).length > others.length
  // One whose coming or going was cut off may be on the channel alone.
  const isOnChannel = peerMsp(member) in applicationOf((await readConfiguration(before)).channel_group).groups
  if (!isMemberId(member) || (!isHere && !isOnChannel)) throw fabricErrors.NO_MEMBER({ member, what: 'peer' })
  if (others.length < FEWEST_PEERS) throw fabricErrors.TOO_FEW_PEERS({ left: others.length })
  // Whoever starts the network from now on doesn't wait for it.
  if (isHere) network.replan({ ...before.plan, left: [...left, member] })
  try {
    // A majority of all, of whom it is one still.
    await changeConfiguration(before, others.slice(0, Math.floor((others.length + 1) / 2) + 1), (channel) => { delete applicationOf(channel).groups[peerMsp(member)] })
  } catch (error) {
    network.replan(before.plan)
    throw error
  }
  await network.end(`peer ${member}`)
  await network.end(`chaincode ${member}`)
  const [place] = peersOf({ ...before.plan, left: [] }).filter((each) => each.member === member && peers.includes(member))
  if (place !== undefined) thrownAway(databasesOf(place))
}

/** Two at least must find the same outcome. */
const FEWEST_PEERS = 2
/** One of four may fail or lie. */
const FEWEST_ORDERERS = 4

/** An organisation with an orderer of its own joins those who agree on the order. Cut off, it is finished by doing it again. Throws FABRIC_ALREADY_MEMBER, FABRIC_BAD_NAME. */
export async function addOrderer(network: FabricNetwork, member: string): Promise<void> {
  const before = network.site
  const { orderers, leftOrderers = [] } = before.plan
  checkName(member, orderersOf(before.plan))
  const plan: NetworkPlan = orderers.includes(member) ? { ...before.plan, leftOrderers: leftOrderers.filter((each) => each !== member) } : { ...before.plan, orderers: [...orderers, member] }
  const place = ordererOf(plan, member)
  await makeIdentities(place, network.authorities)
  makeSettings(plan, place)
  const group = await organisationGroup({ ...before, plan }, place)
  await changeConfiguration(before, majorityOf(orderersOf(before.plan)), (channel) => {
    orderingOf(channel).groups[place.msp] ??= group
    changeConsenters(channel, (consenters) => {
      const others = consenters.filter((each) => each.msp_id !== place.msp)
      const id = consenters.find((each) => each.msp_id === place.msp)?.id ?? Math.max(...others.map((each) => each.id)) + 1
      return [...others, consenterOf(place, id)]
    })
  })
  const block = join(plan.folder, 'join.block')
  await fetchConfigBlock(before, block)
  network.replan(plan, { save: false })
  await network.revive(`orderer ${member}`)
  await joinOrderer(network.site, place, block)
  network.replan(plan)
}

/** An organisation's orderer leaves those who agree on the order; the others sign. Throws FABRIC_NO_MEMBER, FABRIC_TOO_FEW_ORDERERS, FABRIC_ORDERERS_AWAY. */
export async function removeOrderer(network: FabricNetwork, member: string): Promise<void> {
  const before = network.site
  const { leftOrderers = [] } = before.plan
  const others = orderersOf(before.plan).filter((each) => each.member !== member)
  const isHere = orderersOf(before.plan).length > others.length
  const consenters = consentersOf((await readConfiguration(before)).channel_group)
  const rest = consenters.filter((each) => each.msp_id !== ordererMsp(member))
  if (!isMemberId(member) || (!isHere && rest.length === consenters.length)) throw fabricErrors.NO_MEMBER({ member, what: 'orderer' })
  if (rest.length < FEWEST_ORDERERS) throw fabricErrors.TOO_FEW_ORDERERS({ left: rest.length })
  await checkQuorum(before, { places: others, needed: quorumOf(rest.length) })
  if (isHere) network.replan({ ...before.plan, leftOrderers: [...leftOrderers, member] })
  const without: Site = { ...before, plan: { ...before.plan, leftOrderers: [...leftOrderers, member] } }
  try {
    await changeConfiguration(without, others.slice(0, Math.floor((others.length + 1) / 2) + 1), (channel) => {
      delete orderingOf(channel).groups[ordererMsp(member)]
      changeConsenters(channel, (present) => present.filter((each) => each.msp_id !== ordererMsp(member)))
    })
  } catch (error) {
    network.replan(before.plan)
    throw error
  }
  await network.end(`orderer ${member}`)
  for (const { data } of orderersOf({ ...before.plan, leftOrderers: [] }).filter((each) => each.member === member)) for (const part of ['ledger', 'wal', 'snapshots']) rmSync(join(data, part), { recursive: true, force: true })
}

/** Enough of those who stay must answer at the channel's height, or nothing would be ordered afterwards. */
async function checkQuorum(site: Site, { places, needed }: { readonly places: readonly OrdererPlace[]; readonly needed: number }): Promise<void> {
  const heights = await Promise.all(places.map((place) => ordererHeight(site, place)))
  const ready = heights.filter((height) => height !== undefined && height >= Math.max(...heights.map((each) => each ?? 0)) - 1).length
  if (ready < needed) throw fabricErrors.ORDERERS_AWAY({ ready, needed })
}

/** Blocks that an orderer holds; undefined where it doesn't answer. */
export async function ordererHeight(site: Site, place: OrdererPlace): Promise<number | undefined> {
  const height = /"height":\s*([0-9]+)/.exec(await ordererAdmin(site, place, ['list']).catch(() => ''))?.[1]
  return height === undefined ? undefined : Number(height)
}

export const applicationOf = (channel: ConfigGroup): ConfigGroup => channel.groups['Application'] as ConfigGroup
export const orderingOf = (channel: ConfigGroup): ConfigGroup => channel.groups['Orderer'] as ConfigGroup

/** One of those who agree on the order, as the channel names it; certificates are base64 of their PEM. */
export interface Consenter {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly msp_id: string
  readonly identity: string
  readonly client_tls_cert: string
  readonly server_tls_cert: string
}

export const consentersOf = (channel: ConfigGroup): readonly Consenter[] => (orderingOf(channel).values['Orderers']?.value as { consenter_mapping: Consenter[] } | undefined)?.consenter_mapping ?? []

/** What the channel says about an orderer whose certificates lie in its folder. */
export function consenterOf(place: OrdererPlace, id: number): Consenter {
  const base64 = (...path: string[]): string => readFileSync(join(hostOf(place), ...path)).toString('base64')
  const tls = base64('tls/server.crt')
  return { id, host: 'localhost', port: place.port, msp_id: place.msp, identity: base64('msp/signcerts/cert.pem'), client_tls_cert: tls, server_tls_cert: tls }
}

/** Changes the consenters, and with them the rule by which blocks are checked: signed by a Byzantine quorum of them. */
export function changeConsenters(channel: ConfigGroup, change: (consenters: readonly Consenter[]) => readonly Consenter[]): void {
  const consenters = change(consentersOf(channel))
  const group = orderingOf(channel)
  const value = group.values['Orderers']
  const rule = group.policies['BlockValidation']
  if (value === undefined || rule === undefined) throw new Error('the channel is not ordered by BFT')
  value.value = { consenter_mapping: consenters }
  rule.policy = {
    type: 1,
    value: {
      identities: consenters.map(({ identity, msp_id: mspid }) => ({ principal: { id_bytes: identity, mspid }, principal_classification: 'IDENTITY' })),
      rule: { n_out_of: { n: quorumOf(consenters.length), rules: consenters.map((_, at) => ({ signed_by: at })) } }, version: 0,
    },
  }
}

/** How many of n orderers sign a block (SmartBFT): more than half of the honest ones, whoever the (n − 1) ÷ 3 faulty are. */
export const quorumOf = (n: number): number => Math.ceil((n + Math.floor((n - 1) / 3) + 1) / 2)

async function organisationGroup(site: Site, place: Place): Promise<ConfigGroup> {
  const folder = join(place.data, 'definition')
  writeSettings(join(folder, 'configtx.yaml'), { Organizations: [isOrderer(place) ? ordererOrganisation(place) : peerOrganisation(place)], Capabilities: { Channel: { V3_0: true } } })
  return JSON.parse(await tool(site, 'configtxgen', ['-printOrg', place.msp, '-configPath', folder])) as ConfigGroup
}
