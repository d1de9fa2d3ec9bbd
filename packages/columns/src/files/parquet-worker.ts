// The thread that reads one Parquet file by hyparquet: a crafted file makes the reader loop or fill its memory, and a thread can be ended.
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet'
import { parentPort, workerData } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import { tableErrors } from './errors.ts'
import type { FileTable, ValueKind } from './format.ts'
import { fileTable, ValueColumn } from './value-column.ts'

async function readParquet(file: ArrayBuffer): Promise<FileTable> {
  const { names, rows } = await opened(file)
  if (rows.length === 0 || names.length === 0) throw tableErrors.NO_ROWS()
  const columns = names.map((name, index) => {
    const column = new ValueColumn(name, index + 1, 0)
    for (const row of rows) addValue(column, row[name], index + 1)
    return column
  })
  return fileTable('parquet', columns, { rows: rows.length, clock: () => performance.now() })
}

async function opened(file: ArrayBuffer): Promise<{ names: readonly string[]; rows: readonly Readonly<Record<string, unknown>>[] }> {
  try {
    const metadata = parquetMetadata(file)
    const names = parquetSchema(metadata).children.map(({ element }) => element.name)
    return { names, rows: await parquetReadObjects({ file, metadata, parsers, geoparquet: false }) }
  } catch (cause) {
    throw tableErrors.BAD_PARQUET(undefined, { cause })
  }
}

/** A date or point in time as its text, told from a text by its class. */
class Time {
  readonly text: string
  readonly kind: ValueKind
  constructor(text: string, kind: ValueKind) {
    this.text = text
    this.kind = kind
  }
}

/** `count` units since 1970, so many to a second. */
function pointInTime(count: bigint, perSecond: bigint, places: number): Time {
  const fraction = ((count % perSecond) + perSecond) % perSecond
  const seconds = (count - fraction) / perSecond
  return new Time(`${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction.toString().padStart(places, '0')}Z`, 'timestamp')
}

const parsers = {
  timestampFromMilliseconds: (count: bigint) => pointInTime(BigInt(count), 1000n, 3),
  timestampFromMicroseconds: (count: bigint) => pointInTime(BigInt(count), 1_000_000n, 6),
  timestampFromNanoseconds: (count: bigint) => pointInTime(BigInt(count), 1_000_000_000n, 9),
  dateFromDays: (days: number) => new Time(new Date(days * 86_400_000).toISOString().slice(0, 10), 'date'),
}

function addValue(column: ValueColumn, value: unknown, place: number): void {
  if (value === null || value === undefined) column.missing()
  else if (typeof value === 'string') column.add(value, 'text')
  else if (typeof value === 'boolean') column.add(String(value), 'boolean')
  else if (typeof value === 'bigint') column.add(String(value), 'integer')
  else if (typeof value === 'number') column.add(Object.is(value, -0) ? '-0' : String(value), 'number')
  else if (value instanceof Time) column.add(value.text, value.kind)
  else throw tableErrors.NOT_FLAT({ column: place })
}


try {
  parentPort?.postMessage({ found: await readParquet(workerData as ArrayBuffer) })
} catch (error) {
  parentPort?.postMessage({ error: (MhmdError.isInstance(error) ? error : tableErrors.BAD_PARQUET()).toJSON() })
}
