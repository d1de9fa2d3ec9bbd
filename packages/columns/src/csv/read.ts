// Reads CSV from memory or from a stream; gzip is told by content, not by name.
import { createGunzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { csvErrors } from './errors.ts'
import type { CsvOptions } from './format.ts'
import { CsvParser } from './parser.ts'
import type { CsvTable } from './parser.ts'

const PIECE_BYTES = 1 << 20

/** The table of a stream of bytes, such as a file's; the whole text is never held. */
export async function readCsv(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options: CsvOptions = {}): Promise<CsvTable> {
  const parser = new CsvParser(options)
  for await (const chunk of unpacked(chunks)) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) parser.push(chunk.subarray(at, at + PIECE_BYTES))
  }
  return parser.end()
}

/** The bytes themselves, unpacked if they start as gzip does (RFC 1952 §2.3.1). */
export async function* unpacked(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const all = withoutEmpty(chunks)
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 2) {
    const next = await all.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield head
    yield* all
    return
  }
  yield* gunzipped(head, all)
}

async function* gunzipped(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES })
  const source = Readable.from(prefixed(head, rest), { objectMode: false })
  // An error of the source must end the unpacking too, and keep its own name.
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  try {
    for await (const piece of gunzip) yield piece as Uint8Array
  } catch (cause) {
    if (cause instanceof Error && String((cause as { code?: unknown }).code).startsWith('Z_')) throw csvErrors.BAD_GZIP(undefined, { cause })
    throw cause
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

async function* prefixed(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head
  yield* rest
}

async function* withoutEmpty(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) if (chunk.length > 0) yield chunk
}
