// The thread that makes one table and lets the gate measure it. It has no store and sees no key but the agreement's.
import { parentPort } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import { deidEngine } from './deid-engine.ts'
import type { ThreadAnswer } from './make-in-thread.ts'
import { makeTable } from './make-table.ts'
import type { MakeTask } from './make-table.ts'

const answer = (one: ThreadAnswer, handed: readonly ArrayBuffer[] = []): void => parentPort?.postMessage(one, handed)

parentPort?.once('message', (task: MakeTask) => {
  try {
    const made = makeTable(task, deidEngine, (done) => { answer({ done }) })
    // In a buffer of its own, so that it can be handed over.
    const bytes = new Uint8Array(made.bytes)
    answer({ made: { ...made, bytes } }, [bytes.buffer])
  } catch (error) {
    if (!MhmdError.isInstance(error)) throw error
    answer({ error: error.toJSON() })
  }
})
