// Hierarchies as files: ARX's CSV form (no header, value first) and a JSON form for documents and messages.
import { MhmdError } from '@mhmd/base'
import { csvBytes, parseCsv, unpackedBytes } from '@mhmd/columns'
import { hierarchyErrors } from './errors.ts'
import { sourceOf } from './source.ts'
import type { HierarchySource } from './source.ts'
import { validated } from './validate.ts'

/** The hierarchy of a CSV file's bytes, plain or gzip, checked. Without a delimiter, the one that cuts the first line into most columns is taken. */
export function readHierarchy(attribute: string, bytes: Uint8Array, delimiter?: string): HierarchySource {
  try {
    const text = unpackedBytes(bytes)
    const { table } = parseCsv(text, { delimiter: delimiter ?? likelyDelimiter(text), header: false })
    return validated({ attribute, table })
  } catch (error) {
    throw renamed(attribute, error)
  }
}

/** ARX's own comes first. */
const DELIMITERS = [';', ',', '\t', '|'] as const

function likelyDelimiter(text: Uint8Array): string {
  const end = text.indexOf(10)
  const line = end < 0 ? text : text.subarray(0, end)
  const widths = DELIMITERS.map((delimiter) => widthOf(line, delimiter))
  return DELIMITERS[widths.indexOf(Math.max(...widths))] as string
}

function widthOf(line: Uint8Array, delimiter: string): number {
  try {
    return parseCsv(line, { delimiter, header: false }).table.columns.length
  } catch {
    return 0
  }
}

function renamed(attribute: string, error: unknown): unknown {
  if (!MhmdError.isInstance(error) || !error.code.startsWith('CSV_')) return error
  const { line, expected, found } = error.details
  if (error.code === 'CSV_RAGGED_ROW') return hierarchyErrors.RAGGED({ attribute, line: Number(line), expected: Number(expected), found: Number(found) }, { cause: error })
  return hierarchyErrors.UNREADABLE({ attribute, why: error.message }, { cause: error })
}

/** The CSV form; `readHierarchy` reads it back. */
export function hierarchyCsv(source: HierarchySource, delimiter = ';'): Uint8Array {
  return csvBytes(source.table, { delimiter, lineEnd: '\n', byteOrderMark: false, header: false })
}

/** The JSON form: one array a value, as in the CSV. */
export interface HierarchyDocument {
  readonly attribute: string
  readonly rows: readonly (readonly string[])[]
}

export function hierarchyDocument({ attribute, table }: HierarchySource): HierarchyDocument {
  const rows = Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => column.dictionary[column.codes[row] as number] as string))
  return { attribute, rows }
}

/** The hierarchy of a JSON document from outside, checked. */
export function hierarchyOfDocument(document: unknown): HierarchySource {
  if (!isDocument(document)) throw hierarchyErrors.UNREADABLE({ attribute: 'the document', why: 'it is not an attribute and an array of rows of texts' })
  const { attribute, rows } = document
  const width = rows[0]?.length ?? 0
  rows.forEach((row, index) => {
    if (row.length !== width) throw hierarchyErrors.RAGGED({ attribute, line: index + 1, expected: width, found: row.length })
  })
  return validated(sourceOf(attribute, Array.from({ length: width }, (_, level) => rows.map((row) => row[level] as string))))
}

function isDocument(value: unknown): value is HierarchyDocument {
  if (typeof value !== 'object' || value === null) return false
  const { attribute, rows } = value as Partial<HierarchyDocument>
  return typeof attribute === 'string' && Array.isArray(rows) && rows.every((row) => Array.isArray(row) && row.every((label) => typeof label === 'string'))
}
