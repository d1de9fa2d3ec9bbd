// The node's store port: ordered tables of keys and bytes, asynchronous, streaming, with serialisable transactions.
import type { Key } from '@mhmd/base'

/** A range of keys in byte order of their encoding. All members are optional: the whole table by default. */
export interface Range {
  /** Only keys strictly below this tuple. */
  readonly prefix?: readonly string[]
  /** Only keys after this one in the direction of the scan: above it, or with `reverse` below it. */
  readonly after?: readonly string[]
  readonly reverse?: boolean
  readonly limit?: number
}

export interface Entry {
  readonly key: Key
  readonly value: Uint8Array
}

/** Reads see one consistent state for as long as the transaction lasts. */
export interface ReadTransaction {
  get(table: string, key: readonly string[]): Promise<Uint8Array | undefined>
  scan(table: string, range?: Range): AsyncIterable<Entry>
}

/** Writes are visible to the same transaction at once and to others after its commit. */
export interface WriteTransaction extends ReadTransaction {
  put(table: string, key: readonly string[], value: Uint8Array): Promise<void>
  delete(table: string, key: readonly string[]): Promise<void>
}

/**
 * Invariants: `write` is atomic, serialisable and durable when its promise resolves (synced); a closure that throws
 * changes nothing. A closure does no foreign I/O: it may be run again after a conflict. Tables need no declaration;
 * a table's name is `[a-z][a-z0-9-]*`. Errors: STORE_CLOSED, STORE_BAD_TABLE, STORE_UNAVAILABLE, STORE_NOT_SYNCED,
 * STORE_TRANSACTION_OVER, STORE_CONFLICT (after many retries), STORE_IN_USE (on opening). A `write` inside a `write` closure waits for ever: don't.
 */
export interface Store {
  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>
  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>
  /** Rewrites free space so that deleted bytes are in no file of the store afterwards. */
  purgeFreeSpace(): Promise<void>
  close(): Promise<void>
}
