// Reads a source of FHIR resources: Bundle or resource in JSON, or NDJSON, plain or gzipped.
import { readDocument, readWholeDocument } from './bundle.ts'
import { readLines } from './ndjson.ts'
import { cutSource } from './source-cuts.ts'
import type { Source, SourceCut } from './source-cuts.ts'
import { isProblem, readLimits } from './source-items.ts'
import type { ReadLimits, ReadResource, SourceItem } from './source-items.ts'

/** Reads a source in order. */
export async function* readSource(source: Source, limits: ReadLimits = readLimits): AsyncGenerator<SourceItem[]> {
  for await (const cut of cutSource(source, limits)) {
    if (cut.form === 'stream') yield* readDocument(cut.chunks, limits)
    else yield* readCut(cut, limits)
  }
}

/** The items of one piece. Those of one bundle are in one list, and no others with them. */
export function readCut(cut: Exclude<SourceCut, { form: 'stream' }>, limits: ReadLimits): SourceItem[][] {
  if (cut.form === 'problem') return [[cut.problem]]
  if (cut.form === 'document') return [readWholeDocument(cut.text, limits)]
  const items = readLines(cut.text, cut.offset, limits)
  if (!items.some(isBundle)) return [items]
  return items.map((item) => (isBundle(item) ? readWholeDocument(item.text, limits).map((entry) => ({ ...entry, offset: entry.offset + item.offset })) : [item]))
}

const isBundle = (item: SourceItem): item is ReadResource => !isProblem(item) && item.resource['resourceType'] === 'Bundle'
