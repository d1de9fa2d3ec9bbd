// Reads NDJSON: one resource a line. A bad line is a problem of its own; the lines around it are read.
import { isSpace } from './json-scan.ts'
import { parseResource, problem } from './source-items.ts'
import type { ReadLimits, SourceItem } from './source-items.ts'

const LINE_FEED = 0x0a

/** Whole lines, the first of which stands at `offset` in the source. A last line without a line feed is complete if it parses; otherwise the source was cut. */
export function readLines(text: Uint8Array, offset: number, limits: ReadLimits): SourceItem[] {
  const items: SourceItem[] = []
  let start = 0
  for (let end = text.indexOf(LINE_FEED); end >= 0; end = text.indexOf(LINE_FEED, start)) {
    const line = text.subarray(start, end)
    if (!line.every(isSpace)) items.push(parseResource(line, { offset: offset + start, limits }))
    start = end + 1
  }
  const rest = text.subarray(start)
  if (!rest.every(isSpace)) items.push(orTruncated(parseResource(rest, { offset: offset + start, limits })))
  return items
}

function orTruncated(item: SourceItem): SourceItem {
  return 'code' in item && (item.code === 'FHIR_MALFORMED' || item.code === 'FHIR_BAD_ENCODING') ? problem(item.offset, 'FHIR_TRUNCATED', true) : item
}
