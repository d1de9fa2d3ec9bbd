// Rows of JSON that the node must keep and nobody else may read: sealed under a key derived from the node's own, bound to table and key.
import { fromUtf8, utf8 } from '@mhmd/base'
import { deriveKey, open, seal } from '@mhmd/crypto'
import type { Range, ReadTransaction, WriteTransaction } from '@mhmd/store'

export interface SealedTable<V> {
  get(tx: ReadTransaction, ...key: string[]): Promise<V | undefined>
  put(tx: WriteTransaction, key: readonly string[], value: V): Promise<void>
  delete(tx: WriteTransaction, ...key: string[]): Promise<void>
  list(tx: ReadTransaction, range?: Range): Promise<{ key: readonly string[]; value: V }[]>
}

export function sealedTable<V>(name: string, nodeKey: Uint8Array): SealedTable<V> {
  const key = deriveKey(nodeKey, `sealed-table/${name}`)
  const context = (row: readonly string[]): string => [name, ...row].join('/')
  const decode = (row: readonly string[], sealed: Uint8Array): V => JSON.parse(fromUtf8(open(key, sealed, context(row)))) as V
  return {
    get: async (tx, ...row) => {
      const sealed = await tx.get(name, row)
      return sealed === undefined ? undefined : decode(row, sealed)
    },
    put: (tx, row, value) => tx.put(name, row, seal(key, utf8(JSON.stringify(value)), context(row))),
    delete: (tx, ...row) => tx.delete(name, row),
    list: async (tx, range) => {
      const rows: { key: readonly string[]; value: V }[] = []
      for await (const entry of tx.scan(name, range)) rows.push({ key: entry.key, value: decode(entry.key, entry.value) })
      return rows
    },
  }
}
