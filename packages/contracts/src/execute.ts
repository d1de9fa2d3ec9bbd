// How every engine runs a transaction: reads, proofs, then one pure step from the state before to effects or a refusal.
import { canonicalText, encodeKey } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { TransactionShape } from '@mhmd/schema'
import type { MemberRecord, NetworkState } from '@mhmd/schema'
import { Compile } from 'typebox/compile'
import type { EncodedReads, Operation, Outcome, SignatureCheck, StateView, Transaction, Write } from './contract.ts'
import { contractErrors } from './errors.ts'
import { memberRefusal } from './members.ts'
import { refuse } from './refusals.ts'
import { contractsTable } from './registry.ts'
import { stateKeys } from './state-keys.ts'
import { Known, operationWrites, signedBytes, submittersProof } from './transaction.ts'
import type { Encoding } from './transaction.ts'
import { declaredBy, encodedReads, narrowed } from './view.ts'
import type { Declared } from './view.ts'

let compiledShape: ReturnType<typeof Compile<typeof TransactionShape>> | undefined
const shape = (): ReturnType<typeof Compile<typeof TransactionShape>> => compiledShape ??= Compile(TransactionShape)

/** What is known of a transaction whose form is right. */
interface Form extends Encoding {
  readonly ok: true
  readonly operation: Operation
  /** Its canonical text. */
  readonly text: string
  reads?: { readonly first: EncodedReads; readonly declared: Declared }
  proofs?: readonly SignatureCheck[]
}
type Found = Form | ReturnType<typeof refuse>

/**
 * The operation of a transaction, or why it has none. Takes anything at all: what comes from outside comes here first. A transaction whose
 * form is right is frozen, all the way down: what was found out about the object then holds for good, and is found out once.
 */
function operationOf(tx: unknown): Found {
  if (typeof tx !== 'object' || tx === null) return refuse('BAD_TRANSACTION')
  const known = Known.of(tx) as Form | undefined
  if (known) return known
  const found = formOf(tx)
  if (found.ok) {
    Known.note(tx, found)
    frozen(tx)
  }
  return found
}

/** The same plain data, which nobody can change any more. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const name in value) if (typeof value[name] === 'object') frozen(value[name])
  return Object.freeze(value)
}

function formOf(tx: object): Found {
  if (!shape().Check(tx)) return refuse('BAD_TRANSACTION')
  const text = canonicalOf(tx)
  if (text === undefined) return refuse('BAD_TRANSACTION')
  const { contract, operation: name, payload } = tx as Transaction
  const found = contractsTable[contract]
  if (!found) return refuse('UNKNOWN')
  const operation = Object.hasOwn(found.operations, name) ? found.operations[name] : undefined
  if (!operation) return refuse('OPERATION_UNKNOWN')
  const refusal = operation.check(payload)
  return refusal ? { ok: false, refusal } : { ok: true, operation, text, signed: signedBytes(tx as Transaction, text) }
}

function canonicalOf(tx: object): string | undefined {
  try {
    return canonicalText(tx as Canonical)
  } catch {
    return undefined
  }
}

/** Its canonical text: found out with its form where that is right. Throws BASE_NOT_CANONICAL. */
export function transactionText(tx: Transaction): string {
  const found = operationOf(tx)
  return found.ok ? found.text : canonicalText(tx as unknown as Canonical)
}

/** First round: what to fetch before `readsNextOf`. Empty for a transaction that `applyTransaction` will refuse by its form. */
export function readsOf(tx: Transaction): EncodedReads {
  const found = operationOf(tx)
  return found.ok ? firstReads(tx, found).first : nothing
}

const nothing: EncodedReads = { encoded: [] }

function firstReads(tx: Transaction, form: Form): NonNullable<Form['reads']> {
  if (form.reads !== undefined) return form.reads
  const { keys = [], prefixes = [] } = form.operation.reads(tx)
  const first = encodedReads({ keys: [stateKeys.network(), stateKeys.operation(tx.operationId), stateKeys.member(tx.submitter), ...keys], prefixes })
  return form.reads = { first, declared: declaredBy([first]) }
}

/** Second round: what to fetch before `applyTransaction`, given a view of the first. Both rounds make up the read set. */
export function readsNextOf(tx: Transaction, view: StateView): EncodedReads {
  const found = operationOf(tx)
  return (found.ok ? nextReads(tx, found, view) : undefined) ?? nothing
}

const nextReads = (tx: Transaction, form: Form, view: StateView): EncodedReads | undefined =>
  form.operation.readsNext && encodedReads(form.operation.readsNext(tx, narrowed(view, firstReads(tx, form).declared, () => undeclaredRead(tx))))

/** Signatures to check, first the submitter's; independent of any state. */
export function proofsOf(tx: Transaction): readonly SignatureCheck[] {
  const found = operationOf(tx)
  if (!found.ok) return []
  return found.proofs ??= [submittersProof(tx), ...found.operation.proofs(tx)]
}

/**
 * The one step: from the state before the transaction to its effects, or a refusal with a code. Deterministic; for any `tx`
 * whatever; changes nothing it is given, save that a well-formed transaction is frozen. `proofsValid` is the outcome of `proofsOf`, one boolean for all, or one for each in
 * order, which lets a batch refuse the item with the bad signature alone. Throws CONTRACT_UNDECLARED_READ or
 * CONTRACT_UNDECLARED_WRITE for a mistake in a contract only.
 */
export function applyTransaction(tx: Transaction, view: StateView, { proofsValid }: { readonly proofsValid: boolean | readonly boolean[] }): Outcome {
  const found = operationOf(tx)
  if (!found.ok) return found
  const { operation } = found
  const { first, declared: early } = firstReads(tx, found)
  const next = nextReads(tx, found, view)
  const declared = next === undefined ? early : declaredBy([first, next])
  const state = narrowed(view, declared, () => undeclaredRead(tx))
  const checks = proofsOf(tx)
  const [submitter = false, ...inner] = typeof proofsValid === 'boolean' ? checks.map(() => proofsValid) : proofsValid
  const proven = submitter && inner.length === checks.length - 1 && (operation.itemsAlone === true || inner.every(Boolean))
  const refusal = refusalBefore(tx, state, { operation, proven })
  if (refusal) return refusal
  const outcome = operation.apply(tx, state, inner)
  return outcome.ok ? recorded(tx, outcome.value.writes, outcome, declared) : outcome
}

/** What every operation asks for: this network, a new operation id, signatures that hold, and an active member with this key. */
function refusalBefore(tx: Transaction, state: StateView, { operation, proven }: { operation: Operation; proven: boolean }): ReturnType<typeof refuse> | undefined {
  const network = state.get(stateKeys.network()) as NetworkState | undefined
  if (operation.founding) {
    if (network) return refuse('NETWORK_EXISTS')
  } else {
    if (!network) return refuse('NO_NETWORK')
    if (network.id !== tx.network) return refuse('WRONG_NETWORK')
  }
  if (state.get(stateKeys.operation(tx.operationId)) !== undefined) return refuse('OPERATION_DONE')
  if (!proven) return refuse('BAD_SIGNATURE')
  if (operation.founding) return undefined
  return memberRefusal(state.get(stateKeys.member(tx.submitter)) as MemberRecord | undefined, tx.key, tx.time)
}

/** The outcome with the record that this operation id took effect, and proof that every write was read. */
function recorded(tx: Transaction, writes: readonly Write[], outcome: Outcome & { ok: true }, declared: Declared): Outcome {
  const all = [...operationWrites(tx, [tx.operationId]), ...writes]
  if (!all.every(({ key }) => declared.has(encodeKey(key)))) throw contractErrors.UNDECLARED_WRITE({ contract: tx.contract, operation: tx.operation })
  return { ok: true, value: { writes: all, events: outcome.value.events } }
}

const undeclaredRead = (tx: Transaction): Error => contractErrors.UNDECLARED_READ({ contract: tx.contract, operation: tx.operation })
