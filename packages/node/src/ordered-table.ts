// A table and beside it the place of each of its rows in an order of its own, so that a list is read from any row on without reading what stands before.
import type { Key } from '@mhmd/base'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { pageOf } from './paging.ts'
import type { InOrder, Page } from './paging.ts'
import type { SealedTable } from './sealed-table.ts'
import { jsonTable } from './table.ts'

/** Rows by one id. */
export interface OrderedTable<V> {
  get(tx: ReadTransaction, id: string): Promise<V | undefined>
  put(tx: WriteTransaction, key: readonly [string], value: V): Promise<void>
  delete(tx: WriteTransaction, id: string): Promise<void>
  /** All, in no order. */
  list(tx: ReadTransaction): Promise<{ value: V }[]>
  /** A page of them, from the last place to the first. */
  page(tx: ReadTransaction, query: Readonly<Record<string, string | undefined>>, textOf: (value: V) => string): Promise<Page<V>>
  /** Gives places to the rows of a store that was written without them. */
  fill(store: Store): Promise<void>
}

export function orderedTable<V>(table: Pick<SealedTable<V>, 'get' | 'put' | 'delete' | 'list'>, { name, placeOf }: { readonly name: string; readonly placeOf: (value: V) => Key }): OrderedTable<V> {
  const places = jsonTable<0>(name)

  const rows = (tx: ReadTransaction): InOrder<V> => async function* (range) {
    for await (const { key } of places.all(tx, { ...range, reverse: true })) {
      const value = await table.get(tx, key.at(-1) ?? '')
      if (value !== undefined) yield { key, value }
    }
  }

  async function leave(tx: WriteTransaction, id: string): Promise<void> {
    const before = await table.get(tx, id)
    if (before !== undefined) await places.delete(tx, ...placeOf(before), id)
  }

  return {
    get: (tx, id) => table.get(tx, id),
    put: async (tx, [id], value) => {
      await leave(tx, id)
      await table.put(tx, [id], value)
      await places.put(tx, [...placeOf(value), id], 0)
    },
    delete: async (tx, id) => {
      await leave(tx, id)
      await table.delete(tx, id)
    },
    list: (tx) => table.list(tx),
    page: (tx, query, textOf) => pageOf(query, { rows: rows(tx), textOf }),
    fill: (store) => store.write(async (tx) => {
      if ((await places.list(tx, { limit: 1 })).length > 0) return
      for (const { key, value } of await table.list(tx)) await places.put(tx, [...placeOf(value), key[0] ?? ''], 0)
    }),
  }
}
