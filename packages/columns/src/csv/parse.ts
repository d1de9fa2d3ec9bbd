// Reads CSV that already lies in memory, packed or not.
import { gunzipSync } from 'node:zlib'
import { csvErrors } from './errors.ts'
import type { CsvOptions } from './format.ts'
import { CsvParser } from './parser.ts'
import type { CsvTable } from './parser.ts'

const PIECE_BYTES = 1 << 20

/** The table of a whole file's bytes; gzip is told by content. */
export function parseCsv(bytes: Uint8Array, options: CsvOptions = {}): CsvTable {
  const parser = new CsvParser(options)
  const text = unpackedBytes(bytes)
  for (let at = 0; at < text.length; at += PIECE_BYTES) parser.push(text.subarray(at, at + PIECE_BYTES))
  return parser.end()
}

/** The bytes themselves, unpacked if they start as gzip does (RFC 1952 §2.3.1). */
export function unpackedBytes(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes)
  } catch (cause) {
    throw csvErrors.BAD_GZIP(undefined, { cause })
  }
}
