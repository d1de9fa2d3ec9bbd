// What happened at one member, as another member's node shows it: transactions of the ledger that it follows, and proofs that need no node at all.
import { join } from 'node:path'
import { runCommand } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { staffOf } from './kill-clients.ts'
import type { OnNetwork } from './on-network.ts'

interface Seen {
  readonly operationId: string
  readonly contract: string
  readonly operation: string
  readonly code: string
  readonly payload: Readonly<Record<string, unknown>>
}

interface Block {
  readonly height: number
  readonly transactions: readonly { readonly operationId: string; readonly contract: string; readonly operation: string; readonly code: string }[]
}

const AT_ONCE = 100

/** Every valid transaction of this contract and operation that the member's node shows. */
export async function transactionsSeenBy(network: DevNetwork, member: string, what: { readonly contract: string; readonly operation: string }): Promise<Seen[]> {
  const staff = staffOf(network, member)
  const seen: Seen[] = []
  for (let from = 0; ;) {
    const { height, blocks } = await staff.get<{ height: number; blocks: Block[] }>(`/staff/1/ledger/blocks?from=${from}&limit=${AT_ONCE}`)
    for (const line of blocks.flatMap((block) => block.transactions).filter((one) => one.code === 'VALID' && one.contract === what.contract && one.operation === what.operation)) {
      const { transaction } = await staff.get<{ transaction: { payload: Seen['payload'] } }>(`/staff/1/ledger/transactions/${line.operationId}`)
      seen.push({ ...line, payload: transaction.payload })
    }
    from = (blocks.at(-1)?.height ?? height) + 1
    if (from > height) return seen
  }
}

let proofs = 0

/** Whether the member's node proves the operation to have been recorded: `mhmd proof` there, and `mhmd verify` with the network's roots alone. */
export async function isProvenBy({ network, folder }: OnNetwork, member: string, operationId: string): Promise<boolean> {
  const file = join(folder, `proof-${++proofs}.json`)
  const fetched = await runCommand(['proof', '--profile', network.profile(member), '--operation', operationId, '--out', file]).then(() => true, () => false)
  if (!fetched) return false
  const said = await runCommand(['verify', file, '--roots', join(network.home(member), 'network.json')]).catch((error: unknown) => String(error))
  return said.startsWith('PROVEN')
}
