// Bench of analytics: transactions of ninety days that came through the embedded ledger; the feed live beside it, the rebuild from block files alone, every question, every dashboard.
// Usage: npm run bench -- analytics [TRANSACTIONS [FOLDER]]   A folder is kept, and measured again without another ledger where it holds one. Generator, ledger and feed share this process;
// the ledger's signature checks have a thread a processor.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { apartThread, createFeed, followLedger, openDatabase, rebuild, writeParquet } from '@mhmd/analytics'
import type { Database } from '@mhmd/analytics'
import type { Ledger } from '@mhmd/ledger'
import { Engine, storedBlocks } from '@mhmd/ledger-embedded'
import { answerTimes } from './support/answer-times.ts'
import { ninetyDays } from './support/ninety-days.ts'

const transactions = Number(process.argv[2] ?? 10_000)
const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'bench-analytics-'))
const paths = { ledger: join(folder, 'ledger'), live: join(folder, 'live'), network: join(folder, 'network.txt'), rebuilt: join(folder, 'rebuilt') }

const line = (name: string, value: string): void => console.log(`${name.padEnd(62)} ${value}`)
const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
const digests = (of: string): string => spawnSync('sha256sum', ['blocks.parquet', 'transactions.parquet', 'writes.parquet', 'items.parquet'], { cwd: of, encoding: 'utf8' }).stdout
const seconds = (since: number): number => (performance.now() - since) / 1000
const load = (): string => (loadavg()[0] ?? 0).toFixed(1)

try {
  console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${load()}; Node ${process.version}`)
  if (!existsSync(paths.network)) await grow()
  const { database, isSame } = await rebuildRate(readFileSync(paths.network, 'utf8'))
  line('rebuilt Parquet is the live feed\'s, byte for byte', String(isSame))
  for (const [name, time] of await answerTimes(database)) line(name, time)
  database.close()
  if (!isSame) throw new Error('the rebuild gives other files than the live feed')
  line('load at the end', load())
} finally {
  if (process.argv[3] === undefined) rmSync(folder, { recursive: true })
}

/** Everything goes through the engine while the feed follows. */
async function grow(): Promise<void> {
  const { network, clock, submit } = ninetyDays()
  mkdirSync(paths.live, { recursive: true })
  const engine = await Engine.open({ folder: paths.ledger, networkId: network.id, clock })
  const database = await openDatabase({ file: join(paths.live, 'ledger.duckdb'), networkId: network.id, exportFolder: paths.live })
  const feed = await createFeed(database)
  const stop = new AbortController()
  const rome = engine.forMember('rome')
  // The engine is this process's own: what it hands out it has checked, which a node's follower would do again.
  const follower = { waitFor: () => Promise.resolve(), hashAt: (height: number) => hashOf(rome, height) }
  const following = followLedger({ feed, ledger: rome, follower, log: (event, details) => console.log(event, details) }, stop.signal)
  const waits: number[] = []
  const waiting: { height: number; at: number }[] = []
  const look = (): void => {
    while ((waiting[0]?.height ?? Infinity) <= feed.position().height) waits.push(seconds(waiting.shift()?.at ?? 0))
  }
  const watch = setInterval(look, 5)
  let count = 0
  const started = performance.now()
  await submit((member) => engine.forMember(member), { transactions, day: (day) => { if (day % 30 === 0) console.log(`  day ${day}: ${count} transactions, ${seconds(started).toFixed(0)} s`) }, committed: ({ height }) => {
    if (count++ % 50 === 0) waiting.push({ height, at: performance.now() })
  } })
  const wall = seconds(started)
  const { height } = await rome.head()
  while (feed.position().height < height) await new Promise((resolve) => setTimeout(resolve, 5))
  look()
  clearInterval(watch)
  line('transactions through the engine', `${count} in ${height + 1} blocks, ${(count / wall).toFixed(0)} a second with generator and feed beside it`)
  line('from a receipt to its block in the tables, s (bar: 2)', `median ${percentile(waits, 0.5).toFixed(3)}, 99th percentile ${percentile(waits, 0.99).toFixed(3)}, most ${percentile(waits, 1).toFixed(3)}`)
  stop.abort()
  await engine.close()
  await following
  await writeParquet(database)
  database.close()
  writeFileSync(paths.network, network.id)
}

/** The hash of the engine's own block. */
async function hashOf(ledger: Ledger, height: number): Promise<string | undefined> {
  const enough = new AbortController()
  try {
    for await (const block of ledger.blocks(height, enough.signal)) return block.hash
    return undefined
  } finally {
    enough.abort()
  }
}

async function rebuildRate(networkId: string): Promise<{ database: Database; isSame: boolean }> {
  rmSync(paths.rebuilt, { recursive: true, force: true })
  mkdirSync(paths.rebuilt)
  const file = join(paths.rebuilt, 'ledger.duckdb')
  const database = await openDatabase({ file, networkId, exportFolder: paths.rebuilt, waitingMegabytes: 256 })
  const started = performance.now()
  const thread = apartThread()
  const feed = await createFeed(database, thread.takeApart)
  await rebuild(feed, storedBlocks(paths.ledger))
  const fed = seconds(started)
  await thread.close()
  await writeParquet(database)
  const whole = seconds(started)
  const [[count = 0] = []] = (await database.feed.runAndReadAll('SELECT count(*)::INTEGER FROM feed.transactions')).getRowsJson() as number[][]
  line('transactions rebuilt from block files', String(count))
  line('rebuild into tables, block hashes checked, transactions/s', `${(count / fed).toFixed(0)} (bar: 50,000)`)
  line('rebuild with canonical Parquet, transactions/s', (count / whole).toFixed(0))
  line('tables, MiB · resident memory, MiB', `${(statSync(file).size / 2 ** 20).toFixed(0)} · ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)}`)
  return { database, isSame: digests(paths.rebuilt) === digests(paths.live) }
}
