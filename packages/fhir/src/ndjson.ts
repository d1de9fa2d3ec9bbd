// Reads NDJSON: one resource a line. A bad line is a problem of its own; the lines around it are read.
import { isSpace } from './json-scan.ts'
import { parseResource, problem } from './source-items.ts'
import type { ReadLimits, SourceItem } from './source-items.ts'

const LINE_FEED = 0x0a

/** Yields the items of each chunk together. */
export async function* readNdjson(chunks: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<SourceItem[]> {
  let kept: Uint8Array[] = []
  let keptBytes = 0
  let lineStart = 0
  let position = 0
  for await (const chunk of chunks) {
    const items: SourceItem[] = []
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const line = kept.length === 0 ? chunk.subarray(start, end) : Buffer.concat([...kept, chunk.subarray(start, end)])
      readLine(line, keptBytes > limits.resourceBytes ? { offset: lineStart, tooLarge: true } : { offset: lineStart, tooLarge: false }, { items, limits })
      kept = []
      keptBytes = 0
      start = end + 1
      lineStart = position + start
    }
    keptBytes += chunk.length - start
    // Of a line beyond the limit nothing needs to be kept but the fact.
    if (keptBytes > limits.resourceBytes) kept = []
    else if (start < chunk.length) kept.push(chunk.subarray(start))
    position += chunk.length
    if (items.length > 0) yield items
  }
  if (keptBytes > 0) yield lastLine(Buffer.concat(kept), { offset: lineStart, tooLarge: keptBytes > limits.resourceBytes, limits })
}

function readLine(line: Uint8Array, at: { offset: number; tooLarge: boolean }, { items, limits }: { items: SourceItem[]; limits: ReadLimits }): void {
  if (at.tooLarge) items.push(problem(at.offset, 'FHIR_TOO_LARGE'))
  else if (!line.every(isSpace)) items.push(parseResource(line, { offset: at.offset, limits }))
}

/** A last line without a line feed is complete if it parses; otherwise the source was cut. */
function lastLine(line: Uint8Array, { offset, tooLarge, limits }: { offset: number; tooLarge: boolean; limits: ReadLimits }): SourceItem[] {
  const items: SourceItem[] = []
  readLine(line, { offset, tooLarge }, { items, limits })
  return items.map((item) => 'code' in item && (item.code === 'FHIR_MALFORMED' || item.code === 'FHIR_BAD_ENCODING') ? problem(offset, 'FHIR_TRUNCATED', true) : item)
}
