// Durable jobs: a row until done, run one at a time a kind, taken up again after a kill. Each step is idempotent: its effects and the job's end are one transaction.
import { MhmdError, newId, ordinal, publicError, pause } from '@mhmd/base'
import type { Clock, Key, Log, Randomness } from '@mhmd/base'
import type { Range, ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { pageOf } from './paging.ts'
import type { Page, Row } from './paging.ts'
import { jsonTable } from './table.ts'

export interface Job {
  readonly id: string
  readonly kind: string
  /** Ids, codes and numbers only. */
  readonly input: Readonly<Record<string, string | number>>
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly attempts: number
  readonly created: number
  /** When somebody had it go on after it had failed or been cancelled. */
  readonly resumed?: number
  readonly progress?: { readonly done: number; readonly total: number }
  readonly code?: string
  /** The last error as it may be shown: what it says, and what can be done. */
  readonly problem?: ReturnType<typeof publicError>
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
  /** Adds a job in the transaction of its cause. One that its caller named before is added once. */
  add(tx: WriteTransaction, kind: string, input: Job['input'], id?: string): Promise<string>
  get(tx: ReadTransaction, id: string): Promise<Job | undefined>
  /** Newest first, each with how far it is now. */
  list(limit: number): Promise<Job[]>
  page(query: Readonly<Record<string, string | undefined>>, isOfList?: (job: Job) => boolean): Promise<Page<Job>>
  /** The job's log, oldest first. */
  log(id: string): Promise<JobNote[]>
  cancel(id: string): Promise<boolean>
  /** Has a failed or cancelled job go on: what it had made durable is not done again. */
  resume(id: string): Promise<boolean>
  run(signal: AbortSignal): Promise<void>
}

const table = jsonTable<Job>('jobs')
const notes = jsonTable<JobNote>('jobs-log')
const queue = jsonTable<{ readonly id: string }>('jobs-waiting')
const byAge = jsonTable<{ readonly id: string }>('jobs-by-age')
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

  /** What it waited for before is over with it. */
  async function end(tx: WriteTransaction, { code: _, problem: __, ...job }: Job, outcome: Pick<Job, 'state' | 'code' | 'problem'>): Promise<void> {
    await table.put(tx, [job.id], { ...job, ...outcome })
    await queue.delete(tx, job.kind, ordinal(job.created), job.id)
  }

  /** With its progress, while it runs. */
  async function present(tx: ReadTransaction, id: string): Promise<Job | undefined> {
    const job = await table.get(tx, id)
    const progress = live.get(id)?.progress
    return job === undefined || progress === undefined ? job : { ...job, progress }
  }

  const newestFirst = (tx: ReadTransaction) => async function* (range: Range): AsyncGenerator<Row<Job>> {
    for await (const { key, value: { id } } of byAge.all(tx, { ...range, reverse: true })) {
      const job = await present(tx, id)
      if (job !== undefined) yield { key, value: job }
    }
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
    const [attempts, problem] = [job.attempts + 1, publicError(error, job.id)]
    const again = MhmdError.isInstance(error) && passing.has(error.kind) && clock.now() - (job.resumed ?? job.created) < PATIENCE_MILLISECONDS
    parts.log('job-failed', { id: job.id, kind: job.kind, code, attempts, again })
    await store.write(async (tx) => {
      const present = await table.get(tx, job.id)
      if (present?.state !== 'waiting') return
      await note(tx, job.id, again ? 'waits' : 'failed', { code, attempts })
      if (again) await table.put(tx, [job.id], { ...present, attempts, code, problem })
      else await end(tx, { ...present, attempts }, { state: 'failed', code, problem })
    })
  }

  return {
    add: async (tx, kind, input, id = newId(parts.randomness)) => {
      if (await table.get(tx, id) !== undefined) return id
      const job: Job = { id, kind, input, state: 'waiting', attempts: 0, created: clock.now() }
      await table.put(tx, [job.id], job)
      await queue.put(tx, [kind, ordinal(job.created), job.id], { id: job.id })
      await byAge.put(tx, [ordinal(job.created), job.id], { id: job.id })
      return job.id
    },
    get: present,
    list: (limit) => store.read(async (tx) => {
      const found: Job[] = []
      for await (const { value } of newestFirst(tx)({ limit })) found.push(value)
      return found
    }),
    page: (query, isOfList = () => true) => store.read((tx) => pageOf(query, { rows: newestFirst(tx), isOfList, textOf: ({ id, kind, state, code, input }) => [id, kind, state, code, ...Object.values(input)].join(' ') })),
    log: (id) => store.read(async (tx) => (await notes.list(tx, { prefix: [id] })).map((row) => row.value)),
    cancel: (id) => store.write(async (tx) => {
      const job = await table.get(tx, id)
      if (job?.state !== 'waiting') return false
      await end(tx, job, { state: 'cancelled' })
      await note(tx, id, 'cancelled')
      live.get(id)?.controller.abort()
      return true
    }),
    resume: (id) => store.write(async (tx) => {
      const job = await table.get(tx, id)
      // One that was cancelled while it ran is taken up again once that run has ended.
      if (job === undefined || !['failed', 'cancelled'].includes(job.state) || live.has(id)) return false
      const { code: _, problem: __, ...rest } = job
      await table.put(tx, [id], { ...rest, state: 'waiting', attempts: 0, resumed: clock.now() })
      await queue.put(tx, [job.kind, ordinal(job.created), id], { id })
      await note(tx, id, 'resumed')
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
