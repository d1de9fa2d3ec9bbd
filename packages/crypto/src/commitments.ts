// Salted commitments: SHA-256 over a 256-bit salt and a statement's canonical bytes. Hiding as long as the salt is secret, binding by collision resistance.
import { equalBytes } from '#platform'
import { fromBase64Url, toBase64Url } from '@mhmd/base'
import type { Canonical, Randomness } from '@mhmd/base'
import { sha256, statementBytes } from './signatures.ts'

/** What a ledger may hold in place of a content: 43 characters of base64url. */
export type Commitment = string
/** The secret that opens it: 32 random bytes as base64url. Destroying it severs the commitment from its content. */
export type Salt = string

export const newSalt = (randomness: Randomness): Salt => toBase64Url(randomness.bytes(32))

export function commit(kind: string, content: Canonical, salt: Salt): Commitment {
  return toBase64Url(sha256(fromBase64Url(salt), statementBytes(`commitment/${kind}`, content)))
}

/** Whether the commitment was made from this content and salt. A salt of fewer than 16 bytes opens nothing. */
export function opens(commitment: Commitment, kind: string, opening: { content: Canonical; salt: Salt }): boolean {
  if (fromBase64Url(opening.salt).length < 16) return false
  return equalBytes(fromBase64Url(commitment), fromBase64Url(commit(kind, opening.content, opening.salt)))
}
