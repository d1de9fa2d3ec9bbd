// Pieces of sources read and checked in order: on threads of their own, or on this one where there is little to do.
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { cutSource, readDocument } from '@mhmd/fhir'
import type { Source, SourceCut } from '@mhmd/fhir'
import { indexOf, prepareCut, prepareItems } from './import-candidates.ts'
import type { Prepared, PrepareOptions } from './import-candidates.ts'

type Piece = Exclude<SourceCut, { form: 'stream' }>

export interface PrepareTask {
  readonly cut: Piece
}

/** A thread's first word: what it needs is loaded. */
export const READY = 'ready'

/** Text read ahead of what is being stored; one piece may be larger (a document of 32 MB, a line of 50 MB). */
const AHEAD_BYTES = 4_000_000
/** Garbage a thread may gather before it is collected: more makes it no faster here. */
const YOUNG_MEGABYTES = 16
/** Below this a thread would take longer to start than to finish. */
const SMALL_BYTES = 1_000_000
/** Others of this thread wait no longer than such a piece takes: larger ones are left to the threads. */
const HELP_BYTES = 100_000
/** A thread has the next piece at hand when it is done with one. */
const AT_HAND = 8

interface Thread {
  readonly worker: Worker
  isReady: boolean
  readonly asked: Pending[]
}

/** A piece and what becomes of it. */
interface Pending {
  readonly cut: Piece
  readonly bytes: number
  readonly answer: PromiseWithResolvers<Prepared>
  isDone: boolean
}

export class Preparers {
  readonly #options: PrepareOptions
  readonly #count: number
  readonly #here: number
  /** Whether this thread takes pieces too, while none is ready to be stored. */
  readonly #helps: boolean
  readonly #threads: Thread[] = []
  /** Pieces that no thread has been asked for yet. */
  readonly #queue: Pending[] = []
  #bytes = 0

  /** With a count, so many threads for every piece (0: none); without, one thread once there is much to do, and this one helps it, from the moment it begins to start. */
  constructor(options: PrepareOptions, count: number | undefined) {
    this.#options = options
    this.#count = count ?? 1
    this.#here = count === undefined ? SMALL_BYTES : 0
    this.#helps = count === undefined
  }

  /** Gives the pieces in the order of the source, whatever thread was first. */
  async* prepare(source: Source): AsyncGenerator<Prepared> {
    const underWay: Pending[] = []
    let ahead = 0
    const next = async (): Promise<Prepared> => {
      const first = underWay.shift() as Pending
      ahead -= first.bytes
      return this.#answerTo(first)
    }
    for await (const cut of cutSource(source, this.#options.limits)) {
      if (cut.form === 'stream') {
        yield* this.#prepareStream(source, cut.chunks)
        continue
      }
      const pending = this.#start(cut)
      underWay.push(pending)
      ahead += pending.bytes
      while (ahead > AHEAD_BYTES) yield await next()
    }
    while (underWay.length > 0) yield await next()
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #start(cut: Piece): Pending {
    const pending: Pending = { cut, bytes: sizeOf(cut), answer: Promise.withResolvers<Prepared>(), isDone: false }
    // Its failure is met when its turn comes, or the import has ended otherwise by then.
    pending.answer.promise.catch(() => undefined)
    this.#bytes += pending.bytes
    if (this.#count === 0 || this.#bytes <= this.#here) this.#prepareHere(pending)
    else this.#queue.push(pending)
    if (this.#queue.length > 0 && this.#threads.length < this.#count) this.#threads.push(this.#startThread())
    this.#ask()
    return pending
  }

  /** While the answer isn't there, this thread takes the next piece that nobody has begun; between two it lets answers and others in. */
  async #answerTo(pending: Pending): Promise<Prepared> {
    while (this.#helps && !pending.isDone) {
      const index = this.#queue.findIndex(({ bytes }) => bytes <= HELP_BYTES)
      if (index < 0) break
      this.#prepareHere(this.#queue.splice(index, 1)[0] as Pending)
      await setImmediate()
    }
    return pending.answer.promise
  }

  #prepareHere(pending: Pending): void {
    try {
      settle(pending, prepareCut(pending.cut, this.#options))
    } catch (error) {
      pending.isDone = true
      pending.answer.reject(error)
    }
  }

  /** Gives threads that have loaded what they need as much as they should have at hand. */
  #ask(): void {
    for (let round = 1; round <= AT_HAND; round++) {
      for (const thread of this.#threads) {
        if (!thread.isReady || thread.asked.length >= round) continue
        const pending = this.#queue.shift()
        if (pending === undefined) return
        thread.asked.push(pending)
        // A small text shares its buffer with others and is copied; a large one is handed over.
        const owned = pending.cut.form !== 'problem' && pending.cut.text.byteLength === pending.cut.text.buffer.byteLength
        thread.worker.postMessage({ cut: pending.cut } satisfies PrepareTask, owned ? [pending.cut.text.buffer as ArrayBuffer] : [])
      }
    }
  }

  /** A thread answers in the order it was asked. When it ends, whatever waits for it fails, and so does what waits for any. */
  #startThread(): Thread {
    const worker = new Worker(new URL('./prepare-worker.ts', import.meta.url), { workerData: this.#options, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } })
    const thread: Thread = { worker, isReady: false, asked: [] }
    const fail = (error: Error): void => {
      for (const { answer } of [...thread.asked.splice(0), ...this.#queue.splice(0)]) answer.reject(error)
    }
    worker.on('message', (said: Prepared | typeof READY) => {
      if (said === READY) thread.isReady = true
      else settle(thread.asked.shift(), said)
      this.#ask()
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('a thread of the import ended')))
    return thread
  }

  /** A document too large to be held is read twice, here: its entries may refer forward to each other. */
  async* #prepareStream(source: Source, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Prepared> {
    const index = new Map<string, { type: string; id: string | undefined }>()
    for await (const cut of cutSource(source, this.#options.limits)) {
      if (cut.form === 'stream') for await (const items of readDocument(cut.chunks, this.#options.limits)) indexOf(items, index)
    }
    for await (const items of readDocument(chunks, this.#options.limits)) yield prepareItems(items, index, this.#options)
  }
}

const sizeOf = (cut: Piece): number => (cut.form === 'problem' ? 0 : cut.text.length)

function settle(pending: Pending | undefined, prepared: Prepared): void {
  if (pending === undefined) return
  pending.isDone = true
  pending.answer.resolve(prepared)
}
