// What can be wrong with a CSV file: each code says where, never what stood there.
import { defineErrors } from '@mhmd/base'

export const csvErrors = defineErrors('CSV', {
  EMPTY: {
    kind: 'invalid',
    says: () => 'The file holds no header line',
    remedy: 'Give a file whose first line names its columns.',
  },
  NO_ROWS: {
    kind: 'invalid',
    says: (d: { columns: number }) => `The table has a header of ${d.columns} columns and no row`,
    remedy: 'Give a table with at least one row; lines end with LF or CRLF.',
  },
  DUPLICATE_COLUMN: {
    kind: 'invalid',
    says: (d: { line: number; first: number; second: number }) => `Columns ${d.first} and ${d.second} of the header (line ${d.line}) have the same name`,
    remedy: 'Rename one of the two columns; check also that the delimiter is the file\'s own.',
  },
  RAGGED_ROW: {
    kind: 'invalid',
    says: (d: { line: number; expected: number; found: number }) => `The row at line ${d.line} has ${d.found} cells; ${d.expected} were expected`,
    remedy: 'Give every row as many cells as the header, and quote cells that hold the delimiter or a line end.',
  },
  BAD_QUOTE: {
    kind: 'invalid',
    says: (d: { line: number; column: number }) => `The quoted cell at line ${d.line}, column ${d.column} is followed by text`,
    remedy: 'Double every quote inside a quoted cell (RFC 4180 §2.7).',
  },
  OPEN_QUOTE: {
    kind: 'invalid',
    says: (d: { line: number; column: number }) => `The quoted cell that starts at line ${d.line}, column ${d.column} is never closed`,
    remedy: 'Close the quote, or double it where it is part of the text.',
  },
  ROW_TOO_LONG: {
    kind: 'invalid',
    says: (d: { line: number; limitBytes: number }) => `The row at line ${d.line} is longer than ${d.limitBytes} bytes`,
    remedy: 'Check for a quote that is never closed and for the right line ends.',
  },
  TOO_MANY_COLUMNS: {
    kind: 'invalid',
    says: (d: { columns: number; limit: number }) => `The header has ${d.columns} columns; at most ${d.limit} are read`,
    remedy: 'Split the table, or check the delimiter.',
  },
  BAD_TEXT: {
    kind: 'invalid',
    says: (d: { row: number; column: number; encoding: string }) => `The cell in row ${d.row} of the file, column ${d.column} is not ${d.encoding}`,
    remedy: 'Save the file as UTF-8, or name its encoding.',
  },
  BAD_DELIMITER: {
    kind: 'invalid',
    says: () => 'The delimiter is not one character that may separate cells',
    remedy: 'Use one character other than the quote, CR, LF and NUL; with an encoding other than UTF-8 an ASCII one.',
  },
  BAD_GZIP: {
    kind: 'invalid',
    says: () => 'The file starts as gzip and cannot be unpacked',
    remedy: 'Check that the file was copied whole.',
  },
})
