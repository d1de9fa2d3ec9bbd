// Pieces of sources read and checked in order: on threads of their own, or on this one where there is little to do.
import { Worker } from 'node:worker_threads'
import { cutSource, readDocument } from '@mhmd/fhir'
import type { Source, SourceCut } from '@mhmd/fhir'
import { indexOf, prepareCut, prepareItems } from './import-candidates.ts'
import type { Prepared, PrepareOptions } from './import-candidates.ts'

type Piece = Exclude<SourceCut, { form: 'stream' }>

export interface PrepareTask {
  readonly cut: Piece
}

/** Text read ahead of what is being stored; one piece may be larger (a document of 32 MB, a line of 50 MB). */
const AHEAD_BYTES = 4_000_000
/** Garbage a thread may gather before it is collected: more makes it no faster here. */
const YOUNG_MEGABYTES = 16
/** Below this a thread would take longer to start than to finish. */
const SMALL_BYTES = 1_000_000

interface Thread {
  readonly worker: Worker
  readonly waiting: PromiseWithResolvers<Prepared>[]
}

export class Preparers {
  readonly #options: PrepareOptions
  readonly #count: number
  readonly #here: number
  readonly #threads: Thread[] = []
  #bytes = 0

  /** With a count, so many threads from the first byte on (0: none); without, one thread once there is much to do. */
  constructor(options: PrepareOptions, count: number | undefined) {
    this.#options = options
    this.#count = count ?? 1
    this.#here = count === undefined ? SMALL_BYTES : 0
  }

  /** Gives the pieces in the order of the source, whatever thread was first. */
  async* prepare(source: Source): AsyncGenerator<Prepared> {
    const underWay: { readonly bytes: number; readonly prepared: Promise<Prepared> }[] = []
    let ahead = 0
    for await (const cut of cutSource(source, this.#options.limits)) {
      if (cut.form === 'stream') {
        yield* this.#prepareStream(source, cut.chunks)
        continue
      }
      const bytes = sizeOf(cut)
      const prepared = this.#start(cut)
      // Its failure is met when its turn comes, or the import has ended otherwise by then.
      prepared.catch(() => undefined)
      underWay.push({ bytes, prepared })
      for (ahead += bytes; ahead > AHEAD_BYTES; ahead -= underWay.shift()?.bytes ?? 0) yield await (underWay[0] as { prepared: Promise<Prepared> }).prepared
    }
    for (const { prepared } of underWay) yield await prepared
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  async #start(cut: Piece): Promise<Prepared> {
    this.#bytes += sizeOf(cut)
    if (this.#count === 0 || this.#bytes <= this.#here) return prepareCut(cut, this.#options)
    const thread = this.#freest()
    const answer = Promise.withResolvers<Prepared>()
    thread.waiting.push(answer)
    // A small text shares its buffer with others and is copied; a large one is handed over.
    const owned = cut.form !== 'problem' && cut.text.byteLength === cut.text.buffer.byteLength
    thread.worker.postMessage({ cut } satisfies PrepareTask, owned ? [cut.text.buffer as ArrayBuffer] : [])
    return answer.promise
  }

  #freest(): Thread {
    const free = this.#threads.find(({ waiting }) => waiting.length === 0)
    if (free !== undefined) return free
    if (this.#threads.length < this.#count) {
      const thread = startThread(this.#options)
      this.#threads.push(thread)
      return thread
    }
    return this.#threads.reduce((best, thread) => (thread.waiting.length < best.waiting.length ? thread : best))
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

/** A thread answers in the order it was asked. When it ends, whatever waits for it fails. */
function startThread(options: PrepareOptions): Thread {
  const thread: Thread = { worker: new Worker(new URL('./prepare-worker.ts', import.meta.url), { workerData: options, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } }), waiting: [] }
  const fail = (error: Error): void => {
    for (const { reject } of thread.waiting.splice(0)) reject(error)
  }
  thread.worker.on('message', (prepared: Prepared) => thread.waiting.shift()?.resolve(prepared))
  thread.worker.on('error', fail)
  thread.worker.on('exit', () => fail(new Error('a thread of the import ended')))
  return thread
}
