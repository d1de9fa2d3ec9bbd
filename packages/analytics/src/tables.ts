// The feed's tables and their columns: what of a block is kept, and in which order it is written.
import { contractsTable, refusalTable } from '@mhmd/contracts'

export type ColumnType = 'INTEGER' | 'BIGINT' | 'VARCHAR'

/** Columns by table, in the order of their values. Every table begins with the height, and its rows are sorted by its leading integers. */
export const feedTables = {
  blocks: { height: 'INTEGER', hash: 'VARCHAR', previous: 'VARCHAR', time: 'BIGINT', transactions: 'INTEGER' },
  transactions: { height: 'INTEGER', place: 'INTEGER', operation_id: 'VARCHAR', contract: 'VARCHAR', operation: 'VARCHAR', submitter: 'VARCHAR', submitted: 'BIGINT', code: 'VARCHAR', writes: 'INTEGER' },
  writes: {
    height: 'INTEGER', place: 'INTEGER', number: 'INTEGER', kind: 'VARCHAR', part1: 'VARCHAR', part2: 'VARCHAR', part3: 'VARCHAR',
    state: 'VARCHAR', version: 'INTEGER', time: 'BIGINT', expires: 'BIGINT', actor: 'VARCHAR', value: 'VARCHAR',
  },
  items: { height: 'INTEGER', place: 'INTEGER', number: 'INTEGER', operation_id: 'VARCHAR', code: 'VARCHAR' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnType>>>>

export type FeedTable = keyof typeof feedTables
export const feedTableNames = Object.keys(feedTables) as FeedTable[]

/** What leaves no Parquet: writes of what organisations do, held a second time; and what Fabric's blocks tell that is not under the port's hash. */
export const besideTables = {
  procedure: feedTables.writes,
  endorsements: { height: 'INTEGER', place: 'INTEGER', endorsers: 'VARCHAR', reads: 'VARCHAR' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnType>>>>

export type BesideTable = keyof typeof besideTables

/** Writes of what organisations do: few beside people's decisions, and asked for by most questions. They are held a second time, in `feed.procedure`. */
export const procedureKinds: ReadonlySet<string> = new Set(['member', 'dataset', 'request', 'request-answer', 'release', 'use-request', 'use-request-answer', 'permit', 'agreement', 'use-release', 'release-assessment', 'release-deletion'])

/** By which columns a table's rows are sorted, wholly. */
export const orderOf = (table: FeedTable): string => table === 'blocks' ? 'height' : table === 'transactions' ? 'height, place' : 'height, place, number'

const quoted = (text: string): string => `'${text.replaceAll('\'', '\'\'')}'`

/** Nearly every text is another here, and most are random: looking for what repeats in them takes half of the time in which a table is written, and saves a third of the file. */
const unlike: ReadonlySet<string> = new Set(['operation_id', 'part1', 'part2', 'value'])

function createTable(table: string, columns: Readonly<Record<string, ColumnType>>): string {
  return `CREATE TABLE IF NOT EXISTS feed.${table} (${Object.entries(columns).map(([name, type]) => `${name} ${type}${unlike.has(name) ? ' USING COMPRESSION uncompressed' : ''}`).join(', ')})`
}

/** What a network's contracts can do and refuse, from the contracts themselves. */
function referenceTables(): string[] {
  const functions = Object.entries(contractsTable).flatMap(([contract, { version, operations }]) => Object.keys(operations).map((operation) => `(${quoted(contract)}, ${version}, ${quoted(operation)})`))
  const refusals = Object.entries(refusalTable).map(([code, { says, remedy }]) => `(${quoted(code)}, ${quoted(says)}, ${quoted(remedy)})`)
  return [
    `CREATE OR REPLACE TABLE feed.functions AS SELECT * FROM (VALUES ${functions.join(', ')}) AS known(contract, version, operation)`,
    `CREATE OR REPLACE TABLE feed.refusals AS SELECT * FROM (VALUES ${refusals.join(', ')}) AS known(code, says, remedy)`,
  ]
}

/** Statements that make an empty database, or bring the reference tables of an existing one up to date. */
export const schemaStatements = (): string[] => [
  'CREATE SCHEMA IF NOT EXISTS feed',
  ...feedTableNames.map((table) => createTable(table, feedTables[table])),
  createTable('endorsements', besideTables.endorsements),
  `CREATE TABLE IF NOT EXISTS feed.procedure AS SELECT * FROM feed.writes WHERE kind IN (${[...procedureKinds].map(quoted).join(', ')})`,
  'CREATE TABLE IF NOT EXISTS feed.position (network VARCHAR, height INTEGER, hash VARCHAR)',
  ...referenceTables(),
]
