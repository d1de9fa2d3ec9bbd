// Ed25519 signatures (RFC 8032) over domain-separated canonical bytes.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign as nodeSign, verify as nodeVerify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { canonicalText, fromBase64Url, toBase64Url, utf8 } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { cryptoErrors } from './errors.ts'

/** A raw Ed25519 public key, 32 bytes, as unpadded base64url (43 characters). */
export type PublicKey = string
/** An Ed25519 signature, 64 bytes, as unpadded base64url. */
export type Signature = string

/** A signing key: its public half, and a way to sign. The private bytes stay inside. */
export interface SigningKey {
  readonly publicKey: PublicKey
  sign(bytes: Uint8Array): Signature
}

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** The signing key of a 32-byte seed (RFC 8032 §5.1.5). Throws CRYPTO_BAD_KEY on another length. */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw cryptoErrors.BAD_KEY({ expected: 'seed of 32 bytes' })
  return signingKeyOf(createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' }))
}

/** A fresh signing key, and the seed to store it by. */
export function newSigningKey(): { key: SigningKey; seed: Uint8Array } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_PREFIX.length)
  return { key: signingKeyOf(privateKey), seed }
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    publicKey: toBase64Url(spki.subarray(SPKI_PREFIX.length)),
    sign: (bytes) => toBase64Url(nodeSign(null, bytes, privateKey)),
  }
}

/** Whether `signature` is `publicKey`'s over `bytes`. Malformed keys and signatures are simply not valid. */
export function verifySignature(publicKey: PublicKey, bytes: Uint8Array, signature: Signature): boolean {
  try {
    const raw = fromBase64Url(publicKey)
    const signatureBytes = fromBase64Url(signature)
    if (raw.length !== 32 || signatureBytes.length !== 64) return false
    const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
    return nodeVerify(null, bytes, key, signatureBytes)
  } catch {
    return false
  }
}

/**
 * The bytes that are signed or hashed for a statement of a named kind: `mhmd/1/KIND`, a line feed, the canonical text.
 * Two kinds can never be confused for one another.
 */
export function statementBytes(kind: string, statement: Canonical): Uint8Array {
  return utf8(`mhmd/1/${kind}\n${canonicalText(statement)}`)
}

/** SHA-256 of a statement's bytes, base64url. */
export function statementDigest(kind: string, statement: Canonical): string {
  return createHash('sha256').update(statementBytes(kind, statement)).digest('base64url')
}

export const sha256 = (...parts: Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** SHA-256 over a domain, `mhmd/1/KIND` and a line feed, and texts fed piece by piece; base64url. For what is too large to hold as one canonical value. */
export function textDigest(kind: string): { update(text: string): void; digest(): string } {
  const hash = createHash('sha256').update(`mhmd/1/${kind}\n`)
  return { update: (text) => void hash.update(text), digest: () => hash.digest('base64url') }
}

/** The digest of one whole text in a domain. */
export function digestOfText(kind: string, text: string): string {
  return createHash('sha256').update(`mhmd/1/${kind}\n`).update(text).digest('base64url')
}
