// Who read whose records, for what and on which basis: written before the first record is opened. Hers is sealed with her key; the auditor's has no person in it.
import { fromUtf8, newId, ordinal, toBase64Url, utf8 } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { Decision } from '@mhmd/consent'
import { sha256 } from '@mhmd/crypto'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import type { Vault } from '@mhmd/vault'
import { pageOf } from './paging.ts'
import type { Page } from './paging.ts'
import { requestsIn } from './requests.ts'
import { jsonTable } from './table.ts'

/** One reading, as both of its logs tell it. */
export interface Access {
  readonly id: string
  readonly at: number
  /** The member it was for: the request's, or this holder where it is a duty of its own. */
  readonly by: string
  readonly request: string
  readonly purpose: string
  readonly basis: string
  readonly form: string
  readonly height: number
  /** Types of the resources that were opened, or of those whose facts were. */
  readonly kinds: readonly string[]
}

/** A reading without the people: for auditors. */
export interface AccessRun extends Access {
  readonly people: number
}

/** Notes whom a reading is about to open. */
export type NoteAccess = (subjects: readonly string[]) => Promise<void>

export interface AccessLog {
  begin(decision: Decision, kinds: readonly string[]): NoteAccess
  /** Hers, newest first. */
  of(subject: string): Promise<readonly Access[]>
  /** Newest first. */
  runs(query: Readonly<Record<string, string | undefined>>, nameOf: (member: string) => string): Promise<Page<AccessRun>>
  footprint(tx: ReadTransaction, subject: string): Promise<{ what: 'access-log'; rows: number; digest: string }[]>
  forget(tx: WriteTransaction, subject: string): Promise<void>
}

const TABLE = 'access-log'
const PLACE = 'access-log'
/** By time, then id, so that a scan gives them in order. */
const runs = jsonTable<AccessRun>('access-runs')

export function createAccessLog(parts: { store: Store; vault: Pick<Vault, 'sealAside' | 'openAside'>; self: string; clock: Clock; randomness: Randomness }): AccessLog {
  const { store, vault } = parts

  const accessFor = async (tx: ReadTransaction, decision: Decision, kinds: readonly string[]): Promise<Access> => ({
    id: newId(parts.randomness), at: parts.clock.now(),
    by: (await requestsIn.get(tx, decision.requestId))?.document.requester.member ?? parts.self,
    request: decision.requestId, purpose: decision.purpose, basis: decision.basis, form: decision.form, height: decision.height, kinds,
  })

  function begin(decision: Decision, kinds: readonly string[]): NoteAccess {
    let run: AccessRun | undefined
    return (subjects) => store.write(async (tx) => {
      const { people, ...access } = run ?? { ...await accessFor(tx, decision, kinds), people: 0 }
      const sealed = utf8(JSON.stringify(access))
      for (const subject of subjects) await tx.put(TABLE, [subject, ordinal(access.at), access.id], await vault.sealAside(tx, { subject, place: PLACE }, sealed))
      run = { ...access, people: people + subjects.length }
      await runs.put(tx, [ordinal(access.at), access.id], run)
    })
  }

  return {
    begin,
    of: (subject) => store.read(async (tx) => {
      const found: Access[] = []
      for await (const { value } of tx.scan(TABLE, { prefix: [subject], reverse: true })) found.push(JSON.parse(fromUtf8(await vault.openAside(tx, { subject, place: PLACE }, value))) as Access)
      return found
    }),
    runs: (query, nameOf) => store.read((tx) => pageOf(query, { rows: (range) => runs.all(tx, { ...range, reverse: true }), textOf: ({ id, by, request, purpose, basis, form, kinds }) => [id, by, nameOf(by), request, purpose, basis, form, ...kinds].join(' ') })),
    footprint: async (tx, subject) => {
      const digests: Uint8Array[] = []
      for await (const { value } of tx.scan(TABLE, { prefix: [subject] })) digests.push(sha256(value))
      return digests.length === 0 ? [] : [{ what: 'access-log', rows: digests.length, digest: toBase64Url(sha256(...digests)) }]
    },
    forget: async (tx, subject) => {
      for await (const { key } of tx.scan(TABLE, { prefix: [subject] })) await tx.delete(TABLE, key)
    },
  }
}
