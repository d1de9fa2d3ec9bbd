// Ed25519 signatures (RFC 8032) over domain-separated canonical bytes.
import { ed25519, newSha256, sha256 as hash, randomBytes, sha256OfText, verifyEd25519 } from '#platform'
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

/** The signing key of a 32-byte seed (RFC 8032 §5.1.5). Throws CRYPTO_BAD_KEY on another length. */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw cryptoErrors.BAD_KEY({ expected: 'seed of 32 bytes' })
  const { publicKey, sign } = ed25519(seed)
  return { publicKey: toBase64Url(publicKey), sign: (bytes) => toBase64Url(sign(bytes)) }
}

/** A fresh signing key, and the seed to store it by. */
export function newSigningKey(): { key: SigningKey; seed: Uint8Array } {
  const seed = randomBytes(32)
  return { key: signingKeyFromSeed(seed), seed }
}

/** Whether `signature` is `publicKey`'s over `bytes`. Malformed keys and signatures are simply not valid. */
export function verifySignature(publicKey: PublicKey, bytes: Uint8Array, signature: Signature): boolean {
  try {
    const raw = fromBase64Url(publicKey)
    const signatureBytes = fromBase64Url(signature)
    if (raw.length !== 32 || signatureBytes.length !== 64) return false
    return verifyEd25519(raw, bytes, signatureBytes)
  } catch {
    return false
  }
}

/**
 * The bytes that are signed or hashed for a statement of a named kind: `mhmd/1/KIND`, a line feed, the canonical text.
 * Two kinds can never be confused for one another.
 */
export function statementBytes(kind: string, statement: Canonical): Uint8Array {
  return textBytes(kind, canonicalText(statement))
}

/** The same of a statement whose canonical text is at hand. */
export const textBytes = (kind: string, text: string): Uint8Array => utf8(`mhmd/1/${kind}\n${text}`)

/** SHA-256 of a statement's bytes, base64url. */
export const statementDigest = (kind: string, statement: Canonical): string => digestOfText(kind, canonicalText(statement))

export function sha256(...parts: Uint8Array[]): Uint8Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return hash(only)
  const running = newSha256()
  for (const part of parts) running.update(part)
  return running.digest()
}

/** SHA-256 over a domain, `mhmd/1/KIND` and a line feed, and texts fed piece by piece; base64url. For what is too large to hold as one canonical value. */
export function textDigest(kind: string): { update(text: string): void; digest(): string } {
  const running = newSha256()
  running.update(utf8(`mhmd/1/${kind}\n`))
  return { update: (text) => running.update(utf8(text)), digest: () => toBase64Url(running.digest()) }
}

/** The digest of one whole text in a domain. */
export const digestOfText = (kind: string, text: string): string => sha256OfText(`mhmd/1/${kind}\n${text}`)

/** The same of a text's UTF-8. */
export const digestOfBytes = (kind: string, bytes: Uint8Array): string => toBase64Url(sha256(utf8(`mhmd/1/${kind}\n`), bytes))
