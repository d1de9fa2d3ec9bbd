// A transaction on one PostgreSQL connection: get, put, delete, and scans that read page by page.
import { decodeKey, encodeKey, fromUtf8, utf8 } from '@mhmd/base'
import { checkTable, keyBounds, storeErrors, successor } from '@mhmd/store'
import type { Entry, Range, WriteTransaction } from '@mhmd/store'
import type { PoolClient } from 'pg'

interface Row {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/**
 * Whether a table is there. For a transaction that writes it is made when first asked for, outside of any transaction: what it reads there,
 * nothing included, must be remembered by PostgreSQL, or two that both find nothing would both be right.
 */
export type HasTable = (table: string) => Promise<boolean>

const PAGE_ROWS = 512
const PAGE_BYTES = 1 << 20
/** Above every encoded key: 0xFF occurs in no UTF-8 text. */
const END = Uint8Array.of(0xff)

export class PostgresTransaction implements WriteTransaction {
  over = false
  readonly #client: PoolClient
  readonly #hasTable: HasTable
  readonly #fail: (error: unknown) => unknown

  constructor(client: PoolClient, hasTable: HasTable, fail: (error: unknown) => unknown) {
    this.#client = client
    this.#hasTable = hasTable
    this.#fail = fail
  }

  async get(table: string, key: readonly string[]): Promise<Uint8Array | undefined> {
    const encoded = utf8(encodeKey(key))
    if (!await this.#has(table)) return undefined
    return (await this.#query(`SELECT value FROM "t-${table}" WHERE key = $1`, [encoded]))[0]?.value
  }

  async* scan(table: string, range: Range = {}): AsyncIterable<Entry> {
    const reverse = range.reverse === true
    let { from, to = END } = keyBounds(range)
    if (!await this.#has(table)) return
    const sql = `SELECT key, value FROM "t-${table}" WHERE key >= $1 AND key < $2 ORDER BY key ${reverse ? 'DESC' : 'ASC'} LIMIT $3`
    let left = range.limit ?? Number.MAX_SAFE_INTEGER
    let size = 16
    while (left > 0) {
      const asked = Math.min(size, left)
      const rows = await this.#query(sql, [from, to, asked])
      for (const row of rows) yield { key: decodeKey(fromUtf8(row.key)), value: row.value }
      if (rows.length < asked) return
      left -= rows.length
      const last = (rows[rows.length - 1] as Row).key
      if (reverse) to = last
      else from = successor(last)
      size = rows.reduce((sum, row) => sum + row.value.length, 0) > PAGE_BYTES ? Math.max(1, rows.length >>> 1) : Math.min(PAGE_ROWS, rows.length * 2)
    }
  }

  async put(table: string, key: readonly string[], value: Uint8Array): Promise<void> {
    const encoded = utf8(encodeKey(key))
    await this.#has(table)
    await this.#query(`INSERT INTO "t-${table}" (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, [encoded, value])
  }

  async delete(table: string, key: readonly string[]): Promise<void> {
    const encoded = utf8(encodeKey(key))
    if (await this.#has(table)) await this.#query(`DELETE FROM "t-${table}" WHERE key = $1`, [encoded])
  }

  async #has(table: string): Promise<boolean> {
    this.#check(table)
    return this.#hasTable(table)
  }

  #check(table: string): void {
    if (this.over) throw storeErrors.TRANSACTION_OVER()
    checkTable(table)
  }

  /** Prepared once per connection and text. */
  async #query(text: string, values: readonly unknown[]): Promise<Row[]> {
    if (this.over) throw storeErrors.TRANSACTION_OVER()
    try {
      return (await this.#client.query<Row>({ name: statementName(text), text, values: [...values] })).rows
    } catch (error) {
      throw this.#fail(error)
    }
  }
}

const names = new Map<string, string>()

/** PostgreSQL tells prepared statements apart by the first 63 characters of their names, which long texts share. */
function statementName(text: string): string {
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  return name
}
