// Writes one batch of checked resources: subjects found or made, unchanged records passed over, issues noted, cursor moved; all in one transaction.
import { setImmediate } from 'node:timers/promises'
import { canonicalBytes, fromUtf8, ordinal, utf8 } from '@mhmd/base'
import type { WriteTransaction } from '@mhmd/store'
import { encodeRecord, isSameRecord } from './record-codec.ts'
import type { Candidate, CandidateRecord, ImportIssue, Owner } from './import-candidates.ts'
import type { KeyTable } from './key-table.ts'
import { aliasName } from './people-names.ts'
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

/** So many resources are sealed before those who only read have a turn. */
const AT_A_TIME = 20
const NO_FACTS = '{"coded":[]}'

/** One attempt at a batch; a store may run it again, so it touches nothing outside but its transaction and its own memory. */
export class BatchWriter {
  readonly #tx: WriteTransaction
  readonly #keys: KeyTable
  readonly #before: MetSubjects | undefined
  /** By subject and type of resource. */
  readonly #facts = new Map<string, { readonly keys: SubjectKeys; readonly kinds: Map<string, string[]> }>()
  /** How many records of each subject this batch brought or changed. */
  readonly #brought = new Map<string, number>()
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
      if (++this.#counts.read % AT_A_TIME === 0) await setImmediate()
      const issues = [...candidate.issues, ...await this.#take(candidate, known)]
      if (issues.some(({ severity }) => severity === 'error')) this.#counts.quarantined++
      if (issues.length > 0) await this.#note(candidate, issues, { ...at, number })
    }
    await this.#writeFacts()
    for (const [subject, records] of this.#brought) await this.#writeOrigin([subject, at.importId], records)
    const met = new MetSubjects(epoch.id)
    for (const [name, keys] of [...known, ...this.#met]) met.byName.set(name, keys)
    return { counts: this.#counts, met }
  }

  async #take({ record, type }: Candidate, known: ReadonlyMap<string, SubjectKeys>): Promise<ImportIssue[]> {
    if (record === undefined) return []
    const warnings: ImportIssue[] = []
    const keys = await this.#ownerKeys(record.owner, known, () => warnings.push({ path: `${type ?? ''}.identifier`, code: 'VAULT_IDENTIFIER_CONFLICT', severity: 'warning' }))
    if (keys === undefined) return [{ path: type ?? '', code: 'VAULT_PATIENT_NOT_FOUND', severity: 'error' }]
    const key = [keys.subject, keys.kindOf(type ?? ''), keys.placeOf(record.identity)] as const
    const stored = await this.#tx.get(tables.records, key)
    if (stored !== undefined && isSameRecord(keys, stored, record.digest)) this.#counts.unchanged++
    else await this.#store(record, type ?? '', { key, keys, known, isThere: stored !== undefined })
    return warnings
  }

  async #store(record: CandidateRecord, type: string, { key, keys, known, isThere }: { key: readonly [subject: string, kind: string, place: string]; keys: SubjectKeys; known: ReadonlyMap<string, SubjectKeys>; isThere: boolean }): Promise<void> {
    const [subject, kind, place] = key
    const isNew = !isThere && !await this.#takenOver(record.identity, type, { keys, known })
    await this.#tx.put(tables.records, key, encodeRecord(keys, place, record))
    if (type === 'Patient') await this.#writeLinks(record, { keys, place, isNew })
    if (isNew) this.#counts.added++
    else this.#counts.changed++
    if (subject !== SHARED) this.#brought.set(subject, (this.#brought.get(subject) ?? 0) + 1)
    // A changed record without facts replaces those it had.
    if (isThere || record.facts !== undefined) this.#addFacts(keys, kind, `["${place}",${record.facts ?? NO_FACTS}]`)
  }

  /** A record new to her may have been another subject's until now: it moves, facts and all. Whether it did. */
  async #takenOver(identity: string, type: string, { keys, known }: { keys: SubjectKeys; known: ReadonlyMap<string, SubjectKeys> }): Promise<boolean> {
    if (keys.subject === SHARED) return false
    const owner = [(await this.#sharedKeys(known)).placeOf(identity)]
    const before = await this.#tx.get(tables.owners, owner)
    await this.#tx.put(tables.owners, owner, keys.alias)
    const previous = before === undefined ? undefined : await this.#findNamed(aliasName(before))
    if (previous === undefined || previous.subject === keys.subject) return false
    const [kind, place] = [previous.kindOf(type), previous.placeOf(identity)]
    await this.#tx.delete(tables.records, [previous.subject, kind, place])
    this.#addFacts(previous, kind, `["${place}",${NO_FACTS}]`)
    return true
  }

  /** What her Patient record said of others before is replaced, also by nothing. */
  async #writeLinks({ identity, links }: CandidateRecord, { keys, place, isNew }: { keys: SubjectKeys; place: string; isNew: boolean }): Promise<void> {
    const key = [keys.subject, place]
    if (links !== undefined) await this.#tx.put(tables.links, key, keys.seal('link', place, canonicalBytes({ patient: identity, links: links.map(({ other, type }) => ({ other, type })) })))
    else if (!isNew) await this.#tx.delete(tables.links, key)
  }

  async #writeOrigin(key: readonly string[], records: number): Promise<void> {
    const before = await this.#tx.get(tables.origins, key)
    await this.#tx.put(tables.origins, key, utf8(String(records + (before === undefined ? 0 : Number(fromUtf8(before))))))
  }

  #addFacts(keys: SubjectKeys, kind: string, entry: string): void {
    const subject = this.#facts.get(keys.subject) ?? { keys, kinds: new Map<string, string[]>() }
    this.#facts.set(keys.subject, subject)
    const list = subject.kinds.get(kind)
    if (list === undefined) subject.kinds.set(kind, [entry])
    else list.push(entry)
  }

  async #sharedKeys(known: ReadonlyMap<string, SubjectKeys>): Promise<SubjectKeys> {
    return await this.#meet(SHARED, known, async () => await this.#keys.find(this.#tx, SHARED) ?? await this.#keys.add(this.#tx, SHARED)) as SubjectKeys
  }

  async #ownerKeys(owner: Owner, known: ReadonlyMap<string, SubjectKeys>, onConflict: () => void): Promise<SubjectKeys | undefined> {
    if (owner.kind === 'nobody') return this.#sharedKeys(known)
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
    const row = { offset: candidate.offset, type: candidate.type, issues: issues.map(({ path, code, severity, rule, profile }) => ({ path, code, severity, ...(rule === undefined ? {} : { rule }), ...(profile === undefined ? {} : { profile }) })) }
    await this.#tx.put(tables.issues, [importId, ordinal(source), ordinal(number)], canonicalBytes(row))
  }

  async #writeFacts(): Promise<void> {
    if (this.#facts.size === 0) return
    const before = await this.#tx.get(tables.epoch, ['sequence'])
    const sequence = ordinal(before === undefined ? 0 : Number(fromUtf8(before)) + 1)
    await this.#tx.put(tables.epoch, ['sequence'], utf8(sequence))
    for (const { keys, kinds } of this.#facts.values()) {
      for (const [kind, list] of kinds) await this.#tx.put(tables.facts, [keys.subject, kind, sequence], keys.seal('facts', `${kind}/${sequence}`, utf8(`[${list.join(',')}]`)))
    }
  }
}
