// The signed records behind the ledger's versions: what she signed, with the opening of its commitment; sealed under her own key, so that her erasure takes them too.
import { fromUtf8, ordinal, toBase64Url, utf8 } from '@mhmd/base'
import { DECISION_CONTENT } from '@mhmd/accounts'
import type { DecisionContent, DecisionKind } from '@mhmd/accounts'
import { statementKinds } from '@mhmd/contracts'
import { opens, sha256, statementBytes, verifySignature } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import { ConsentDecision, type DeskDeclaration, OptOutDecision, consentTermsDocument, documentType } from '@mhmd/schema'
import type { ReadTransaction, WriteTransaction } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'

export type Statement = ConsentDecision | OptOutDecision | DeskDeclaration

export interface SignedRecord {
  readonly kind: DecisionKind
  readonly statement: Statement
  readonly by: 'subject' | 'desk'
  readonly opening: { readonly content: DecisionContent; readonly salt: Salt }
  /** When this holder received it: from then on it is enforced where it closes. */
  readonly received: number
}

const closed = { additionalProperties: false } as const
const Opening = Type.Object({ content: Type.Object({ terms: Type.Union([Type.Null(), consentTermsDocument.schema]), notice: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, closed), salt: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, closed)

/** A decision as her device sends it to a holder: signed statement and opening. */
export const decisionAtHolder = documentType('decision-at-holder', Type.Object({
  kind: Type.Union([Type.Literal('consent'), Type.Literal('opt-out')]),
  statement: Type.Union([ConsentDecision, OptOutDecision]),
  key: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
  opening: Opening,
}, closed))
export interface DecisionAtHolder {
  readonly kind: DecisionKind
  readonly statement: ConsentDecision | OptOutDecision
  readonly key: string
  readonly signature: string
  readonly opening: { readonly content: DecisionContent; readonly salt: Salt }
}

/** Whether a record narrows what may be done: it is then enforced before the ledger has it. */
export const closes = ({ kind, statement }: Pick<SignedRecord, 'kind' | 'statement'>): boolean => (kind === 'consent') === (statement.operation === 'withdraw')

/** What she signed last and the ledger can never take: it binds this holder until the ledger shows a newer version than it did then. */
export interface SetAside {
  readonly record: SignedRecord
  readonly ledger: number
}

interface Here {
  readonly network: string
  readonly holder: string
  readonly subjectKey: string | undefined
  readonly subject: string
}

/** Throws NODE_RECORD_MISMATCH unless signature, key and opening fit each other and this holder. */
export function checkDecision(sent: DecisionAtHolder, here: Here): void {
  const why = misfitOf(sent, here)
  if (why !== undefined) throw nodeErrors.RECORD_MISMATCH({ why })
}

function misfitOf(sent: DecisionAtHolder, here: Here): string | undefined {
  const { statement, opening, key } = sent
  const { contract, statementKind } = sent.kind === 'consent' ? { contract: 'consents@1', statementKind: statementKinds.consentDecision } : { contract: 'opt-outs@1', statementKind: statementKinds.optOut }
  if (statement.network !== here.network || statement.holder !== here.holder || statement.contract !== contract) return 'it is for another network, holder or contract'
  if (statement.subject !== here.subject || key !== here.subjectKey) return 'it is not signed by the key enrolled here'
  if (!verifySignature(key, statementBytes(statementKind, { ...statement }), sent.signature)) return 'the signature does not hold'
  if (!opens(statement.content, DECISION_CONTENT, { content: opening.content as never, salt: opening.salt })) return 'the opening does not fit the commitment'
  return misfitOfTerms(sent)
}

function misfitOfTerms({ kind, statement, opening }: DecisionAtHolder): string | undefined {
  const needsTerms = kind === 'consent' && statement.operation === 'set'
  if (needsTerms === (opening.content.terms !== null)) return undefined
  return needsTerms ? 'a consent needs terms' : 'only a consent has terms'
}

/** Seals and opens bytes under a subject's own key. */
export interface SubjectSealer {
  sealFor(tx: WriteTransaction, subject: string, bytes: Uint8Array): Promise<Uint8Array>
  openFor(tx: ReadTransaction, subject: string, sealed: Uint8Array): Promise<Uint8Array | undefined>
}

const TABLE = 'signed-records'
const ASIDE = 'signed-records-aside'
const kinds: readonly DecisionKind[] = ['consent', 'opt-out']

export interface SignedRecords {
  put(tx: WriteTransaction, record: SignedRecord): Promise<void>
  get(tx: ReadTransaction, at: { kind: DecisionKind; subject: string; version: number }): Promise<SignedRecord | undefined>
  /** The newest this holder was given, whatever the ledger shows yet. */
  newest(tx: ReadTransaction, kind: DecisionKind, subject: string): Promise<SignedRecord | undefined>
  /**
   * Takes out a record that the ledger, which shows version `ledger`, can never take, and those that can't follow without it.
   * The newest that closes, or else the newest, is set aside. Gives the operations that were taken out.
   */
  refuse(tx: WriteTransaction, record: Pick<SignedRecord, 'kind' | 'statement'>, ledger: number): Promise<string[]>
  aside(tx: ReadTransaction, kind: DecisionKind, subject: string): Promise<SetAside | undefined>
  /** How many rows there are about her, with their digest as they stand on disk, sealed. */
  footprint(tx: ReadTransaction, subject: string): Promise<{ what: 'signed-decisions'; rows: number; digest: string }[]>
  /** Removes all she signed, at her erasure. */
  forget(tx: WriteTransaction, subject: string): Promise<void>
}

export function createSignedRecords(sealer: SubjectSealer): SignedRecords {
  const decode = async <T = SignedRecord>(tx: ReadTransaction, subject: string, sealed: Uint8Array | undefined): Promise<T | undefined> => {
    const bytes = sealed === undefined ? undefined : await sealer.openFor(tx, subject, sealed)
    return bytes === undefined ? undefined : JSON.parse(fromUtf8(bytes)) as T
  }

  async function setAside(tx: WriteTransaction, taken: readonly SignedRecord[], ledger: number): Promise<void> {
    const record = taken.findLast(closes) ?? taken.at(-1)
    if (record === undefined) return
    const { kind, statement: { subject } } = record
    await tx.put(ASIDE, [kind, subject], await sealer.sealFor(tx, subject, utf8(JSON.stringify({ record, ledger } satisfies SetAside))))
  }

  return {
    put: async (tx, record) => {
      const { subject, version } = record.statement
      await tx.put(TABLE, [record.kind, subject, ordinal(version)], await sealer.sealFor(tx, subject, utf8(JSON.stringify(record))))
    },
    get: async (tx, { kind, subject, version }) => decode(tx, subject, await tx.get(TABLE, [kind, subject, ordinal(version)])),
    newest: async (tx, kind, subject) => {
      for await (const entry of tx.scan(TABLE, { prefix: [kind, subject], reverse: true, limit: 1 })) return decode(tx, subject, entry.value)
      return undefined
    },
    refuse: async (tx, { kind, statement: { subject, version, operationId } }, ledger) => {
      const taken: SignedRecord[] = []
      for await (const { key, value } of tx.scan(TABLE, { prefix: [kind, subject] })) {
        const record = await decode(tx, subject, value)
        const followsIt = version > ledger && (record?.statement.version ?? 0) > version
        if (record === undefined || !(followsIt || record.statement.operationId === operationId)) continue
        await tx.delete(TABLE, key)
        taken.push(record)
      }
      await setAside(tx, taken, ledger)
      return taken.map((record) => record.statement.operationId)
    },
    aside: async (tx, kind, subject) => decode<SetAside>(tx, subject, await tx.get(ASIDE, [kind, subject])),
    footprint: async (tx, subject) => {
      const digests: Uint8Array[] = []
      for (const table of [TABLE, ASIDE]) for (const kind of kinds) for await (const { value } of tx.scan(table, { prefix: [kind, subject] })) digests.push(sha256(value))
      return digests.length === 0 ? [] : [{ what: 'signed-decisions', rows: digests.length, digest: toBase64Url(sha256(...digests)) }]
    },
    forget: async (tx, subject) => {
      for (const table of [TABLE, ASIDE]) for (const kind of kinds) for await (const { key } of tx.scan(table, { prefix: [kind, subject] })) await tx.delete(table, key)
    },
  }
}

