// One thread of the pool: takes chunks of each task it is sent.
import { parentPort } from 'node:worker_threads'
import { busy, failed, work } from './protocol.ts'
import type { GroupTask } from './protocol.ts'

parentPort?.on('message', (task: GroupTask) => {
  try {
    work(task)
  } catch {
    // What failed here fails in the pool's own thread too, and is thrown there.
    Atomics.add(task.state, failed, 1)
  }
  Atomics.sub(task.state, busy, 1)
  Atomics.notify(task.state, busy)
})
