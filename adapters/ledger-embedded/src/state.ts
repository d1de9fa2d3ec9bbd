// The engine's current state: LevelDB underneath, a bounded cache of parsed values above, and the writes of the block in the making on top.
// A stored value is its checksum, the height and index that wrote it, and its canonical text.
import { crc32 } from 'node:zlib'
import { byCodeUnits, canonicalText, decodeKey, encodeKey, prefixRange } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { EncodedReads } from '@mhmd/contracts'
import { ledgerErrors } from '@mhmd/ledger'
import type { BatchOperation, Database } from './folder.ts'

/** The latest value of a key, or its absence (value undefined). */
export interface StateEntry {
  readonly value: Canonical | undefined
  /** Where it was written; −1 for what never was. */
  readonly height: number
  readonly index: number
  /** Bytes of its text: what the cache counts. */
  readonly size: number
}

export interface StateWrite extends StateEntry {
  readonly text: string
}

/** Writes of the block in the making, by encoded key; later ones replace earlier ones. */
export type Overlay = ReadonlyMap<string, StateWrite>

/** What some reads fetched, as `viewOf` of contracts takes it, and what a later write must not have touched. */
export interface Snapshot {
  readonly values: Map<string, Canonical>
  readonly ranges: Map<string, { key: Key; value: Canonical }[]>
  readonly read: string[]
}

const ABSENT: StateEntry = { value: undefined, height: -1, index: -1, size: 0 }
const OVERHEAD = 200

export class State {
  readonly #database: Database
  readonly #cacheBytes: number
  // Two generations: what was looked at since the younger one began is in it. When it fills half of what may be kept, it takes the older one's place.
  #young = new Map<string, StateEntry>()
  #old = new Map<string, StateEntry>()
  #youngBytes = 0
  /** Blocks taken over. */
  #commits = 0

  constructor(database: Database, cacheBytes: number) {
    this.#database = database
    this.#cacheBytes = cacheBytes
  }

  /** Adds what each of the reads names to its snapshot, with one look into LevelDB for all of them. Throws LEDGER_CORRUPT_STATE. */
  async fetch(wanted: readonly { readonly reads: EncodedReads; readonly snapshot: Snapshot }[], overlay: Overlay): Promise<void> {
    const entries = await this.#entries(wanted.flatMap(({ reads }) => reads.encoded), overlay)
    for (const { snapshot, reads: { encoded } } of wanted) {
      for (const key of encoded) {
        const value = entries.get(key)?.value
        snapshot.read.push(key)
        if (value !== undefined) snapshot.values.set(key, value)
      }
    }
    for (const { reads, snapshot } of wanted) {
      for (const prefix of reads.prefixes ?? []) snapshot.ranges.set(encodeKey(prefix), await this.range(prefix, { overlay }))
    }
  }

  async entry(key: Key): Promise<StateEntry> {
    const encoded = encodeKey(key)
    return (await this.#entries([encoded], new Map())).get(encoded) ?? ABSENT
  }

  /** A key that is asked for twice is looked up twice, and found the same. */
  async #entries(keys: readonly string[], overlay: Overlay): Promise<Map<string, StateEntry>> {
    const found = new Map<string, StateEntry>()
    const missing: string[] = []
    for (const key of keys) {
      const known = overlay.get(key) ?? this.#touch(key)
      if (known === undefined) missing.push(key)
      else found.set(key, known)
    }
    if (missing.length === 0) return found
    const commits = this.#commits
    const stored = await this.#database.getMany(missing.map((key) => `s${key}`)).catch(unreadable)
    missing.forEach((key, at) => {
      const text = stored[at]
      const entry = text === undefined ? ABSENT : parseStored(key, text)
      found.set(key, entry)
      // What a block replaced while LevelDB was read must not take the newer value's place.
      if (commits === this.#commits) this.#keep(key, entry)
    })
    return found
  }

  /** Entries strictly below a prefix in key order, the overlay's included. */
  async range(prefix: Key, options: { readonly overlay?: Overlay; readonly after?: Key; readonly limit?: number } = {}): Promise<{ key: Key; value: Canonical }[]> {
    const { from, to } = prefixRange(prefix)
    const start = options.after === undefined ? from : `${encodeKey(options.after)}\u0000`
    const rows = new Map<string, Canonical>()
    const pending = [...(options.overlay ?? [])].filter(([key]) => key.startsWith(from))
    const limit = options.limit ?? -1
    for await (const [key, text] of this.#database.iterator({ gte: `s${start > from ? start : from}`, lt: `s${to}`, limit })) {
      const value = parseStored(key.slice(1), text).value
      if (value !== undefined) rows.set(key.slice(1), value)
    }
    for (const [key, { value }] of pending) {
      if (value === undefined) rows.delete(key)
      else rows.set(key, value)
    }
    const ordered = pending.length === 0 ? [...rows] : [...rows].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)) || byCodeUnits(a, b))
    return ordered.map(([key, value]) => ({ key: decodeKey(key), value }))
  }

  /** All entries with their canonical texts, for the state's digest. */
  async* all(): AsyncGenerator<{ readonly key: Key; readonly text: string }> {
    for await (const [key, stored] of this.#database.iterator({ gte: 's', lt: 't' })) {
      parseStored(key.slice(1), stored)
      yield { key: decodeKey(key.slice(1)), text: stored.slice(stored.indexOf(' ') + 1) }
    }
  }

  /** Takes over the writes of a block that is now durable. */
  committed(overlay: Overlay): void {
    this.#commits++
    for (const [key, { value, height, index, size }] of overlay) this.#keep(key, { value, height, index, size })
  }

  #touch(key: string): StateEntry | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.#keep(key, old)
    return old
  }

  // Operation ids are looked at once, when they are new: keeping them would only push out what is looked at again.
  #keep(key: string, entry: StateEntry): void {
    if (key.startsWith('operation\u0000')) return
    const replaced = this.#young.get(key)
    this.#young.set(key, entry)
    this.#youngBytes += replaced === undefined ? entry.size + 2 * key.length + OVERHEAD : entry.size - replaced.size
    if (this.#youngBytes <= this.#cacheBytes / 2) return
    this.#old = this.#young
    this.#young = new Map()
    this.#youngBytes = 0
  }
}

function unreadable(cause: unknown): never {
  throw ledgerErrors.CORRUPT_STATE({ why: 'its file cannot be read' }, { cause })
}

export const newSnapshot = (): Snapshot => ({ values: new Map(), ranges: new Map(), read: [] })

/** Whether one of the written keys lies in what the snapshot had read. */
export function conflicts(snapshot: Snapshot, written: ReadonlySet<string>): boolean {
  for (const key of snapshot.read) if (written.has(key)) return true
  for (const prefix of snapshot.ranges.keys()) for (const key of written) if (key.startsWith(`${prefix}\u0000`)) return true
  return false
}

/** Puts a transaction's writes into the overlay, and their encoded keys into `written`; gives their texts in canonical form. */
export function overlayWrites(overlay: Map<string, StateWrite>, writes: readonly { readonly key: Key; readonly value: Canonical }[], { height, index, written }: { readonly height: number; readonly index: number; readonly written?: Set<string> }): string[] {
  return writes.map(({ key, value }) => {
    const text = canonicalText(value)
    const encoded = encodeKey(key)
    written?.add(encoded)
    overlay.set(encoded, { value: value === null ? undefined : value, text, size: text.length, height, index })
    return `{"key":${JSON.stringify(key)},"value":${text}}`
  })
}

export function stateOperations(overlay: Overlay): BatchOperation[] {
  return [...overlay].map(([key, { value, text, height, index }]) => {
    if (value === undefined) return { type: 'del', key: `s${key}` }
    const stored = `${height}.${index} ${text}`
    return { type: 'put', key: `s${key}`, value: checksum(key, stored) + stored }
  })
}

const checksum = (key: string, stored: string): string => crc32(`${key}\n${stored}`).toString(16).padStart(8, '0')

function parseStored(key: string, value: string): StateEntry {
  const stored = value.slice(8)
  if (checksum(key, stored) !== value.slice(0, 8)) throw ledgerErrors.CORRUPT_STATE({ why: `the checksum of an entry of kind ${key.split('\u0000')[0] ?? ''} does not hold` })
  const space = stored.indexOf(' ')
  const [height, index] = stored.slice(0, space).split('.').map(Number)
  return { value: JSON.parse(stored.slice(space + 1)) as Canonical, height: height ?? -1, index: index ?? -1, size: stored.length }
}
