// Writes a table as CSV (RFC 4180) in the form its input had: delimiter, line end, byte order mark, column and row order.
import type { Column, Table } from '../table.ts'
import { csvErrors } from './errors.ts'
import { defaultCsvFormat, delimiterBytes } from './format.ts'
import type { CsvFormat } from './format.ts'

const PIECE_BYTES = 1 << 20

/** One column's texts as they are written, each followed by what separates it from the next cell. */
interface EncodedColumn {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
  readonly longest: number
}

/** The file in pieces of about a megabyte. Cells are quoted only where they must be. Only UTF-8 is written. */
export function* csvChunks(table: Table, format: CsvFormat = defaultCsvFormat): Generator<Uint8Array> {
  delimiterBytes(format.delimiter, 'utf-8')
  if (table.columns.length === 0) throw csvErrors.EMPTY()
  const cell = cellWriter(format, table.columns.length)
  const encoder = new TextEncoder()
  const header = format.header === false ? '' : table.columns.map((column) => cell(column.name)).join(format.delimiter) + format.lineEnd
  yield encoder.encode((format.byteOrderMark ? '\uFEFF' : '') + header)
  const columns = table.columns.map((column, index) => encoded(column, cell, index === table.columns.length - 1 ? format.lineEnd : format.delimiter))
  const longestRow = columns.reduce((sum, column) => sum + column.longest, 0)
  yield* rowChunks(table, columns, longestRow)
}

/** The whole file at once, for tables that are small. */
export function csvBytes(table: Table, format: CsvFormat = defaultCsvFormat): Uint8Array {
  return Buffer.concat([...csvChunks(table, format)])
}

/** The kernel: copies each cell's bytes; the piece always has room for one more row. */
function* rowChunks(table: Table, columns: readonly EncodedColumn[], longestRow: number): Generator<Uint8Array> {
  const codes = table.columns.map((column) => column.codes)
  let piece = new Uint8Array(PIECE_BYTES + longestRow)
  let to = 0
  for (let row = 0; row < table.rows; row++) {
    for (let i = 0; i < columns.length; i++) {
      const { bytes, ends } = columns[i] as EncodedColumn
      const code = (codes[i] as Uint32Array)[row] as number
      const stop = ends[code + 1] as number
      for (let from = ends[code] as number; from < stop; from++) piece[to++] = bytes[from] as number
    }
    if (to >= PIECE_BYTES) {
      yield piece.subarray(0, to)
      piece = new Uint8Array(PIECE_BYTES + longestRow)
      to = 0
    }
  }
  if (to > 0) yield piece.subarray(0, to)
}

function encoded(column: Column, cell: (text: string) => string, separator: string): EncodedColumn {
  const texts = column.dictionary.map((text) => cell(text) + separator)
  const bytes = new TextEncoder().encode(texts.join(''))
  const ends = new Uint32Array(texts.length + 1)
  let end = 0
  let longest = 0
  texts.forEach((text, code) => {
    const length = Buffer.byteLength(text)
    ends[code + 1] = end += length
    longest = Math.max(longest, length)
  })
  return { bytes, ends, longest }
}

/** Quotes a text that holds the delimiter, a quote or a line end. An empty cell alone in its row is quoted too, or the row would be a blank line; so is a mark that a reader would take for the file's own. */
function cellWriter(format: CsvFormat, columns: number): (text: string) => string {
  return (text) => {
    const mustQuote = text.includes(format.delimiter) || /["\r\n\uFEFF]/.test(text) || (columns === 1 && text === '')
    return mustQuote ? `"${text.replaceAll('"', '""')}"` : text
  }
}
