// The derived log: an RFC 6962 tree over one leaf a transaction, the same on every engine, kept in the node's store as tiles of 256 hashes.
// Tiles after C2SP tlog-tiles: tile level t holds hashes of complete subtrees of 256^t leaves; only the last tile of a level is partial.
import { ordinal } from '@mhmd/base'
import { nodeHash, writesDigest } from '@mhmd/proof'
import type { Hash, Leaf, SubtreeReader } from '@mhmd/proof'
import type { ReadTransaction, WriteTransaction } from '@mhmd/store'
import { ledgerErrors } from './errors.ts'
import type { Block } from './port.ts'

const TABLE = 'log'
const TILE = 256
const TILE_LEVELS = 8
const HASH = 32

export const leavesOf = (block: Block): Leaf[] => block.committed.map(({ transaction, code, writes }, index) =>
  ({ operationId: transaction.operationId, height: block.height, index, code, writes: writesDigest(writes) }))

/** Appends leaf hashes to the tree of `size` leaves. Running it again on the same state gives the same tiles. */
export function appendLeaves(tx: WriteTransaction, size: number, hashes: readonly Hash[]): Promise<void> {
  return appendAt(tx, 0, { start: size, hashes })
}

async function appendAt(tx: WriteTransaction, level: number, { start, hashes }: { readonly start: number; readonly hashes: readonly Hash[] }): Promise<void> {
  const complete: Hash[] = []
  for (let done = 0; done < hashes.length;) {
    const [tile, offset] = [Math.floor((start + done) / TILE), (start + done) % TILE]
    const before = offset === 0 ? Buffer.alloc(0) : (await tileAt(tx, level, tile)).subarray(0, offset * HASH)
    const bytes = Buffer.concat([before, ...hashes.slice(done, done + TILE - offset)])
    await tx.put(TABLE, [ordinal(level), ordinal(tile)], bytes)
    if (bytes.length === TILE * HASH) complete.push(rootOfRow(bytes))
    done += TILE - offset
  }
  if (complete.length > 0) await appendAt(tx, level + 1, { start: Math.floor(start / TILE), hashes: complete })
}

async function tileAt(tx: ReadTransaction, level: number, tile: number): Promise<Uint8Array> {
  const bytes = await tx.get(TABLE, [ordinal(level), ordinal(tile)])
  if (bytes === undefined) throw ledgerErrors.NOT_IN_LOG({ what: `tile ${level}/${tile}` })
  return bytes
}

/** The root over a row of hashes whose number is a power of two. */
function rootOfRow(row: Uint8Array): Hash {
  if (row.length === HASH) return row
  const middle = row.length / 2
  return nodeHash(rootOfRow(row.subarray(0, middle)), rootOfRow(row.subarray(middle)))
}

/** Reads subtree hashes of the stored tree; each tile is fetched once a reader. Throws LEDGER_NOT_IN_LOG beyond the tree. */
export function storedSubtrees(tx: ReadTransaction): SubtreeReader {
  const tiles = new Map<string, Promise<Uint8Array>>()
  return async (level, index) => {
    const tileLevel = Math.floor(level / TILE_LEVELS)
    const width = 2 ** (level % TILE_LEVELS)
    const [tile, offset] = [Math.floor((index * width) / TILE), (index * width) % TILE]
    const name = `${tileLevel}/${tile}`
    const bytes = tiles.get(name) ?? tileAt(tx, tileLevel, tile)
    tiles.set(name, bytes)
    const row = (await bytes).subarray(offset * HASH, (offset + width) * HASH)
    if (row.length !== width * HASH) throw ledgerErrors.NOT_IN_LOG({ what: `subtree ${level}/${index}` })
    return rootOfRow(row)
  }
}
