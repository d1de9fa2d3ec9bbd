// Blocks taken apart on a thread of its own, while this one reads the next and writes the last: for a rebuild, which has two processors to itself.
import { Worker } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import type { Apart, TakeApart } from './apart.ts'

export type ThreadAnswer = { readonly apart: Apart } | { readonly error: ConstructorParameters<typeof MhmdError>[0] }

interface ApartThread {
  readonly takeApart: TakeApart
  close(): Promise<void>
}

/** A batch's cells live until they are packed: with less, they would be moved to where garbage is dear. */
const YOUNG_MEGABYTES = 64

/** One task after the other, answered in their order. */
export function apartThread(): ApartThread {
  const worker = new Worker(new URL('./apart-worker.ts', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } })
  const waiting: PromiseWithResolvers<Apart>[] = []
  const failed = (error: Error): void => waiting.splice(0).forEach(({ reject }) => reject(error))
  worker.on('message', (answer: ThreadAnswer) => {
    const next = waiting.shift()
    if ('apart' in answer) next?.resolve(answer.apart)
    else next?.reject(new MhmdError(answer.error))
  })
  worker.on('error', failed)
  worker.on('exit', () => failed(new Error('the thread that takes blocks apart ended')))
  return {
    takeApart: (task) => {
      const answer = Promise.withResolvers<Apart>()
      waiting.push(answer)
      worker.postMessage(task)
      return answer.promise
    },
    close: async () => void await worker.terminate(),
  }
}
