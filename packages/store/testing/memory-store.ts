// A store in memory for other packages' tests: immutable sorted tables, so that a read keeps the state it began with.
import { decodeKey, encodeKey } from '@mhmd/base'
import { checkTable, compareBytes, keyBounds, storeErrors, writeQueue } from '../src/index.ts'
import type { Entry, Range, Store, WriteTransaction } from '../src/index.ts'

interface Row {
  readonly key: Uint8Array
  readonly value: Uint8Array
}
type Tables = ReadonlyMap<string, readonly Row[]>

const none: readonly Row[] = []

/** Index of the first row at or above `key`. */
function lowerBound(rows: readonly Row[], key: Uint8Array): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareBytes((rows[middle] as Row).key, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** A view of the tables that `change` may replace while the transaction lives. */
class MemoryTransaction implements WriteTransaction {
  tables: Tables
  over = false

  constructor(tables: Tables) {
    this.tables = tables
  }

  #rows(table: string): readonly Row[] {
    if (this.over) throw storeErrors.TRANSACTION_OVER()
    checkTable(table)
    return this.tables.get(table) ?? none
  }

  async get(table: string, key: readonly string[]): Promise<Uint8Array | undefined> {
    const rows = this.#rows(table)
    const wanted = Buffer.from(encodeKey(key))
    const row = rows[lowerBound(rows, wanted)]
    return row !== undefined && compareBytes(row.key, wanted) === 0 ? new Uint8Array(row.value) : undefined
  }

  async* scan(table: string, range: Range = {}): AsyncIterable<Entry> {
    const rows = this.#rows(table)
    const { from, to } = keyBounds(range)
    const first = lowerBound(rows, from)
    const found = rows.slice(first, Math.max(first, to === undefined ? rows.length : lowerBound(rows, to)))
    if (range.reverse === true) found.reverse()
    for (const row of found.slice(0, range.limit)) {
      if (this.over) throw storeErrors.TRANSACTION_OVER()
      yield { key: decodeKey(Buffer.from(row.key).toString()), value: new Uint8Array(row.value) }
    }
  }

  async put(table: string, key: readonly string[], value: Uint8Array): Promise<void> {
    this.#change(table, key, [{ key: Buffer.from(encodeKey(key)), value: new Uint8Array(value) }])
  }

  async delete(table: string, key: readonly string[]): Promise<void> {
    this.#change(table, key, [])
  }

  #change(table: string, key: readonly string[], put: readonly Row[]): void {
    const rows = this.#rows(table)
    const wanted = Buffer.from(encodeKey(key))
    const at = lowerBound(rows, wanted)
    const there = rows[at]
    const next = rows.toSpliced(at, there !== undefined && compareBytes(there.key, wanted) === 0 ? 1 : 0, ...put)
    this.tables = new Map(this.tables).set(table, next)
  }
}

/** Nothing here is durable: for tests only. */
export function memoryStore(): Store {
  let tables: Tables = new Map()
  let closed = false
  const queue = writeQueue()
  async function run<T>(tx: MemoryTransaction, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    if (closed) throw storeErrors.CLOSED()
    try {
      return await work(tx)
    } finally {
      tx.over = true
    }
  }
  return {
    read: (work) => run(new MemoryTransaction(tables), work),
    write: (work) => queue(async () => {
      const tx = new MemoryTransaction(tables)
      const result = await run(tx, work)
      tables = tx.tables
      return result
    }),
    purgeFreeSpace: async () => undefined,
    close: async () => {
      closed = true
    },
  }
}
