// How every engine runs a transaction: reads, proofs, then one pure step from the state before to effects or a refusal.
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { TransactionShape } from '@mhmd/schema'
import type { MemberRecord, NetworkState } from '@mhmd/schema'
import { Compile } from 'typebox/compile'
import type { Operation, Outcome, Reads, SignatureCheck, StateView, Transaction, Write } from './contract.ts'
import { contractErrors } from './errors.ts'
import { memberRefusal } from './members.ts'
import { refuse } from './refusals.ts'
import { contractsTable } from './registry.ts'
import { stateKeys } from './state-keys.ts'
import { operationWrites, submittersProof } from './transaction.ts'
import { declaredBy, narrowed } from './view.ts'

let compiledShape: ReturnType<typeof Compile<typeof TransactionShape>> | undefined
const shape = (): ReturnType<typeof Compile<typeof TransactionShape>> => compiledShape ??= Compile(TransactionShape)

type Found = { readonly ok: true; readonly operation: Operation } | ReturnType<typeof refuse>

// A transaction whose form is right is frozen, all the way down: what was found out about the object then holds for good, and is found out once.
const forms = new WeakMap<object, Found>()
const proofs = new WeakMap<object, readonly SignatureCheck[]>()

/** The operation of a transaction, or why it has none. Takes anything at all: what comes from outside comes here first. */
function operationOf(tx: unknown): Found {
  if (typeof tx !== 'object' || tx === null) return refuse('BAD_TRANSACTION')
  const known = forms.get(tx)
  if (known) return known
  const found = formOf(tx)
  if (found.ok) forms.set(frozen(tx), found)
  return found
}

/** The same plain data, which nobody can change any more. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}

function formOf(tx: object): Found {
  if (!shape().Check(tx) || !isCanonical(tx as Canonical)) return refuse('BAD_TRANSACTION')
  const { contract, operation: name, payload } = tx as Transaction
  const found = contractsTable[contract]
  if (!found) return refuse('UNKNOWN')
  const operation = Object.hasOwn(found.operations, name) ? found.operations[name] : undefined
  if (!operation) return refuse('OPERATION_UNKNOWN')
  const refusal = operation.check(payload)
  return refusal ? { ok: false, refusal } : { ok: true, operation }
}

function isCanonical(value: Canonical): boolean {
  try {
    canonicalText(value)
    return true
  } catch {
    return false
  }
}

/** First round: what to fetch before `readsNextOf`. Empty for a transaction that `applyTransaction` will refuse by its form. */
export function readsOf(tx: Transaction): Reads {
  const found = operationOf(tx)
  return found.ok ? firstReads(tx, found.operation) : {}
}

function firstReads(tx: Transaction, operation: Operation): Reads {
  const { keys = [], prefixes = [] } = operation.reads(tx)
  return { keys: [stateKeys.network(), stateKeys.operation(tx.operationId), stateKeys.member(tx.submitter), ...keys], prefixes }
}

/** Second round: what to fetch before `applyTransaction`, given a view of the first. Both rounds make up the read set. */
export function readsNextOf(tx: Transaction, view: StateView): Reads {
  const found = operationOf(tx)
  return found.ok ? nextReads(tx, found.operation, view) : {}
}

function nextReads(tx: Transaction, operation: Operation, view: StateView): Reads {
  return operation.readsNext?.(tx, narrowed(view, declaredBy([firstReads(tx, operation)]), () => undeclaredRead(tx))) ?? {}
}

/** Signatures to check, first the submitter's; independent of any state. */
export function proofsOf(tx: Transaction): readonly SignatureCheck[] {
  const found = operationOf(tx)
  if (!found.ok) return []
  const known = proofs.get(tx) ?? [submittersProof(tx), ...found.operation.proofs(tx)]
  proofs.set(tx, known)
  return known
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
  const first = firstReads(tx, operation)
  const declared = declaredBy([first, nextReads(tx, operation, view)])
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
function recorded(tx: Transaction, writes: readonly Write[], outcome: Outcome & { ok: true }, declared: ReturnType<typeof declaredBy>): Outcome {
  const all = [...operationWrites(tx, [tx.operationId]), ...writes]
  if (!all.every((write) => declared.has(write.key))) throw contractErrors.UNDECLARED_WRITE({ contract: tx.contract, operation: tx.operation })
  return { ok: true, value: { writes: all, events: outcome.value.events } }
}

const undeclaredRead = (tx: Transaction): Error => contractErrors.UNDECLARED_READ({ contract: tx.contract, operation: tx.operation })
