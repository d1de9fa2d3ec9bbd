// A partition between organisations on one machine: each organisation's processes run under a group of their own, and a packet filter (nftables) drops what passes between two of them, connections that stand included.
// Debian package: nftables. As root.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chaincodePort, orderersOf, peersOf } from '../src/network/layout.ts'
import type { NetworkPlan } from '../src/index.ts'

const execute = promisify(execFile)
const FIRST_GROUP = 61_000

export interface Partition {
  /** Cuts everything between these members and all others. */
  cut(members: readonly string[]): Promise<void>
  heal(): Promise<void>
  close(): Promise<void>
}

const membersOf = ({ orderers, peers }: NetworkPlan): string[] => [...new Set([...orderers, ...peers])].sort()
export const groupIn = (plan: NetworkPlan) => (member: string): number => FIRST_GROUP + membersOf(plan).indexOf(member)

const portsOf = (plan: NetworkPlan, member: string): number[] => [
  ...orderersOf(plan).filter((place) => place.member === member).map(({ port }) => port),
  ...peersOf(plan).filter((place) => place.member === member).flatMap((place) => [place.port, place.callback, chaincodePort(place, 1), chaincodePort(place, 2)]),
]

/** Before the network starts: connections are marked by who opened them to whom. */
export async function openPartition(plan: NetworkPlan): Promise<Partition> {
  const table = `mhmd_fabric_${plan.basePort}`
  const members = membersOf(plan)
  const pairs = members.flatMap((from, a) => members.flatMap((to, b) => a === b ? [] : [{ from, to, mark: 1 + a * 16 + b }]))
  await execute('nft', ['destroy', 'table', 'inet', table]).catch(() => undefined)
  await filter(`table inet ${table} {
    chain cuts { }
    chain out {
      type filter hook output priority mangle; policy accept;
      ${pairs.map(({ from, to, mark }) => `meta skgid ${groupIn(plan)(from)} tcp dport { ${portsOf(plan, to).join(', ')} } ct state new ct mark set ${mark}`).join('\n')}
      jump cuts
    }
  }`)
  return {
    cut: async (cutOff) => filter(pairs.filter(({ from, to }) => cutOff.includes(from) !== cutOff.includes(to)).map(({ mark }) => `add rule inet ${table} cuts ct mark ${mark} drop`).join('\n')),
    heal: () => filter(`flush chain inet ${table} cuts`),
    close: async () => void await execute('nft', ['delete', 'table', 'inet', table]).catch(() => undefined),
  }
}

async function filter(rules: string): Promise<void> {
  const done = execute('nft', ['-f', '-'])
  done.child.stdin?.end(rules)
  await done
}
