// A transaction on one connection: get, put, delete, and scans that read page by page.
import type { StatementSync } from 'node:sqlite'
import { decodeKey, encodeKey, fromUtf8, utf8 } from '@mhmd/base'
import { checkTable, keyBounds, storeErrors, successor } from '@mhmd/store'
import type { Entry, Range, WriteTransaction } from '@mhmd/store'
import { PAGE_BYTES } from './connection.ts'
import type { Connection } from './connection.ts'
import { isMissingTable } from './failures.ts'

interface Row {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** Scans fetch at most this many rows at once, fewer where values are large. */
const PAGE_ROWS = 512
const SCAN_BYTES = 1 << 20

/** Above every encoded key: 0xFF occurs in no UTF-8 text. */
const END = Uint8Array.of(0xff)

export class SqliteTransaction implements WriteTransaction {
  readonly #connection: Connection
  readonly #fail: (error: unknown) => unknown
  /** Set when the closure has ended: the connection is then another transaction's. */
  over = false
  /** Tables this transaction created, known to others once it commits. */
  readonly created = new Set<string>()
  /** About the most pages that it has changed. */
  pages = 0
  readonly #known: ReadonlySet<string>

  constructor(connection: Connection, known: ReadonlySet<string>, fail: (error: unknown) => unknown) {
    this.#connection = connection
    this.#known = known
    this.#fail = fail
  }

  async get(table: string, key: readonly string[]): Promise<Uint8Array | undefined> {
    this.#check(table)
    const row = this.#run(`SELECT value FROM "t-${table}" WHERE key = ?`, (statement) => statement.get(utf8(encodeKey(key))))
    return row?.['value'] as Uint8Array | undefined
  }

  async* scan(table: string, range: Range = {}): AsyncIterable<Entry> {
    this.#check(table)
    const bounds = keyBounds(range)
    const reverse = range.reverse === true
    const sql = `SELECT key, value FROM "t-${table}" WHERE key >= ? AND key < ? ORDER BY key ${reverse ? 'DESC' : 'ASC'} LIMIT ?`
    let { from, to = END } = bounds
    let left = range.limit ?? Number.MAX_SAFE_INTEGER
    let size = 16
    while (left > 0) {
      this.#check(table)
      const asked = Math.min(size, left)
      const rows = (this.#run(sql, (statement) => statement.all(from, to, asked)) ?? []) as unknown as Row[]
      for (const row of rows) yield { key: decodeKey(fromUtf8(row.key)), value: row.value }
      if (rows.length < asked) return
      left -= rows.length
      const last = (rows[rows.length - 1] as Row).key
      if (reverse) to = last
      else from = successor(last)
      size = nextPage(rows)
    }
  }

  async put(table: string, key: readonly string[], value: Uint8Array): Promise<void> {
    this.#check(table)
    this.#create(table)
    this.pages += 1 + Math.floor(value.length / PAGE_BYTES)
    this.#run(`INSERT OR REPLACE INTO "t-${table}" (key, value) VALUES (?, ?)`, (statement) => statement.run(utf8(encodeKey(key)), value))
  }

  async delete(table: string, key: readonly string[]): Promise<void> {
    this.#check(table)
    this.pages++
    this.#run(`DELETE FROM "t-${table}" WHERE key = ?`, (statement) => statement.run(utf8(encodeKey(key))))
  }

  #check(table: string): void {
    if (this.over) throw storeErrors.TRANSACTION_OVER()
    checkTable(table)
  }

  #create(table: string): void {
    if (this.#known.has(table) || this.created.has(table)) return
    this.#connection.database.exec(`CREATE TABLE IF NOT EXISTS "t-${table}" (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID`)
    this.created.add(table)
  }

  #run<T>(sql: string, work: (statement: StatementSync) => T): T | undefined {
    try {
      return work(this.#connection.statement(sql))
    } catch (error) {
      if (isMissingTable(error)) return undefined
      throw this.#fail(error)
    }
  }
}

/** Doubles while pages are small, so that a long scan is fast and one of large values stays in bounded memory. */
function nextPage(rows: readonly Row[]): number {
  const bytes = rows.reduce((sum, row) => sum + row.value.length, 0)
  if (bytes > SCAN_BYTES) return Math.max(1, rows.length >>> 1)
  return bytes > SCAN_BYTES / 2 ? rows.length : Math.min(PAGE_ROWS, rows.length * 2)
}
