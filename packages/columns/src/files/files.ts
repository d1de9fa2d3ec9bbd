// Reads a table from a file's bytes, and writes it, in the kind that the file's name tells.
import { csvChunks } from '../csv/write.ts'
import { readCsv, unpacked } from '../csv/read.ts'
import type { Table } from '../table.ts'
import { ndjsonChunks, NdjsonParser } from './ndjson.ts'
import { parquetBytes, readParquet } from './parquet.ts'
import type { FileFormat, FileKind, FileOptions, FileTable } from './format.ts'

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** The table of a file's bytes, packed with gzip or not. Throws CSV_… and TABLE_…. */
export async function readTableFile(kind: FileKind, chunks: Chunks, { csv = {}, parquet = {}, clock }: FileOptions = {}): Promise<FileTable> {
  if (kind === 'csv') {
    const { table, format, encodingSeconds } = await readCsv(chunks, { ...csv, ...(clock && { clock }) })
    return { table, format: { kind, csv: format }, encodingSeconds }
  }
  if (kind === 'parquet') {
    const pieces: Uint8Array[] = []
    for await (const piece of unpacked(chunks)) pieces.push(piece)
    return readParquet(Buffer.concat(pieces), parquet)
  }
  const parser = new NdjsonParser(clock)
  for await (const piece of unpacked(chunks)) parser.push(piece)
  return parser.end()
}

/** The file of a table in the form its input had. */
export function tableFileChunks(table: Table, format: FileFormat): Iterable<Uint8Array> {
  switch (format.kind) {
    case 'csv': return csvChunks(table, format.csv)
    case 'ndjson': return ndjsonChunks(table, format)
    default: return [parquetBytes(table, format)]
  }
}
