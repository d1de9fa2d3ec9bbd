// Packed rows appended to a table of DuckDB in chunks of columns: no SQL takes part in it, and nothing is made of a cell but itself.
import { BIGINT, DuckDBDataChunk, ENUM8, INTEGER, VARCHAR } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBType, DuckDBVector } from '@duckdb/node-api'
import { analyticsErrors } from './errors.ts'
import { NOTHING, columnsOf } from './rows.ts'
import type { Filled, Packed, PackedColumn } from './rows.ts'
import type { ColumnType } from './tables.ts'

/** DuckDB's vector size. */
const ROWS = 2048

/** Where a column's next cells go, and which of its rows are meant. */
interface Stretch {
  readonly vector: DuckDBVector
  readonly from: number
  readonly rows: number
}

/** A column as DuckDB takes it: a type, which it casts to the table's, and what fills a stretch of it. */
interface Column {
  readonly type: DuckDBType
  readonly length: number
  fill(stretch: Stretch): void
}

/** Within the connection's transaction. No text of a lawful block holds a line feed: ids and codes have patterns, and canonical JSON escapes it. Throws ANALYTICS_BAD_TEXT for one that does. */
export async function append(connection: DuckDBConnection, table: Filled, { count, columns }: Packed): Promise<void> {
  const kinds = Object.values(columnsOf(table))
  const whole = columns.map((column, at) => columnOf(column, kinds[at]))
  if (whole.some(({ length }) => length !== count)) throw analyticsErrors.BAD_TEXT({ table })
  const appender = await connection.createAppender(table, 'feed')
  const chunk = DuckDBDataChunk.create(whole.map(({ type }) => type))
  for (let from = 0; from < count; from += ROWS) {
    const rows = Math.min(ROWS, count - from)
    chunk.reset()
    chunk.rowCount = rows
    for (const [at, { fill }] of whole.entries()) {
      const vector = chunk.getColumnVector(at)
      fill({ vector, from, rows })
      vector.flush()
    }
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

function columnOf(column: PackedColumn, kind: ColumnType | undefined): Column {
  if (typeof column === 'string') {
    const texts = column.split('\n')
    return { type: VARCHAR, length: texts.length, fill: (stretch) => fillTexts(stretch, texts) }
  }
  if ('codes' in column) return { type: ENUM8(column.values), length: column.codes.length, fill: (stretch) => fillCodes(stretch, column) }
  if (kind === 'BIGINT') return { type: BIGINT, length: column.length, fill: (stretch) => fillLongs(stretch, column) }
  return { type: INTEGER, length: column.length, fill: (stretch) => fillIntegers(stretch, column) }
}

// One loop a type, so that each calls one kind of vector. What is missing comes last: from the first missing cell on, a vector keeps a mask of those that are not.

function fillTexts({ vector, from, rows }: Stretch, texts: readonly string[]): void {
  for (let at = 0; at < rows; at++) if (texts[from + at] !== '') vector.setItem(at, texts[from + at] as string)
  for (let at = 0; at < rows; at++) if (texts[from + at] === '') vector.setItem(at, null)
}

function fillCodes({ vector, from, rows }: Stretch, { values, codes }: { readonly values: readonly string[]; readonly codes: Uint8Array }): void {
  for (let at = 0; at < rows; at++) if (codes[from + at] !== NOTHING) vector.setItem(at, values[codes[from + at] as number] as string)
  for (let at = 0; at < rows; at++) if (codes[from + at] === NOTHING) vector.setItem(at, null)
}

function fillLongs({ vector, from, rows }: Stretch, numbers: Float64Array): void {
  for (let at = 0; at < rows; at++) if (!Number.isNaN(numbers[from + at])) vector.setItem(at, BigInt(numbers[from + at] as number))
  for (let at = 0; at < rows; at++) if (Number.isNaN(numbers[from + at])) vector.setItem(at, null)
}

function fillIntegers({ vector, from, rows }: Stretch, numbers: Float64Array): void {
  for (let at = 0; at < rows; at++) if (!Number.isNaN(numbers[from + at])) vector.setItem(at, numbers[from + at] as number)
  for (let at = 0; at < rows; at++) if (Number.isNaN(numbers[from + at])) vector.setItem(at, null)
}
