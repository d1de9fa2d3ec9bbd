// Commands of an organisation's staff about the network itself: state, members, colleagues.
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
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

export function staffCommand(): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value]
  return new Command('staff').description('colleagues who may use this node').addCommand(
    staffAction('list', 'keys and roles').action(asStaff(async (client, _options, output) => {
      const { staff } = await client.get<{ staff: { key: string; roles: string[] }[] }>('/staff/1/staff')
      output.result(staff, table([['key', 'roles'], ...staff.map((member) => [member.key, member.roles.join(',')])]))
    })),
  ).addCommand(
    staffAction('add', 'register a colleague\'s key').requiredOption('--key <key>', 'her public key').requiredOption('--role <role>', 'admin, steward, desk or dpo; may be repeated', collect, [])
      .action(asStaff<{ key: string; role: string[]; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.post<{ key: string; roles: string[] }>('/staff/1/staff', { key: options.key, roles: options.role })
        output.result(done, [`${done.key} may act as ${done.roles.join(', ')}.`])
      })),
  )
}
