// The gate's own reader of CSV (RFC 4180, UTF-8): it shares nothing with what wrote the bytes, so that a mistake there is seen here.
import { releaseErrors } from '../errors.ts'

/** Cells by column, as codes into the texts met. */
export interface OpenedColumn {
  readonly name: string
  readonly texts: readonly string[]
  readonly cells: Uint32Array
}

export interface Opened {
  readonly rows: number
  readonly columns: readonly OpenedColumn[]
}

/** Throws RELEASE_GATE_UNREADABLE for anything but a header and rows as long as it. */
export function openBytes(bytes: Uint8Array): Opened {
  const text = decoded(bytes)
  const records = recordsOf(text)
  const first = records.next()
  const header: readonly string[] = first.done === true ? [] : first.value
  if (first.done === true || new Set(header).size !== header.length) throw releaseErrors.GATE_UNREADABLE({ why: 'it has no header of distinct names' })
  const columns = header.map((name) => ({ name, texts: [] as string[], index: new Map<string, number>(), cells: [] as number[] }))
  let rows = 0
  for (const record of records) {
    if (record.length !== columns.length) throw releaseErrors.GATE_UNREADABLE({ why: `row ${rows + 1} has ${record.length} cells and the header ${columns.length}` })
    columns.forEach(({ texts, index, cells }, at) => {
      const cell = record[at] as string
      let code = index.get(cell)
      if (code === undefined) index.set(cell, code = texts.push(cell) - 1)
      cells.push(code)
    })
    rows++
  }
  return { rows, columns: columns.map(({ name, texts, cells }) => ({ name, texts, cells: Uint32Array.from(cells) })) }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw releaseErrors.GATE_UNREADABLE({ why: 'it is not UTF-8' }, { cause })
  }
}

/** One record at a time. Every record ends with a line feed; a quoted cell holds anything, its quotes doubled. */
function* recordsOf(text: string): Generator<string[], undefined> {
  let at = 0
  let record: string[] = []
  while (at < text.length) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at)
    record.push(cell.value)
    at = cell.end
    const mark = text[at]
    if (mark === '\n') {
      yield record
      record = []
    } else if (mark !== ',') throw releaseErrors.GATE_UNREADABLE({ why: 'a cell does not end with a comma or a line feed' })
    at++
    if (mark === ',' && at === text.length) record.push('')
  }
  if (record.length > 0) throw releaseErrors.GATE_UNREADABLE({ why: 'its last row is cut off' })
  return undefined
}

function plain(text: string, start: number): { value: string; end: number } {
  let end = start
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') {
    if (text[end] === '"' || text[end] === '\r') throw releaseErrors.GATE_UNREADABLE({ why: 'a quote or a carriage return stands in a plain cell' })
    end++
  }
  return { value: text.slice(start, end), end }
}

function quoted(text: string, start: number): { value: string; end: number } {
  const parts: string[] = []
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) throw releaseErrors.GATE_UNREADABLE({ why: 'a quoted cell does not end' })
    parts.push(text.slice(from, quote))
    if (text[quote + 1] !== '"') return { value: parts.join(''), end: quote + 1 }
    parts.push('"')
    from = quote + 2
  }
}
