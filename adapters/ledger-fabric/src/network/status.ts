// What a Fabric network looks like to its operators: members, certificates, rules in plain words, the height and health of every process, and what doesn't fit together.
import { fromUtf8 } from '@mhmd/base'
import type { FabricChannelSettings, OrganisationRule } from '@mhmd/schema'
import { openGateway } from '../client/gateway.ts'
import { certificatesIn } from './certificates.ts'
import type { CertificateLife } from './certificates.ts'
import { readConfiguration } from './configuration.ts'
import type { ConfigGroup } from './configuration.ts'
import { CHAINCODE, committed } from './contracts.ts'
import { ordererMsp, orderersOf, peerMsp, peersOf } from './layout.ts'
import type { NetworkPlan, OrdererPlace, PeerPlace } from './layout.ts'
import { applicationOf, consenterOf, consentersOf, ordererHeight, orderingOf, quorumOf } from './membership.ts'
import { healthy } from './processes.ts'
import { tool } from './site.ts'
import { connectionOf } from './start.ts'
import { fabricErrors } from '../errors.ts'
import type { Site } from './site.ts'

export interface ProcessState {
  readonly kind: 'orderer' | 'peer'
  readonly member: string
  readonly address: string
  /** Blocks it holds; undefined where it doesn't answer. */
  readonly height: number | undefined
  /** Blocks behind the highest. */
  readonly lag: number | undefined
  readonly healthy: boolean
}

export interface NetworkState {
  readonly channel: string
  readonly contracts: { readonly version: number; readonly approvals: Readonly<Record<string, boolean>> }
  /** MSPs on the channel. */
  readonly members: { readonly peers: readonly string[]; readonly orderers: readonly string[] }
  readonly settings: FabricChannelSettings
  /** The settings in plain words. */
  readonly rules: readonly string[]
  readonly processes: readonly ProcessState[]
  readonly certificates: readonly CertificateLife[]
  /** What a change that was cut off has left: the same command given again finishes it. */
  readonly unfinished: readonly string[]
}

/** Throws FABRIC_NOT_RUNNING. */
export async function networkState(site: Site): Promise<NetworkState> {
  const { folder } = site.plan
  if (!(await Promise.all(peersOf(site.plan).map(({ operations }) => succeeds(healthy(operations))))).includes(true)) throw fabricErrors.NOT_RUNNING({ folder })
  const { channel_group: group } = await readConfiguration(site)
  const settings = settingsOf(group)
  const processes = withLag(await Promise.all([...orderersOf(site.plan).map((place) => ordererState(site, place)), ...peersOf(site.plan).map((place) => peerState(site, place))]))
  return {
    channel: site.plan.channel, contracts: await committed(site, CHAINCODE), processes, certificates: certificatesIn(site.plan),
    members: { peers: Object.keys(applicationOf(group).groups).sort(), orderers: Object.keys(orderingOf(group).groups).sort() }, settings, rules: rulesOf(settings), unfinished: unfinishedIn(site.plan, group),
  }
}

/** Where the channel and the organisations' folders don't agree. */
function unfinishedIn(plan: NetworkPlan, channel: ConfigGroup): string[] {
  const peers = new Set(peersOf(plan).map(({ msp }) => msp))
  const orderers = new Map(orderersOf(plan).map((place) => [place.msp, place]))
  return [
    ...Object.keys(applicationOf(channel).groups).filter((msp) => !peers.has(msp)).map((msp) => `${msp} is on the channel and has no peer here: mhmd network add-organisation or remove-organisation was cut off; give it again`),
    ...consentersOf(channel).flatMap((consenter) => {
      const place = orderers.get(consenter.msp_id)
      if (place === undefined) return [`${consenter.msp_id} is on the channel and has no orderer here: mhmd network add-orderer or remove-orderer was cut off; give it again`]
      return consenterOf(place, consenter.id).identity === consenter.identity ? [] : [`${consenter.msp_id}: its orderer has another certificate than the channel names, and orders nothing: mhmd network rotate --orderer was cut off; give it again`]
    }),
  ]
}

type Answered = Omit<ProcessState, 'lag'>

function withLag(states: readonly Answered[]): ProcessState[] {
  const highest = Math.max(...states.map(({ height = 0 }) => height))
  return states.map((state) => ({ ...state, lag: state.height === undefined ? undefined : highest - state.height }))
}

const succeeds = (attempt: Promise<unknown>): Promise<boolean> => attempt.then(() => true, () => false)

async function ordererState(site: Site, place: OrdererPlace): Promise<Answered> {
  return { kind: 'orderer', member: place.member, address: `localhost:${place.port}`, height: await ordererHeight(site, place), healthy: await succeeds(healthy(place.operations)) }
}

async function peerState(site: Site, place: PeerPlace): Promise<Answered> {
  const answer = await tool(site, 'peer', ['channel', 'getinfo', '-c', site.plan.channel], place).catch(() => '')
  const height = /"height":\s*([0-9]+)/.exec(answer)?.[1]
  return { kind: 'peer', member: place.member, address: `localhost:${place.port}`, height: height === undefined ? undefined : Number(height), healthy: await succeeds(healthy(place.operations)) }
}

/** Of a rule over other rules, its kind: MAJORITY, ANY, ALL. */
function ruleOf(group: ConfigGroup, policy: string): string {
  const rule = group.policies[policy]?.policy.value['rule']
  return typeof rule === 'string' ? rule : 'a rule of its own'
}

const asked: Readonly<Record<string, (n: number) => number>> = { MAJORITY: (n) => Math.floor(n / 2) + 1, ALL: (n) => n, ANY: () => 1 }
const ruleOver = (group: ConfigGroup, policy: string): OrganisationRule => {
  const [rule, of] = [ruleOf(group, policy), Object.keys(group.groups).length]
  return { rule, of, asks: asked[rule]?.(of) ?? null }
}

function settingsOf(channel: ConfigGroup): FabricChannelSettings {
  const [application, ordering] = [applicationOf(channel), orderingOf(channel)]
  const consenters = consentersOf(channel)
  const size = ordering.values['BatchSize']?.value as { max_message_count: number; preferred_max_bytes: number } | undefined
  const { timeout = '?' } = (ordering.values['BatchTimeout']?.value ?? {}) as { timeout?: string }
  return {
    endorsement: ruleOver(application, 'Endorsement'), contracts: ruleOver(application, 'LifecycleEndorsement'), organisations: ruleOver(application, 'Admins'), orderers: ruleOver(ordering, 'Admins'), whole: ruleOf(channel, 'Admins'),
    consenters: consenters.length, ordering: new Set(consenters.map((each) => each.msp_id)).size, quorum: quorumOf(consenters.length), mayFail: Math.floor((consenters.length - 1) / 3),
    cutAfter: timeout, cutAtTransactions: size?.max_message_count ?? null, cutAtBytes: size?.preferred_max_bytes ?? null,
  }
}

/** How many organisations a rule asks for. */
function asks({ rule, of, asks: count }: OrganisationRule, whom: string): string {
  if (count === null) return `${whom} by ${rule}`
  return rule === 'ALL' ? `all ${of} ${whom}` : rule === 'ANY' ? `any of ${of} ${whom}` : `${count} of ${of} ${whom}`
}

const rulesOf = (settings: FabricChannelSettings): string[] => [
  `A decision stands once ${asks(settings.endorsement, 'organisations with peers')} found the same outcome.`,
  `Blocks are ordered by ${settings.consenters} orderers of ${settings.ordering} organisations and signed by ${settings.quorum} of them: ${settings.mayFail} may fail or lie.`,
  `A block is cut after ${settings.cutAfter}, at ${settings.cutAtTransactions ?? '?'} transactions or ${Math.round((settings.cutAtBytes ?? 0) / 1e6)} MB.`,
  `The contracts change by the votes of ${asks(settings.contracts, 'organisations with peers')}.`,
  `Organisations with peers come and go by the signatures of ${asks(settings.organisations, 'of their administrators')}.`,
  `Orderers come, go and change certificates by the signatures of ${asks(settings.orderers, 'of their administrators')}.`,
  `What concerns the whole channel asks for both (${settings.whole}).`,
]

const DAY = 86_400_000
/** Long enough for a small consortium to meet. */
const WARN_DAYS = 60

/** Certificates that end within sixty days, and what to do. */
export const endingSoon = ({ certificates }: Pick<NetworkState, 'certificates'>, now: number): string[] => certificates.filter(({ until }) => until.getTime() < now + WARN_DAYS * DAY)
  .map(({ msp, what, until }) => `${msp}: ${what} ends on ${until.toISOString().slice(0, 10)}; rotate it (mhmd network rotate)`)

/** The members that the participants contract holds, as the first organisation's peer has them. */
export async function ledgerMembers({ plan }: Site): Promise<{ readonly id: string; readonly state: string }[]> {
  const { contract, close } = openGateway(connectionOf(plan, peersOf(plan)[0]?.member ?? ''), { channel: plan.channel, chaincode: CHAINCODE })
  try {
    const entries = JSON.parse(fromUtf8(await contract.evaluate('below', { arguments: ['["member"]', '', '10000'] }))) as { value: { id: string; state: string } }[]
    return entries.map(({ value: { id, state } }) => ({ id, state }))
  } finally {
    close()
  }
}

/** Where the channel's organisations and the participants contract, which is the authority, don't agree. `members`: its members by id. */
export function mismatches({ members: { peers, orderers } }: Pick<NetworkState, 'members'>, members: readonly { readonly id: string; readonly state: string }[]): string[] {
  const active = members.filter(({ state }) => state === 'active').map(({ id }) => id)
  const allowed = new Set(active.flatMap((id) => [peerMsp(id), ordererMsp(id)]))
  return [...peers.map((msp) => [msp, 'endorses'] as const), ...orderers.map((msp) => [msp, 'orders'] as const)]
    .filter(([msp]) => !allowed.has(msp)).map(([msp, does]) => `${msp} ${does} on the channel, and no active member of the participants contract goes by that name`)
}

