// A view of state that shows what was declared and nothing else.
import { encodeKey, isBelow } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { Reads, StateView } from './contract.ts'

/** Which keys and prefixes some rounds of reads declare. */
export interface Declared {
  has(key: Key): boolean
  hasPrefix(prefix: Key): boolean
}

export function declaredBy(rounds: readonly Reads[]): Declared {
  const keys = new Set(rounds.flatMap((round) => round.keys ?? []).map(encodeKey))
  const prefixes = new Set(rounds.flatMap((round) => round.prefixes ?? []).map(encodeKey))
  return { has: (key) => keys.has(encodeKey(key)), hasPrefix: (prefix) => prefixes.has(encodeKey(prefix)) }
}

/** The view narrowed to what is declared; `undeclared` makes the error for anything else. */
export function narrowed(view: StateView, declared: Declared, undeclared: () => Error): StateView {
  return {
    get: (key) => {
      if (!declared.has(key)) throw undeclared()
      return view.get(key)
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
    range: (prefix) => (fetched.ranges.get(encodeKey(prefix)) ?? []).filter((entry) => isBelow(prefix, entry.key)),
  }
}
