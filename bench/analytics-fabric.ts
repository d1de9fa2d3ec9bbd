// Bench of analytics beside Hyperledger Fabric: transactions of every kind through a real network while a node's follower and feed read along, each with its lag; then every process stopped, the tables made again
// from the block files of two peers, with the same canonical Parquet, and every question and dashboard timed; then the same transactions through the embedded engine, and the same answers asked of both.
// Usage: npm run bench -- analytics-fabric [TRANSACTIONS]   (needs Go as npm start -- --ledger fabric does)
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { ask, createFeed, followLedger, openDatabase, rebuild, textOf, writeParquet } from '@mhmd/analytics'
import type { Database, Feed } from '@mhmd/analytics'
import type { Transaction } from '@mhmd/contracts'
import { createFollower } from '@mhmd/ledger'
import type { Block, Ledger } from '@mhmd/ledger'
import { Engine } from '@mhmd/ledger-embedded'
import { CHAINCODE, fabricLedger, startFabricNetwork, storedBlocks } from '@mhmd/ledger-fabric'
import { planFor } from '@mhmd/ledger-fabric/testing'
import type { SampleMember } from '@mhmd/ledger/testing'
import { memoryStore } from '@mhmd/store/testing'
import { answerTimes, asked } from './support/answer-times.ts'
import { ninetyDays } from './support/ninety-days.ts'

const OFFSET = 800
const IN_FLIGHT = 256
const BAR_SECONDS = 2
/** Answered by blocks' heights, times of their making and what was ordered in vain: another ledger's are others. */
const OWN = ['activity', 'anomalies', 'failures']
const transactions = Number(process.argv[2] ?? 10_000)
const folder = mkdtempSync(join(tmpdir(), 'bench-analytics-fabric-'))
const clock = { now: () => Date.now() }

const line = (name: string, value: string): void => console.log(`${name.padEnd(66)} ${value}`)
const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
const lags = (values: readonly number[]): string => `median ${percentile(values, 0.5).toFixed(3)}, 99th percentile ${percentile(values, 0.99).toFixed(3)}, most ${percentile(values, 1).toFixed(3)}`
const seconds = (since: number): number => (performance.now() - since) / 1000
const load = (): string => (loadavg()[0] ?? 0).toFixed(1)

async function tables(name: string, networkId: string): Promise<{ database: Database; feed: Feed }> {
  const exportFolder = join(folder, name)
  mkdirSync(exportFolder)
  const database = await openDatabase({ file: join(exportFolder, 'ledger.duckdb'), networkId, exportFolder })
  return { database, feed: await createFeed(database) }
}

/** The hashes of the canonical Parquet. */
const parquetOf = async (name: string, database: Database): Promise<string> => spawnSync('sha256sum', [...await writeParquet(database)], { cwd: join(folder, name), encoding: 'utf8' }).stdout

/** Everything goes through Fabric while the institute's follower and feed read along. */
async function live({ network, submit }: ReturnType<typeof ninetyDays>): Promise<{ plan: ReturnType<typeof planFor>; parquet: string }> {
  const fabric = await startFabricNetwork(planFor(join(folder, 'net'), OFFSET), { environment: process.env, say: console.log })
  const open = new Map<SampleMember, Ledger>()
  const again = new Map<string, number>()
  const tried = (event: string, details: Readonly<Record<string, unknown>> = {}): void => {
    const what = `${event}: ${String(details['reason'] ?? '').slice(0, 140)}`
    if (!again.has(what)) console.log(`  ${what}`)
    again.set(what, (again.get(what) ?? 0) + 1)
  }
  const ledgerOf = (member: SampleMember): Ledger => {
    const ledger = open.get(member) ?? fabricLedger({ connection: fabric.connection(member), channel: fabric.plan.channel, chaincode: CHAINCODE, networkId: network.id, privateFolder: join(folder, 'private', member), randomness: { bytes: (length) => randomBytes(length) }, log: tried })
    open.set(member, ledger)
    return ledger
  }
  const { database, feed } = await tables('live', network.id)
  const institute = ledgerOf('institute')
  const follower = await createFollower({ ledger: institute, store: memoryStore(), clock, networkId: network.id })
  const stop = new AbortController()
  const running = [follower.run(stop.signal), followLedger({ feed, ledger: institute, follower, log: (event, details) => console.log(event, details) }, stop.signal)]
  const [waiting, waits]: [{ height: number; at: number }[], number[]] = [[], []]
  const look = (): void => {
    const { height } = feed.position()
    for (let at = waiting.length - 1; at >= 0; at--) {
      const each = waiting[at]
      if (each === undefined || each.height > height) continue
      waits.push(seconds(each.at))
      waiting.splice(at, 1)
    }
  }
  const watch = setInterval(look, 5)
  try {
    const started = performance.now()
    let count = 0
    await submit(ledgerOf, { transactions, day: (day) => { if (day % 10 === 0) console.log(`  part ${day} of 90: ${count} transactions, ${seconds(started).toFixed(0)} s, load ${load()}`) }, committed: ({ height }) => {
      count++
      waiting.push({ height, at: performance.now() })
    } })
    const [wall, ended] = [seconds(started), performance.now()]
    const { height } = await institute.head()
    while (feed.position().height < height) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const [what, times] of again) line(what.slice(0, 66), `${times} times`)
    line('behind when the last was committed, s', seconds(ended).toFixed(2))
    look()
    line('transactions through Fabric', `${count} in ${height + 1} blocks, ${(count / wall).toFixed(0)} a second`)
    line(`from a receipt to its block in another member's tables, s (bar: ${BAR_SECONDS})`, lags(waits))
    if (percentile(waits, 0.99) > BAR_SECONDS) process.exitCode = 1
  } finally {
    clearInterval(watch)
    stop.abort()
    await Promise.all([...open.values()].map((ledger) => ledger.close()))
    await fabric.stop()
    await Promise.all(running)
  }
  const parquet = await parquetOf('live', database)
  database.close()
  return { plan: fabric.plan, parquet }
}

/** From one peer's block files alone, every process stopped. */
async function fromFiles(plan: ReturnType<typeof planFor>, member: string, networkId: string): Promise<{ database: Database; parquet: string; blocks: Block[] }> {
  const { database, feed } = await tables(`files of ${member}`, networkId)
  const blocks: Block[] = []
  async function* texts(): AsyncGenerator<ReturnType<typeof textOf>> {
    for await (const block of storedBlocks(plan, member, networkId)) {
      blocks.push(block)
      yield textOf(block)
    }
  }
  const started = performance.now()
  await rebuild(feed, texts())
  const fed = seconds(started)
  const count = blocks.reduce((sum, { committed }) => sum + committed.length, 0)
  const found = (await database.feed.runAndReadAll('SELECT count(*)::INTEGER, count(*) FILTER (code <> \'VALID\')::INTEGER FROM feed.transactions')).getRowsJson()[0] ?? []
  line(`rebuilt from the block files of ${member}'s peer`, `${count} transactions (${String(found[1])} in vain), ${blocks.length} blocks, ${(count / fed).toFixed(0)} a second`)
  return { database, parquet: await parquetOf(`files of ${member}`, database), blocks }
}

/** The valid ones, block by block, at the blocks' own times: within a block none read what another one wrote. */
async function onEmbedded(blocks: readonly Block[], networkId: string): Promise<Database> {
  let now = 0
  const engine = await Engine.open({ folder: join(folder, 'embedded'), networkId, clock: { now: () => now } })
  for (const { time, committed } of blocks) {
    now = time
    await Promise.all(committed.filter(({ code }) => code === 'VALID').map(({ transaction }) => taken(engine, transaction)))
  }
  const { database, feed } = await tables('on the embedded engine', networkId)
  const { height } = engine.head
  const enough = new AbortController()
  async function* texts(): AsyncGenerator<{ hash: string; text: string }> {
    for await (const { hash, text } of engine.storedBlocks(0, enough.signal)) {
      yield { hash, text }
      if ((JSON.parse(text) as Block).height === height) return
    }
  }
  await rebuild(feed, texts())
  enough.abort()
  await engine.close()
  return database
}

async function taken(engine: Engine, transaction: Transaction): Promise<void> {
  const receipt = await engine.forMember(transaction.submitter).submit(transaction)
  if (receipt.status !== 'committed') throw new Error(`the embedded engine refuses ${transaction.contract} ${transaction.operation}: ${receipt.refusal.code}`)
}

/** Rows of every question, equal or not. */
async function compared(ours: Database, theirs: Database): Promise<void> {
  const others: string[] = []
  for (const name of asked) {
    const [one, two] = [await ask(ours, { name }), await ask(theirs, { name })]
    if (JSON.stringify(one.rows) !== JSON.stringify(two.rows)) others.push(name)
  }
  line('questions with equal rows on both engines', `${asked.length - others.length} of ${asked.length}${others.length === 0 ? '' : ` (not: ${others.join(', ')})`}`)
  if (others.some((name) => !OWN.includes(name))) throw new Error('the engines give other figures')
}

try {
  console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${load()}; Node ${process.version}`)
  const days = ninetyDays({ jump: 0, inFlight: IN_FLIGHT })
  const { plan, parquet } = await live(days)
  const [rome, accounts] = [await fromFiles(plan, 'rome', days.network.id), await fromFiles(plan, 'accounts', days.network.id)]
  const isSame = rome.parquet === parquet && accounts.parquet === parquet
  line('Parquet from either peer\'s files is the live feed\'s, byte for byte', String(isSame))
  for (const [name, time] of await answerTimes(rome.database)) line(name, time)
  const embedded = await onEmbedded(rome.blocks, days.network.id)
  await compared(rome.database, embedded)
  for (const database of [rome.database, accounts.database, embedded]) database.close()
  if (!isSame) throw new Error('the rebuild gives other files than the live feed')
  line('load at the end', load())
} finally {
  rmSync(folder, { recursive: true, force: true })
}
