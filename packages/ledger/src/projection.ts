// The projection: every value a key ever had, by the height and index that wrote it, so that state can be read as of any height.
// Store key: the state key, then U+0001, height and index in one part, which sorts a key's versions before longer keys.
import { canonicalBytes, fromUtf8, ordinal } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { Write } from '@mhmd/contracts'
import type { Entry, ReadTransaction, Store, WriteTransaction } from '@mhmd/store'

const TABLE = 'projection'
const PAGE = 1000

/** A value and where it was written. */
export interface StateEntry {
  readonly key: Key
  readonly value: Canonical
  readonly height: number
  readonly index: number
}

/** One step of a key's history; an undefined value is a deletion. */
export interface HistoryStep {
  readonly height: number
  readonly index: number
  readonly value: Canonical | undefined
}

const versionPart = (height: number, index?: number): string => `\u0001${ordinal(height)}${index === undefined ? '' : ordinal(index)}`

/** The writes of the transaction at this place. */
export async function project(tx: WriteTransaction, writes: readonly Write[], at: { readonly height: number; readonly index: number }): Promise<void> {
  for (const { key, value } of writes) await tx.put(TABLE, [...key, versionPart(at.height, at.index)], canonicalBytes(value))
}

function stepOf(entry: Entry): HistoryStep & { readonly key: Key } {
  const part = entry.key.at(-1) ?? ''
  const value = JSON.parse(fromUtf8(entry.value)) as Canonical
  return { key: entry.key.slice(0, -1) as unknown as Key, height: Number(part.slice(1, 17)), index: Number(part.slice(17)), value: value === null ? undefined : value }
}

/** The value of a key as of a height: of its last write at or below it. */
export async function valueAt(tx: ReadTransaction, key: Key, height: number): Promise<Canonical | undefined> {
  for await (const entry of tx.scan(TABLE, { prefix: key, after: [...key, versionPart(height + 1)], reverse: true, limit: 1 })) return stepOf(entry).value
  return undefined
}

export async function historyOf(tx: ReadTransaction, key: Key): Promise<HistoryStep[]> {
  const steps: HistoryStep[] = []
  for await (const entry of tx.scan(TABLE, { prefix: key })) {
    // Longer keys come after the key's own versions.
    if (entry.key.length !== key.length + 1) break
    const { key: _, ...step } = stepOf(entry)
    steps.push(step)
  }
  return steps
}

/**
 * Entries strictly below a prefix as of a height, in key order. Read by pages, each a transaction of its own: what is at or
 * below a height never changes, so that all pages show one state.
 */
export const entriesAt = (store: Store, prefix: Key, height: number): AsyncGenerator<StateEntry> =>
  entriesOf((after) => store.read((tx) => pageOf(tx, prefix, after)), prefix, height)

/** The same within one transaction, with what it wrote itself. */
export const entriesIn = (tx: ReadTransaction, prefix: Key, height: number): AsyncGenerator<StateEntry> =>
  entriesOf((after) => pageOf(tx, prefix, after), prefix, height)

async function* entriesOf(read: (after: readonly string[] | undefined) => Promise<Entry[]>, prefix: Key, height: number): AsyncGenerator<StateEntry> {
  let after: readonly string[] | undefined
  let last: StateEntry | undefined
  for (;;) {
    const page = await read(after)
    for (const entry of page) {
      const { key, value, ...place } = stepOf(entry)
      if (key.length === prefix.length || place.height > height) continue
      if (last !== undefined && !isSame(last.key, key)) yield last
      // A deletion leaves nothing; another key's entry was given out above.
      last = value === undefined ? undefined : { key, value, ...place }
    }
    after = page.at(-1)?.key
    if (page.length < PAGE) break
  }
  if (last !== undefined) yield last
}

async function pageOf(tx: ReadTransaction, prefix: Key, after: readonly string[] | undefined): Promise<Entry[]> {
  const page: Entry[] = []
  for await (const entry of tx.scan(TABLE, { prefix, limit: PAGE, ...(after === undefined ? {} : { after }) })) page.push(entry)
  return page
}

const isSame = (a: Key, b: Key): boolean => a.length === b.length && a.every((part, index) => part === b[index])
