// Random identifiers: 128 bits as 26 characters of Crockford-style base32, safe in URLs, file names and keys.
import type { Randomness } from './ports.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** A fresh identifier with 128 random bits; the same length always, lower case. */
export function newId(randomness: Randomness): string {
  return base32(randomness.bytes(16))
}

/** Crockford base32 (lower case, no i, l, o, u), most significant bits first, padded with zero bits at the end. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(buffer >>> bits) & 31]
      buffer &= (1 << bits) - 1
    }
  }
  return bits > 0 ? text + (alphabet[(buffer << (5 - bits)) & 31] ?? '') : text
}

/** Whether a text is an identifier that `newId` could have made. */
export const isId = (text: string): boolean => /^[0-9a-hjkmnp-tv-z]{26}$/.test(text)
