// Blocks as canonical text: composing, hashing and checking them. The hash is over the statement `block` of {height, previous, time, committed}.
import { digestOfBytes, digestOfText } from '@mhmd/crypto'
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import type { Block, Committed } from './port.ts'

/** A block's canonical text around the canonical texts of its transactions, so that an engine encodes each of them once. */
export function composeBlockText(block: { readonly height: number; readonly previous: string; readonly time: number; readonly committed: readonly string[] }): string {
  const end = `],"height":${block.height},"previous":"${block.previous}","time":${block.time}}`
  // In one piece: what is put together bit by bit would be copied once more when it is written.
  return ['{"committed":[', ...block.committed.map((text, at) => (at === 0 ? text : `,${text}`)), end].join('')
}

export const committedText = (committed: Committed): string => canonicalText(committed as unknown as Canonical)

/** The hash of a block's canonical text: SHA-256 of the statement `block`, base64url. */
export const hashBlockText = (text: string): string => digestOfText('block', text)
/** The same of its bytes in UTF-8. */
export const hashBlockBytes = (bytes: Uint8Array): string => digestOfBytes('block', bytes)

export function blockHash(block: Omit<Block, 'hash'>): string {
  return hashBlockText(composeBlockText({ ...block, committed: block.committed.map(committedText) }))
}
