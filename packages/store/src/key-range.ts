// The bounds of a range of keys as UTF-8 bytes, the same for every adapter.
import { encodeKey, prefixRange, utf8 } from '@mhmd/base'
import type { Range } from './store.ts'

/** Keys strictly between `above` and `below`, both exclusive unless `from` says inclusive; undefined is no bound. */
export interface KeyBounds {
  /** Inclusive lower bound. */
  readonly from: Uint8Array
  /** Exclusive upper bound. */
  readonly to: Uint8Array | undefined
}

/** Forwards, `after` is a key to start behind; backwards, one to stay below. */
export function keyBounds(range: Range): KeyBounds {
  const prefix = range.prefix === undefined ? undefined : prefixRange(range.prefix)
  let from = utf8(prefix?.from ?? '')
  let to = prefix === undefined ? undefined : utf8(prefix.to)
  if (range.after === undefined) return { from, to }
  const after = utf8(encodeKey(range.after))
  if (range.reverse === true) to = to === undefined || compareBytes(after, to) < 0 ? after : to
  else {
    const next = successor(after)
    from = compareBytes(next, from) > 0 ? next : from
  }
  return { from, to }
}

/** The smallest byte string above `bytes`. */
export const successor = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.of(0)])

export const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b)
