// What one leaf of the derived log says of a transaction, and the digests over what it wrote: enough to check a proof without the ledger.
import { canonicalBytes, canonicalText } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { digestOfText } from '@mhmd/crypto'
import { leafHash } from './merkle.ts'
import type { Hash } from './merkle.ts'

/** What one leaf says; its bytes are the canonical form. */
export interface Leaf {
  readonly operationId: string
  readonly height: number
  readonly index: number
  readonly code: string
  /** Digest of the transaction's writes. */
  readonly writes: string
}

/** What a transaction wrote at a key; null where it took it away. */
export interface ProvenWrite {
  readonly key: Key
  readonly value: Canonical
}

/** A write as a proof holds it: shown, or by its digest. Every value of a person's state holds a commitment or a key that nobody can guess, so the digest tells nothing. */
export type ShownWrite = ProvenWrite | string

export const hashOfLeaf = (leaf: Leaf): Hash => leafHash(canonicalBytes({ ...leaf }))

export const writeDigest = (write: ProvenWrite): string => digestOfText('write', canonicalText(write as unknown as Canonical))

/** Digest of a transaction's writes, as the derived log's leaf holds it: over their digests, so that some can be shown without the others. */
export const writesDigest = (writes: readonly ShownWrite[]): string =>
  digestOfText('writes', canonicalText(writes.map((write) => typeof write === 'string' ? write : writeDigest(write))))
