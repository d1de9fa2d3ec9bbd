// Threads that work over shared memory. The calling thread works too and waits for the others, so a call is an ordinary call.
import { Worker } from 'node:worker_threads'
import type { Codes } from '../table.ts'
import { CHUNK_ROWS, chunksOf, groupRows, mergeChunks } from './group-rows.ts'
import type { ChunkGroups, GroupedRows, RowTuples } from './group-rows.ts'
import { busy, failed, work } from './protocol.ts'

/** Below so many rows the threads cost more than they bring. */
const fewRows = 2 * CHUNK_ROWS

/** How long a waiting thread sleeps before it looks at the clock. */
const patienceMs = 20

/** What the other threads were given to do. */
export interface Underway {
  /** Waits until they have done it, calling `whileWaiting` now and then; false where one of them could not. */
  readonly end: (whileWaiting?: () => void) => boolean
}

export class WorkerPool {
  readonly workers: number
  /** Rows of a table from which the threads are used. */
  readonly fewRows: number
  readonly #threads: Worker[]

  /** `workers` threads in all, the calling one included: 1 starts none. */
  constructor(workers: number, options: { readonly fewRows?: number } = {}) {
    this.workers = workers
    this.fewRows = options.fewRows ?? fewRows
    this.#threads = Array.from({ length: workers - 1 }, () => new Worker(new URL('./worker.ts', import.meta.url)))
    // They never keep the process alive.
    for (const thread of this.#threads) thread.unref()
  }

  /** Has every other thread call the module's `work` with the task, whose arrays lie in shared memory. */
  begin(module: URL, task: object): Underway {
    const state = new Int32Array(new SharedArrayBuffer(8))
    Atomics.store(state, busy, this.#threads.length)
    for (const thread of this.#threads) thread.postMessage({ module: module.href, task, state })
    return {
      end(whileWaiting) {
        for (let left = Atomics.load(state, busy); left > 0; left = Atomics.load(state, busy)) {
          Atomics.wait(state, busy, left, patienceMs)
          whileWaiting?.()
        }
        return Atomics.load(state, failed) === 0
      },
    }
  }

  /** The same result for any number of workers. */
  groupRows(from: RowTuples): GroupedRows {
    if (this.#threads.length === 0 || from.rows < this.fewRows) return groupRows(from)
    const words = from.fields.reduce((most, { word }) => Math.max(most, word + 1), 1)
    const column = (): Uint32Array => shared(Uint32Array, from.rows)
    const into: ChunkGroups = { words: Array.from({ length: words }, column), weights: from.weights.map(column), counts: shared(Uint32Array, chunksOf(from.rows)), groupOf: column() }
    const task = { from: { ...from, columns: from.columns.map((codes) => sharedCopy(codes)), weights: from.weights.map((weight) => sharedCopy(weight)) as Uint32Array[] }, into, next: shared(Int32Array, 1) }
    const underway = this.begin(new URL('./protocol.ts', import.meta.url), task)
    work(task)
    return underway.end() ? mergeChunks(into, from.rows) : groupRows(from)
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }
}

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: SharedArrayBuffer): T
}

/** An array in shared memory. */
export function shared<T>(type: ArrayType<T>, length: number): T {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT))
}

/** The first `length` codes, in shared memory. */
export function sharedCopy(codes: Codes, length = codes.length): Codes {
  const type = codes instanceof Uint8Array ? Uint8Array : codes instanceof Uint16Array ? Uint16Array : Uint32Array
  const copy = shared<Codes>(type, length)
  copy.set(length === codes.length ? codes : codes.subarray(0, length))
  return copy
}
