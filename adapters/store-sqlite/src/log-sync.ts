// Brings the write-ahead log to the disk off the caller's thread: those who ask while a sync runs share the next one.
import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { storeErrors } from '@mhmd/store'

export type SyncFile = (descriptor: number) => Promise<void>

const syncFile: SyncFile = promisify(fdatasync)

export class LogSync {
  readonly #descriptor: number
  readonly #sync: SyncFile
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  /** STORE_NOT_SYNCED, once a sync has failed. */
  failure: Error | undefined

  /** The log stands from the first connection to the last, and SQLite locks other files than it: another descriptor does no harm. */
  constructor(path: string, sync: SyncFile = syncFile) {
    this.#descriptor = openSync(path, 'r+')
    this.#sync = sync
  }

  /** Resolves when all that was written to the log before this call is on disk. Throws STORE_NOT_SYNCED, and from then on always: what was not written then the kernel may have dropped. */
  sync(): Promise<void> {
    if (this.#running === undefined) return this.#begin()
    return this.#next ??= this.#running.then(() => this.#begin())
  }

  /** What was asked for so far. */
  async settled(): Promise<void> {
    await (this.#next ?? this.#running)
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #begin(): Promise<void> {
    this.#next = undefined
    const running = this.#sync(this.#descriptor).then(() => {
      if (this.#running === running) this.#running = undefined
    }, (error: unknown) => {
      throw this.failure ??= storeErrors.NOT_SYNCED({ reason: (error as NodeJS.ErrnoException).code ?? 'unknown' }, { cause: error })
    })
    this.#running = running
    running.catch(() => undefined)
    return running
  }
}
