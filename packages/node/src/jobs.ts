// Durable jobs: a row until done, run one at a time a kind, taken up again after a kill. Each step is idempotent: its effects and the job's end are one transaction.
import { MhmdError, newId, ordinal } from '@mhmd/base'
import type { Clock, Key, Log, Randomness } from '@mhmd/base'
import type { Range, ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { pause } from './ledger-outbox.ts'
import { jsonTable } from './table.ts'

export interface Job {
  readonly id: string
  readonly kind: string
  /** Ids, codes and numbers only. */
  readonly input: Readonly<Record<string, string | number>>
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly attempts: number
  readonly created: number
  readonly progress?: { readonly done: number; readonly total: number }
  readonly code?: string
}

/** Runs a job to its end. `finish` ends it together with its effects; a job that was cancelled meanwhile throws there. */
export type JobRunner = (job: Job, step: JobStep) => Promise<void>

export interface JobStep {
  readonly signal: AbortSignal
  progress(done: number, total: number): void
  /** Writes a line of the job's log: a code, and counts or ids. Nothing of a person's record. */
  note(event: string, details?: Readonly<Record<string, string | number>>): Promise<void>
  finish<T>(effects: (tx: WriteTransaction) => Promise<T>): Promise<T>
}

/** A line of a job's log. */
export interface JobNote {
  readonly at: number
  readonly event: string
  readonly details: Readonly<Record<string, string | number>>
}

export interface Jobs {
  /** Adds a job in the transaction of its cause. */
  add(tx: WriteTransaction, kind: string, input: Job['input']): Promise<string>
  get(tx: ReadTransaction, id: string): Promise<Job | undefined>
  list(limit: number): Promise<Job[]>
  /** The job's log, oldest first. */
  log(id: string): Promise<JobNote[]>
  cancel(id: string): Promise<boolean>
  run(signal: AbortSignal): Promise<void>
}

const table = jsonTable<Job>('jobs')
const notes = jsonTable<JobNote>('jobs-log')
const queue = jsonTable<{ readonly id: string }>('jobs-waiting')
const POLL_MILLISECONDS = 100
const PAGE = 16
/** How long a job waits for what time may mend: an outage of an hour loses nothing. */
const PATIENCE_MILLISECONDS = 3600 * 1000
/** Kinds of error that time may mend. */
const passing = new Set(['unavailable', 'unauthenticated'])

export function createJobs(parts: { store: Store; clock: Clock; randomness: Randomness; log: Log; runners: Readonly<Record<string, JobRunner>>; changed?: (job: Pick<Job, 'id' | 'kind' | 'progress'>) => void }): Jobs {
  const { store, clock } = parts
  const live = new Map<string, { progress?: { done: number; total: number }; controller: AbortController }>()

  async function note(tx: WriteTransaction, id: string, event: string, details: JobNote['details'] = {}): Promise<void> {
    const at = clock.now()
    await notes.put(tx, [id, ordinal(at), newId(parts.randomness)], { at, event, details })
  }

  async function end(tx: WriteTransaction, job: Job, outcome: Pick<Job, 'state'> & { code?: string }): Promise<void> {
    await table.put(tx, [job.id], { ...job, ...outcome })
    await queue.delete(tx, job.kind, ordinal(job.created), job.id)
  }

  async function runJob(job: Job, outer: AbortSignal): Promise<void> {
    const controller = new AbortController()
    live.set(job.id, { controller })
    parts.changed?.(job)
    try {
      const runner = parts.runners[job.kind]
      if (runner === undefined) throw new Error('a job of an unknown kind')
      await runner(job, {
        signal: AbortSignal.any([outer, controller.signal]),
        progress: (done, total) => {
          live.set(job.id, { controller, progress: { done, total } })
          parts.changed?.({ id: job.id, kind: job.kind, progress: { done, total } })
        },
        note: (event, details) => store.write((tx) => note(tx, job.id, event, details)),
        finish: (effects) => store.write(async (tx) => {
          const present = await table.get(tx, job.id)
          if (present?.state !== 'waiting') throw new Error('the job ended before its last step')
          const result = await effects(tx)
          await end(tx, present, { state: 'done' })
          await note(tx, job.id, 'done')
          return result
        }),
      })
    } catch (error) {
      if (!outer.aborted) await failed(job, error)
    } finally {
      live.delete(job.id)
      parts.changed?.(job)
    }
  }

  async function failed(job: Job, error: unknown): Promise<void> {
    const code = MhmdError.isInstance(error) ? error.code : 'INTERNAL'
    const attempts = job.attempts + 1
    const again = MhmdError.isInstance(error) && passing.has(error.kind) && clock.now() - job.created < PATIENCE_MILLISECONDS
    parts.log('job-failed', { id: job.id, kind: job.kind, code, attempts, again })
    await store.write(async (tx) => {
      const present = await table.get(tx, job.id)
      if (present?.state !== 'waiting') return
      await note(tx, job.id, again ? 'waits' : 'failed', { code, attempts })
      if (again) await table.put(tx, [job.id], { ...present, attempts, code })
      else await end(tx, { ...present, attempts }, { state: 'failed', code })
    })
  }

  return {
    add: async (tx, kind, input) => {
      const job: Job = { id: newId(parts.randomness), kind, input, state: 'waiting', attempts: 0, created: clock.now() }
      await table.put(tx, [job.id], job)
      await queue.put(tx, [kind, ordinal(job.created), job.id], { id: job.id })
      return job.id
    },
    get: async (tx, id) => {
      const job = await table.get(tx, id)
      const progress = live.get(id)?.progress
      return job === undefined || progress === undefined ? job : { ...job, progress }
    },
    list: (limit) => store.read(async (tx) => (await table.list(tx, { limit })).map((row) => row.value)),
    log: (id) => store.read(async (tx) => (await notes.list(tx, { prefix: [id] })).map((row) => row.value)),
    cancel: (id) => store.write(async (tx) => {
      const job = await table.get(tx, id)
      if (job?.state !== 'waiting') return false
      await end(tx, job, { state: 'cancelled' })
      await note(tx, id, 'cancelled')
      live.get(id)?.controller.abort()
      return true
    }),
    run: async (signal) => {
      await Promise.all(Object.keys(parts.runners).map((kind) => runKind(kind, signal)))
    },
  }

  /** One lane a kind: a long import doesn't keep an answer waiting. Each round goes through the whole lane, so that jobs that wait for something keep none behind them. */
  async function runKind(kind: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let isWaited = false
      for await (const job of dueOf(kind)) {
        if (signal.aborted) return
        isWaited ||= job.attempts > 0
        await runJob(job, signal)
      }
      // What waits for something gets a longer pause than an empty queue.
      await pause(isWaited ? 10 * POLL_MILLISECONDS : POLL_MILLISECONDS, signal)
    }
  }

  /** Jobs of a kind, oldest first, by pages. */
  async function* dueOf(kind: string): AsyncGenerator<Job> {
    let last: Key | undefined
    do {
      const range: Range = { prefix: [kind], limit: PAGE, ...(last === undefined ? {} : { after: last }) }
      const page = await store.read(async (tx) => Promise.all((await queue.list(tx, range)).map(async (row) => ({ key: row.key, job: await table.get(tx, row.value.id) }))))
      for (const { job } of page) if (job !== undefined) yield job
      last = page.length < PAGE ? undefined : page.at(-1)?.key
    } while (last !== undefined)
  }
}
