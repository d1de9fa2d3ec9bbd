// The network as its administrators look after it: members with standing, certificates and votes, versions of contracts, how far each member's copy of the ledger is, the Fabric channel where there is one, and the commands that start, stop and join.
import { X509Certificate } from 'node:crypto'
import type { Clock } from '@mhmd/base'
import { contractsTable } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import { FabricChannelShown, MemberRecord } from '@mhmd/schema'
import type { StandingVoteState } from '@mhmd/schema'
import Type from 'typebox'
import type { Checkpoints } from './checkpoints.ts'
import type { FabricSite } from './home.ts'
import { AtHeight, Count, Exactly, MemberId, OrNull, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import type { Staff } from './staff.ts'

const Words = Type.String({ maxLength: 400 })
const { id, name, country, roles, state, version, validUntil } = MemberRecord.properties

const MemberShown = Exactly({
  id, name, country, roles, state, version, validUntil,
  /** The end of its authority's certificate. */
  authorityExpires: When,
  /** Who has voted to suspend it, or to take it back; the vote of a member that is suspended itself doesn't count. */
  votes: Type.Array(MemberId),
  /** Its newest checkpoint that this node heard: entries of the log it holds less than this node does, and when. */
  heard: OrNull(Exactly({ behind: Count, at: When })),
})

const actions = ['start-node', 'stop-node', 'join', 'start-ledger', 'check-ledger', 'status', 'rotate', 'upgrade', 'add-organisation', 'remove-organisation', 'add-orderer'] as const
const NetworkShown = Exactly({
  /** Where this node reaches the ledger: at its operator, or at a Fabric peer of its own organisation. What stands behind an operator it can't tell. */
  engine: Type.Enum(['operator', 'fabric']), height: AtHeight, logSize: Count, self: MemberId, operator: OrNull(MemberId), confirmedMillisecondsAgo: OrNull(Type.Integer()), quorum: OrNull(Count),
  members: Type.Array(MemberShown), contracts: Type.Array(Words),
  /** Null where there is no peer, and where this machine doesn't hold the Fabric network's folder or it doesn't answer. */
  channel: OrNull(FabricChannelShown),
  /** For administrators: what is done on the machine, each by its command. */
  actions: Type.Array(Exactly({ does: Type.Enum([...actions]), command: Words })),
})

export interface NetworkParts {
  readonly follower: Follower
  readonly checkpoints: Pick<Checkpoints, 'lastHeard'>
  readonly staff: Pick<Staff, 'list'>
  readonly clock: Clock
  readonly self: string
  readonly home: string
  /** Given where this node reaches the ledger at a Fabric peer of its own organisation. */
  readonly fabric: { readonly site?: FabricSite | undefined } | undefined
  /** Throws where the network in the site's folder doesn't answer. */
  readonly channelOf: (site: FabricSite, now: number) => Promise<FabricChannelShown>
}

const CHANNEL_MILLISECONDS = 5000

export function networkRoutes(parts: NetworkParts): PeopleRoute[] {
  const { follower, checkpoints, clock, self } = parts
  const site = parts.fabric?.site
  let asked: { readonly at: number; readonly channel: Promise<FabricChannelShown | null> } | undefined

  /** Programs are run for it: asked for once, however many look. */
  function channel(): Promise<FabricChannelShown | null> {
    if (site === undefined) return Promise.resolve(null)
    const now = clock.now()
    if (asked === undefined || now - asked.at > CHANNEL_MILLISECONDS) asked = { at: now, channel: parts.channelOf(site, now).catch(() => null) }
    return asked.channel
  }

  async function memberShown(record: MemberRecord, mayVote: (member: string) => boolean): Promise<object> {
    const heard = record.id === self ? undefined : checkpoints.lastHeard(record.id)
    const votes = await follower.latestBelow([record.state === 'active' ? 'suspension' : 'reinstatement', record.id])
    return {
      ...Object.fromEntries(['id', 'name', 'country', 'roles', 'state', 'version', 'validUntil'].map((field) => [field, record[field as keyof MemberRecord]])),
      authorityExpires: new X509Certificate(record.caRoot).validToDate.getTime(),
      votes: votes.filter(({ value }) => (value as StandingVoteState).version === record.version).map(({ key }) => String(key[2])).filter(mayVote),
      heard: heard === undefined ? null : { behind: Math.max(0, follower.log.size() - heard.size), at: heard.at },
    }
  }

  return [
    route({
      method: 'GET', path: '/staff/1/network', roles: ['staff'], refusals: [],
      summary: 'The network: members with standing, certificates and votes, versions of contracts, how far each member\'s ledger is, the Fabric channel where there is one; for administrators the commands that start, stop and join.',
      answer: NetworkShown,
      handle: async ({ key }) => {
        const records = (await follower.latestBelow(['member'])).map(({ value }) => value as unknown as MemberRecord)
        const confirmedAt = follower.confirmedAt()
        const active = new Set(records.filter(({ state }) => state === 'active').map(({ id }) => id))
        const isAdmin = (await parts.staff.list()).some((one) => one.key === key && one.roles.includes('admin'))
        const operator = records.find((record) => record.roles.includes('ledger-operator'))?.id ?? null
        return {
          engine: parts.fabric === undefined ? 'operator' : 'fabric', height: follower.height(), logSize: follower.log.size(), self, operator, confirmedMillisecondsAgo: confirmedAt === undefined ? null : clock.now() - confirmedAt,
          quorum: (await follower.latest(['network']) as { quorum: number } | undefined)?.quorum ?? null,
          members: await Promise.all(records.map((record) => memberShown(record, (member) => active.has(member)))), contracts: Object.keys(contractsTable), channel: await channel(), actions: isAdmin ? commandsFor(parts, operator) : [],
        }
      },
    }),
  ]
}

/** Each action as it has to be typed on the machine. */
function commandsFor({ self, home, fabric }: NetworkParts, operator: string | null): { does: typeof actions[number]; command: string }[] {
  const at = `--home ${quoted(home)}`
  const folder = `--folder ${quoted(fabric?.site?.folder ?? 'FOLDER')}`
  const own = `${folder} --member ${self}`
  return [
    { does: 'start-node', command: `mhmd node run ${at}` },
    { does: 'stop-node', command: `kill -TERM ${process.pid}` },
    { does: 'join', command: 'mhmd node join --home NEW --network network.json --hash HASH' },
    ...(operator === self ? [{ does: 'start-ledger', command: `mhmd ledger run ${at}` }] as const : []),
    ...(operator === self && fabric === undefined ? [{ does: 'check-ledger', command: `mhmd ledger verify ${at}` }] as const : []),
    ...(fabric !== undefined ? [
      { does: 'status', command: `mhmd network status ${folder}` }, { does: 'rotate', command: `mhmd network rotate ${own}` }, { does: 'upgrade', command: `mhmd network upgrade ${own}` },
      { does: 'add-organisation', command: `mhmd network add-organisation ${folder} --member NEW` }, { does: 'remove-organisation', command: `mhmd network remove-organisation ${folder} --member LEAVING` }, { does: 'add-orderer', command: `mhmd network add-orderer ${folder} --member NEW` },
    ] as const : []),
  ]
}

/** As a shell takes it for one word. */
const quoted = (text: string): string => /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`
