// A source of FHIR resources: Bundle or resource in JSON, or NDJSON, plain or gzipped, told apart by content.
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { readDocument } from './bundle.ts'
import { isSpace, OPEN_OBJECT } from './json-scan.ts'
import { readNdjson } from './ndjson.ts'
import { isProblem, problem, readLimits } from './source-items.ts'
import type { ReadLimits, ReadResource, SourceItem } from './source-items.ts'

/** `open` gives the bytes from the beginning each time. `name` is shown to people: no part of a record. */
export interface Source {
  readonly name: string
  open(): AsyncIterable<Uint8Array>
}

/** Bytes to see before NDJSON is told from a document: its first line, or this many. */
const LOOK_AHEAD = 262_144

/** Reads a source in order. Of resources with the same type and id in one source the first is given, the others are problems. */
export async function* readSource(source: Source, limits: ReadLimits = readLimits): AsyncGenerator<SourceItem[]> {
  const seen = new Set<string>()
  const counted = { bytes: 0 }
  try {
    for await (const items of readText(count(await decompressed(source.open()), counted), limits)) yield items.map((item) => refuseDuplicate(item, seen))
  } catch (error) {
    if (!isZlibError(error)) throw error
    yield [problem(counted.bytes, 'FHIR_NOT_GZIP', true)]
  }
}

function refuseDuplicate(item: SourceItem, seen: Set<string>): SourceItem {
  if (isProblem(item) || typeof item.resource['id'] !== 'string') return item
  const identity = `${String(item.resource['resourceType'])}/${item.resource['id']}`
  if (seen.has(identity)) return problem(item.offset, 'FHIR_DUPLICATE_ID')
  seen.add(identity)
  return item
}

async function* readText(chunks: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<SourceItem[]> {
  const { head, all } = await peek(chunks, (seen) => seen.length >= LOOK_AHEAD || seen.indexOf(0x0a, firstByte(seen)) >= 0)
  const start = firstByte(head)
  if (start >= head.length) return
  if (isOtherEncoding(head)) yield [problem(0, 'FHIR_BAD_ENCODING', true)]
  else if (head[start] !== OPEN_OBJECT) yield [problem(start, 'FHIR_NOT_A_SOURCE', true)]
  else if (isLineOfJson(head)) yield* readLines(all, limits)
  else yield* readDocument(withoutBom(all), limits)
}

/** Lines of resources; a line that is a Bundle is read as one. */
async function* readLines(chunks: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<SourceItem[]> {
  const isBundle = (item: SourceItem): item is ReadResource => !isProblem(item) && item.resource['resourceType'] === 'Bundle'
  for await (const items of readNdjson(withoutBom(chunks), limits)) {
    if (!items.some(isBundle)) yield items
    else for (const item of items) yield isBundle(item) ? await entriesOf(item, limits) : [item]
  }
}

async function entriesOf(line: ReadResource, limits: ReadLimits): Promise<SourceItem[]> {
  const entries: SourceItem[] = []
  for await (const items of readDocument(once(line.text), limits)) entries.push(...items)
  return entries.map((entry) => ({ ...entry, offset: entry.offset + line.offset }))
}

/** Whether the first line alone is a JSON object. */
function isLineOfJson(head: Uint8Array): boolean {
  const start = firstByte(head)
  const end = head.indexOf(0x0a, start)
  const line = Buffer.from(head.subarray(start, end < 0 ? head.length : end)).toString().trimEnd()
  if (!line.endsWith('}')) return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

const hasBom = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

function firstByte(bytes: Uint8Array): number {
  let at = hasBom(bytes) ? 3 : 0
  while (at < bytes.length && isSpace(bytes[at] as number)) at++
  return at
}

/** UTF-16 and UTF-32 show a byte order mark or zero bytes in the first characters. */
function isOtherEncoding(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) || head.subarray(0, 4).includes(0)
}

/** The mark is replaced by spaces, so that offsets stay those of the file. */
async function* withoutBom(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const chunk of chunks) {
    yield first && hasBom(chunk) ? Buffer.concat([Buffer.from('   '), chunk.subarray(3)]) : chunk
    first = false
  }
}

async function decompressed(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const { head, all } = await peek(chunks, (seen) => seen.length >= 2)
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all
  // The error of either stream comes out of the reading loop, so the callback has nothing to do.
  return pipeline(Readable.from(all, { objectMode: false }), createGunzip({ chunkSize: LOOK_AHEAD }), () => undefined) as AsyncIterable<Uint8Array>
}

const isZlibError = (error: unknown): boolean => error instanceof Error && String((error as { code?: unknown }).code).startsWith('Z_')

/** The bytes up to where `enough` holds, and the whole stream from its beginning. */
async function peek(chunks: AsyncIterable<Uint8Array>, enough: (seen: Uint8Array) => boolean): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (!enough(head)) {
    const next = await iterator.next()
    if (next.done === true) return { head, all: once(head) }
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  return { head, all: resume(head, iterator) }
}

async function* resume(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* count(chunks: AsyncIterable<Uint8Array>, counted: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    counted.bytes += chunk.length
    yield chunk
  }
}
