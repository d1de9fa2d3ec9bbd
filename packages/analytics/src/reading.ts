// How everything is read: one read-only transaction on a connection of its own, with limits on time, rows and characters.
import { StatementType } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api'
import type { Head } from '@mhmd/ledger'
import type { Database } from './database.ts'
import { analyticsErrors } from './errors.ts'

export interface Limits {
  readonly milliseconds: number
  readonly rows: number
  /** Of all cells together. */
  readonly characters: number
}

export type Cell = string | number | boolean | null

export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Whether the limit of rows cut it off. */
  readonly isCut: boolean
}

/** A snapshot: whatever is read within is of one height. */
export interface Snapshot {
  readonly head: Head
  /** Throws ANALYTICS_SQL_REFUSED for anything but one SELECT, ANALYTICS_SQL_FAILED, ANALYTICS_SQL_LIMIT. */
  select(sql: string, parameters?: Readonly<Record<string, string | number | null>>): Promise<Rows>
}

export async function readSnapshot<T>(database: Database, limits: Limits, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const connection = await database.connect()
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    connection.interrupt()
  }, limits.milliseconds)
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY')
    const [[height, hash] = [-1, database.networkId]] = (await connection.runAndReadAll('SELECT height, hash FROM feed.position')).getRowsJson() as [number, string][]
    return await read({ head: { height, hash }, select: (sql, parameters = {}) => select(connection, { sql, parameters, limits, isOver: () => isOver }) })
  } finally {
    clearTimeout(timer)
    await connection.run('ROLLBACK').catch(() => undefined)
    connection.disconnectSync()
  }
}

interface Selection {
  readonly sql: string
  readonly parameters: Readonly<Record<string, string | number | null>>
  readonly limits: Limits
  readonly isOver: () => boolean
}

async function select(connection: DuckDBConnection, { sql, parameters, limits, isOver }: Selection): Promise<Rows> {
  try {
    const statement = await onlySelect(connection, sql)
    try {
      bind(statement, parameters)
      return await readRows(statement, limits, isOver)
    } finally {
      statement.destroySync()
    }
  } catch (error) {
    if (isOver()) throw analyticsErrors.SQL_LIMIT({ limit: `${limits.milliseconds} ms` }, { cause: error })
    if (error instanceof Error && !('code' in error)) throw failure(error)
    throw error
  }
}

/** DuckDB's own word on what a statement is, on top of what it begins with: some PRAGMAs turn into a SELECT when they are parsed. */
async function onlySelect(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const begins = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(\w+|\()/.exec(sql)?.[1]?.toLowerCase()
  if (begins === undefined || !['select', 'with', 'from', 'values', '('].includes(begins)) throw analyticsErrors.SQL_REFUSED({ why: 'it begins with something else than SELECT, WITH, FROM or VALUES' })
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw analyticsErrors.SQL_REFUSED({ why: 'it holds more than one statement' })
  const statement = await statements.prepare(0)
  if (statement.statementType !== StatementType.SELECT) throw analyticsErrors.SQL_REFUSED({ why: 'it does more than select' })
  return statement
}

function bind(statement: DuckDBPreparedStatement, parameters: Selection['parameters']): void {
  const used: Record<string, DuckDBValue> = {}
  for (let at = 1; at <= statement.parameterCount; at++) {
    const name = statement.parameterName(at)
    if (!Object.hasOwn(parameters, name)) throw analyticsErrors.SQL_REFUSED({ why: `it names the parameter ${name}, which nobody gave` })
    const value = parameters[name] ?? null
    if (value === null) statement.bindNull(at)
    else if (typeof value === 'number') statement.bindInteger(at, value)
    else statement.bindVarchar(at, value)
    used[name] = value
  }
}

async function readRows(statement: DuckDBPreparedStatement, limits: Limits, isOver: () => boolean): Promise<Rows> {
  const result = await statement.stream()
  const columns = result.deduplicatedColumnNames()
  const rows: Cell[][] = []
  let characters = 0
  for await (const batch of result.yieldRowsJs()) {
    for (const values of batch) {
      if (rows.length === limits.rows) return { columns, rows, isCut: true }
      const row = values.map(cellOf)
      characters += row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0)
      if (characters > limits.characters) throw analyticsErrors.SQL_LIMIT({ limit: `${limits.characters} characters` })
      rows.push(row)
    }
    if (isOver()) throw analyticsErrors.SQL_LIMIT({ limit: `${limits.milliseconds} ms` })
  }
  return { columns, rows, isCut: false }
}

/** As JSON can hold it: times in ISO 8601, integers beyond 2^53 and anything nested as text. */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  return JSON.stringify(value, (_, inner: unknown) => typeof inner === 'bigint' ? String(inner) : inner)
}

/** DuckDB's first line names what is wrong in the asker's own SQL; the rest may quote settings of this machine. */
function failure(error: Error): Error {
  const [line = ''] = error.message.split('\n')
  if (/out of memory/i.test(line)) return analyticsErrors.SQL_LIMIT({ limit: 'memory' }, { cause: error })
  if (/permission error|file system|disabled by configuration/i.test(line)) return analyticsErrors.SQL_REFUSED({ why: 'it reaches outside the database' }, { cause: error })
  return analyticsErrors.SQL_FAILED({ why: line.slice(0, 300) }, { cause: error })
}
