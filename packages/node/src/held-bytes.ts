// Bytes of a table while a node keeps them: in pieces, each sealed and bound to its place, so that a transfer goes on where it was cut off.
import { createHash } from 'node:crypto'
import { ordinal } from '@mhmd/base'
import type { Key } from '@mhmd/base'
import { deriveKey, open, seal } from '@mhmd/crypto'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'

/** What one answer carries at most, where a node is not told otherwise. */
export const PIECE_BYTES = 512 * 1024

export interface HeldBytes {
  append(tx: WriteTransaction, at: readonly string[], piece: { readonly offset: number; readonly bytes: Uint8Array }): Promise<void>
  /** The bytes from there to the end of their piece; empty behind the last one. */
  from(tx: ReadTransaction, at: readonly string[], offset: number): Promise<Uint8Array>
  /** Every piece, one at a time. */
  pieces(at: readonly string[]): AsyncGenerator<Uint8Array>
  /** SHA-256 of the whole, base64url. */
  digest(at: readonly string[]): Promise<string>
  /** Deletes all pieces; gives how many rows, and the digest of what stood on disk. */
  remove(tx: WriteTransaction, at: readonly string[]): Promise<{ readonly rows: number; readonly digest: string }>
}

export function heldBytes(name: string, { store, nodeKey }: { store: Store; nodeKey: Uint8Array }): HeldBytes {
  const key = deriveKey(nodeKey, `held-bytes/${name}`)
  const opened = (row: Key, sealed: Uint8Array): Uint8Array => open(key, sealed, [name, ...row].join('/'))

  async function pieceBefore(tx: ReadTransaction, at: readonly string[], offset: number): Promise<{ start: number; bytes: Uint8Array } | undefined> {
    for await (const { key: row, value } of tx.scan(name, { prefix: at, after: [...at, ordinal(offset + 1)] as unknown as Key, reverse: true, limit: 1 })) {
      return { start: Number(row.at(-1)), bytes: opened(row, value) }
    }
    return undefined
  }

  async function* pieces(at: readonly string[]): AsyncGenerator<Uint8Array> {
    for (let offset = 0; ;) {
      const bytes = await store.read((tx) => from(tx, at, offset))
      if (bytes.length === 0) return
      yield bytes
      offset += bytes.length
    }
  }

  async function from(tx: ReadTransaction, at: readonly string[], offset: number): Promise<Uint8Array> {
    const piece = await pieceBefore(tx, at, offset)
    return piece === undefined ? new Uint8Array(0) : piece.bytes.subarray(offset - piece.start)
  }

  return {
    append: (tx, at, { offset, bytes }) => {
      const row = [...at, ordinal(offset)] as unknown as Key
      return tx.put(name, row, seal(key, bytes, [name, ...row].join('/')))
    },
    from,
    pieces,
    digest: async (at) => {
      const hash = createHash('sha256')
      for await (const bytes of pieces(at)) hash.update(bytes)
      return hash.digest('base64url')
    },
    remove: async (tx, at) => {
      const hash = createHash('sha256')
      const rows: Key[] = []
      for await (const { key: row, value } of tx.scan(name, { prefix: at })) {
        hash.update(createHash('sha256').update(value).digest())
        rows.push(row)
      }
      for (const row of rows) await tx.delete(name, row)
      return { rows: rows.length, digest: hash.digest('base64url') }
    },
  }
}
