// One thread of the pool: calls the module of each message with its task.
import { parentPort } from 'node:worker_threads'
import { busy, failed } from './protocol.ts'
import type { Message } from './protocol.ts'

parentPort?.on('message', ({ module, task, state }: Message) => {
  void carriedOut(module, task).then((isDone) => {
    if (!isDone) Atomics.add(state, failed, 1)
    Atomics.sub(state, busy, 1)
    Atomics.notify(state, busy)
  })
})

/** What failed here fails in the pool's own thread too, or is done there again. */
async function carriedOut(module: string, task: object): Promise<boolean> {
  try {
    const { work } = await import(module) as { readonly work: (task: object) => void }
    work(task)
    return true
  } catch {
    return false
  }
}
