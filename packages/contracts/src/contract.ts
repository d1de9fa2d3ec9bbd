// What a contract is: data plus pure functions, free of any ledger's library, the same on every engine.
import type { Canonical, Key, Refusal } from '@mhmd/base'
import type { PublicKey, Signature } from '@mhmd/crypto'
import type Type from 'typebox'

/** What a member submits. `signature` is the submitter's over the statement `transaction` of every other member of this object. Made by `signTransaction`. */
export interface Transaction {
  /** The network's id: the digest of its `network.json`. */
  readonly network: string
  /** Contract name and version, `consents@1`. Old versions stay runnable. */
  readonly contract: string
  readonly operation: string
  /** The caller's id of the act (`newId`): submitted any number of times, it takes effect once. */
  readonly operationId: string
  /** The submitting member's id. */
  readonly submitter: string
  /** Milliseconds since 1970, by the submitter's clock; engines check it against a window, contracts against validities. Never gives order. */
  readonly time: number
  readonly payload: Canonical
  /** The submitter's signing key: the signature is checked against it without any state, and the key against the member's record. */
  readonly key: PublicKey
  readonly signature: Signature
}

export type UnsignedTransaction = Omit<Transaction, 'key' | 'signature'>

/** A signature to check, independent of any state, so that engines may check it on workers. */
export interface SignatureCheck {
  readonly publicKey: PublicKey
  readonly bytes: Uint8Array
  readonly signature: Signature
}

/** State to fetch before `apply`: exact keys, and all entries strictly below a prefix. */
export interface Reads {
  readonly keys?: readonly Key[]
  readonly prefixes?: readonly Key[]
}

/** Reads whose keys were encoded (`encodeKey`) once for all who look them up. */
export interface EncodedReads extends Reads {
  readonly encoded: readonly string[]
}

/** The state before the transaction, as far as `reads` named it. Looking at anything else throws CONTRACT_UNDECLARED_READ. */
export interface StateView {
  get(key: Key): Canonical | undefined
  /** The same by the encoded key, where the engine has it. */
  at?(encoded: string): Canonical | undefined
  /** Entries strictly below the prefix, in key order. */
  range(prefix: Key): readonly { readonly key: Key; readonly value: Canonical }[]
}

export interface Write {
  readonly key: Key
  /** The new value; `null` deletes. */
  readonly value: Canonical
}

export interface ContractEvent {
  readonly name: string
  /** Ids, codes, versions and times only. */
  readonly payload: Canonical
}

export interface Applied {
  readonly writes: readonly Write[]
  readonly events: readonly ContractEvent[]
}

/** Either effects, or a refusal whose code is documented. */
export type Outcome = { readonly ok: true; readonly value: Applied } | { readonly ok: false; readonly refusal: Refusal }

/** One operation of a contract. All functions are pure: no clock, randomness, locale, I/O, private data, history or block height. */
export interface Operation {
  /** The only operation of a network without state: no network, no member stands before it. */
  readonly founding?: true
  /** A bad proof refuses its own item of a batch, which `apply` learns from `proofs`, and not the transaction. */
  readonly itemsAlone?: true
  /** The payload's schema (JSON Schema), in which every text is limited by a pattern. */
  readonly schema: Type.TSchema
  /** Checks the payload against it; everything below may rely on it. A refusal's code is CONTRACT_BAD_PAYLOAD. */
  check(payload: Canonical): Refusal | undefined
  /** First round of reads, from the transaction alone. Whatever `apply` writes is among the keys read. */
  reads(tx: Transaction): Reads
  /** Second round, which may depend on what the first brought. */
  readsNext?(tx: Transaction, seen: StateView): Reads
  /** Signatures inside the payload. */
  proofs(tx: Transaction): readonly SignatureCheck[]
  /** `proofs`: whether each of `proofs(tx)` held, in order; all true unless `itemsAlone`. */
  apply(tx: Transaction, state: StateView, proofs: readonly boolean[]): Outcome
}

/** A named, versioned set of operations. */
export interface Contract {
  readonly name: string
  readonly version: number
  readonly operations: Readonly<Record<string, Operation>>
}
