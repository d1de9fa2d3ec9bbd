// The vault: a holder's records, each sealed under its subject's own key. Reading takes a decision; erasing destroys the key.
import { fromUtf8, toBase64Url, toHex } from '@mhmd/base'
import type { Clock, Key, Randomness } from '@mhmd/base'
import { consentErrors, requireDecision } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { sha256 } from '@mhmd/crypto'
import { joinFacts } from '@mhmd/fhir'
import type { Facts } from '@mhmd/fhir'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { vaultErrors } from './errors.ts'
import { KeyTable } from './key-table.ts'
import type { Keyring } from './keyring.ts'
import { identifierName } from './people-names.ts'
import type { LocalIdentifier } from './people-names.ts'
import { decodeRecord } from './record-codec.ts'
import type { SubjectKeys } from './subject-keys.ts'
import { SHARED, tables } from './tables.ts'

export interface VaultPorts {
  readonly store: Store
  readonly keyring: Keyring
  readonly clock: Clock
  readonly randomness: Randomness
}

/** A record as it was imported. `id` is its place in the vault, not its id in the source system. */
export interface VaultRecord {
  readonly id: string
  readonly text: string
}

/**
 * Every method that yields a person's data takes a decision, asks `requireDecision` before each record, and throws its CONSENT_… errors.
 * Also: VAULT_UNKNOWN_SUBJECT, and the store's errors.
 */
export interface Vault {
  /** All her records, or those of one type of resource: the others stay sealed. */
  read(decision: Decision, subject: string, type?: string): AsyncIterable<VaultRecord>
  /** Of records of these types of resources; facts of others stay sealed. */
  facts(decision: Decision, subject: string, types: readonly string[]): Promise<Facts>
  /** Whom a local identifier stands for: for enrolment and care, under a decision of the holder's. */
  subjectOf(decision: Decision, identifier: LocalIdentifier): Promise<string | undefined>
  /** Pseudonyms of all subjects, in no meaningful order: whom a cohort is resolved over. */
  subjects(): AsyncIterable<string>
  has(subject: string): Promise<boolean>
  /** Imports that brought or changed records of hers, and how many: ids and counts. */
  origins(subject: string): Promise<readonly { readonly import: string; readonly records: number }[]>
  /** How many sealed rows stand under her name and their digest as they stand on disk: what an erasure will have removed. Tells nothing of what is in them. */
  footprint(tx: ReadTransaction, subject: string): Promise<readonly { readonly what: 'records' | 'facts'; readonly rows: number; readonly digest: string }[]>
  /** Destroys the subjects' keys and records for good, backups included. Unknown ones are passed over. */
  erase(subjects: Iterable<string>): Promise<void>
  /** Seals what another room keeps about her (a signed decision, a salt) under her key, so that it ends with her records. It can't open records. */
  sealAside(tx: ReadTransaction, at: { readonly subject: string; readonly place: string }, plain: Uint8Array): Promise<Uint8Array>
  openAside(tx: ReadTransaction, at: { readonly subject: string; readonly place: string }, sealed: Uint8Array): Promise<Uint8Array>
}

/** What the importer needs of the inside; not exported from the package. */
export interface VaultInside {
  readonly ports: VaultPorts
  readonly keys: KeyTable
}

const insides = new WeakMap<Vault, VaultInside>()

export function insideOf(vault: Vault): VaultInside {
  const inside = insides.get(vault)
  if (inside === undefined) throw new TypeError('not a vault that openVault made')
  return inside
}

/** Opens the vault in this store, and finishes an erasure that was interrupted. Throws VAULT_KEY_MISSING. */
export async function openVault(ports: VaultPorts): Promise<Vault> {
  const { store } = ports
  const keys = await KeyTable.open(store, ports.keyring, ports.randomness)
  const allowed = (decision: Decision, subject: string): Decision => requireDecision(decision, { now: ports.clock.now(), subject })
  const vault: Vault = {
    read: (decision, subject, type) => readRecords(subject, { store, keys, type, check: () => allowed(decision, subject) }),
    facts: async (decision, subject, types) => {
      allowed(decision, subject)
      return store.read(async (tx) => readFacts(tx, await mustFind(keys, tx, subject), types))
    },
    subjectOf: async (decision, identifier) => {
      const { basis } = requireDecision(decision, { now: ports.clock.now() })
      if (!['holder-duty', 'own-access', 'care'].includes(basis)) throw consentErrors.NO_DECISION()
      return store.read((tx) => keys.subjectOf(tx, identifierName(identifier)))
    },
    subjects: () => allSubjects(store),
    has: (subject) => store.read(async (tx) => subject !== SHARED && await tx.get(tables.keys, [subject]) !== undefined),
    origins: (subject) => store.read(async (tx) => {
      const found: { import: string; records: number }[] = []
      for await (const { key, value } of tx.scan(tables.origins, { prefix: [subject] })) found.push({ import: key[1] as string, records: Number(fromUtf8(value)) })
      return found
    }),
    footprint: async (tx, subject) => [...await digestRows(tx, subject, 'records'), ...await digestRows(tx, subject, 'facts')],
    erase: (subjects) => keys.erase(new Set([...subjects].filter((subject) => subject !== SHARED)), dropRows),
    sealAside: async (tx, { subject, place }, plain) => (await mustFind(keys, tx, subject)).seal('aside', place, plain),
    openAside: async (tx, { subject, place }, sealed) => (await mustFind(keys, tx, subject)).open('aside', place, sealed),
  }
  insides.set(vault, { ports, keys })
  return vault
}

async function mustFind(keys: KeyTable, tx: ReadTransaction, subject: string): Promise<SubjectKeys> {
  const found = await keys.find(tx, subject)
  if (found === undefined) throw vaultErrors.UNKNOWN_SUBJECT()
  return found
}

const PAGE = 200
/** So many records are opened before anybody else has a turn. */
const RECORDS_PAGE = 50

/** Page by page, so that no long transaction stands in the way of an erasure; her key is looked up again for each page, the decision for each record. */
async function* readRecords(subject: string, { store, keys, type, check }: { store: Store; keys: KeyTable; type: string | undefined; check: () => void }): AsyncGenerator<VaultRecord> {
  let after: Key | undefined
  for (;;) {
    check()
    const page = await store.read((tx) => readPage(tx, keys, { subject, type, after }))
    for (const { record } of page) {
      check()
      yield record
    }
    const last = page.at(-1)
    if (page.length < RECORDS_PAGE || last === undefined) return
    after = last.key
  }
}

async function readPage(tx: ReadTransaction, keys: KeyTable, { subject, type, after }: { subject: string; type: string | undefined; after: Key | undefined }): Promise<{ key: Key; record: VaultRecord }[]> {
  const opened = await mustFind(keys, tx, subject)
  const prefix = type === undefined ? [subject] : [subject, opened.kindOf(type)]
  const page: { key: Key; record: VaultRecord }[] = []
  for await (const { key, value } of tx.scan(tables.records, { prefix, limit: RECORDS_PAGE, ...(after === undefined ? {} : { after }) })) {
    const id = key[2] as string
    page.push({ key, record: { id, text: fromUtf8(decodeRecord(opened, id, value)) } })
  }
  return page
}

/** Later batches replace what earlier ones said of the same record. */
async function readFacts(tx: ReadTransaction, keys: SubjectKeys, types: readonly string[]): Promise<Facts> {
  const byRecord = new Map<string, Facts>()
  for (const type of types) {
    for await (const { key: [, kind, sequence], value } of tx.scan(tables.facts, { prefix: [keys.subject, keys.kindOf(type)] })) {
      for (const [record, facts] of JSON.parse(fromUtf8(keys.open('facts', `${kind ?? ''}/${sequence ?? ''}`, value))) as [string, Facts][]) byRecord.set(record, facts)
    }
  }
  return joinFacts(byRecord.values())
}

async function* allSubjects(store: Store): AsyncGenerator<string> {
  let after: readonly string[] | undefined
  for (;;) {
    const page = await store.read(async (tx) => {
      const subjects: string[] = []
      for await (const { key: [subject] } of tx.scan(tables.keys, { limit: PAGE, ...(after === undefined ? {} : { after }) })) subjects.push(subject)
      return subjects
    })
    for (const subject of page) if (subject !== SHARED) yield subject
    const last = page.at(-1)
    if (page.length < PAGE || last === undefined) return
    after = [last]
  }
}

async function digestRows<W extends 'records' | 'facts'>(tx: ReadTransaction, subject: string, what: W): Promise<{ what: W; rows: number; digest: string }[]> {
  const digests: Uint8Array[] = []
  for await (const { value } of tx.scan(tables[what], { prefix: [subject] })) digests.push(sha256(value))
  return digests.length === 0 ? [] : [{ what, rows: digests.length, digest: toBase64Url(sha256(...digests)) }]
}

/** Their rows, and whose the records were: that table knows no subject, so it is read once for all of them. */
async function dropRows(tx: WriteTransaction, erased: readonly SubjectKeys[]): Promise<void> {
  for (const { subject } of erased) {
    for (const table of [tables.records, tables.facts, tables.links, tables.origins]) for await (const { key } of tx.scan(table, { prefix: [subject] })) await tx.delete(table, key)
  }
  const aliases = new Set(erased.map(({ alias }) => toHex(alias)))
  if (aliases.size > 0) for await (const { key, value } of tx.scan(tables.owners)) if (aliases.has(toHex(value))) await tx.delete(tables.owners, key)
}
