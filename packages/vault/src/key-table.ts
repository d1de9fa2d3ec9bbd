// Subjects' keys and local identifiers in the store, under the current epoch; and the change of epoch that makes an erased subject's key unrecoverable.
import { canonicalBytes, fromUtf8, newId } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { writeQueue } from '@mhmd/store'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { epochOf } from './epoch.ts'
import type { Epoch } from './epoch.ts'
import { vaultErrors } from './errors.ts'
import type { Keyring } from './keyring.ts'
import { aliasName } from './people-names.ts'
import { subjectKeys } from './subject-keys.ts'
import type { SubjectKeys } from './subject-keys.ts'
import { tables } from './tables.ts'

interface EpochRow {
  readonly epoch: string
  /** Keys of other epochs that an erasure under way has made or is about to destroy. Only these are ever destroyed: the folder may hold another vault's. */
  readonly others: readonly string[]
  /** Free space may still hold what was erased: the purge comes after the commit, and a kill may come between. */
  readonly unpurged: boolean
}

const CURRENT = ['current'] as const

export class KeyTable {
  readonly #store: Store
  readonly #keyring: Keyring
  readonly #randomness: Randomness
  /** The current epoch, and during a change of epoch the next one too: a transaction uses the one its state names. */
  readonly #epochs = new Map<string, Epoch>()
  readonly #erasures = writeQueue()

  private constructor(store: Store, keyring: Keyring, randomness: Randomness) {
    this.#store = store
    this.#keyring = keyring
    this.#randomness = randomness
  }

  /** Opens the table and finishes what a kill interrupted. Throws VAULT_KEY_MISSING where the epoch's key is not in the keyring. */
  static async open(store: Store, keyring: Keyring, randomness: Randomness): Promise<KeyTable> {
    const table = new KeyTable(store, keyring, randomness)
    const row = await store.read(readRow) ?? await table.#begin()
    const key = await keyring.read(row.epoch)
    if (key === undefined) throw vaultErrors.KEY_MISSING({ epoch: row.epoch })
    table.#epochs.set(row.epoch, epochOf(row.epoch, key))
    if (isUnfinished(row)) await table.#finish(row)
    return table
  }

  async #begin(): Promise<EpochRow> {
    const row: EpochRow = { epoch: newId(this.#randomness), others: [], unpurged: false }
    await this.#keyring.create(row.epoch, this.#randomness.bytes(32))
    await this.#store.write((tx) => writeRow(tx, row))
    return row
  }

  /** The epoch that the transaction's state is sealed under. */
  async epoch(tx: ReadTransaction): Promise<Epoch> {
    const row = await readRow(tx)
    const epoch = row === undefined ? undefined : this.#epochs.get(row.epoch)
    if (epoch === undefined) throw vaultErrors.KEY_MISSING({ epoch: row?.epoch ?? 'none' })
    return epoch
  }

  /** The subject's keys, or undefined where she isn't here (any more). */
  async find(tx: ReadTransaction, subject: string): Promise<SubjectKeys | undefined> {
    const wrapped = await tx.get(tables.keys, [subject])
    return wrapped === undefined ? undefined : subjectKeys(subject, (await this.epoch(tx)).unwrap(subject, wrapped))
  }

  async add(tx: WriteTransaction, subject: string = newId(this.#randomness)): Promise<SubjectKeys> {
    const dataKey = this.#randomness.bytes(32)
    await tx.put(tables.keys, [subject], (await this.epoch(tx)).wrap(subject, dataKey))
    const keys = subjectKeys(subject, dataKey)
    await this.link(tx, aliasName(keys.alias), subject)
    return keys
  }

  /** The subject a local identifier stands for. */
  async subjectOf(tx: ReadTransaction, identifier: string): Promise<string | undefined> {
    const epoch = await this.epoch(tx)
    const place = epoch.placeOf(identifier)
    const sealed = await tx.get(tables.people, [place])
    return sealed === undefined ? undefined : epoch.openPerson(place, sealed).subject
  }

  async link(tx: WriteTransaction, identifier: string, subject: string): Promise<void> {
    const epoch = await this.epoch(tx)
    await tx.put(tables.people, [epoch.placeOf(identifier)], epoch.sealPerson({ identifier, subject }))
  }

  /**
   * Erases subjects for good. The next epoch's key is on disk before anything refers to it; one transaction seals everybody else's rows anew
   * and drops the erased; then the old key is destroyed, and with it every wrapped key in the old store, its log and its backups.
   */
  erase(subjects: ReadonlySet<string>, drop: (tx: WriteTransaction, erased: readonly SubjectKeys[]) => Promise<void>): Promise<void> {
    return this.#erasures(async () => {
      // One that failed half-way may have committed: its old key must not be forgotten.
      const before = await this.#store.read(readRow)
      if (before !== undefined && isUnfinished(before)) await this.#finish(before)
      const next = await this.#prepare()
      const row = await this.#store.write(async (tx) => {
        const current = await this.epoch(tx)
        const erased: SubjectKeys[] = []
        for (const subject of subjects) erased.push(...[await this.find(tx, subject)].filter((keys) => keys !== undefined))
        await moveKeys(tx, { current, next, erased: subjects })
        await movePeople(tx, { current, next, erased: subjects })
        await drop(tx, erased)
        return writeRow(tx, { epoch: next.id, others: [current.id], unpurged: true })
      })
      await this.#finish(row)
    })
  }

  /** The next epoch: named in the store first, so that a kill leaves no key behind that nobody knows. */
  async #prepare(): Promise<Epoch> {
    const id = newId(this.#randomness)
    const key = this.#randomness.bytes(32)
    await this.#store.write(async (tx) => writeRow(tx, { epoch: (await this.epoch(tx)).id, others: [id], unpurged: false }))
    await this.#keyring.create(id, key)
    const next = epochOf(id, key)
    this.#epochs.set(id, next)
    return next
  }

  async #finish({ epoch, others, unpurged }: EpochRow): Promise<void> {
    for (const other of others) {
      this.#epochs.delete(other)
      await this.#keyring.destroy(other)
    }
    if (unpurged) await this.#store.purgeFreeSpace()
    await this.#store.write((tx) => writeRow(tx, { epoch, others: [], unpurged: false }))
  }
}

const isUnfinished = ({ others, unpurged }: EpochRow): boolean => others.length > 0 || unpurged

interface Move {
  readonly current: Epoch
  readonly next: Epoch
  readonly erased: ReadonlySet<string>
}

async function moveKeys(tx: WriteTransaction, { current, next, erased }: Move): Promise<void> {
  for await (const { key: [subject], value } of tx.scan(tables.keys)) {
    if (erased.has(subject)) await tx.delete(tables.keys, [subject])
    else await tx.put(tables.keys, [subject], next.wrap(subject, current.unwrap(subject, value)))
  }
}

/** Rows move to new places, some of which the scan has yet to pass: they are all read before the first is written. */
async function movePeople(tx: WriteTransaction, { current, next, erased }: Move): Promise<void> {
  const places: string[] = []
  const kept: { place: string; sealed: Uint8Array }[] = []
  for await (const { key: [place], value } of tx.scan(tables.people)) {
    const person = current.openPerson(place, value)
    places.push(place)
    if (!erased.has(person.subject)) kept.push({ place: next.placeOf(person.identifier), sealed: next.sealPerson(person) })
  }
  for (const place of places) await tx.delete(tables.people, [place])
  for (const { place, sealed } of kept) await tx.put(tables.people, [place], sealed)
}

async function readRow(tx: ReadTransaction): Promise<EpochRow | undefined> {
  const value = await tx.get(tables.epoch, CURRENT)
  return value === undefined ? undefined : JSON.parse(fromUtf8(value)) as EpochRow
}

async function writeRow(tx: WriteTransaction, row: EpochRow): Promise<EpochRow> {
  await tx.put(tables.epoch, CURRENT, canonicalBytes({ ...row }))
  return row
}
