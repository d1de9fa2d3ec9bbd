// Runs a committed transaction again on the state before it, as any engine must have run it: signatures, contract and effects. Whoever orders blocks can't make up an effect.
import { canonicalText, encodeKey } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { applyTransaction, proofsOf, readsNextOf, readsOf, viewOf } from '@mhmd/contracts'
import type { Applied, Fetched, Reads, Transaction } from '@mhmd/contracts'
import { verifySignature } from '@mhmd/crypto'
import type { Committed } from './port.ts'

export type ContractFinding = 'VERIFY_SIGNATURE' | 'VERIFY_CONTRACT'

/** The state before a transaction of this network's ledger. */
export interface StateBefore {
  readonly networkId: string
  get(key: Key): Promise<Canonical | undefined>
  /** Entries strictly below the prefix, in key order. */
  below(prefix: Key): Promise<readonly { readonly key: Key; readonly value: Canonical }[]>
}

/** What a follower asks of each transaction before it takes its effects: undefined where all is right. */
export type CommittedCheck = (committed: Committed, state: StateBefore) => Promise<ContractFinding | undefined>

export const checkCommitted: CommittedCheck = async (committed, state) => {
  const { transaction } = committed
  const first = readsOf(transaction)
  const next = readsNextOf(transaction, viewOf(await fetch([first], state)))
  return findingOf(committed, await fetch([first, next], state), state.networkId)
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

async function fetch(rounds: readonly Reads[], state: StateBefore): Promise<Fetched> {
  const values = new Map<string, Canonical>()
  const ranges = new Map<string, readonly { key: Key; value: Canonical }[]>()
  for (const key of rounds.flatMap((round) => round.keys ?? [])) {
    const value = await state.get(key)
    if (value !== undefined) values.set(encodeKey(key), value)
  }
  for (const prefix of rounds.flatMap((round) => round.prefixes ?? [])) ranges.set(encodeKey(prefix), await state.below(prefix))
  return { values, ranges }
}
