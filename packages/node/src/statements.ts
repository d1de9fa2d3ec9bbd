// What this holder stated and what recipients answered: acts that await their statement, statements given, recalls sent; all sealed.
import { recallStatementDocument } from '@mhmd/accounts'
import type { Removed, SignedRecallStatement, SignedWithdrawalStatement, WithdrawalStatement } from '@mhmd/accounts'
import { ordinal } from '@mhmd/base'
import type { Clock } from '@mhmd/base'
import { documentType } from '@mhmd/schema'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import Type from 'typebox'
import { sealedTable } from './sealed-table.ts'

/** One act of hers that closed something, until its statement is given. */
export interface Act {
  readonly subject: string
  readonly kind: WithdrawalStatement['kind']
  readonly version: number
  readonly operationId: string | null
  readonly heard: number
  /** An erasure's: what it removes, known before and stated after; `done` once it is purged. */
  /** Where a merge, or its end, made her act worth another look: which row, and whose releases. */
  readonly merge?: { readonly id: string; readonly members: readonly string[] }
  readonly erasure?: { readonly removed: readonly Removed[]; readonly releases: readonly string[]; readonly done: boolean }
}

/** A statement as it was given, with the recalls that followed from the act. */
export interface Given {
  readonly document: SignedWithdrawalStatement
  readonly recalls: readonly string[]
}

/** Releases called back from one recipient, and its own signed answers. */
export interface Recall {
  readonly id: string
  readonly to: string
  readonly releases: readonly string[]
  readonly sent: number
  readonly answered?: { readonly at: number; readonly documents: readonly SignedRecallStatement[] }
}

/** What became of one recall, as it is shown: late where the recipient has not answered in time. */
export interface RecallView {
  readonly recipient: string
  readonly release: string
  readonly sent: number
  readonly answered: number | null
  readonly late: boolean
  readonly document: SignedRecallStatement | null
}

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })

/** Messages of this flow, by kind. */
export const recallMessages = {
  'recall/1': documentType('recall-message', Type.Object({ recall: Id, releases: Type.Array(Type.Object({ release: Id, request: Id }, closed), { minItems: 1, maxItems: 1000 }) }, closed)),
  'recall-statement/1': documentType('recall-statement-message', Type.Object({ recall: Id, documents: Type.Array(recallStatementDocument.schema, { minItems: 1, maxItems: 1000 }) }, closed)),
} as const

export interface StatementTables {
  /** Notes an act once, however it was heard. */
  note(tx: WriteTransaction, act: Act): Promise<void>
  pending(tx: ReadTransaction): Promise<Act[]>
  update(tx: WriteTransaction, act: Act): Promise<void>
  drop(tx: WriteTransaction, act: Act): Promise<void>
  /** Replaces the act by its statement. */
  give(tx: WriteTransaction, act: Act, given: Given): Promise<void>
  given(tx: ReadTransaction, subject: string): Promise<Given[]>
  putRecall(tx: WriteTransaction, recall: Recall): Promise<void>
  recall(tx: ReadTransaction, id: string): Promise<Recall | undefined>
}

export function createStatementTables(nodeKey: Uint8Array): StatementTables {
  const acts = sealedTable<Act>('withdrawals', nodeKey)
  const statements = sealedTable<Given>('statements', nodeKey)
  const recalls = sealedTable<Recall>('recalls', nodeKey)
  const keyOf = ({ subject, kind, version, merge }: Act): string[] => [subject, kind, ordinal(version), ...(merge === undefined ? [] : [merge.id])]
  return {
    note: async (tx, act) => {
      const key = keyOf(act)
      if (await acts.get(tx, ...key) === undefined && await statements.get(tx, ...key) === undefined) await acts.put(tx, key, act)
    },
    pending: async (tx) => (await acts.list(tx)).map((row) => row.value),
    update: (tx, act) => acts.put(tx, keyOf(act), act),
    drop: (tx, act) => acts.delete(tx, ...keyOf(act)),
    give: async (tx, act, given) => {
      await statements.put(tx, keyOf(act), given)
      await acts.delete(tx, ...keyOf(act))
    },
    given: async (tx, subject) => (await statements.list(tx, { prefix: [subject] })).map((row) => row.value),
    putRecall: (tx, recall) => recalls.put(tx, [recall.id], recall),
    recall: (tx, id) => recalls.get(tx, id),
  }
}

/** Tells what became of a release's recall; undefined where it was never called back. */
export type RecallOf = (release: { readonly id: string; readonly recall?: string | undefined }) => Promise<RecallView | undefined>

export const recallLookup = (parts: { store: Store; statements: StatementTables; clock: Clock; lateAfterMilliseconds: number }): RecallOf => async ({ id: release, recall: id }) => {
  const recall = id === undefined ? undefined : await parts.store.read((tx) => parts.statements.recall(tx, id))
  if (recall === undefined) return undefined
  return {
    recipient: recall.to, release, sent: recall.sent, answered: recall.answered?.at ?? null,
    late: recall.answered === undefined && parts.clock.now() - recall.sent > parts.lateAfterMilliseconds,
    document: recall.answered?.documents.find((document) => document.statement.release === release) ?? null,
  }
}
