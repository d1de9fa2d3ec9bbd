// Threads that group rows over shared memory. The calling thread works too and waits for the others, so a call is an ordinary call.
import { Worker } from 'node:worker_threads'
import type { Codes } from '../table.ts'
import { CHUNK_ROWS, chunksOf, groupRows, mergeChunks } from './group-rows.ts'
import type { ChunkGroups, GroupedRows, RowTuples } from './group-rows.ts'
import { busy, failed, work } from './protocol.ts'

/** Below so many rows the threads cost more than they bring. */
const fewRows = 2 * CHUNK_ROWS

export class WorkerPool {
  readonly workers: number
  readonly #threads: Worker[]
  readonly #fewRows: number

  /** `workers` threads in all, the calling one included: 1 starts none. */
  constructor(workers: number, options: { readonly fewRows?: number } = {}) {
    this.workers = workers
    this.#fewRows = options.fewRows ?? fewRows
    this.#threads = Array.from({ length: workers - 1 }, () => new Worker(new URL('./worker.ts', import.meta.url)))
    // They never keep the process alive.
    for (const thread of this.#threads) thread.unref()
  }

  /** The same result for any number of workers. */
  groupRows(from: RowTuples): GroupedRows {
    if (this.#threads.length === 0 || from.rows < this.#fewRows) return groupRows(from)
    const words = from.fields.reduce((most, { word }) => Math.max(most, word + 1), 1)
    const column = (): Uint32Array => shared(Uint32Array, from.rows)
    const into: ChunkGroups = { words: Array.from({ length: words }, column), weights: from.weights.map(column), counts: shared(Uint32Array, chunksOf(from.rows)), groupOf: column() }
    const task = { from: { ...from, columns: from.columns.map(sharedCopy), weights: from.weights.map(sharedCopy) as Uint32Array[] }, into, state: new Int32Array(new SharedArrayBuffer(12)) }
    Atomics.store(task.state, busy, this.#threads.length)
    for (const thread of this.#threads) thread.postMessage(task)
    work(task)
    for (let left = Atomics.load(task.state, busy); left > 0; left = Atomics.load(task.state, busy)) Atomics.wait(task.state, busy, left)
    if (Atomics.load(task.state, failed) > 0) return groupRows(from)
    return mergeChunks(into, from.rows)
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }
}

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: SharedArrayBuffer): T
}

function shared<T>(type: ArrayType<T>, length: number): T {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT))
}

function sharedCopy(codes: Codes): Codes {
  const type = codes instanceof Uint8Array ? Uint8Array : codes instanceof Uint16Array ? Uint16Array : Uint32Array
  const copy = shared<Codes>(type, codes.length)
  copy.set(codes)
  return copy
}
