// A transaction's name, its signature, and the record that its operation id took effect.
import { canonicalText, toBase64Url } from '@mhmd/base'
import { digestOfText, sha256, statementBytes, textBytes } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import type { OperationState } from '@mhmd/schema'
import type { SignatureCheck, Transaction, UnsignedTransaction, Write } from './contract.ts'
import { stateKeys } from './state-keys.ts'
import { statementKinds } from './statements.ts'

/** Of a transaction whose form is right, and which is frozen for that: what is made of it once. */
export interface Encoding {
  /** What its submitter signs, and its name is the hash of. */
  readonly signed: Uint8Array
  name?: string
}

/** A class made of this one puts its private members on whatever object it is given. */
class Given {
  constructor(given: object) {
    return given
  }
}

/**
 * What is known of a transaction, unseen on the object itself. A WeakMap would keep it for the collector's next round and copy it there,
 * with all that it holds, after the transaction was gone: the greater part of what the ledger's thread collected.
 */
export class Known extends Given {
  readonly #encoding: Encoding

  private constructor(tx: object, encoding: Encoding) {
    super(tx)
    this.#encoding = encoding
  }

  static of(tx: object): Encoding | undefined {
    return #encoding in tx ? tx.#encoding : undefined
  }

  /** Once a transaction. By `execute.ts`, which finds the form right and freezes the transaction. One that takes nothing more is looked at anew each time. */
  static note(tx: object, encoding: Encoding): void {
    if (Object.isExtensible(tx)) new Known(tx, encoding)
  }
}

/** Members are sorted and the form allows no others, so that the signature stands third from the end. `text`: the whole, in canonical form. */
export function signedBytes(tx: Transaction, text: string): Uint8Array {
  const end = `,"submitter":${JSON.stringify(tx.submitter)},"time":${tx.time}}`
  const signed = `,"signature":${JSON.stringify(tx.signature)}${end}`
  return textBytes(statementKinds.transaction, text.endsWith(signed) ? text.slice(0, -signed.length) + end : unsignedText(tx))
}

const unsignedText = ({ signature: _, ...rest }: Transaction): string => canonicalText(rest)

/** Names this attempt: the digest of the transaction without its signature. */
export function transactionId(tx: Transaction): string {
  const known = Known.of(tx)
  if (known === undefined) return digestOfText(statementKinds.transaction, unsignedText(tx))
  return known.name ??= toBase64Url(sha256(known.signed))
}

/** The transaction as its submitter signs it. */
export function signTransaction(transaction: UnsignedTransaction, key: SigningKey): Transaction {
  const keyed = { ...transaction, key: key.publicKey }
  return { ...keyed, signature: key.sign(statementBytes(statementKinds.transaction, keyed)) }
}

export function submittersProof(tx: Transaction): SignatureCheck {
  return { publicKey: tx.key, bytes: Known.of(tx)?.signed ?? textBytes(statementKinds.transaction, unsignedText(tx)), signature: tx.signature }
}

/** That these operation ids took effect in this attempt: they never will again. */
export function operationWrites(tx: Transaction, operationIds: readonly string[]): readonly Write[] {
  // Members in canonical order here and in what contracts write: an engine need not sort them.
  const value: OperationState = { contract: tx.contract, operation: tx.operation, transaction: transactionId(tx) }
  return operationIds.map((operationId) => ({ key: stateKeys.operation(operationId), value }))
}
