// Blocks as canonical text: composing, hashing and checking them. The hash is over the statement `block` of {height, previous, time, committed}.
import { digestOfText } from '@mhmd/crypto'
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import type { Write } from '@mhmd/contracts'
import type { Block, Committed } from './port.ts'

/** A block's canonical text around the canonical texts of its transactions, so that an engine encodes each of them once. */
export function composeBlockText(block: { readonly height: number; readonly previous: string; readonly time: number; readonly committed: readonly string[] }): string {
  return `{"committed":[${block.committed.join(',')}],"height":${block.height},"previous":"${block.previous}","time":${block.time}}`
}

export const committedText = (committed: Committed): string => canonicalText(committed as unknown as Canonical)

/** The hash of a block's canonical text: SHA-256 of the statement `block`, base64url. */
export const hashBlockText = (text: string): string => digestOfText('block', text)

export function blockHash(block: Omit<Block, 'hash'>): string {
  return hashBlockText(composeBlockText({ ...block, committed: block.committed.map(committedText) }))
}

/** A write as a proof holds it: shown, or by its digest. Every value of a person's state holds a commitment or a key that nobody can guess, so the digest tells nothing. */
export type ShownWrite = Write | string

export const writeDigest = (write: Write): string => digestOfText('write', canonicalText(write as unknown as Canonical))

/** Digest of a transaction's writes, as the derived log's leaf holds it: over their digests, so that some can be shown without the others. */
export const writesDigest = (writes: readonly ShownWrite[]): string =>
  digestOfText('writes', canonicalText(writes.map((write) => typeof write === 'string' ? write : writeDigest(write))))
