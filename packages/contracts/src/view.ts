// A view of state that shows what was declared and nothing else.
import { encodeKey, isBelow } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { EncodedReads, Reads, StateView } from './contract.ts'

/** Which keys and prefixes some rounds of reads declare. */
export interface Declared {
  has(encoded: string): boolean
  hasPrefix(prefix: Key): boolean
}

export const encodedReads = (reads: Reads): EncodedReads => ({ ...reads, encoded: (reads.keys ?? []).map(encodeKey) })

export function declaredBy(rounds: readonly EncodedReads[]): Declared {
  const keys = new Set(rounds.length === 1 ? rounds[0]?.encoded : rounds.flatMap((round) => round.encoded))
  const prefixes = new Set(rounds.flatMap((round) => round.prefixes ?? []).map(encodeKey))
  return { has: (encoded) => keys.has(encoded), hasPrefix: (prefix) => prefixes.has(encodeKey(prefix)) }
}

/** The view narrowed to what is declared; `undeclared` makes the error for anything else. */
export function narrowed(view: StateView, declared: Declared, undeclared: () => Error): StateView {
  return {
    get: (key) => {
      const encoded = encodeKey(key)
      if (!declared.has(encoded)) throw undeclared()
      return view.at === undefined ? view.get(key) : view.at(encoded)
    },
    range: (prefix) => {
      if (!declared.hasPrefix(prefix)) throw undeclared()
      return view.range(prefix)
    },
  }
}

/** What an asynchronous engine fetched for some reads, as a view. Range entries are expected in key order. */
export interface Fetched {
  readonly values: ReadonlyMap<string, Canonical>
  readonly ranges: ReadonlyMap<string, readonly { readonly key: Key; readonly value: Canonical }[]>
}

/** Keys of `values` and `ranges` are encoded (`encodeKey`). */
export function viewOf(fetched: Fetched): StateView {
  return {
    get: (key) => fetched.values.get(encodeKey(key)),
    at: (encoded) => fetched.values.get(encoded),
    range: (prefix) => (fetched.ranges.get(encodeKey(prefix)) ?? []).filter((entry) => isBelow(prefix, entry.key)),
  }
}
