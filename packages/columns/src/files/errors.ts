// What can be wrong with a table in NDJSON or Parquet: each code says where, never what stood there.
import { defineErrors } from '@mhmd/base'

export const tableErrors = defineErrors('TABLE', {
  NO_ROWS: { kind: 'invalid', says: () => 'The table has no row', remedy: 'Give a table with at least one row.' },
  NOT_JSON: { kind: 'invalid', says: (d: { line: number }) => `Line ${d.line} is not JSON`, remedy: 'Give one JSON object a line (NDJSON), in UTF-8.' },
  NOT_AN_OBJECT: { kind: 'invalid', says: (d: { line: number }) => `Line ${d.line} is not a JSON object`, remedy: 'Give one JSON object a line, its members being the columns.' },
  NOT_FLAT: { kind: 'invalid', says: (d: { column: number }) => `Column ${d.column} holds lists or objects`, remedy: 'Flatten the table first; a set goes into one text with a separator.' },
  MIXED_KINDS: { kind: 'invalid', says: (d: { column: number; row: number }) => `Column ${d.column} changes its kind of value in row ${d.row}`, remedy: 'Give a column numbers, or texts, or truth values, and null where it is missing.' },
  EMPTY_AND_MISSING: { kind: 'invalid', says: (d: { column: number }) => `Column ${d.column} has both empty texts and missing values, which would become one`, remedy: 'Write one of the two in another way.' },
  TOO_LONG: { kind: 'invalid', says: (d: { line: number; limitBytes: number }) => `Line ${d.line} is longer than ${d.limitBytes} bytes`, remedy: 'Check the line ends.' },
  TOO_MANY_COLUMNS: { kind: 'invalid', says: (d: { limit: number }) => `The table has more than ${d.limit} columns`, remedy: 'Split the table.' },
  BAD_PARQUET: { kind: 'invalid', says: () => 'The file is not Parquet that can be read: broken, encrypted, or packed by another codec than Snappy', remedy: 'Write it again, unpacked or with Snappy.' },
})
