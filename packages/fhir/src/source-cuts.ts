// Cuts a source of FHIR resources into pieces that can be read apart from each other, on another thread too: blocks of lines, or a document. Told apart by content.
import { isSpace, OPEN_OBJECT } from './json-scan.ts'
import { counted, decompressed, hasBom, isZlibError, peek, resume, withoutBom } from './source-bytes.ts'
import { problem } from './source-items.ts'
import type { ReadLimits, ReadProblem } from './source-items.ts'

/** `open` gives the bytes from the beginning each time. `name` is shown to people: no part of a record. */
export interface Source {
  readonly name: string
  open(): AsyncIterable<Uint8Array>
}

/** `offset` is where `text` begins in the (uncompressed) source. A document too large to be held is a stream. */
export type SourceCut =
  | { readonly form: 'lines' | 'document'; readonly offset: number; readonly text: Uint8Array }
  | { readonly form: 'stream'; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly form: 'problem'; readonly problem: ReadProblem }

/** Documents up to here are held whole. NDJSON is told from a document by its first line, which may be so long too: a bundle, say. */
const DOCUMENT_BYTES = 32_000_000
const LINE_FEED = 0x0a

export async function* cutSource(source: Source, limits: ReadLimits): AsyncGenerator<SourceCut> {
  const count = { bytes: 0 }
  try {
    yield* cutText(counted(await decompressed(source.open()), count), limits)
  } catch (error) {
    if (!isZlibError(error)) throw error
    yield { form: 'problem', problem: problem(count.bytes, 'FHIR_NOT_GZIP', true) }
  }
}

async function* cutText(chunks: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<SourceCut> {
  const { head, all } = await peek(chunks, (seen, from) => seen.length > DOCUMENT_BYTES || seen.indexOf(LINE_FEED, Math.max(from, firstByte(seen))) >= 0)
  const start = firstByte(head)
  if (start >= head.length) return
  if (isOtherEncoding(head)) yield { form: 'problem', problem: problem(0, 'FHIR_BAD_ENCODING', true) }
  else if (head[start] !== OPEN_OBJECT) yield { form: 'problem', problem: problem(start, 'FHIR_NOT_A_SOURCE', true) }
  else if (isLineOfJson(head)) yield* cutLines(withoutBom(all), limits)
  else yield* cutDocument(withoutBom(all))
}

/** The whole lines of each chunk together; at the end what has no line feed. Of a line beyond the limit only the fact is kept. */
async function* cutLines(chunks: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<SourceCut> {
  let kept: Uint8Array[] = []
  let keptBytes = 0
  let offset = 0
  let skipping = false
  for await (const chunk of chunks) {
    const from = skipping ? chunk.indexOf(LINE_FEED) + 1 : 0
    if (skipping && from === 0) {
      offset += chunk.length
      continue
    }
    if (skipping) offset += from
    skipping = false
    const end = Math.max(from, chunk.lastIndexOf(LINE_FEED) + 1)
    if (end > from) {
      const text = Buffer.concat([...kept, chunk.subarray(from, end)])
      const next = offset + text.length
      yield { form: 'lines', offset, text }
      // Whoever took the text may have handed it to another thread: it is empty here then.
      offset = next
      kept = []
      keptBytes = 0
    }
    kept.push(chunk.subarray(end))
    keptBytes += chunk.length - end
    if (keptBytes <= limits.resourceBytes) continue
    yield { form: 'problem', problem: problem(offset, 'FHIR_TOO_LARGE') }
    offset += keptBytes
    kept = []
    keptBytes = 0
    skipping = true
  }
  if (keptBytes > 0) yield { form: 'lines', offset, text: Buffer.concat(kept) }
}

async function* cutDocument(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SourceCut> {
  const iterator = chunks[Symbol.asyncIterator]()
  const kept: Uint8Array[] = []
  let keptBytes = 0
  const broken: unknown[] = []
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      kept.push(next.value)
      keptBytes += next.value.length
      if (keptBytes <= DOCUMENT_BYTES) continue
      yield { form: 'stream', chunks: resume(kept, iterator) }
      return
    }
  } catch (error) {
    // What came before the break is read before the break is told.
    broken.push(error)
  }
  yield { form: 'document', offset: 0, text: Buffer.concat(kept) }
  for (const error of broken) throw error
}

/** Whether the first line alone is a JSON object. What has but one line, or a longer one than is looked at, is a document. */
function isLineOfJson(head: Uint8Array): boolean {
  const start = firstByte(head)
  const end = head.indexOf(LINE_FEED, start)
  if (end < 0) return false
  const line = Buffer.from(head.subarray(start, end)).toString().trimEnd()
  if (!line.endsWith('}')) return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function firstByte(bytes: Uint8Array): number {
  let at = hasBom(bytes) ? 3 : 0
  while (at < bytes.length && isSpace(bytes[at] as number)) at++
  return at
}

/** UTF-16 and UTF-32 show a byte order mark or zero bytes in the first characters. */
function isOtherEncoding(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) || head.subarray(0, 4).includes(0)
}
