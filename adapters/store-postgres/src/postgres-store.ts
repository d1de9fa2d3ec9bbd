// The PostgreSQL store. Writes are SERIALIZABLE and run again after a conflict; reads are REPEATABLE READ, which is one snapshot.
import { setTimeout as delay } from 'node:timers/promises'
import { randomInt } from 'node:crypto'
import { storeErrors } from '@mhmd/store'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import pg from 'pg'
import { asStoreError, isAlreadyThere, isConflict, isLockTimeout } from './failures.ts'
import { PostgresTransaction } from './transaction.ts'
import type { HasTable } from './transaction.ts'

const MOST_ATTEMPTS = 200
const READERS = 20
const WRITERS = 6
const CATALOGUE = 2
const CONNECT_MS = 30_000
/** Key of the advisory lock of whoever uses the database alone. */
const ALONE = 5285
const SNAPSHOT_WAIT_MS = 30_000
/** A rewrite that waits for a table holds back everybody after it, perhaps those it waits for: it gives way and tries again. */
const REWRITE_WAIT_MS = 200
const REWRITE_PAUSE_MS = 300
const REWRITE_ATTEMPTS = 60

export interface PostgresOptions {
  /** For as long as this store is open, another that wants to be alone is refused with STORE_IN_USE. */
  readonly alone?: boolean
}

/**
 * Opens the store in this database (`postgres://USER@HOST:PORT/DATABASE`, or the one that PGHOST, PGDATABASE … name). Throws STORE_UNAVAILABLE, STORE_IN_USE. For `purgeFreeSpace` to leave nothing in the
 * server's files, the role may run CHECKPOINT and pg_switch_wal, and the server has `wal_recycle = off` and no archive.
 */
export async function openPostgresStore(url?: string, options: PostgresOptions = {}): Promise<Store> {
  const store = new PostgresStore({ ...(url === undefined ? {} : { connectionString: url }), connectionTimeoutMillis: CONNECT_MS }, options)
  try {
    await store.read(async () => undefined)
  } catch (error) {
    await store.close()
    throw error
  }
  return store
}

class PostgresStore implements Store {
  readonly #readers: pg.Pool
  /** Apart from the readers: a closure that writes may wait for one that reads. */
  readonly #writers: pg.Pool
  /** For statements beside the transactions under way, which wait for them: they may themselves wait for none. */
  readonly #catalogue: pg.Pool
  readonly #known = new Set<string>()
  readonly #config: pg.ClientConfig
  /** The connection that holds the lock, where this store is to be alone; made anew when it breaks. */
  #lock: Promise<pg.Client> | undefined
  readonly #alone: boolean
  #closed = false

  constructor(config: pg.ClientConfig, { alone = false }: PostgresOptions) {
    this.#config = config
    this.#alone = alone
    const pool = (max: number): pg.Pool => {
      const made = new pg.Pool({ ...config, max, allowExitOnIdle: true })
      // An idle connection that breaks is replaced at the next use, which then says what is wrong.
      made.on('error', () => undefined)
      return made
    }
    this.#readers = pool(READERS)
    this.#writers = pool(WRITERS)
    this.#catalogue = pool(CATALOGUE)
  }

  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    // PostgreSQL takes the snapshot at the first statement, so one is run.
    return this.#run({ pool: this.#readers, begin: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1', hasTable: (table) => this.#exists(table) }, work)
  }

  async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        return await this.#run({ pool: this.#writers, begin: 'BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL synchronous_commit = on', hasTable: (table) => this.#make(table) }, work)
      } catch (error) {
        if (!isConflict(error)) throw error
        await delay(randomInt(1, 5 + Math.min(100, 2 * attempt)))
      }
    }
    throw storeErrors.CONFLICT({ attempts: MOST_ATTEMPTS })
  }

  async #run<T>({ pool, begin, hasTable }: { pool: pg.Pool; begin: string; hasTable: HasTable }, work: (tx: PostgresTransaction) => Promise<T>): Promise<T> {
    if (this.#closed) throw storeErrors.CLOSED()
    if (this.#alone) await (this.#lock ??= this.#takeLock())
    const client = await this.#connect(pool)
    const tx = new PostgresTransaction(client, hasTable, asStoreError)
    let broken = false
    try {
      await client.query(begin)
      const result = await work(tx)
      tx.over = true
      await client.query('COMMIT')
      return result
    } catch (error) {
      tx.over = true
      await client.query('ROLLBACK').catch(() => { broken = true })
      throw asStoreError(error)
    } finally {
      client.release(broken)
    }
  }

  /** PostgreSQL lets go of the lock when the connection ends, however it ends. */
  async #takeLock(): Promise<pg.Client> {
    const client = new pg.Client(this.#config)
    const forget = (): void => { this.#lock = undefined }
    client.on('error', forget)
    client.on('end', forget)
    try {
      await client.connect()
      const { rows: [row] } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${ALONE}) AS taken`)
      if (row?.taken !== true) throw storeErrors.IN_USE({ file: 'database' })
      return client
    } catch (error) {
      forget()
      await client.end().catch(() => undefined)
      throw asStoreError(error)
    }
  }

  async #connect(pool: pg.Pool): Promise<pg.PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      throw asStoreError(error)
    }
  }

  async #exists(table: string): Promise<boolean> {
    if (this.#known.has(table)) return true
    const { rows } = await this.#outside<{ there: boolean }>(`SELECT to_regclass('"t-${table}"') IS NOT NULL AS there`)
    if (rows[0]?.there === true) this.#known.add(table)
    return rows[0]?.there === true
  }

  /**
   * No statistics: PostgreSQL would keep samples of keys and values in its catalogue. The lock is for those who make the same table at once. A table that is there is not touched: whoever
   * writes to it may be waiting here for a table of its own, which PostgreSQL can't see.
   */
  async #make(table: string): Promise<boolean> {
    if (await this.#exists(table)) return true
    try {
      await this.#outside(`SELECT pg_advisory_xact_lock(5284);
        CREATE TABLE "t-${table}" (key bytea PRIMARY KEY, value bytea NOT NULL);
        ALTER TABLE "t-${table}" ALTER COLUMN key SET STATISTICS 0, ALTER COLUMN value SET STATISTICS 0, ALTER COLUMN value SET STORAGE EXTERNAL`)
    } catch (error) {
      // Whoever had the lock before has made it whole; what this connection knew of it before it waited was older.
      if (!isAlreadyThere(error)) throw asStoreError(error)
    }
    this.#known.add(table)
    return true
  }

  /** A statement outside the transaction under way: tables are not part of the data. */
  async #outside<R extends pg.QueryResultRow>(sql: string): Promise<pg.QueryResult<R>> {
    const client = await this.#connect(this.#catalogue)
    try {
      return await client.query<R>(sql)
    } finally {
      client.release()
    }
  }

  /** Waits for older snapshots, which keep deleted rows alive; rewrites the tables; begins a new log file and lets go of the old ones. */
  async purgeFreeSpace(): Promise<void> {
    if (this.#closed) throw storeErrors.CLOSED()
    try {
      await this.#waitForOlderSnapshots()
      const { rows } = await this.#outside<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 't-%'")
      for (const { name } of rows) await this.#rewrite(name)
      for (const sql of ['CHECKPOINT', 'SELECT pg_switch_wal()', 'CHECKPOINT']) await this.#outside(sql)
    } catch (error) {
      throw asStoreError(error)
    }
  }

  async #rewrite(name: string): Promise<void> {
    const client = await this.#connect(this.#readers)
    try {
      await client.query(`SET lock_timeout = ${REWRITE_WAIT_MS}`)
      for (let attempt = 1; ; attempt++) {
        const done = await client.query(`VACUUM (FULL) "${name}"`).then(() => true, (error: unknown) => {
          if (attempt === REWRITE_ATTEMPTS || !isLockTimeout(error)) throw error
          return false
        })
        if (done) break
        await delay(REWRITE_PAUSE_MS)
      }
      await client.query('RESET lock_timeout')
    } catch (error) {
      client.release(true)
      throw error
    }
    client.release()
  }

  async #waitForOlderSnapshots(): Promise<void> {
    const { rows: [now] } = await this.#outside<{ xid: string }>('SELECT pg_current_xact_id()::xid::text AS xid')
    for (let waited = 0; waited < SNAPSHOT_WAIT_MS; waited += 50) {
      const { rows: [older] } = await this.#outside<{ count: string }>(`SELECT count(*) AS count FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND age(backend_xmin) > age('${now?.xid ?? '0'}'::xid)`)
      if (older?.count === '0') return
      await delay(50)
    }
    throw storeErrors.UNAVAILABLE({ reason: 'reads that never end keep deleted bytes alive' })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const lock = await this.#lock?.catch(() => undefined)
    await Promise.all([this.#readers, this.#writers, this.#catalogue].map((pool) => pool.end()))
    await lock?.end()
  }
}
