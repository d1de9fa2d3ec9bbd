// Authenticated encryption (AES-256-GCM, random 96-bit nonces) and key derivation (HKDF-SHA-256, RFC 5869).
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { utf8 } from '@mhmd/base'
import { cryptoErrors } from './errors.ts'

const NONCE = 12
const TAG = 16

/** A symmetric key made ready once: for keys used thousands of times, several times faster than their bytes. */
export type SecretKey = KeyObject
export const secretKey = (bytes: Uint8Array): SecretKey => createSecretKey(bytes)

/** Seals bytes under a 32-byte key, bound to `context`: nonce (12) ‖ ciphertext ‖ tag (16). At most 2^32 seals a key. */
export function seal(key: Uint8Array | SecretKey, plain: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(utf8(context))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `seal` made with the same key and context. Throws CRYPTO_CANNOT_OPEN. */
export function open(key: Uint8Array | SecretKey, sealed: Uint8Array, context: string): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE)).setAAD(utf8(context))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()])
  } catch (cause) {
    throw cryptoErrors.CANNOT_OPEN({ what: 'The sealed content' }, { cause })
  }
}

/** A 32-byte key derived for one purpose. Different purposes give independent keys. */
export function deriveKey(secret: Uint8Array, purpose: string, salt: Uint8Array = new Uint8Array(0)): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, utf8(`mhmd/1/${purpose}`), 32))
}

/** HMAC-SHA-256 (RFC 2104): equal bytes are recognised by whoever has the key, and guessed by nobody else. */
export function mac(key: Uint8Array | SecretKey, bytes: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(bytes).digest()
}
