// A ledger to try things on: state in a map with a version for each key, and two steps as on Fabric, so that a conflict can be seen.
import { byCodeUnits, decodeKey, encodeKey, isBelow } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { SigningKey } from '@mhmd/crypto'
import type { StateView, Transaction, UnsignedTransaction } from './contract.ts'
import { proofsOf } from './execute.ts'
import { traceOf } from './trace.ts'
import type { Trace } from './trace.ts'
import { signTransaction } from './transaction.ts'

/** A transaction run on a state that may have gone on by the time it is committed. */
export interface Proposal {
  readonly transaction: Transaction
  readonly trace: Trace
  /** The version at which each key was read, encoded; 0 where it held nothing. */
  readonly versions: ReadonlyMap<string, number>
}

/** `WRITE_CONFLICT` where something read has changed since; `conflicts` names it. A refused proposal keeps its code and changes nothing. */
export interface Settled {
  readonly code: string
  readonly conflicts: readonly Key[]
}

/** State held in a map, as a contract sees it. */
export function viewOfMap(state: ReadonlyMap<string, Canonical>): StateView {
  return {
    get: (key) => state.get(encodeKey(key)),
    range: (prefix) => [...state].map(([key, value]) => ({ key: decodeKey(key), value })).filter(({ key }) => isBelow(prefix, key)).sort((a, b) => byCodeUnits(encodeKey(a.key), encodeKey(b.key))),
  }
}

export class ScratchLedger {
  readonly #state = new Map<string, Canonical>()
  readonly #versions = new Map<string, number>()
  #committed = 0

  /** How many transactions took effect. */
  get size(): number {
    return this.#committed
  }

  /** All that is held, in key order. */
  entries(): { readonly key: Key; readonly value: Canonical }[] {
    return [...this.#state].sort(([a], [b]) => byCodeUnits(a, b)).map(([key, value]) => ({ key: decodeKey(key), value }))
  }

  /** The value at a key, and all below it, in key order. */
  query(key: Key): { readonly key: Key; readonly value: Canonical }[] {
    return this.entries().filter((entry) => encodeKey(entry.key) === encodeKey(key) || isBelow(key, entry.key))
  }

  /** Runs it on the state as it stands, and changes nothing. */
  propose(transaction: Transaction): Proposal {
    const trace = traceOf(transaction, viewOfMap(this.#state))
    const read = [...trace.reads.map(({ key }) => key), ...trace.ranges.flatMap(({ entries }) => entries.map(({ key }) => key))].map(encodeKey)
    return { transaction, trace, versions: new Map(read.map((key) => [key, this.#versions.get(key) ?? 0])) }
  }

  commit({ trace, versions }: Proposal): Settled {
    if (trace.code !== 'VALID') return { code: trace.code, conflicts: [] }
    const changed = [...versions].filter(([key, version]) => (this.#versions.get(key) ?? 0) !== version).map(([key]) => decodeKey(key))
    const appeared = trace.ranges.flatMap(({ prefix }) => this.#below(prefix)).filter((key) => !versions.has(encodeKey(key)))
    if (changed.length + appeared.length > 0) return { code: 'WRITE_CONFLICT', conflicts: [...changed, ...appeared] }
    this.#committed++
    for (const { key, after } of trace.changes) this.#put(encodeKey(key), after)
    return { code: 'VALID', conflicts: [] }
  }

  #below(prefix: Key): Key[] {
    return [...this.#state.keys()].map(decodeKey).filter((key) => isBelow(prefix, key))
  }

  #put(key: string, value: Canonical): void {
    this.#versions.set(key, this.#committed)
    if (value === null) this.#state.delete(key)
    else this.#state.set(key, value)
  }
}

/**
 * The transaction with every signature made anew over what it says now: those inside its payload, then the submitter's.
 * A signature whose key is not among `keys` (by public key) stays as it is, and will not hold if what it signs was changed.
 */
export function signedAnew(transaction: UnsignedTransaction & { readonly key: string; readonly signature?: string }, keys: (publicKey: string) => SigningKey | undefined): Transaction {
  const { key, signature = '', ...rest } = transaction
  const [, ...inner] = proofsOf(structuredClone({ ...rest, key, signature }))
  const fresh = new Map(inner.map((check) => [check.signature, keys(check.publicKey)?.sign(check.bytes) ?? check.signature]))
  const payload = replaced(rest.payload, fresh)
  const submitter = keys(key)
  return submitter === undefined ? { ...rest, payload, key, signature } : signTransaction({ ...rest, payload }, submitter)
}

/** The same act under another operation id, wherever it stands in it, signed anew. */
export function anotherAct(transaction: Transaction, operationId: string, keys: (publicKey: string) => SigningKey | undefined): Transaction {
  return signedAnew({ ...transaction, operationId, payload: replaced(transaction.payload, new Map([[transaction.operationId, operationId]])) }, keys)
}

function replaced(value: Canonical, texts: ReadonlyMap<string, string>): Canonical {
  if (typeof value === 'string') return texts.get(value) ?? value
  if (Array.isArray(value)) return value.map((each) => replaced(each as Canonical, texts))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each as Canonical, texts)]))
  return value
}
