// The ledger port: what every engine offers, and nothing that only one of them has.
import type { Canonical, Key, Refusal } from '@mhmd/base'
import type { ContractEvent, Transaction, Write } from '@mhmd/contracts'

/** One transaction as a block holds it: its attempt, its final validation code, its effects. */
export interface Committed {
  readonly transaction: Transaction
  /** `VALID`, or the engine's code for a transaction that was ordered and then not applied. */
  readonly code: string
  readonly writes: readonly Write[]
  readonly events: readonly ContractEvent[]
}

/**
 * A block as a follower sees it, the same for every engine. `previous` and `hash` are base64url SHA-256; `hash` is over the
 * statement `block` of {height, previous, time, committed}. Height 0 holds the genesis transaction.
 */
export interface Block {
  readonly height: number
  readonly previous: string
  /** Milliseconds since 1970, by the orderer's clock; informative. */
  readonly time: number
  readonly committed: readonly Committed[]
  readonly hash: string
}

/** What an engine's own block tells of a transaction beside the port's. Nothing of it is under the port's hash. */
export interface Endorsement {
  /** Organisations named as having executed it and signed its effects, by the engine's names, each once, sorted. That enough of them signed is what `VALID` says. */
  readonly endorsers: readonly string[]
  /** Keys that it read, whose versions were compared when it was ordered. */
  readonly reads: readonly Key[]
}

/** `endorsements`: one a committed transaction, in their order. */
export interface EndorsedBlock extends Block {
  readonly endorsements: readonly Endorsement[]
}

/** What became of an operation. `refused` never reached a block; `committed` names where it stands and its final code. */
export type Receipt =
  | { readonly status: 'committed'; readonly operationId: string; readonly transactionId: string; readonly height: number; readonly index: number; readonly code: string; readonly events: readonly ContractEvent[] }
  | { readonly status: 'refused'; readonly operationId: string; readonly transactionId: string; readonly refusal: Refusal }

export interface Head {
  readonly height: number
  readonly hash: string
}

export interface PrivateValue {
  readonly key: Key
  readonly value: Uint8Array
}

/**
 * Invariants: an operation id takes effect at most once however often it is submitted, and a second submit of it gets the
 * first one's receipt; a `committed` receipt is durable; `get` and `range` are the state at no lower height than any receipt,
 * head or block that this connection gave (another member's may be further on); `blocks` gives every block from a height
 * on, in order, at least once, and waits for new ones until aborted. The member is the one the connection was
 * authenticated as. Errors: LEDGER_UNAVAILABLE (the outcome is unknown: ask `outcome`, or submit the same operation id again),
 * LEDGER_WRITE_CONFLICT (read again and resubmit), LEDGER_FORBIDDEN.
 */
export interface Ledger {
  submit(transaction: Transaction, privateValue?: PrivateValue): Promise<Receipt>
  outcome(operationId: string): Promise<Receipt | undefined>
  get(key: Key): Promise<Canonical | undefined>
  range(prefix: Key, page?: { readonly after?: Key; readonly limit?: number }): Promise<readonly { readonly key: Key; readonly value: Canonical }[]>
  head(): Promise<Head>
  blocks(from: number, signal?: AbortSignal): AsyncIterable<Block>
  /** As `blocks`, for an engine whose transactions are endorsed before they are ordered. */
  endorsedBlocks?(from: number, signal?: AbortSignal): AsyncIterable<EndorsedBlock>
  /** This member's own private data; others see only its hash in the state. */
  privateGet(key: Key): Promise<Uint8Array | undefined>
  privatePurge(key: Key): Promise<void>
  close(): Promise<void>
}
