// Primitives by node:crypto (OpenSSL). What they are for stands in the files that import them as `#platform`.
import { createCipheriv, createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, createSecretKey, hash, hkdfSync, randomBytes as nodeRandomBytes, sign, timingSafeEqual, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

const NONCE = 12
const TAG = 16
/** DER before the 32 bytes of a key: PKCS #8 and SubjectPublicKeyInfo of Ed25519 and X25519 (RFC 8410). */
const PREFIXES = { ed25519: ['302e020100300506032b657004220420', '302a300506032b6570032100'], x25519: ['302e020100300506032b656e04220420', '302a300506032b656e032100'] } as const
const prefixed = (prefix: string, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from(prefix, 'hex'), bytes])
const privateKeyOf = (kind: keyof typeof PREFIXES, bytes: Uint8Array): KeyObject => createPrivateKey({ key: prefixed(PREFIXES[kind][0], bytes), format: 'der', type: 'pkcs8' })
const SPKI_ED25519 = Buffer.from(PREFIXES.ed25519[1], 'hex')
const publicHalf = (key: KeyObject): Uint8Array => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_ED25519.length)

/** A symmetric key made ready once: for keys used thousands of times, several times faster than their bytes. */
export type SecretKey = KeyObject
export const secretKey = (bytes: Uint8Array): SecretKey => createSecretKey(bytes)

export const randomBytes = (length: number): Uint8Array => nodeRandomBytes(length)

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

/** Base64url of the hash of a text's UTF-8 bytes, in one step: neither the bytes nor the hash are made in between. */
export const sha256OfText = (text: string): string => hash('sha256', text, 'base64url')

export const newSha256 = (): { update(bytes: Uint8Array): void; digest(): Uint8Array } => {
  const running = createHash('sha256')
  return { update: (bytes) => void running.update(bytes), digest: () => running.digest() }
}

export const hmacSha256 = (key: Uint8Array | SecretKey, bytes: Uint8Array): Uint8Array => createHmac('sha256', key).update(bytes).digest()

export const hkdfSha256 = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, salt, info, 32))

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** Ed25519 of a 32-byte seed. */
export function ed25519(seed: Uint8Array): { publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array } {
  const key = privateKeyOf('ed25519', seed)
  return { publicKey: publicHalf(key), sign: (bytes) => sign(null, bytes, key) }
}

/** `publicKey` has 32 bytes, `signature` 64. Throws on a key that is no point. */
export const verifyEd25519 = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, bytes, createPublicKey({ key: Buffer.concat([SPKI_ED25519, publicKey]), format: 'der', type: 'spki' }), signature)

/** The public half of a 32-byte X25519 private key. */
export const x25519PublicKey = (privateKey: Uint8Array): Uint8Array => publicHalf(privateKeyOf('x25519', privateKey))

/** nonce ‖ ciphertext ‖ tag. */
export function sealAesGcm(key: Uint8Array | SecretKey, plain: Uint8Array, context: Uint8Array): Uint8Array {
  const nonce = nodeRandomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws whatever the library throws where it does not open. */
export function openAesGcm(key: Uint8Array | SecretKey, sealed: Uint8Array, context: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE)).setAAD(context)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()])
}
