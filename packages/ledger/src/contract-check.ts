// Runs a committed transaction again on the state before it, as any engine must have run it: signatures, contract and effects. Whoever orders blocks can't make up an effect.
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { applyTransaction, proofsOf, viewOf } from '@mhmd/contracts'
import type { Applied, Fetched, Transaction } from '@mhmd/contracts'
import { verifySignature } from '@mhmd/crypto'
import { fetchReads } from './fetch-reads.ts'
import type { StateReader } from './fetch-reads.ts'
import type { Committed } from './port.ts'

export type ContractFinding = 'VERIFY_SIGNATURE' | 'VERIFY_CONTRACT'

/** The state before a transaction of this network's ledger. */
export interface StateBefore extends StateReader {
  readonly networkId: string
}

/** What a follower asks of each transaction before it takes its effects: undefined where all is right. */
export type CommittedCheck = (committed: Committed, state: StateBefore) => Promise<ContractFinding | undefined>

export const checkCommitted: CommittedCheck = async (committed, state) => {
  return findingOf(committed, await fetchReads(committed.transaction, state), state.networkId)
}

/** With everything read that the transaction declares. An engine may hold what it ordered and did not apply: that has no effects. */
export function findingOf({ transaction, code, writes, events }: Committed, fetched: Fetched, networkId: string): ContractFinding | undefined {
  // Another network's genesis would bring its own founders.
  if (transaction.network !== networkId) return 'VERIFY_CONTRACT'
  if (code !== 'VALID') return writes.length === 0 ? undefined : 'VERIFY_CONTRACT'
  const outcome = applyTransaction(transaction, viewOf(fetched), { proofsValid: verdictsOf(transaction) })
  if (!outcome.ok) return outcome.refusal.code === 'CONTRACT_BAD_SIGNATURE' ? 'VERIFY_SIGNATURE' : 'VERIFY_CONTRACT'
  const found: Applied = { writes, events }
  return canonicalText(outcome.value as unknown as Canonical) === canonicalText(found as unknown as Canonical) ? undefined : 'VERIFY_CONTRACT'
}

const verdictsOf = (transaction: Transaction): boolean[] => proofsOf(transaction).map(({ publicKey, bytes, signature }) => verifySignature(publicKey, bytes, signature))
