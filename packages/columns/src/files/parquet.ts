// Reads and writes Parquet: flat columns of texts, truth values, numbers, dates and points in time. The whole file lies in memory.
// Points in time are UTC, ISO 8601, with as many decimals as the file has; those finer than a millisecond are written back as text. A
// missing value is the empty text in the table. Reading has its own thread with bounded time and memory (parquet-worker.ts).
import { Worker } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { ColumnSource } from 'hyparquet-writer'
import type { Column, Table } from '../table.ts'
import { tableErrors } from './errors.ts'
import { writtenKind } from './format.ts'
import type { FileOptions, FileTable, TypedFormat, ValueKind } from './format.ts'

const heapMegabytes = 4096

type Answer = { readonly found: FileTable } | { readonly error: ConstructorParameters<typeof MhmdError>[0] }

/** Throws TABLE_BAD_PARQUET, also where reading takes longer than `seconds`: by default half a minute and a second a megabyte. */
export async function readParquet(bytes: Uint8Array, { seconds = 30 + bytes.length / 2 ** 20 }: NonNullable<FileOptions['parquet']> = {}): Promise<FileTable> {
  // A copy of its own: it is handed over.
  const file = new Uint8Array(bytes).buffer
  const worker = new Worker(new URL('./parquet-worker.ts', import.meta.url), { workerData: file, transferList: [file], resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } })
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      const deadline = setTimeout(() => { reject(tableErrors.BAD_PARQUET()) }, seconds * 1000)
      worker.on('message', resolve)
      worker.on('error', (cause) => { reject(tableErrors.BAD_PARQUET(undefined, { cause })) })
      worker.on('exit', () => {
        clearTimeout(deadline)
        reject(tableErrors.BAD_PARQUET())
      })
    })
    if ('error' in answer) throw new MhmdError(answer.error)
    return answer.found
  } finally {
    await worker.terminate()
  }
}

/** The whole file, packed with Snappy. A column whose texts are no longer of its kind is written as text throughout. */
export function parquetBytes(table: Table, { values, empties }: Omit<TypedFormat, 'kind'>): Uint8Array {
  const columnData = table.columns.map((column) => source(column, values.get(column.name), empties.has(column.name)))
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'mhmd' }))
}

const types: Readonly<Record<ValueKind, 'STRING' | 'BOOLEAN' | 'DOUBLE' | 'INT64' | 'TIMESTAMP'>> = { text: 'STRING', boolean: 'BOOLEAN', number: 'DOUBLE', integer: 'INT64', date: 'STRING', timestamp: 'TIMESTAMP' }

function source(column: Column, own: ValueKind | undefined, hasEmpty: boolean): ColumnSource {
  const kind = writtenKind(column, own)
  const values = column.dictionary.map((text) => text === '' && !hasEmpty ? null : typed(text, kind))
  return { name: column.name, type: types[kind], nullable: true, data: Array.from(column.codes, (code) => values[code]) }
}

function typed(text: string, kind: ValueKind): unknown {
  switch (kind) {
    case 'boolean': return text === 'true'
    case 'number': return Number(text)
    case 'integer': return /^-?\d+$/.test(text) ? BigInt(text) : null
    case 'timestamp': return new Date(text)
    default: return text
  }
}
