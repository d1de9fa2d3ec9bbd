// Writes one batch of checked resources: subjects found or made, unchanged records passed over, issues noted, cursor moved; all in one transaction.
import { canonicalBytes, fromUtf8, ordinal, utf8 } from '@mhmd/base'
import type { WriteTransaction } from '@mhmd/store'
import { encodeRecord, isSameRecord } from './record-codec.ts'
import type { Candidate, ImportIssue, Owner } from './import-candidates.ts'
import type { KeyTable } from './key-table.ts'
import type { SubjectKeys } from './subject-keys.ts'
import { SHARED, tables } from './tables.ts'

export interface ImportCounts {
  readonly read: number
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly quarantined: number
}

export const noCounts: ImportCounts = { read: 0, added: 0, changed: 0, unchanged: 0, quarantined: 0 }

/** A candidate and its place among the items of its source, counted from 1. */
export interface Numbered {
  readonly number: number
  readonly candidate: Candidate
}

/** Subjects met so far in one epoch. An erasure begins another epoch, so that a subject of this one is still there. */
export class MetSubjects {
  readonly epoch: string
  readonly byName = new Map<string, SubjectKeys>()

  constructor(epoch: string) {
    this.epoch = epoch
  }
}

const NO_FACTS = '{"coded":[]}'

/** One attempt at a batch; a store may run it again, so it touches nothing outside but its transaction and its own memory. */
export class BatchWriter {
  readonly #tx: WriteTransaction
  readonly #keys: KeyTable
  readonly #before: MetSubjects | undefined
  readonly #facts = new Map<SubjectKeys, string[]>()
  #counts = { ...noCounts }
  #met = new Map<string, SubjectKeys>()

  constructor(tx: WriteTransaction, keys: KeyTable, before: MetSubjects | undefined) {
    this.#tx = tx
    this.#keys = keys
    this.#before = before
  }

  async write(batch: readonly Numbered[], at: { readonly importId: string; readonly source: number }): Promise<{ counts: ImportCounts; met: MetSubjects }> {
    const epoch = await this.#keys.epoch(this.#tx)
    const known = this.#before?.epoch === epoch.id ? this.#before.byName : new Map<string, SubjectKeys>()
    for (const { number, candidate } of batch) {
      this.#counts.read++
      const issues = [...candidate.issues, ...await this.#take(candidate, known)]
      if (issues.some(({ severity }) => severity === 'error')) this.#counts.quarantined++
      if (issues.length > 0) await this.#note(candidate, issues, { ...at, number })
    }
    await this.#writeFacts()
    const met = new MetSubjects(epoch.id)
    for (const [name, keys] of [...known, ...this.#met]) met.byName.set(name, keys)
    return { counts: this.#counts, met }
  }

  async #take({ record, type }: Candidate, known: ReadonlyMap<string, SubjectKeys>): Promise<ImportIssue[]> {
    if (record === undefined) return []
    const warnings: ImportIssue[] = []
    const keys = await this.#ownerKeys(record.owner, known, () => warnings.push({ path: `${type ?? ''}.identifier`, code: 'VAULT_IDENTIFIER_CONFLICT', severity: 'warning' }))
    if (keys === undefined) return [{ path: type ?? '', code: 'VAULT_PATIENT_NOT_FOUND', severity: 'error' }]
    const place = keys.placeOf(record.identity)
    const stored = await this.#tx.get(tables.records, [keys.subject, place])
    if (stored !== undefined && isSameRecord(keys, stored, record.digest)) {
      this.#counts.unchanged++
      return warnings
    }
    await this.#tx.put(tables.records, [keys.subject, place], encodeRecord(keys, place, record))
    if (stored === undefined) this.#counts.added++
    else this.#counts.changed++
    // A changed record without facts replaces those it had.
    if (stored !== undefined || record.facts !== undefined) this.#addFacts(keys, `["${place}",${record.facts ?? NO_FACTS}]`)
    return warnings
  }

  #addFacts(keys: SubjectKeys, entry: string): void {
    const list = this.#facts.get(keys)
    if (list === undefined) this.#facts.set(keys, [entry])
    else list.push(entry)
  }

  async #ownerKeys(owner: Owner, known: ReadonlyMap<string, SubjectKeys>, onConflict: () => void): Promise<SubjectKeys | undefined> {
    if (owner.kind === 'nobody') return await this.#meet(SHARED, known, async () => await this.#keys.find(this.#tx, SHARED) ?? await this.#keys.add(this.#tx, SHARED))
    if (owner.kind === 'known') return this.#meet(owner.name, known, () => this.#findNamed(owner.name))
    return this.#namedKeys(owner, known, onConflict)
  }

  async #namedKeys({ names, also }: { names: readonly string[]; also: readonly string[] }, known: ReadonlyMap<string, SubjectKeys>, onConflict: () => void): Promise<SubjectKeys> {
    const found = new Map<string, SubjectKeys | undefined>()
    for (const name of [...names, ...also]) found.set(name, await this.#meet(name, known, () => this.#findNamed(name)))
    const keys = names.map((name) => found.get(name)).find((one) => one !== undefined) ?? await this.#keys.add(this.#tx)
    for (const [name, other] of found) {
      if (other === undefined) {
        await this.#keys.link(this.#tx, name, keys.subject)
        this.#met.set(name, keys)
      } else if (other.subject !== keys.subject) onConflict()
    }
    return keys
  }

  async #findNamed(name: string): Promise<SubjectKeys | undefined> {
    const subject = await this.#keys.subjectOf(this.#tx, name)
    return subject === undefined ? undefined : this.#keys.find(this.#tx, subject)
  }

  async #meet(name: string, known: ReadonlyMap<string, SubjectKeys>, find: () => Promise<SubjectKeys | undefined>): Promise<SubjectKeys | undefined> {
    const met = this.#met.get(name) ?? known.get(name)
    if (met !== undefined) return met
    const keys = await find()
    if (keys !== undefined) this.#met.set(name, keys)
    return keys
  }

  async #note(candidate: Candidate, issues: readonly ImportIssue[], { importId, source, number }: { importId: string; source: number; number: number }): Promise<void> {
    const row = { offset: candidate.offset, type: candidate.type, issues: issues.map(({ path, code, severity, rule }) => ({ path, code, severity, ...(rule === undefined ? {} : { rule }) })) }
    await this.#tx.put(tables.issues, [importId, ordinal(source), ordinal(number)], canonicalBytes(row))
  }

  async #writeFacts(): Promise<void> {
    if (this.#facts.size === 0) return
    const before = await this.#tx.get(tables.epoch, ['sequence'])
    const sequence = ordinal(before === undefined ? 0 : Number(fromUtf8(before)) + 1)
    await this.#tx.put(tables.epoch, ['sequence'], utf8(sequence))
    for (const [keys, list] of this.#facts) await this.#tx.put(tables.facts, [keys.subject, sequence], keys.seal('facts', sequence, utf8(`[${list.join(',')}]`)))
  }
}
