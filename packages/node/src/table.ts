// Typed JSON rows in the node's store: one constant a table, so that every table's key and value shape stands in one line.
import { fromUtf8, utf8 } from '@mhmd/base'
import type { Key } from '@mhmd/base'
import type { Range, ReadTransaction, WriteTransaction } from '@mhmd/store'

export interface Table<V> {
  readonly name: string
  get(tx: ReadTransaction, ...key: string[]): Promise<V | undefined>
  put(tx: WriteTransaction, key: readonly string[], value: V): Promise<void>
  delete(tx: WriteTransaction, ...key: string[]): Promise<void>
  all(tx: ReadTransaction, range?: Range): AsyncIterable<{ key: Key; value: V }>
  list(tx: ReadTransaction, range?: Range): Promise<{ key: Key; value: V }[]>
}

/** A table of JSON values. Holds ids, codes, times and public documents only; anything about a person goes through the vault. */
export function jsonTable<V>(name: string): Table<V> {
  const decode = (bytes: Uint8Array): V => JSON.parse(fromUtf8(bytes)) as V
  async function* all(tx: ReadTransaction, range?: Range): AsyncIterable<{ key: Key; value: V }> {
    for await (const entry of tx.scan(name, range)) yield { key: entry.key, value: decode(entry.value) }
  }
  return {
    name,
    get: async (tx, ...key) => {
      const bytes = await tx.get(name, key)
      return bytes === undefined ? undefined : decode(bytes)
    },
    put: (tx, key, value) => tx.put(name, key, utf8(JSON.stringify(value))),
    delete: (tx, ...key) => tx.delete(name, key),
    all,
    list: async (tx, range) => {
      const rows: { key: Key; value: V }[] = []
      for await (const row of all(tx, range)) rows.push(row)
      return rows
    },
  }
}
