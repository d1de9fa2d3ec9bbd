// When the log is brought into the file, and by whom: a thread, started with the first checkpoint.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { WriteQueue } from '@mhmd/store'

/** So many pages may have been written since the last time. */
const PAGES = 4000

export class Checkpointer {
  readonly #path: string
  readonly #queue: WriteQueue
  #worker: Worker | undefined
  #pages = 0
  #turn: Promise<void> | undefined
  #pass: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(path: string, queue: WriteQueue) {
    this.#path = path
    this.#queue = queue
  }

  /** Told of each commit, with the most pages that it can have changed. Doesn't wait. */
  committed(pages: number): void {
    this.#pages += pages
    if (this.#pages < PAGES || this.#turn !== undefined) return
    this.#pages = 0
    // A pass that fails leaves the log as it is, for the next.
    this.#turn = this.#bothPasses().catch(() => undefined).finally(() => { this.#turn = undefined })
  }

  /** While others write, then without them, so that nothing is left and the log begins anew. */
  async #bothPasses(): Promise<void> {
    await this.#run()
    await this.#queue(async () => { if (!this.#closed) await this.#run() })
  }

  #run(): Promise<void> {
    const run = this.#checkpoint()
    this.#pass = run.catch(() => undefined)
    return run
  }

  async #checkpoint(): Promise<void> {
    const worker = this.#worker ??= new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: this.#path })
    worker.ref()
    try {
      worker.postMessage('checkpoint')
      await once(worker, 'message')
    } catch (error) {
      // It has ended; the next pass starts another.
      this.#worker = undefined
      throw error
    }
    // A thread that waits keeps no process alive.
    worker.unref()
  }

  /** Until no pass is under way. */
  async idle(): Promise<void> {
    await this.#pass
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.idle()
    if (this.#worker === undefined) return
    this.#worker.ref()
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage('close')
    await ended
  }
}
