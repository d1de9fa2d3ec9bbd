// Imports FHIR sources into a vault: streamed, checked, resumable and idempotent; what is bad stays out with its path and code.
import { canonicalBytes, fromUtf8, ordinal } from '@mhmd/base'
import { requireDecision } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { readLimits } from '@mhmd/fhir'
import type { ReadLimits, Source, ValidationLevel } from '@mhmd/fhir'
import type { Store, WriteTransaction } from '@mhmd/store'
import { vaultErrors } from './errors.ts'
import { BatchWriter, noCounts } from './import-batch.ts'
import type { ImportCounts, MetSubjects, Numbered } from './import-batch.ts'
import type { Candidate, ImportIssue } from './import-candidates.ts'
import { NameSet } from './name-set.ts'
import { Preparers } from './preparers.ts'
import { tables } from './tables.ts'
import { insideOf } from './vault.ts'
import type { Vault } from './vault.ts'

export interface ImportOptions {
  /** Names the import: run again with the same id and sources, it goes on where it stopped. */
  readonly id: string
  readonly vault: Vault
  /** A holder's duty to import. Asked again before each batch. */
  readonly decision: Decision
  readonly progress?: (progress: ImportProgress) => void
  /** Stops after the batch under way with VAULT_IMPORT_STOPPED. */
  readonly signal?: AbortSignal
  readonly limits?: ReadLimits
  /** How much is checked: `structure` by default; `full` asks the invariants too, whose warnings are noted with what is taken. */
  readonly level?: ValidationLevel
  /** StructureDefinitions of profiles: at level `full` a resource is held to those it names. Throws FHIR_NOT_A_PROFILE for anything else. */
  readonly profiles?: readonly unknown[]
  /** Resources of one transaction, 1,000 by default. */
  readonly batchItems?: number
  /** Threads that read and check, beside this one, which seals and stores. By default one, where there is much to import. The result is the same for any number. */
  readonly workers?: number
}

export interface ImportProgress extends ImportCounts {
  readonly state: 'running' | 'done'
  /** Sources read to their end, of so many. */
  readonly sourcesDone: number
  readonly sources: number
  /** References `Type/id` whose target is in none of the sources. Known once it is done. */
  readonly unresolved: number
}

interface ImportRow extends ImportProgress {
  /** Items of the current source that are done with. */
  readonly items: number
}

const BATCH_ITEMS = 1000
/** Packed: about four times as much text. */
const BATCH_BYTES = 2_000_000

/** Resolves when everything good is durable. Throws CONSENT_…, VAULT_IMPORT_STOPPED, VAULT_IMPORT_OTHER_SOURCES, and the store's errors. */
export async function importRecords(sources: readonly Source[], options: ImportOptions): Promise<ImportProgress> {
  const run = new ImportRun(sources, options)
  return run.run()
}

/** How far an import is, or undefined where there is none of this id. */
export async function importProgress(vault: Vault, id: string): Promise<ImportProgress | undefined> {
  const row = await readRow(insideOf(vault).ports.store, id)
  return row === undefined ? undefined : progressOf(row)
}

/** A resource that stayed out, or was taken with a warning: where it stands and why. No values. */
export interface ImportFinding {
  readonly source: number
  readonly item: number
  readonly offset: number
  readonly type: string | undefined
  readonly issues: readonly ImportIssue[]
}

/** In the order of the sources; after one of them, where given. */
export async function* importFindings(vault: Vault, id: string, last?: Pick<ImportFinding, 'source' | 'item'>): AsyncGenerator<ImportFinding> {
  let after: readonly string[] | undefined = last === undefined ? undefined : [id, ordinal(last.source), ordinal(last.item)]
  for (;;) {
    const page = await insideOf(vault).ports.store.read(async (tx) => {
      const found: { key: readonly string[]; finding: ImportFinding }[] = []
      for await (const { key, value } of tx.scan(tables.issues, { prefix: [id], limit: 500, ...(after === undefined ? {} : { after }) })) {
        found.push({ key, finding: { source: Number(key[1]), item: Number(key[2]), type: undefined, ...JSON.parse(fromUtf8(value)) as Pick<ImportFinding, 'offset' | 'issues'> } })
      }
      return found
    })
    for (const { finding } of page) yield finding
    after = page.at(-1)?.key
    if (after === undefined) return
  }
}

class ImportRun {
  readonly #sources: readonly Source[]
  readonly #options: ImportOptions
  readonly #store: Store
  #row: ImportRow
  /** Where it stopped before, and goes on. */
  #begun: Pick<ImportRow, 'sourcesDone' | 'items'> = { sourcesDone: 0, items: 0 }
  #met: MetSubjects | undefined
  #batch: Numbered[] = []
  #batchBytes = 0
  /** The batch that is being stored; the next is read and checked meanwhile. */
  #underWay: Promise<void> = Promise.resolve()
  readonly #preparers: Preparers
  /** What was read, with the last source it was in (from 1), and what it refers to: to find duplicates, and to tell at the end what is missing. */
  readonly #present = new NameSet()
  readonly #wanted = new NameSet()

  constructor(sources: readonly Source[], options: ImportOptions) {
    this.#sources = sources
    this.#options = options
    this.#store = insideOf(options.vault).ports.store
    this.#preparers = new Preparers({ limits: options.limits ?? readLimits, level: options.level ?? 'structure', profiles: options.profiles ?? [] }, options.workers)
    this.#row = { ...noCounts, state: 'running', sourcesDone: 0, sources: sources.length, unresolved: 0, items: 0 }
  }

  async run(): Promise<ImportProgress> {
    this.#requireDecision()
    const before = await readRow(this.#store, this.#options.id)
    if (before !== undefined && before.sources !== this.#sources.length) throw vaultErrors.IMPORT_OTHER_SOURCES({ import: this.#options.id, sources: before.sources })
    if (before?.state === 'done') return progressOf(before)
    this.#begun = this.#row = before ?? this.#row
    try {
      for (const [number, source] of this.#sources.entries()) await this.#readSource(source, number)
      await this.#commit({ state: 'done', unresolved: this.#wanted.countWithout(this.#present) })
      await this.#underWay
    } finally {
      await Promise.allSettled([this.#preparers.close(), this.#underWay])
    }
    return progressOf(this.#row)
  }

  /** Sources and items that are done with are read again, so that references to them resolve and duplicates of them are found, and nothing more. */
  async #readSource(source: Source, number: number): Promise<void> {
    const { sourcesDone, items } = this.#begun
    const done = number < sourcesDone ? Number.POSITIVE_INFINITY : number === sourcesDone ? items : 0
    let count = 0
    for await (const { candidates, names, references } of this.#preparers.prepare(source)) {
      for (const reference of references) this.#wanted.put(reference, 1)
      for (const [index, candidate] of candidates.entries()) {
        count++
        const taken = this.#refuseDuplicate(candidate, names[index] as bigint, number + 1)
        if (count > done) await this.#add(taken, count)
      }
    }
    if (number >= sourcesDone) await this.#commit({ sourcesDone: number + 1, items: 0 })
  }

  /** Of resources with the same type and id in one source the first is taken. */
  #refuseDuplicate(candidate: Candidate, name: bigint, source: number): Candidate {
    if (name === 0n || this.#present.put(name, source) !== source) return candidate
    return { offset: candidate.offset, type: undefined, issues: [{ path: '', code: 'FHIR_DUPLICATE_ID', severity: 'error' }], record: undefined }
  }

  async #add(candidate: Candidate, number: number): Promise<void> {
    this.#batch.push({ number, candidate })
    this.#batchBytes += candidate.record?.packed.length ?? 0
    if (this.#batch.length >= (this.#options.batchItems ?? BATCH_ITEMS) || this.#batchBytes >= BATCH_BYTES) await this.#commit({ items: number })
  }

  async #commit(change: Partial<ImportRow>): Promise<void> {
    await this.#underWay
    const batch = this.#batch
    this.#batch = []
    this.#batchBytes = 0
    this.#underWay = this.#write(batch, change)
    // Its failure is met before the next batch.
    this.#underWay.catch(() => undefined)
  }

  async #write(batch: readonly Numbered[], change: Partial<ImportRow>): Promise<void> {
    this.#requireDecision()
    const { id, vault, progress, signal } = this.#options
    const { keys } = insideOf(vault)
    const source = this.#row.sourcesDone
    const { row, met } = await this.#store.write(async (tx) => {
      const { counts, met } = await new BatchWriter(tx, keys, this.#met).write(batch, { importId: id, source })
      const row = { ...this.#row, ...added(this.#row, counts), ...change }
      await writeRow(tx, id, row)
      return { row, met }
    })
    this.#row = row
    this.#met = met
    progress?.(progressOf(row))
    if (signal?.aborted === true && row.state !== 'done') throw vaultErrors.IMPORT_STOPPED({ import: id })
  }

  #requireDecision(): void {
    requireDecision(this.#options.decision, { now: insideOf(this.#options.vault).ports.clock.now(), purpose: 'import' })
  }
}

function added(row: ImportCounts, counts: ImportCounts): ImportCounts {
  return {
    read: row.read + counts.read, added: row.added + counts.added, changed: row.changed + counts.changed,
    unchanged: row.unchanged + counts.unchanged, quarantined: row.quarantined + counts.quarantined,
  }
}

const progressOf = ({ items: _, ...progress }: ImportRow): ImportProgress => progress

async function readRow(store: Store, id: string): Promise<ImportRow | undefined> {
  const value = await store.read((tx) => tx.get(tables.imports, [id]))
  return value === undefined ? undefined : JSON.parse(fromUtf8(value)) as ImportRow
}

const writeRow = (tx: WriteTransaction, id: string, row: ImportRow): Promise<void> => tx.put(tables.imports, [id], canonicalBytes({ ...row }))
