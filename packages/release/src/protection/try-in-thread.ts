// Alternatives of a dataset's protection tried on a thread of their own, one after another, each told as soon as it is measured. A long search holds nobody back and ends at once when it is called off.
import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import type { Grid, Job } from '@mhmd/deid'
import type { Dataset } from '@mhmd/schema'
import { buffersOf } from '../table/make-in-thread.ts'
import type { PersonRows } from '../table/ports.ts'
import type { Tried } from './alternatives.ts'

export interface ProtectionTask {
  /** Handed over: whoever gave the rows uses them no more. */
  readonly source: PersonRows
  readonly document: Dataset
  readonly grid?: Grid
  /** The document's own policy and no other. */
  readonly ownOnly?: boolean
  /** Nothing is tried: only the hierarchies are built. */
  readonly isFilesOnly?: boolean
  /** For each alternative; one that is cut short says so, and its job repeats it. */
  readonly secondsEach: number
  /** What was tried before over rows of this digest; over other rows all is tried anew. */
  readonly before?: { readonly sourceDigest: string; readonly names: readonly string[] }
}

/** Told first. `isAnew` where what was tried before no longer counts. */
export interface ProtectionBegun {
  readonly sourceDigest: string
  readonly isAnew: boolean
  readonly names: readonly string[]
  readonly job: Job
  readonly rows: number
  readonly people: number
}

export interface HierarchyFiles {
  readonly sourceDigest: string
  /** In the form of ARX's files, named as jobs name them. */
  readonly hierarchies: readonly { readonly name: string; readonly csv: string }[]
}

export type ProtectionAnswer = { readonly begun: ProtectionBegun } | { readonly tried: Tried } | { readonly error: ConstructorParameters<typeof MhmdError>[0] } | { readonly files: HierarchyFiles } | { readonly ended: true }

/** Throws the engine's errors where document and rows don't fit together, and the signal's reason. */
export async function* tryInThread(task: Omit<ProtectionTask, 'isFilesOnly'>, signal: AbortSignal): AsyncGenerator<{ readonly begun: ProtectionBegun } | { readonly tried: Tried }> {
  for await (const answer of answers(task, signal)) if (!('files' in answer)) yield answer
}

/** The hierarchies that jobs over these rows name, and the rows' digest. Throws as `tryInThread`. */
export async function hierarchyFiles(source: PersonRows, document: Dataset): Promise<HierarchyFiles> {
  for await (const answer of answers({ source, document, secondsEach: 0, isFilesOnly: true }, new AbortController().signal)) if ('files' in answer) return answer.files
  throw new Error('the thread of a protection built no file')
}

type Told = Exclude<ProtectionAnswer, { readonly error: unknown } | { readonly ended: true }>

async function* answers(task: ProtectionTask, signal: AbortSignal): AsyncGenerator<Told> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./protection-worker.ts', import.meta.url))
  try {
    const messages = on(worker, 'message', { signal, close: ['exit'] })
    worker.postMessage(task, buffersOf(task))
    for await (const [answer] of messages as AsyncIterable<[ProtectionAnswer]>) {
      if ('ended' in answer) return
      if ('error' in answer) throw new MhmdError(answer.error)
      yield answer
    }
    throw new Error('the thread of a protection ended')
  } finally {
    await worker.terminate()
  }
}
