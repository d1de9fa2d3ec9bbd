// The kinds of file a table is read from and written to, and what of the file's form is kept between.
import type { CsvFormat, CsvOptions } from '../csv/format.ts'
import type { Column, Table } from '../table.ts'

export type FileKind = 'csv' | 'ndjson' | 'parquet'

/** What a column's texts were in a typed file. */
export type ValueKind = 'text' | 'boolean' | 'number' | 'integer' | 'date' | 'timestamp'

/** As a table was read, so that a release looks like its input. */
export type FileFormat =
  | { readonly kind: 'csv'; readonly csv: CsvFormat }
  | TypedFormat

export interface TypedFormat {
  readonly kind: 'ndjson' | 'parquet'
  readonly values: ReadonlyMap<string, ValueKind>
  /** Columns whose empty texts are texts; elsewhere an empty text is a missing value. */
  readonly empties: ReadonlySet<string>
}

export interface FileTable {
  readonly table: Table
  readonly format: FileFormat
  /** Seconds of the reading that went into dictionaries and codes. Without a clock 0, but of Parquet, whose thread has its own. */
  readonly encodingSeconds: number
}

export interface FileOptions {
  /** Of CSV. */
  readonly csv?: Omit<CsvOptions, 'clock'>
  /** Of Parquet: the longest time to read, in seconds. */
  readonly parquet?: { readonly seconds?: number }
  /** Tells milliseconds. */
  readonly clock?: () => number
}

/** The kind that a file's name tells, packed or not; CSV where it tells nothing else. */
export function fileKindOf(path: string): FileKind {
  const name = path.toLowerCase().replace(/\.gz$/, '')
  if (name.endsWith('.parquet')) return 'parquet'
  return name.endsWith('.ndjson') || name.endsWith('.jsonl') ? 'ndjson' : 'csv'
}

const isText: Readonly<Record<ValueKind, (text: string) => boolean>> = {
  text: () => true,
  boolean: (text) => text === 'true' || text === 'false',
  number: (text) => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text),
  integer: (text) => /^-?(?:0|[1-9]\d*)$/.test(text) && BigInt(text) >= -(2n ** 63n) && BigInt(text) < 2n ** 63n,
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text),
  timestamp: (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text)),
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** The kind a column can be written as: its own where every text that occurs still is one (or empty: missing), else text. */
export function writtenKind({ dictionary, codes }: Column, own: ValueKind | undefined): ValueKind {
  if (own === undefined || own === 'text') return 'text'
  const isFine = dictionary.map((text) => text === '' || isText[own](text))
  for (let row = 0; row < codes.length; row++) if (isFine[codes[row] as number] !== true) return 'text'
  return own
}
