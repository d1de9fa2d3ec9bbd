// The bytes of a source: unpacked where they are gzipped, looked at before they are used, without a byte order mark.
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

const CHUNK = 262_144

export const isZlibError = (error: unknown): boolean => error instanceof Error && String((error as { code?: unknown }).code).startsWith('Z_')

/** The content, unpacked if its first bytes are gzip's. */
export async function decompressed(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const { head, all } = await peek(chunks, (seen) => seen.length >= 2)
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all
  // The error of either stream comes out of the reading loop, so the callback has nothing to do.
  return pipeline(Readable.from(all, { objectMode: false }), createGunzip({ chunkSize: CHUNK }), () => undefined) as AsyncIterable<Uint8Array>
}

/** The bytes up to where `enough` holds, and the whole stream from its beginning. `enough` is told from where on the bytes are new. */
export async function peek(chunks: AsyncIterable<Uint8Array>, enough: (seen: Uint8Array, from: number) => boolean): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let store: Uint8Array = new Uint8Array(0)
  let head = store
  for (let from = 0; !enough(head, from);) {
    const next = await iterator.next()
    if (next.done === true) return { head, all: once(head) }
    from = head.length
    const length = from + next.value.length
    if (length > store.length) store = grown(head, 2 * length)
    store.set(next.value, from)
    head = store.subarray(0, length)
  }
  return { head, all: resume([head], iterator) }
}

function grown(bytes: Uint8Array, length: number): Uint8Array {
  const larger = new Uint8Array(length)
  larger.set(bytes)
  return larger
}

/** What was read already, then the rest. */
export async function* resume(before: readonly Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* before
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}

export const hasBom = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/** The mark is replaced by spaces, so that offsets stay those of the file. */
export async function* withoutBom(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const chunk of chunks) {
    yield first && hasBom(chunk) ? Buffer.concat([Buffer.from('   '), chunk.subarray(3)]) : chunk
    first = false
  }
}

export async function* counted(chunks: AsyncIterable<Uint8Array>, count: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count.bytes += chunk.length
    yield chunk
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
