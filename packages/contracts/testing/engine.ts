// What an engine must offer to be tried by the contract suite, and the plain one: a map in memory that checks purity as it goes.
import { canonicalText, encodeKey } from '@mhmd/base'
import type { Canonical, Key, Refusal } from '@mhmd/base'
import { verifySignature } from '@mhmd/crypto'
import assert from 'node:assert/strict'
import { applyTransaction, proofsOf, readsNextOf, readsOf } from '../src/execute.ts'
import type { ContractEvent, Outcome, StateView, Transaction } from '../src/contract.ts'
import { viewOfMap } from '../src/scratch.ts'

/** What became of a submitted transaction. */
export type Submitted = { readonly ok: true; readonly events: readonly ContractEvent[] } | { readonly ok: false; readonly refusal: Refusal }

/** An engine with an empty state at first. `submit` settles when the effects can be read. */
export interface Engine {
  submit(tx: Transaction, privateValue?: PrivateValue): Promise<Submitted>
  get(key: Key): Promise<Canonical | undefined>
  close?(): Promise<void>
}

/** What a `private@1 put` names by its hashes; an engine that keeps private values takes it along with the transaction. */
export interface PrivateValue {
  readonly key: Key
  readonly value: Uint8Array
}

export type MakeEngine = () => Promise<Engine> | Engine

/** State in a map; runs each transaction twice on frozen values and insists on the same outcome. */
export class MemoryEngine implements Engine {
  readonly state: Map<string, Canonical>
  /** What the last transaction led to. */
  last: Outcome | undefined

  constructor(state: ReadonlyMap<string, Canonical> = new Map()) {
    this.state = new Map(state)
  }

  submit(tx: Transaction): Promise<Submitted> {
    const outcome = this.run(tx)
    this.last = outcome
    if (!outcome.ok) return Promise.resolve({ ok: false, refusal: outcome.refusal })
    for (const { key, value } of outcome.value.writes) {
      if (value === null) this.state.delete(encodeKey(key))
      else this.state.set(encodeKey(key), deepFreeze(value))
    }
    return Promise.resolve({ ok: true, events: outcome.value.events })
  }

  get(key: Key): Promise<Canonical | undefined> {
    return Promise.resolve(this.state.get(encodeKey(key)))
  }

  fork(): MemoryEngine {
    return new MemoryEngine(this.state)
  }

  /** The outcome on this state, which stays as it is. */
  run(tx: Transaction): Outcome {
    deepFreeze(tx as unknown as Canonical)
    const proofsValid = proofsOf(tx).map((proof) => verifySignature(proof.publicKey, proof.bytes, proof.signature))
    const once = applyTransaction(tx, this.view(), { proofsValid })
    // The second time as another object, which nothing is remembered of.
    const again = applyTransaction(structuredClone(tx), this.view(), { proofsValid })
    assert.equal(JSON.stringify(again), JSON.stringify(once), 'the same transaction on the same state has the same outcome')
    if (once.ok) this.everyWriteWasRead(tx, once)
    return once
  }

  private everyWriteWasRead(tx: Transaction, outcome: Outcome & { ok: true }): void {
    const read = new Set([...(readsOf(tx).keys ?? []), ...(readsNextOf(tx, this.view()).keys ?? [])].map(encodeKey))
    for (const write of outcome.value.writes) assert.ok(read.has(encodeKey(write.key)), `written without being read: ${write.key.join(' / ')}`)
    assert.equal(new Set(outcome.value.writes.map((write) => encodeKey(write.key))).size, outcome.value.writes.length, 'no key is written twice')
    canonicalText(outcome.value as unknown as Canonical)
  }

  private view(): StateView {
    return viewOfMap(this.state)
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
