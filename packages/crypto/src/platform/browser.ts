// Primitives by the noble libraries, for browsers, whose own are asynchronous: the same functions as `node.ts`, held equal to it by a test.
// Left out: constant time. JavaScript can't promise it; on her own device nobody measures but her.
import { gcm } from '@noble/ciphers/aes.js'
import { ed25519 as curve, x25519 } from '@noble/curves/ed25519.js'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as hash } from '@noble/hashes/sha2.js'
import { toBase64Url, utf8 } from '@mhmd/base'

const NONCE = 12

export type SecretKey = Uint8Array
export const secretKey = (bytes: Uint8Array): SecretKey => bytes

export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

export const sha256 = (bytes: Uint8Array): Uint8Array => hash(bytes)

export const sha256OfText = (text: string): string => toBase64Url(hash(utf8(text)))

export const newSha256 = (): { update(bytes: Uint8Array): void; digest(): Uint8Array } => {
  const running = hash.create()
  return { update: (bytes) => void running.update(bytes), digest: () => running.digest() }
}

export const hmacSha256 = (key: Uint8Array | SecretKey, bytes: Uint8Array): Uint8Array => hmac(hash, key, bytes)

export const hkdfSha256 = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array => expand(hash, extract(hash, secret, salt), info, 32)

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.reduce((difference, byte, at) => difference | (byte ^ (b[at] ?? 0)), 0) === 0

export function ed25519(seed: Uint8Array): { publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array } {
  return { publicKey: curve.getPublicKey(seed), sign: (bytes) => curve.sign(bytes, seed) }
}

/** As RFC 8032 says, not as ZIP 215 relaxes it: that is what OpenSSL checks. */
export const verifyEd25519 = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean => curve.verify(signature, bytes, publicKey, { zip215: false })

export const x25519PublicKey = (privateKey: Uint8Array): Uint8Array => x25519.getPublicKey(privateKey)

export function sealAesGcm(key: Uint8Array | SecretKey, plain: Uint8Array, context: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE)
  const sealed = gcm(key, nonce, context).encrypt(plain)
  const all = new Uint8Array(NONCE + sealed.length)
  all.set(nonce)
  all.set(sealed, NONCE)
  return all
}

export const openAesGcm = (key: Uint8Array | SecretKey, sealed: Uint8Array, context: Uint8Array): Uint8Array => gcm(key, sealed.subarray(0, NONCE), context).decrypt(sealed.subarray(NONCE))
