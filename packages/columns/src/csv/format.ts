// How a CSV file is written down: what the reader needs to be told and the writer keeps.
import { csvErrors } from './errors.ts'

export type CsvEncoding = 'utf-8' | 'windows-1252'

/** The form of a file as it was read, kept so that a release looks like its input. */
export interface CsvFormat {
  readonly delimiter: string
  readonly lineEnd: '\n' | '\r\n'
  readonly byteOrderMark: boolean
  /** False for files without a header line; left out where there is one. */
  readonly header?: false
}

export interface CsvOptions {
  /** One character; default comma. */
  readonly delimiter?: string
  readonly encoding?: CsvEncoding
  /** False for files without a header line (hierarchies): columns are then named '1', '2', … */
  readonly header?: boolean
  /** True where a header without rows is a fair table. */
  readonly mayBeEmpty?: boolean
  /** Tells milliseconds, for whoever asks how long the encoding took. */
  readonly clock?: () => number
}

export const defaultCsvFormat: CsvFormat = { delimiter: ',', lineEnd: '\n', byteOrderMark: false }

/** The bytes of a delimiter, or CSV_BAD_DELIMITER. */
export function delimiterBytes(delimiter: string, encoding: CsvEncoding): Uint8Array {
  const isOneCharacter = [...delimiter].length === 1 && !'"\r\n\0\uFEFF'.includes(delimiter) && delimiter.isWellFormed()
  const bytes = new TextEncoder().encode(delimiter)
  if (!isOneCharacter || (encoding !== 'utf-8' && bytes.length > 1)) throw csvErrors.BAD_DELIMITER()
  return bytes
}
