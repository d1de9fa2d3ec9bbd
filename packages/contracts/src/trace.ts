// What a transaction does, step by step: what it reads in each round, whose signatures it carries, and what it changes; by the same functions that engines run.
import { verifySignature } from '@mhmd/crypto'
import type { Canonical, Key } from '@mhmd/base'
import type { ContractEvent, Outcome, StateView, Transaction } from './contract.ts'
import { applyTransaction, proofsOf, readsNextOf, readsOf } from './execute.ts'

export interface Trace {
  /** In the order of asking; `value` is missing where the key held nothing. */
  readonly reads: readonly { readonly round: 1 | 2; readonly key: Key; readonly value?: Canonical }[]
  /** Ranges strictly below a prefix. */
  readonly ranges: readonly { readonly round: 1 | 2; readonly prefix: Key; readonly entries: readonly { readonly key: Key; readonly value: Canonical }[] }[]
  /** The submitter's first. */
  readonly signatures: readonly { readonly key: string; readonly holds: boolean }[]
  /** `VALID`, or the refusal's code. */
  readonly code: string
  /** `null` is nothing: not there before, or deleted after. */
  readonly changes: readonly { readonly key: Key; readonly before: Canonical; readonly after: Canonical }[]
  readonly events: readonly ContractEvent[]
}

/** Of a transaction on the state before it. `view` must answer whatever the transaction declares to read. Takes any `tx` at all. */
export function traceOf(tx: Transaction, view: StateView): Trace {
  const rounds = [readsOf(tx), readsNextOf(tx, view)]
  const signatures = proofsOf(tx).map(({ publicKey, bytes, signature }) => ({ key: publicKey, holds: verifySignature(publicKey, bytes, signature) }))
  const outcome = applyTransaction(tx, view, { proofsValid: signatures.map(({ holds }) => holds) })
  return {
    reads: rounds.flatMap(({ keys = [] }, at) => keys.map((key) => ({ round: roundOf(at), key, ...valueOf(view, key) }))),
    ranges: rounds.flatMap(({ prefixes = [] }, at) => prefixes.map((prefix) => ({ round: roundOf(at), prefix, entries: view.range(prefix) }))),
    signatures, ...effectsOf(outcome, view),
  }
}

const roundOf = (at: number): 1 | 2 => (at === 0 ? 1 : 2)

function valueOf(view: StateView, key: Key): { readonly value?: Canonical } {
  const value = view.get(key)
  return value === undefined ? {} : { value }
}

function effectsOf(outcome: Outcome, view: StateView): Pick<Trace, 'code' | 'changes' | 'events'> {
  if (!outcome.ok) return { code: outcome.refusal.code, changes: [], events: [] }
  const { writes, events } = outcome.value
  return { code: 'VALID', changes: writes.map(({ key, value }) => ({ key, before: view.get(key) ?? null, after: value })), events }
}
