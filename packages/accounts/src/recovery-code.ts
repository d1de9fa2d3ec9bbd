// The recovery code on paper: 160 random bits as base32 (Crockford's alphabet) in groups of four, and a checksum that catches mistypings.
import { base32, utf8 } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { accountsErrors } from './errors.ts'

/** The 20 bytes of a code: what wraps a seed. */
export type RecoverySecret = Uint8Array

const BYTES = 20
const CHECK_CHARACTERS = 4
const CHARACTERS = (BYTES * 8) / 5 + CHECK_CHARACTERS
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

export const newRecoverySecret = (randomness: Randomness): RecoverySecret => randomness.bytes(BYTES)

/** `xxxx-xxxx-…`, nine groups: eight hold the secret, the last one 20 bits of its digest. */
export function recoveryCodeOf(secret: RecoverySecret): string {
  if (secret.length !== BYTES) throw accountsErrors.BAD_SECRET({ kind: 'recovery-kit', expected: BYTES })
  return (`${base32(secret)}${checkOf(secret)}`.match(/.{4}/g) ?? []).join('-')
}

/** Reads a code as people type it: any case, spaces or hyphens anywhere, o for 0, i and l for 1. Throws ACCOUNTS_CODE_…. */
export function parseRecoveryCode(typed: string): RecoverySecret {
  const text = typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')
  const wrong = [...text].findIndex((character) => !ALPHABET.includes(character))
  if (wrong !== -1) throw accountsErrors.CODE_CHARACTER({ group: Math.floor(wrong / 4) + 1 })
  if (text.length !== CHARACTERS) throw accountsErrors.CODE_LENGTH({ expected: CHARACTERS, given: text.length })
  const secret = bytesOf(text.slice(0, -CHECK_CHARACTERS))
  if (checkOf(secret) !== text.slice(-CHECK_CHARACTERS)) throw accountsErrors.CODE_MISTYPED()
  return secret
}

const checkOf = (secret: RecoverySecret): string => base32(sha256(utf8('mhmd/1/recovery-code\n'), secret)).slice(0, CHECK_CHARACTERS)

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 5) / 8)
  for (const [index, character] of [...text].entries()) {
    const value = ALPHABET.indexOf(character)
    for (let bit = 0; bit < 5; bit++) {
      const position = index * 5 + bit
      if ((value >>> (4 - bit)) & 1) bytes[position >>> 3] = (bytes[position >>> 3] ?? 0) | (0x80 >>> (position & 7))
    }
  }
  return bytes
}
