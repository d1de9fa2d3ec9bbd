// Errors of analytics: a feed that can't go on, a question that can't be asked.
import { defineErrors } from '@mhmd/base'

export const analyticsErrors = defineErrors('ANALYTICS', {
  GAP: { kind: 'conflict', says: (d: { expected: number; found: number }) => `Block ${d.found} came where ${d.expected} was due`, remedy: 'Feed every block from the position on; nothing was taken.' },
  OTHER_HISTORY: { kind: 'conflict', says: (d: { height: number }) => `Block ${d.height} does not follow what the tables hold`, remedy: 'Compare with the node’s follower; delete the tables and feed again only once it is known which history is right.' },
  BLOCK_HASH: { kind: 'invalid', says: (d: { height: number }) => `The bytes of block ${d.height} do not give its hash`, remedy: 'Read the block from another copy of the ledger.' },
  BAD_TEXT: { kind: 'invalid', says: (d: { table: string }) => `A block holds a text for the table ${d.table} that no contract could have written`, remedy: 'Verify the ledger with: mhmd ledger verify.' },
  OTHER_NETWORK: { kind: 'conflict', says: () => 'The tables are those of another network', remedy: 'Name another file, or delete it.' },
  UNKNOWN_QUESTION: { kind: 'not-found', says: (d: { name: string }) => `There is no question ${d.name}`, remedy: 'List them with: mhmd analytics questions.' },
  BAD_PARAMETER: { kind: 'invalid', says: (d: { parameter: string; why: string }) => `The parameter ${d.parameter} ${d.why}`, remedy: 'See the question’s parameters.' },
  NO_EXPORT_FOLDER: { kind: 'bug', says: () => 'The database was opened without a folder for Parquet', remedy: 'Open it with an export folder.' },
  SQL_REFUSED: { kind: 'forbidden', says: (d: { why: string }) => `This SQL is not run: ${d.why}`, remedy: 'Ask one SELECT over the five views and the tables of the schema feed.' },
  SQL_FAILED: { kind: 'invalid', says: (d: { why: string }) => `The SQL could not be answered: ${d.why}`, remedy: 'Correct it, or narrow what it reads.' },
  SQL_LIMIT: { kind: 'invalid', says: (d: { limit: string }) => `The SQL came to its limit of ${d.limit}`, remedy: 'Narrow it: fewer rows, a range of heights, an aggregate.' },
})
