// A transaction's name, its signature, and the record that its operation id took effect.
import { toBase64Url } from '@mhmd/base'
import { sha256, statementBytes } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import type { OperationState } from '@mhmd/schema'
import type { SignatureCheck, Transaction, UnsignedTransaction, Write } from './contract.ts'
import { stateKeys } from './state-keys.ts'
import { statementKinds } from './statements.ts'

// Of a frozen transaction (`execute.ts` freezes those whose form is right) the signed bytes are made once.
const encoded = new WeakMap<Transaction, Uint8Array>()

function signedBytes(tx: Transaction): Uint8Array {
  const known = encoded.get(tx)
  if (known !== undefined) return known
  const bytes = statementBytes(statementKinds.transaction, unsigned(tx))
  if (Object.isFrozen(tx) && Object.isFrozen(tx.payload)) encoded.set(tx, bytes)
  return bytes
}

/** Names this attempt: the digest of the transaction without its signature. */
export const transactionId = (tx: Transaction): string => toBase64Url(sha256(signedBytes(tx)))

/** The transaction as its submitter signs it. */
export function signTransaction(transaction: UnsignedTransaction, key: SigningKey): Transaction {
  const keyed = { ...transaction, key: key.publicKey }
  return { ...keyed, signature: key.sign(statementBytes(statementKinds.transaction, keyed)) }
}

export function submittersProof(tx: Transaction): SignatureCheck {
  return { publicKey: tx.key, bytes: signedBytes(tx), signature: tx.signature }
}

/** That these operation ids took effect in this attempt: they never will again. */
export function operationWrites(tx: Transaction, operationIds: readonly string[]): readonly Write[] {
  const value: OperationState = { transaction: transactionId(tx), contract: tx.contract, operation: tx.operation }
  return operationIds.map((operationId) => ({ key: stateKeys.operation(operationId), value }))
}

function unsigned({ signature: _, ...rest }: Transaction): Omit<Transaction, 'signature'> {
  return rest
}
