// Authenticated encryption (AES-256-GCM, random 96-bit nonces) and key derivation (HKDF-SHA-256, RFC 5869).
import { hkdfSha256, hmacSha256, openAesGcm, sealAesGcm, secretKey } from '#platform'
import type { SecretKey } from '#platform'
import { utf8 } from '@mhmd/base'
import { cryptoErrors } from './errors.ts'

export { secretKey }
export type { SecretKey }

/** Seals bytes under a 32-byte key, bound to `context`: nonce (12) ‖ ciphertext ‖ tag (16). At most 2^32 seals a key. */
export const seal = (key: Uint8Array | SecretKey, plain: Uint8Array, context: string): Uint8Array => sealAesGcm(key, plain, utf8(context))

/** Opens what `seal` made with the same key and context. Throws CRYPTO_CANNOT_OPEN. */
export function open(key: Uint8Array | SecretKey, sealed: Uint8Array, context: string): Uint8Array {
  try {
    return openAesGcm(key, sealed, utf8(context))
  } catch (cause) {
    throw cryptoErrors.CANNOT_OPEN({ what: 'The sealed content' }, { cause })
  }
}

/** A 32-byte key derived for one purpose. Different purposes give independent keys. */
export const deriveKey = (secret: Uint8Array, purpose: string, salt: Uint8Array = new Uint8Array(0)): Uint8Array => hkdfSha256(secret, salt, utf8(`mhmd/1/${purpose}`))

/** HMAC-SHA-256 (RFC 2104): equal bytes are recognised by whoever has the key, and guessed by nobody else. */
export const mac = (key: Uint8Array | SecretKey, bytes: Uint8Array): Uint8Array => hmacSha256(key, bytes)
