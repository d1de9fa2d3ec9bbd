// Signature checks for the engine: single ones on the caller's thread, many in batches on worker threads.
import { Worker } from 'node:worker_threads'
import type { SignatureCheck } from '@mhmd/contracts'
import { verifySignature } from '@mhmd/crypto'
import { packChecks } from './packed-checks.ts'

/** Up to this many checks waiting are done here: a round trip to a worker costs about as much as one. */
const INLINE_CHECKS = 2
const BATCH_CHECKS = 256
/** Up to this many checks of one transaction go to one worker. */
const FEW_CHECKS = 8
/** Batches a worker may hold, so that it never waits for this thread. */
const BATCHES_PER_WORKER = 2

interface Waiting {
  readonly checks: readonly SignatureCheck[]
  readonly resolve: (verdicts: readonly boolean[]) => void
}

interface Thread {
  readonly worker: Worker
  /** What it takes first. */
  readonly lane: number
  /** Under way; a worker answers in the order it was asked. */
  readonly batches: (readonly Waiting[])[]
}

export interface SignatureVerifier {
  /** One verdict for each signature, in order. */
  verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>
  close(): Promise<void>
}

/**
 * Workers start with the first batch that is worth one. A worker that dies gives its batches back to this thread.
 * Each key has a worker that is asked first, so that it is imported once; a worker with nothing of its own takes others'.
 */
export function signatureVerifier(workers: number): SignatureVerifier {
  const threads: Thread[] = []
  const lanes = Array.from({ length: Math.max(1, workers) }, (): Waiting[] => [])
  let waitingChecks = 0
  let scheduled = false
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
    if (workers === 0 || closed || waitingChecks <= INLINE_CHECKS) return lanes.flatMap((_, lane) => take(lane, Infinity)).forEach(verifyHere)
    while (waitingChecks > 0) {
      const thread = freeThread()
      if (thread === undefined) return
      send(thread, take(fullLane(thread.lane), BATCH_CHECKS))
    }
  }

  /** This one, or where it is empty the one that most wait in. */
  const fullLane = (lane: number): number => (lanes[lane]?.length === 0 ? lanes.reduce((fullest, one, at) => (one.length > (lanes[fullest]?.length ?? 0) ? at : fullest), 0) : lane)

  /** The oldest waiting ones of a lane that together hold at most `limit` checks, at least one. */
  function take(lane: number, limit: number): Waiting[] {
    const waiting = lanes[lane] ?? []
    let count = 0
    let checks = 0
    for (const item of waiting) {
      if (count > 0 && checks + item.checks.length > limit) break
      count++
      checks += item.checks.length
    }
    waitingChecks -= checks
    return waiting.splice(0, count)
  }

  function freeThread(): Thread | undefined {
    const idlest = threads.toSorted((a, b) => a.batches.length - b.batches.length)[0]
    if (idlest !== undefined && (idlest.batches.length === 0 || threads.length === workers)) return idlest.batches.length < BATCHES_PER_WORKER ? idlest : undefined
    return start()
  }

  function start(): Thread {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url))
    const taken = new Set(threads.map(({ lane }) => lane))
    const thread: Thread = { worker, lane: Math.max(0, lanes.findIndex((_, lane) => !taken.has(lane))), batches: [] }
    worker.unref()
    worker.on('message', (verdicts: Uint8Array) => settle(thread, verdicts))
    worker.on('error', () => abandon(thread))
    worker.on('exit', () => abandon(thread))
    threads.push(thread)
    return thread
  }

  function send(thread: Thread, batch: readonly Waiting[]): void {
    const packed = packChecks(batch.flatMap((item) => item.checks))
    thread.batches.push(batch)
    thread.worker.ref()
    thread.worker.postMessage(packed, [packed.buffer])
  }

  function settle(thread: Thread, verdicts: Uint8Array): void {
    const batch = thread.batches.shift() ?? []
    if (thread.batches.length === 0) thread.worker.unref()
    let at = 0
    for (const item of batch) {
      item.resolve(item.checks.map((_, index) => verdicts[at + index] === 1))
      at += item.checks.length
    }
    if (waitingChecks > 0) flush()
  }

  function abandon(thread: Thread): void {
    const index = threads.indexOf(thread)
    if (index >= 0) threads.splice(index, 1)
    for (const batch of thread.batches.splice(0)) batch.forEach(verifyHere)
    schedule()
  }

  const wait = (lane: number, checks: readonly SignatureCheck[]): Promise<readonly boolean[]> => checks.length === 0 ? Promise.resolve([]) : new Promise((resolve) => {
    lanes[lane]?.push({ checks, resolve })
    waitingChecks += checks.length
    schedule()
  })

  /** A batch has many keys: each check waits in its own key's lane. */
  async function waitApart(checks: readonly SignatureCheck[]): Promise<readonly boolean[]> {
    const places = lanes.map((): number[] => [])
    for (const [at, check] of checks.entries()) places[laneOf(check, lanes.length)]?.push(at)
    const verdicts = Array.from(checks, () => false)
    await Promise.all(places.map(async (own, lane) => {
      const held = await wait(lane, own.map((at) => checks[at] as SignatureCheck))
      for (const [index, at] of own.entries()) verdicts[at] = held[index] === true
    }))
    return verdicts
  }

  return {
    // Of few, the first is a member's, whose key every worker knows.
    verify: (checks) => checks.length > FEW_CHECKS && lanes.length > 1 ? waitApart(checks) : wait(laneOf(checks.at(-1), lanes.length), checks),
    close: async () => {
      closed = true
      await Promise.all(threads.map((thread) => thread.worker.terminate()))
      flush()
    },
  }
}

function laneOf(check: SignatureCheck | undefined, lanes: number): number {
  const key = check?.publicKey ?? ''
  return (key.charCodeAt(0) + key.charCodeAt(1) + key.charCodeAt(2)) % lanes || 0
}

function verifyHere({ checks, resolve }: Waiting): void {
  resolve(checks.map((check) => verifySignature(check.publicKey, check.bytes, check.signature)))
}
