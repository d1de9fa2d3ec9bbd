// Bench of analytics beside a ledger at its full rate: decisions signed beforehand go through the embedded engine as fast as it takes them, while a feed on a thread of its own follows, as a node's does.
// How long from a receipt until its block is in the tables, and whether the feed falls behind. Usage: npm run bench -- analytics-live [PEOPLE [VERSIONS]]   (each person decides so often)
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createFeed, openDatabase, rebuild, writeParquet } from '@mhmd/analytics'
import type { Transaction } from '@mhmd/contracts'
import { Engine, storedBlocks } from '@mhmd/ledger-embedded'
import { sampleNetwork } from '@mhmd/ledger/testing'
import type { SampleMember } from '@mhmd/ledger/testing'
import type { FromFeed, ToFeed } from './support/feed-worker.ts'

const people = Number(process.argv[2] ?? 3000)
const versions = Number(process.argv[3] ?? 12)
/** Fewer than people: each person's decisions stay in their order. */
const IN_FLIGHT = Math.min(2000, Math.floor(people / 2))

const line = (name: string, value: string): void => console.log(`${name.padEnd(62)} ${value}`)
const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
const seconds = (since: number): number => (performance.now() - since) / 1000
const load = (): string => (loadavg()[0] ?? 0).toFixed(1)

const folder = mkdtempSync(join(tmpdir(), 'bench-analytics-live-'))
const paths = { ledger: join(folder, 'ledger'), live: join(folder, 'live'), rebuilt: join(folder, 'rebuilt') }
try {
  console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${load()}; Node ${process.version}`)
  for (const each of [paths.live, paths.rebuilt]) mkdirSync(each)
  const network = sampleNetwork({ now: () => Date.now() })
  await run(network)
  const isSame = await rebuiltSame(network.id)
  line('rebuilt Parquet is the live feed\'s, byte for byte', String(isSame))
  line('load at the end', load())
  process.exitCode = isSame ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}

async function run(network: ReturnType<typeof sampleNetwork>): Promise<void> {
  const signed = [...Array.from({ length: people }, (_, n) => network.enrol(n)), ...Array.from({ length: people * versions }, (_, at) => network.decide(at % people, Math.floor(at / people) + 1, { operation: Math.floor(at / people) % 4 === 2 ? 'withdraw' : 'set' }))]
  const engine = await Engine.open({ folder: paths.ledger, networkId: network.id, clock: { now: () => Date.now() } })
  const feed = startFeed(network.id)
  const stop = new AbortController()
  const handing = handOver(engine, feed, stop.signal)
  const ledgers = { rome: engine.forMember('rome'), accounts: engine.forMember('accounts') } as Partial<Record<string, ReturnType<Engine['forMember']>>>
  const submit = async (transaction: Transaction): Promise<void> => {
    const receipt = await ledgers[transaction.submitter as SampleMember]?.submit(transaction)
    if (receipt?.status !== 'committed') throw new Error('not committed')
    feed.waitsFor(receipt.height)
  }
  await ledgers['rome']?.submit(network.genesis())
  // The thread has loaded what it needs.
  await feed.reaches(engine.head.height)
  const started = performance.now()
  await inLanes(signed, submit)
  const wall = seconds(started)
  const behind = engine.head.height - feed.height()
  const ended = performance.now()
  await feed.reaches(engine.head.height)
  line('transactions a second through the engine, the feed beside it', `${(signed.length / wall).toFixed(0)} (${signed.length} in ${engine.head.height + 1} blocks, ${wall.toFixed(1)} s)`)
  line('from a receipt to its block in the tables, s (bar: 2)', `median ${percentile(feed.waits, 0.5).toFixed(3)}, 99th percentile ${percentile(feed.waits, 0.99).toFixed(3)}, most ${percentile(feed.waits, 1).toFixed(3)}`)
  line('behind when the ledger ended: blocks, s', `${behind}, ${seconds(ended).toFixed(2)}`)
  stop.abort()
  await handing
  await feed.end()
  await engine.close()
}

/** As the ledger's door hands blocks to a member: their stored text. */
async function handOver(engine: Engine, feed: ReturnType<typeof startFeed>, signal: AbortSignal): Promise<void> {
  for await (const { hash, text } of engine.storedBlocks(0, signal)) feed.send({ hash, text })
}

interface FeedThread {
  readonly waits: readonly number[]
  send(message: ToFeed): void
  height(): number
  waitsFor(height: number): void
  reaches(height: number): Promise<void>
  end(): Promise<void>
}

function startFeed(networkId: string): FeedThread {
  const worker = new Worker(new URL('./support/feed-worker.ts', import.meta.url), { workerData: { folder: paths.live, networkId } })
  const waits: number[] = []
  const waiting: { readonly height: number; readonly at: number }[] = []
  const done = Promise.withResolvers<void>()
  let reached = -1
  worker.on('message', (message: FromFeed) => {
    if (message === 'done') return done.resolve()
    reached = message.height
    while ((waiting[0]?.height ?? Infinity) <= reached) waits.push(seconds(waiting.shift()?.at ?? 0))
  })
  worker.on('error', done.reject)
  return {
    waits,
    send: (message) => worker.postMessage(message),
    height: () => reached,
    waitsFor: (height) => void (height <= reached ? waits.push(0) : waiting.push({ height, at: performance.now() })),
    reaches: async (height) => {
      while (reached < height) await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), done.promise])
    },
    end: async () => {
      worker.postMessage('end' satisfies ToFeed)
      await done.promise
      await worker.terminate()
    },
  }
}

async function rebuiltSame(networkId: string): Promise<boolean> {
  const database = await openDatabase({ file: join(paths.rebuilt, 'ledger.duckdb'), networkId, exportFolder: paths.rebuilt })
  await rebuild(await createFeed(database), storedBlocks(paths.ledger))
  const files = await writeParquet(database)
  database.close()
  const digests = (of: string): string => spawnSync('sha256sum', [...files], { cwd: of, encoding: 'utf8' }).stdout
  return digests(paths.rebuilt) === digests(paths.live)
}

async function inLanes<T>(work: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    while (next < work.length) await run(work[next++] as T)
  }))
}
