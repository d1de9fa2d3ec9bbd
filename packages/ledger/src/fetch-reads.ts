// What a transaction declares to read, fetched in its two rounds from a state that answers asynchronously.
import { encodeKey } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { readsNextOf, readsOf, viewOf } from '@mhmd/contracts'
import type { Fetched, Reads, Transaction } from '@mhmd/contracts'

export interface StateReader {
  get(key: Key): Promise<Canonical | undefined>
  /** In the keys' order; for a state that is asked by messages, where one for all is cheaper. */
  getMany?(keys: readonly Key[]): Promise<readonly (Canonical | undefined)[]>
  /** Entries strictly below the prefix, in key order. */
  below(prefix: Key): Promise<readonly { readonly key: Key; readonly value: Canonical }[]>
}

/** Everything `applyTransaction` may look at. */
export async function fetchReads(tx: Transaction, state: StateReader): Promise<Fetched> {
  const values = new Map<string, Canonical>()
  const ranges = new Map<string, readonly { key: Key; value: Canonical }[]>()
  const round = async ({ keys = [], prefixes = [] }: Reads): Promise<void> => {
    const many = await state.getMany?.(keys)
    for (const [at, key] of keys.entries()) {
      const value = many === undefined ? await state.get(key) : many[at]
      if (value !== undefined) values.set(encodeKey(key), value)
    }
    for (const prefix of prefixes) ranges.set(encodeKey(prefix), await state.below(prefix))
  }
  await round(readsOf(tx))
  await round(readsNextOf(tx, viewOf({ values, ranges })))
  return { values, ranges }
}
