// What a member states after a withdrawal or an erasure: what it stopped, removed and told to whom. Evidence that it said so, signed after the act; no proof that it is so.
import { statementBytes, verifySignature } from '@mhmd/crypto'
import type { PublicKey, Signature, SigningKey } from '@mhmd/crypto'
import { documentType } from '@mhmd/schema'
import Type from 'typebox'
import { accountsErrors } from './errors.ts'

const closed = { additionalProperties: false } as const
const digest = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const signature = Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' })
const member = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })
const id = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
const time = Type.Integer({ minimum: 1 })
const height = Type.Integer({ minimum: 0 })

/** What was removed: rows as they stood on disk, sealed or not, so that the digest tells nothing of their content. */
const Removed = Type.Object({ what: Type.Enum(['records', 'facts', 'signed-decisions', 'access-log', 'answer', 'table']), rows: Type.Integer({ minimum: 1 }), digest }, closed)
export type Removed = Type.Static<typeof Removed>

/** By the holder, about one act of hers. */
const Withdrawal = Type.Object({
  network: digest,
  member,
  subject: id,
  kind: Type.Enum(['consent', 'opt-out', 'key', 'erasure']),
  version: Type.Integer({ minimum: 1 }),
  /** The operation by which she did it; null where the holder knows it from the ledger alone. */
  operationId: Type.Union([id, Type.Null()]),
  outcome: Type.Enum(['stopped', 'purged']),
  removed: Type.Array(Removed, { maxItems: 8 }),
  /** Releases she was considered in and that no longer stand; their recipients were told, and answer for themselves. */
  releases: Type.Array(Type.Object({ release: id, recipient: member }, closed)),
  /** Of an opt-out: permits that were approved before it and go on to use her record, until when (Regulation (EU) 2025/327, Art. 71(3)). */
  running: Type.Optional(Type.Array(Type.Object({ request: id, authority: member, until: time }, closed))),
  height,
  at: time,
}, closed)
export type WithdrawalStatement = Type.Static<typeof Withdrawal>

/** By a recipient, about one release that its holder called back. */
const Recall = Type.Object({
  network: digest,
  member,
  holder: member,
  release: id,
  outcome: Type.Enum(['purged', 'recomputed', 'released-as-anonymous-on']),
  removed: Type.Array(Removed, { maxItems: 8 }),
  /** The release, without her, that took the place of the one removed, where that is the outcome. */
  replacedBy: Type.Optional(id),
  /** When a person assessed the release as anonymous, where that is the outcome. */
  assessedAt: Type.Optional(time),
  height,
  at: time,
}, closed)
export type RecallStatement = Type.Static<typeof Recall>

const sealOf = { key: digest, certificate: Type.Object({ key: digest, signature }, closed), signature }

export const withdrawalStatementDocument = documentType('withdrawal-statement', Type.Object({ kind: Type.Literal('withdrawal-statement'), statement: Withdrawal, ...sealOf }, closed))
export const recallStatementDocument = documentType('recall-statement', Type.Object({ kind: Type.Literal('recall-statement'), statement: Recall, ...sealOf }, closed))

interface Sealed<K extends string, S> {
  readonly kind: K
  readonly statement: S
  /** The statement key; it exists in that node's folder only. */
  readonly key: PublicKey
  /** The member's signing key says that the statement key is its node's. */
  readonly certificate: { readonly key: PublicKey; readonly signature: Signature }
  readonly signature: Signature
}
export type SignedWithdrawalStatement = Sealed<'withdrawal-statement', WithdrawalStatement>
export type SignedRecallStatement = Sealed<'recall-statement', RecallStatement>

const CERTIFICATE = 'statement-key'

/** A node's statement key with the certificate of the member's signing key. */
export interface StatementSigner {
  readonly network: string
  readonly member: string
  readonly key: SigningKey
  readonly certificate: { readonly key: PublicKey; readonly signature: Signature }
}

export function statementSigner(at: { readonly network: string; readonly member: string }, key: SigningKey, signing: SigningKey): StatementSigner {
  const { network, member } = at
  return { network, member, key, certificate: { key: signing.publicKey, signature: signing.sign(statementBytes(CERTIFICATE, { network, member, key: key.publicKey })) } }
}

type Fields<S> = Omit<S, 'network' | 'member'>

function seal<K extends string, S>(kind: K, fields: Fields<S>, { network, member, key, certificate }: StatementSigner): Sealed<K, S> {
  const statement = { ...fields, network, member } as S
  return { kind, statement, key: key.publicKey, certificate, signature: key.sign(statementBytes(kind, statement as never)) }
}

export const signWithdrawalStatement = (fields: Fields<WithdrawalStatement>, by: StatementSigner): SignedWithdrawalStatement => seal('withdrawal-statement', fields, by)
export const signRecallStatement = (fields: Fields<RecallStatement>, by: StatementSigner): SignedRecallStatement => seal('recall-statement', fields, by)

/** Throws ACCOUNTS_BAD_STATEMENT unless this member's node signed it, under a key that the member's signing key certified. */
export function checkStatement(document: SignedWithdrawalStatement | SignedRecallStatement, by: { readonly network: string; readonly member: string; readonly signingKey: PublicKey }): void {
  const { kind, statement, key, certificate, signature } = document
  const { network, member } = by
  const holds = statement.network === network && statement.member === member && certificate.key === by.signingKey
    && verifySignature(certificate.key, statementBytes(CERTIFICATE, { network, member, key }), certificate.signature)
    && verifySignature(key, statementBytes(kind, statement), signature)
  if (!holds) throw accountsErrors.BAD_STATEMENT({ member })
}
