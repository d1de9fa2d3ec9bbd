// The thread that takes blocks apart. It has no database.
import { parentPort } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import { takeApart } from './apart.ts'
import type { Task } from './apart.ts'
import type { ThreadAnswer } from './apart-in-thread.ts'

const answer = (one: ThreadAnswer, handed: readonly ArrayBuffer[] = []): void => parentPort?.postMessage(one, handed)

parentPort?.on('message', (task: Task) => {
  try {
    const apart = takeApart(task)
    answer({ apart }, Object.values(apart.tables).flatMap(({ columns }) => columns.flatMap((column) => typeof column === 'string' ? [] : 'codes' in column ? [column.codes.buffer] : [column.buffer])))
  } catch (error) {
    if (!MhmdError.isInstance(error)) throw error
    answer({ error: error.toJSON() })
  }
})
