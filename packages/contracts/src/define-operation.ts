// An operation from its payload's schema and its typed parts.
import type { Canonical, Refusal } from '@mhmd/base'
import type { EventName, EventPayload } from '@mhmd/schema'
import type Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Contract, Operation, Outcome, Reads, SignatureCheck, StateView, Transaction, Write } from './contract.ts'
import { refuse } from './refusals.ts'

interface Parts<P> {
  readonly founding?: true
  readonly itemsAlone?: true
  reads(payload: P, tx: Transaction): Reads
  readsNext?(payload: P, tx: Transaction, seen: StateView): Reads
  proofs?(payload: P, tx: Transaction): readonly SignatureCheck[]
  apply(payload: P, tx: Transaction, state: StateView, proofs: readonly boolean[]): Outcome
}

/** `parts` see the payload only after `check` found it to be of the schema. */
export function operation<S extends Type.TSchema>(schema: S, parts: Parts<Type.Static<S>>): Operation {
  // Compiled at first use: a client of the ledger needs few operations, and none of their checks.
  let compiled: ReturnType<typeof Compile<S>> | undefined
  const validator = (): ReturnType<typeof Compile<S>> => compiled ??= Compile(schema)
  const payloadOf = (tx: Transaction): Type.Static<S> => tx.payload as Type.Static<S>
  const { readsNext } = parts
  return {
    schema,
    ...(parts.founding === undefined ? {} : { founding: parts.founding }),
    ...(parts.itemsAlone === undefined ? {} : { itemsAlone: parts.itemsAlone }),
    check: (payload: Canonical): Refusal | undefined => (validator().Check(payload) ? undefined : refuse('BAD_PAYLOAD').refusal),
    reads: (tx) => parts.reads(payloadOf(tx), tx),
    ...(readsNext === undefined ? {} : { readsNext: (tx: Transaction, seen: StateView) => readsNext(payloadOf(tx), tx, seen) }),
    proofs: (tx) => parts.proofs?.(payloadOf(tx), tx) ?? [],
    apply: (tx, state, proofs) => parts.apply(payloadOf(tx), tx, state, proofs),
  }
}

export const contract = (name: string, version: number, operations: Contract['operations']): Contract => ({ name, version, operations })

/** An acceptance: its writes, and one event that names the operation's ids, of that name's schema. */
export const applied = <N extends EventName>(writes: readonly Write[], name: N, payload: EventPayload<N> & Canonical): Outcome => ({ ok: true, value: { writes, events: [{ name, payload }] } })
