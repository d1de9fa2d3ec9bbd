// Signature checks for the engine: single ones on the caller's thread, many in batches on worker threads.
import { Worker } from 'node:worker_threads'
import type { SignatureCheck } from '@mhmd/contracts'
import { verifySignature } from '@mhmd/crypto'
import { packChecks } from './packed-checks.ts'

/** Up to this many checks waiting are done here: a round trip to a worker costs about as much as one. */
const INLINE_CHECKS = 2
const BATCH_CHECKS = 256
/** Batches a worker may hold, so that it never waits for this thread. */
const BATCHES_PER_WORKER = 2

interface Waiting {
  readonly checks: readonly SignatureCheck[]
  readonly resolve: (verdicts: readonly boolean[]) => void
}

interface Thread {
  readonly worker: Worker
  readonly batches: Map<number, readonly Waiting[]>
}

export interface SignatureVerifier {
  /** One verdict for each signature, in order. */
  verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>
  close(): Promise<void>
}

/** Workers start with the first batch that is worth one. A worker that dies gives its batches back to this thread. */
export function signatureVerifier(workers: number): SignatureVerifier {
  const threads: Thread[] = []
  let waiting: Waiting[] = []
  let waitingChecks = 0
  let scheduled = false
  let batchId = 0
  let closed = false

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      flush()
    })
  }

  function flush(): void {
    if (workers === 0 || closed || waitingChecks <= INLINE_CHECKS) return take(Infinity).forEach(verifyHere)
    while (waiting.length > 0) {
      const thread = freeThread()
      if (thread === undefined) return
      send(thread, take(BATCH_CHECKS))
    }
  }

  /** The oldest waiting ones that together hold at most `limit` checks, at least one. */
  function take(limit: number): Waiting[] {
    let count = 0
    let checks = 0
    for (const item of waiting) {
      if (count > 0 && checks + item.checks.length > limit) break
      count++
      checks += item.checks.length
    }
    const taken = waiting.slice(0, count)
    waiting = waiting.slice(count)
    waitingChecks -= checks
    return taken
  }

  function freeThread(): Thread | undefined {
    const idlest = threads.toSorted((a, b) => a.batches.size - b.batches.size)[0]
    if (idlest !== undefined && (idlest.batches.size === 0 || threads.length === workers)) return idlest.batches.size < BATCHES_PER_WORKER ? idlest : undefined
    return start()
  }

  function start(): Thread {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url))
    const thread: Thread = { worker, batches: new Map() }
    worker.unref()
    worker.on('message', (message: { readonly id: number; readonly verdicts: Uint8Array }) => settle(thread, message))
    worker.on('error', () => abandon(thread))
    worker.on('exit', () => abandon(thread))
    threads.push(thread)
    return thread
  }

  function send(thread: Thread, batch: readonly Waiting[]): void {
    const packed = packChecks(batch.flatMap((item) => item.checks))
    thread.batches.set(++batchId, batch)
    thread.worker.ref()
    thread.worker.postMessage({ id: batchId, packed }, [packed.buffer])
  }

  function settle(thread: Thread, { id, verdicts }: { readonly id: number; readonly verdicts: Uint8Array }): void {
    const batch = thread.batches.get(id) ?? []
    thread.batches.delete(id)
    if (thread.batches.size === 0) thread.worker.unref()
    let at = 0
    for (const item of batch) {
      item.resolve(item.checks.map((_, index) => verdicts[at + index] === 1))
      at += item.checks.length
    }
    if (waiting.length > 0) flush()
  }

  function abandon(thread: Thread): void {
    const index = threads.indexOf(thread)
    if (index >= 0) threads.splice(index, 1)
    for (const batch of thread.batches.values()) batch.forEach(verifyHere)
    thread.batches.clear()
    schedule()
  }

  return {
    verify: (checks) => new Promise((resolve) => {
      waiting.push({ checks, resolve })
      waitingChecks += checks.length
      schedule()
    }),
    close: async () => {
      closed = true
      await Promise.all(threads.map((thread) => thread.worker.terminate()))
      flush()
    },
  }
}

function verifyHere({ checks, resolve }: Waiting): void {
  resolve(checks.map((check) => verifySignature(check.publicKey, check.bytes, check.signature)))
}
