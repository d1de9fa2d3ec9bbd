import { test } from 'node:test'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '@mhmd/store-sqlite'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { createJobs } from './jobs.ts'
import type { Job, JobRunner, Jobs } from './jobs.ts'
import { createLinkCodes } from './link-codes.ts'

const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }
const clock = { now: (): number => Date.now() }

async function place(): Promise<AsyncDisposable & { readonly store: Store; reopen(): Promise<Store> }> {
  const folder = mkdtempSync(join(tmpdir(), 'jobs-'))
  const file = join(folder, 'store.db')
  let store = await openSqliteStore(file)
  return {
    get store() { return store },
    reopen: async () => {
      await store.close()
      store = await openSqliteStore(file)
      return store
    },
    [Symbol.asyncDispose]: async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const jobsOn = (store: Store, work: JobRunner): Jobs => createJobs({ store, clock, randomness, log: () => undefined, runners: { work } })
const add = (store: Store, jobs: Jobs): Promise<string> => store.write((tx) => jobs.add(tx, 'work', { n: 1 }))
const stateOf = (store: Store, jobs: Jobs, id: string): Promise<Job | undefined> => store.read((tx) => jobs.get(tx, id))

async function running<T>(jobs: Jobs, act: () => Promise<T>): Promise<T> {
  const stopping = new AbortController()
  const ended = jobs.run(stopping.signal)
  try {
    return await act()
  } finally {
    stopping.abort()
    await ended
  }
}

test('a job that failed or was cancelled goes on when somebody says so, and one that is done does not', async () => {
  await using at = await place()
  let isUp = false
  const jobs = jobsOn(at.store, async (_job, step) => {
    if (!isUp) throw nodeErrors.DIGEST_MISMATCH()
    await step.finish(() => Promise.resolve())
  })
  const id = await add(at.store, jobs)
  await running(jobs, () => until(async () => (await stateOf(at.store, jobs, id))?.state === 'failed'))
  assert.equal((await stateOf(at.store, jobs, id))?.code, 'NODE_DIGEST_MISMATCH')
  isUp = true
  assert.equal(await jobs.resume(id), true)
  assert.equal(await jobs.resume(id), false, 'it waits already')
  const resumed = await stateOf(at.store, jobs, id)
  assert.deepEqual([resumed?.state, resumed?.attempts, resumed?.code], ['waiting', 0, undefined])
  await running(jobs, () => until(async () => (await stateOf(at.store, jobs, id))?.state === 'done'))
  assert.equal(await jobs.resume(id), false)
  assert.deepEqual((await jobs.log(id)).map(({ event }) => event), ['failed', 'resumed', 'done'])
  const second = await add(at.store, jobs)
  assert.equal(await jobs.cancel(second), true)
  assert.equal(await jobs.resume(second), true)
  await running(jobs, () => until(async () => (await stateOf(at.store, jobs, second))?.state === 'done'))
})

test('a job that is done says nothing more of what it waited for', async () => {
  await using at = await place()
  let runs = 0
  const jobs = jobsOn(at.store, async (_job, step) => {
    if (runs++ === 0) throw nodeErrors.BUSY()
    await step.finish(() => Promise.resolve())
  })
  const id = await add(at.store, jobs)
  await running(jobs, () => until(async () => (await stateOf(at.store, jobs, id))?.state === 'done'))
  const done = await stateOf(at.store, jobs, id)
  assert.deepEqual([done?.attempts, done?.code, done?.problem], [1, undefined, undefined])
  assert.deepEqual((await jobs.log(id)).map(({ event }) => event), ['waits', 'done'])
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + 10_000; !(await holds());) {
    if (Date.now() > limit) throw new Error('it did not happen within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('jobs are listed newest first, as many as asked for, and a running one with how far it is', async () => {
  await using at = await place()
  let now = 1_000_000
  const halfway: JobRunner = (_job, step) => new Promise((_resolve, reject) => {
    step.progress(1, 2)
    step.signal.addEventListener('abort', () => reject(new Error('cut off')))
  })
  const jobs = createJobs({ store: at.store, clock: { now: () => now++ }, randomness, log: () => undefined, runners: { work: halfway } })
  const ids: string[] = []
  for (let n = 0; n < 30; n++) ids.push(await add(at.store, jobs))
  assert.deepEqual((await jobs.list(10)).map(({ id }) => id), ids.slice(-10).reverse())
  const first = await jobs.page({ limit: '10' })
  const second = await jobs.page({ limit: '20', after: first.next ?? '' })
  assert.deepEqual([...first.rows, ...second.rows].map(({ id }) => id), ids.toReversed())
  assert.equal(second.next, null)
  assert.deepEqual((await jobs.page({ text: `WORK ${ids[3]}` })).rows.map(({ id }) => id), [ids[3]])
  await running(jobs, async () => {
    await until(async () => (await jobs.list(100)).at(-1)?.progress?.done === 1)
    assert.deepEqual((await jobs.list(100)).map(({ progress }) => progress), [...Array.from({ length: 29 }, () => undefined), { done: 1, total: 2 }])
  })
})

test('a job that was cut off runs again after a restart, and its effects happen once', async () => {
  await using at = await place()
  const first = jobsOn(at.store, (_job, step) => new Promise((_resolve, reject) => step.signal.addEventListener('abort', () => reject(new Error('cut off')))))
  const id = await add(at.store, first)
  await running(first, () => new Promise((resolve) => setTimeout(resolve, 200)))
  assert.equal((await stateOf(at.store, first, id))?.state, 'waiting', 'stopping the node does not fail the job')
  const store = await at.reopen()
  let effects = 0
  const second = jobsOn(store, (_job, step) => step.finish(async () => { effects++ }))
  await running(second, () => until(async () => (await stateOf(store, second, id))?.state === 'done'))
  await running(second, () => new Promise((resolve) => setTimeout(resolve, 300)))
  assert.equal(effects, 1)
})

test('a cancelled job has no effects, although it was in the middle', async () => {
  await using at = await place()
  let effects = 0
  const started = Promise.withResolvers<undefined>()
  const goOn = Promise.withResolvers<undefined>()
  const jobs = jobsOn(at.store, async (_job, step) => {
    started.resolve(undefined)
    await goOn.promise
    await step.finish(async () => { effects++ })
  })
  const id = await add(at.store, jobs)
  await running(jobs, async () => {
    await started.promise
    assert.equal(await jobs.cancel(id), true)
    goOn.resolve(undefined)
    await new Promise((resolve) => setTimeout(resolve, 200))
  })
  assert.equal((await stateOf(at.store, jobs, id))?.state, 'cancelled')
  assert.equal(effects, 0)
  assert.equal(await jobs.cancel(id), false)
})

test('what time may mend is tried again, what it can\'t is not', async () => {
  await using at = await place()
  let tries = 0
  const jobs = jobsOn(at.store, async (_job, step) => {
    if (++tries < 3) throw nodeErrors.BLIND({ seconds: 11 })
    await step.finish(async () => undefined)
  })
  const id = await add(at.store, jobs)
  await running(jobs, () => until(async () => (await stateOf(at.store, jobs, id))?.state === 'done'))
  assert.equal(tries, 3)
  const failing = jobsOn(at.store, async () => { throw nodeErrors.NOT_FOUND({ what: 'request' }) })
  const other = await add(at.store, failing)
  await running(failing, () => until(async () => (await stateOf(at.store, failing, other))?.state === 'failed'))
  assert.equal((await stateOf(at.store, failing, other))?.code, 'NODE_NOT_FOUND')
})

test('jobs that wait for something, however many, keep none behind them', async () => {
  await using at = await place()
  const jobs = createJobs({ store: at.store, clock, randomness, log: () => undefined, runners: { work: async (job, step) => {
    if (job.input['n'] === 1) throw nodeErrors.KEY_UNKNOWN()
    await step.finish(async () => undefined)
  } } })
  const waiting: string[] = []
  for (let n = 0; n < 40; n++) waiting.push(await add(at.store, jobs))
  const last = await at.store.write((tx) => jobs.add(tx, 'work', { n: 2 }))
  await running(jobs, () => until(async () => (await stateOf(at.store, jobs, last))?.state === 'done'))
  for (const id of waiting) assert.equal((await stateOf(at.store, jobs, id))?.state, 'waiting')
})

test('a link code works for one key, for seven days, in either case and with or without dashes', async () => {
  await using at = await place()
  const time = { now: 1_800_000_000_000 }
  const codes = createLinkCodes({ store: at.store, secret: new Uint8Array(32).fill(1), clock: { now: () => time.now }, randomness })
  const { code, expires } = await codes.issue('subject-1')
  assert.equal(await codes.claim(code, 'key-1'), 'subject-1')
  assert.equal(await codes.claim(code.toUpperCase().replaceAll('-', ''), 'key-1'), 'subject-1', 'the key that began may go on')
  await assert.rejects(codes.claim(code, 'key-2'), { code: 'NODE_LINK_CODE' })
  await assert.rejects(codes.claim('0000-0000-0000-0000', 'key-1'), { code: 'NODE_LINK_CODE' })
  time.now = expires
  await assert.rejects(codes.claim(code, 'key-1'), { code: 'NODE_LINK_CODE' })
})
