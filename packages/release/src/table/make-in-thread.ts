// A table's release computed on a thread of its own, so that a large one holds nobody else back. A thread is made for one table and ends with it: what it knew of people ends too.
// The rows' codes are handed over, not copied. Of keys, those of the agreement alone cross, and not as bytes (`AgreementKeys`).
import { Worker } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import type { Column } from '@mhmd/columns'
import { releaseErrors } from '../errors.ts'
import type { MadeTable, MakeTable, MakeTask, Stage } from './make-table.ts'

export type ThreadAnswer = { readonly done: Stage } | { readonly made: MadeTable } | { readonly error: ConstructorParameters<typeof MhmdError>[0] }

export interface ThreadOptions {
  /** Ends the thread at once; the call fails with the signal's reason. */
  readonly signal: AbortSignal
  readonly done?: (stage: Stage) => void
  /** The most memory of the thread's heap; by default what Node gives a thread. */
  readonly heapMegabytes?: number
}

/** By the engine of packages/deid. Throws as `makeTable`, and RELEASE_TOO_LARGE where its memory is not enough. */
export const makeInThread = ({ signal, done = () => undefined, heapMegabytes }: ThreadOptions): MakeTable => async (task) => {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./table-worker.ts', import.meta.url), heapMegabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } })
  const ended = Promise.withResolvers<MadeTable>()
  const abort = (): void => { ended.reject(signal.reason as Error) }
  signal.addEventListener('abort', abort)
  worker.on('message', (answer: ThreadAnswer) => {
    if ('done' in answer) done(answer.done)
    else if ('made' in answer) ended.resolve(answer.made)
    else ended.reject(new MhmdError(answer.error))
  })
  worker.on('error', (error) => { ended.reject(isOutOfMemory(error) ? releaseErrors.TOO_LARGE() : error) })
  worker.on('exit', () => { ended.reject(new Error('the thread of a table ended')) })
  try {
    worker.postMessage(task, buffersOf(task))
    return await ended.promise
  } finally {
    signal.removeEventListener('abort', abort)
    await worker.terminate()
  }
}

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY'

/** A buffer that several columns share is handed over once; shared memory is shared. */
export function buffersOf({ source: { table, person } }: Pick<MakeTask, 'source'>): ArrayBuffer[] {
  const buffers = [person, ...table.columns].map(({ codes }: Column) => codes.buffer)
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer)
}
