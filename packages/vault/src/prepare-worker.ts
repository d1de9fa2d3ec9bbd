// Reads and checks pieces of a source on a thread of its own. It sees records as they come from the source, and no key.
import { parentPort, workerData } from 'node:worker_threads'
import { prepareCut } from './import-candidates.ts'
import type { PrepareOptions } from './import-candidates.ts'
import { READY } from './preparers.ts'
import type { PrepareTask } from './preparers.ts'

parentPort?.on('message', ({ cut }: PrepareTask) => {
  const prepared = prepareCut(cut, workerData as PrepareOptions)
  const buffer = prepared.candidates.find(({ record }) => record !== undefined)?.record?.packed.buffer
  parentPort?.postMessage(prepared, buffer === undefined ? [] : [buffer as ArrayBuffer])
})
parentPort?.postMessage(READY)
