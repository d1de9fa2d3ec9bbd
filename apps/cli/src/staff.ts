// Commands of an organisation's staff about the network itself: state, members, colleagues.
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { table } from './output.ts'

interface Status {
  readonly member: string
  readonly network: string
  readonly height: number
  readonly confirmedMillisecondsAgo: number | null
  readonly forked: boolean
  readonly behind: boolean
  readonly disputes: number
  readonly pendingLedgerEffects: number
  readonly members: number
}

export function statusCommand(): Command {
  return staffAction('status', 'how the node is: its ledger height, and whether it sees the ledger').action(asStaff(async (client, _options, output) => {
    const status = await client.get<Status>('/staff/1/status')
    const seen = status.confirmedMillisecondsAgo === null ? 'not yet' : `${(status.confirmedMillisecondsAgo / 1000).toFixed(1)} s ago`
    output.result(status, [`${status.member} in network ${status.network}`, `Ledger height ${status.height}, head confirmed ${seen}${conditionOf(status)}`, `${status.members} active members, ${status.pendingLedgerEffects} effects on their way to the ledger`])
  }))
}

function conditionOf({ forked, behind, disputes }: Status): string {
  if (forked) return '; FORKED: the ledger showed two histories or a false block, the doors stay closed (mhmd ledger checkpoints)'
  if (behind) return '; BEHIND: other members hold more of the ledger, the doors are closed until it has come'
  return disputes === 0 ? '' : `; ${disputes} member${disputes === 1 ? '' : 's'} signed another history than most (mhmd ledger checkpoints)`
}

export function memberCommand(): Command {
  return new Command('member').description('members of the network').addCommand(
    staffAction('list', 'who is a member').action(asStaff(async (client, _options, output) => {
      const found = await client.get<{ height: number; members: { id: string; name: string; country: string; roles: string[]; endpoint: string }[] }>('/staff/1/members')
      output.result(found, [...table([['id', 'name', 'country', 'roles', 'endpoint'], ...found.members.map((member) => [member.id, member.name, member.country, member.roles.join(','), member.endpoint])]), `at ledger height ${found.height}`])
    })),
  ).addCommand(
    staffAction('admit', 'admit an applicant in the name of this member; two members are needed').requiredOption('--application <file>', 'what `mhmd node application` printed')
      .action(asStaff<{ application: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.post<{ member: string; height: number; active: boolean }>('/staff/1/members/admissions', readJsonFile(options.application))
        output.result(done, [done.active ? `${done.member} is a member since height ${done.height}.` : `Recorded at height ${done.height}. ${done.member} needs one more member's admission.`])
      })),
  )
}

interface Standings {
  readonly height: number
  readonly quorum: number
  readonly members: readonly { readonly id: string; readonly name: string; readonly state: string; readonly version: number; readonly votes: readonly string[] }[]
}

/** Suspended ones too, whom `mhmd member list` leaves out. */
const members = (): Command => staffAction('members', 'every member, suspended ones too, and who votes to suspend it or to take it back').action(asStaff(async (client, _options, output) => {
  const { height, quorum, members: all } = await client.get<Standings>('/staff/1/network')
  const votesOf = ({ state, votes }: Standings['members'][number]): string => votes.length === 0 ? '' : `${votes.length} of ${quorum} to ${state === 'active' ? 'suspend it' : 'take it back'}: ${votes.join(', ')}`
  const shown = all.map(({ id, name, state, version, votes }) => ({ id, name, state, version, votes }))
  output.result({ height, quorum, members: shown }, [...table([['id', 'name', 'state', 'votes'], ...all.map((member) => [member.id, member.name, member.state, votesOf(member)])]), `at ledger height ${height}; a change takes ${quorum} votes (mhmd network suspend, mhmd network reinstate)`])
}))

const vote = (name: 'suspend' | 'reinstate', description: string): Command => staffAction(name, description).requiredOption('--member <member>', 'whom the vote is about')
  .action(asStaff<{ member: string; profile?: string; json?: boolean }>(async (client, { member }, output) => {
    const { quorum, members } = await client.get<Standings>('/staff/1/network')
    const seen = members.find(({ id }) => id === member)
    if (seen === undefined) throw cliErrors.BAD_OPTION({ option: '--member', why: `the members are ${members.map(({ id }) => id).join(', ')}` })
    const done = await client.post<{ member: string; height: number; state: string }>(`/staff/1/members/${name === 'suspend' ? 'suspensions' : 'reinstatements'}`, { member, version: seen.version })
    const isDone = done.state === (name === 'suspend' ? 'suspended' : 'active')
    output.result(done, [isDone ? `${seen.name} is ${done.state} since height ${done.height}.` : `Recorded at height ${done.height}: vote ${seen.votes.length + 1} of the ${quorum} it takes.`])
  }))

/** Members' standing, and votes on it in this member's name. */
export const standingCommands = (): Command[] => [
  members(),
  vote('suspend', 'vote to suspend a member: once enough have, its writes are refused and other members close their ports to it; people keep their rights there'),
  vote('reinstate', 'vote to take a suspended member back'),
]

export function staffCommand(): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value]
  return new Command('staff').description('colleagues who may use this node').addCommand(
    staffAction('list', 'keys and roles').action(asStaff(async (client, _options, output) => {
      const { staff } = await client.get<{ staff: { key: string; roles: string[] }[] }>('/staff/1/staff')
      output.result(staff, table([['key', 'roles'], ...staff.map((member) => [member.key, member.roles.join(',')])]))
    })),
  ).addCommand(
    staffAction('add', 'register a colleague\'s key').requiredOption('--key <key>', 'her public key').requiredOption('--role <role>', 'admin, steward, desk, dpo, researcher, officer or auditor; may be repeated', collect, [])
      .action(asStaff<{ key: string; role: string[]; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.post<{ key: string; roles: string[] }>('/staff/1/staff', { key: options.key, roles: options.role })
        output.result(done, [`${done.key} may act as ${done.roles.join(', ')}.`])
      })),
  )
}
