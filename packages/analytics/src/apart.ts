// Blocks taken apart: each one's hash checked, its canonical text parsed, and its rows packed column by column, as they travel between threads and into DuckDB.
import { isAscii } from 'node:buffer'
import { hashBlockBytes, hashBlockText } from '@mhmd/ledger'
import type { Block, Endorsement } from '@mhmd/ledger'
import { analyticsErrors } from './errors.ts'
import { Rows } from './rows.ts'
import type { Filled, Packed } from './rows.ts'

/** A block as canonical text with its hash: what `textOf` makes of a follower's block. */
export interface BlockText {
  readonly hash: string
  readonly text: string
  /** One a transaction, where the engine's own block tells them. */
  readonly endorsements?: readonly Endorsement[]
}

/** The same as an operator's files hold it: the text's bytes. */
export interface BlockBytes {
  readonly hash: string
  readonly text: Uint8Array
}

/** Blocks at or below this height give no rows: they are held already, and compared by their hash. */
export interface Task {
  readonly blocks: readonly (BlockText | BlockBytes)[]
  readonly above: number
}

export interface Apart {
  readonly links: readonly { readonly height: number; readonly previous: string; readonly hash: string }[]
  readonly tables: Readonly<Record<Filled, Packed>>
}

/** Throws ANALYTICS_BLOCK_HASH. */
export type TakeApart = (task: Task) => Promise<Apart>

export function takeApart({ blocks, above }: Task): Apart {
  const rows = new Rows()
  const links = blocks.map((given) => {
    const { hash, text } = given
    const canonical = typeof text === 'string' ? text : decoded(text)
    if ((typeof text === 'string' ? hashBlockText(text) : hashBlockBytes(text)) !== hash) throw analyticsErrors.BLOCK_HASH({ height: Number(/"height":(\d+),"previous"/.exec(canonical.slice(-300))?.[1] ?? -1) })
    const block = JSON.parse(canonical) as Omit<Block, 'hash'>
    const { height, previous } = block
    if (height > above) rows.add(block, hash, 'endorsements' in given ? given.endorsements : undefined)
    return { height, previous, hash }
  })
  return { links, tables: rows.packed() }
}

/** A block is nearly always ASCII, which takes half as long. */
function decoded(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}
