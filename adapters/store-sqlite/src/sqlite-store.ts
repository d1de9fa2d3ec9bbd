// The SQLite store: writes one after another on one connection, each read on a connection and snapshot of its own.
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { storeErrors, writeQueue } from '@mhmd/store'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { Checkpointer } from './checkpointer.ts'
import { connect, connectWriter } from './connection.ts'
import type { Connection } from './connection.ts'
import { asStoreError } from './failures.ts'
import { lockFile } from './file-lock.ts'
import { LogSync } from './log-sync.ts'
import type { SyncFile } from './log-sync.ts'
import { SqliteTransaction } from './transaction.ts'

/** Idle read connections kept open; more are opened while more reads run at once. */
const IDLE_READERS = 4
const PURGE_ATTEMPTS = 60
const PURGE_PATIENCE_MS = 500

/** Opens (or makes) the store in this file. Throws STORE_IN_USE where another process, or this one, has it open; STORE_UNAVAILABLE where it can't be opened. */
export async function openSqliteStore(path: string, { syncFile }: { readonly syncFile?: SyncFile } = {}): Promise<Store> {
  try {
    const lock = lockFile(path)
    try {
      return new SqliteStore(path, { lock, syncFile })
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw asStoreError(error, basename(path))
  }
}

class SqliteStore implements Store {
  readonly #path: string
  readonly #lock: { release(): void }
  readonly #writer: Connection
  readonly #log: LogSync
  readonly #queue = writeQueue()
  readonly #checkpointer: Checkpointer
  readonly #idle: Connection[] = []
  /** Reads under way; a purge waits for them, and new ones wait for the purge. */
  readonly #reading = new Set<Promise<unknown>>()
  #purging: Promise<undefined> | undefined
  readonly #tables = new Set<string>()
  #closed = false

  constructor(path: string, { lock, syncFile }: { readonly lock: { release(): void }; readonly syncFile: SyncFile | undefined }) {
    this.#path = path
    this.#lock = lock
    this.#writer = connectWriter(path)
    this.#log = new LogSync(`${path}-wal`, syncFile)
    this.#checkpointer = new Checkpointer(path, this.#queue)
    for (const row of this.#writer.database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 't-%'").all()) {
      this.#tables.add(String(row['name']).slice(2))
    }
  }

  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    while (this.#purging !== undefined) await this.#purging
    this.#checkOpen()
    const reading = this.#readNow(work)
    this.#reading.add(reading)
    try {
      return await reading
    } finally {
      this.#reading.delete(reading)
    }
  }

  async #readNow<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    const connection = this.#reader()
    const durable = this.#whatIsSeen()
    const tx = new SqliteTransaction(connection, this.#tables, this.#fail)
    try {
      return await work(tx)
    } finally {
      tx.over = true
      connection.database.exec('ROLLBACK')
      if (this.#idle.length < IDLE_READERS && !this.#closed) this.#idle.push(connection)
      else connection.close()
      await durable
    }
  }

  /** Resolves when all commits until now are on disk: nothing that a transaction saw leaves it before. */
  #whatIsSeen(): Promise<void> {
    const durable = this.#log.settled()
    // Its failure is met when the transaction ends, which may be later.
    durable.catch(() => undefined)
    return durable
  }

  /** A read connection whose snapshot is taken now: SQLite takes it at the first statement that reads, so one is run. */
  #reader(): Connection {
    try {
      const connection = this.#idle.pop() ?? connect(this.#path)
      connection.database.exec('BEGIN')
      connection.statement('SELECT count(*) FROM sqlite_master').get()
      return connection
    } catch (error) {
      throw this.#fail(error)
    }
  }

  async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    this.#checkOpen()
    // The next transaction begins while this one's log is on its way to the disk.
    const { result, durable } = await this.#queue(() => this.#transact(work))
    await durable
    return result()
  }

  /** The outcome, and when all that it rests on is on disk. */
  async #transact<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<{ result: () => T; durable: Promise<void> }> {
    this.#checkOpen()
    const tx = new SqliteTransaction(this.#writer, this.#tables, this.#fail)
    this.#exec('BEGIN IMMEDIATE')
    try {
      const result = await work(tx)
      tx.over = true
      this.#exec('COMMIT')
      for (const table of tx.created) this.#tables.add(table)
      this.#checkpointer.committed(tx.pages)
      return { result: () => result, durable: this.#log.sync() }
    } catch (error) {
      tx.over = true
      if (this.#writer.database.isTransaction) this.#exec('ROLLBACK')
      return { result: () => { throw error }, durable: this.#whatIsSeen() }
    }
  }

  /** Checkpoints the log into the file, rewrites the file without its free space, and empties the log again. Needs a moment without readers: an open snapshot keeps the log alive. */
  async purgeFreeSpace(): Promise<void> {
    this.#checkOpen()
    await this.#queue(async () => {
      for (let attempt = 0; attempt < PURGE_ATTEMPTS; attempt++) {
        this.#checkOpen()
        if (await this.#purgeWithoutReaders()) return
      }
      throw storeErrors.UNAVAILABLE({ reason: 'reads that never end keep deleted bytes alive' })
    })
  }

  /** Holds new reads back until those under way have ended, but not for ever: one of them may itself be waiting for a new one. */
  async #purgeWithoutReaders(): Promise<boolean> {
    const free = Promise.withResolvers<undefined>()
    this.#purging = free.promise
    try {
      await Promise.race([Promise.allSettled(this.#reading), delay(PURGE_PATIENCE_MS, undefined, { ref: false })])
      if (this.#reading.size > 0) return false
      await this.#checkpointer.idle()
      for (const connection of this.#idle.splice(0)) connection.close()
      for (const sql of ['PRAGMA wal_checkpoint(TRUNCATE)', 'VACUUM', 'PRAGMA wal_checkpoint(TRUNCATE)']) this.#exec(sql)
      return true
    } finally {
      this.#purging = undefined
      free.resolve(undefined)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    await this.#queue(async () => {
      this.#closed = true
      await Promise.allSettled([...this.#reading, this.#log.settled()])
      for (const connection of this.#idle.splice(0)) connection.close()
      await this.#checkpointer.close()
      this.#writer.close()
      this.#log.close()
      this.#lock.release()
    })
  }

  #checkOpen(): void {
    if (this.#closed) throw storeErrors.CLOSED()
    if (this.#log.failure !== undefined) throw this.#log.failure
  }

  readonly #fail = (error: unknown): unknown => asStoreError(error, basename(this.#path))

  #exec(sql: string): void {
    try {
      this.#writer.database.exec(sql)
    } catch (error) {
      throw this.#fail(error)
    }
  }
}
