// Keys of stores and of the ledger: non-empty tuples of non-empty UTF-8 strings, and their order-preserving text form.
import { baseErrors } from './base-errors.ts'

/** A key: one or more non-empty strings, none containing U+0000. Order: by part, by Unicode code point (= by UTF-8 bytes). */
export type Key = readonly [string, ...string[]]

/**
 * One string whose UTF-8 byte order is the order of tuples: parts joined by U+0000, which no part may hold.
 * A prefix tuple's encoding plus U+0000 is a prefix of exactly the keys below it.
 */
export function encodeKey(key: readonly string[]): string {
  if (key.length === 0) throw baseErrors.BAD_KEY({ why: 'it has no part' })
  for (const part of key) checkPart(part)
  // In one piece: what is put together bit by bit would be copied once more when it is looked up.
  return key.join('\u0000')
}

/** Most parts are short ASCII, which one pattern tells. */
const PLAIN = /^[\u0001-\u007f]+$/

function checkPart(part: string): void {
  if (typeof part !== 'string' || part.length === 0) throw baseErrors.BAD_KEY({ why: 'a part is empty or not a string' })
  if (!PLAIN.test(part) && (part.includes('\u0000') || !part.isWellFormed())) throw baseErrors.BAD_KEY({ why: 'a part holds U+0000 or a lone surrogate' })
}

/** The tuple of an encoded key. */
export function decodeKey(encoded: string): Key {
  const parts = encoded.split('\u0000')
  if (parts.some((part) => part.length === 0)) throw baseErrors.BAD_KEY({ why: 'a part is empty' })
  return parts as unknown as Key
}

/** The half-open range `[from, to)` of encoded keys strictly below a prefix tuple. */
export function prefixRange(prefix: readonly string[]): { from: string; to: string } {
  const encoded = encodeKey(prefix)
  return { from: `${encoded}\u0000`, to: `${encoded}\u0001` }
}

/** Whether `key` lies strictly below `prefix`. */
export function isBelow(prefix: readonly string[], key: readonly string[]): boolean {
  return key.length > prefix.length && prefix.every((part, index) => key[index] === part)
}

/** A number as text whose order is the number's order: sixteen decimal digits. For heights, versions, sequence numbers. */
export function ordinal(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw baseErrors.BAD_KEY({ why: 'an ordinal is a safe integer, zero or more' })
  return String(value).padStart(16, '0')
}
