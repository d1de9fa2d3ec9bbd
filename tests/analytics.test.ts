// Analytics over a real engine: the live feed, the rebuild from block files with everything stopped, killed at any point, give the same files.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createFeed, followLedger, openDatabase, writeParquet } from '@mhmd/analytics'
import { canonicalText } from '@mhmd/base'
import { createFollower } from '@mhmd/ledger'
import { Engine } from '@mhmd/ledger-embedded'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { memoryStore } from '@mhmd/store/testing'

const clock = { now: () => Date.now() }
const CITIZENS = 120

describe('analytics of an embedded ledger', () => {
  const network = sampleNetwork({ now: clock.now })
  let folder = ''
  let home = ''
  let live: Readonly<Record<string, string>> = {}
  let milliseconds = 0

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'analytics-test-'))
    home = join(folder, 'operator')
    await mkdir(join(home, 'data'), { recursive: true })
    await writeFile(join(home, 'network.json'), canonicalText(network.document))
    ;({ live, milliseconds } = await fedLive())
  })
  after(() => rm(folder, { recursive: true }))

  /** Follows while the ledger grows; gives the hashes of its Parquet, and how long after the last receipt the feed held its block. */
  async function fedLive(): Promise<{ live: Readonly<Record<string, string>>; milliseconds: number }> {
    const engine = await Engine.open({ folder: join(home, 'data', 'ledger'), networkId: network.id, clock })
    const [rome, accounts] = [engine.forMember('rome'), engine.forMember('accounts')]
    const exportFolder = join(folder, 'live')
    await mkdir(exportFolder)
    const database = await openDatabase({ file: join(exportFolder, 'ledger.duckdb'), networkId: network.id, exportFolder })
    const feed = await createFeed(database)
    const follower = await createFollower({ ledger: rome, store: memoryStore(), clock, networkId: network.id, pollMs: 50 })
    const stop = new AbortController()
    const running = [follower.run(stop.signal), followLedger({ feed, ledger: rome, follower, log: () => undefined }, stop.signal)]
    await rome.submit(network.genesis())
    await Promise.all(Array.from({ length: CITIZENS }, (_, n) => accounts.submit(network.enrol(n))))
    for (const version of [1, 2, 3]) await Promise.all(Array.from({ length: CITIZENS }, (_, n) => rome.submit(network.decide(n, version, { operation: version === 2 ? 'withdraw' : 'set' }))))
    const [{ height }, committed] = [await rome.head(), Date.now()]
    while (feed.position().height < height && Date.now() - committed < 20_000) await new Promise((resolve) => setTimeout(resolve, 10))
    assert.equal(feed.position().height, height)
    const waited = Date.now() - committed
    stop.abort()
    await engine.close()
    await Promise.all(running)
    const files = await writeParquet(database)
    database.close()
    return { live: Object.fromEntries(await Promise.all(files.map(async (file) => [file, createHash('sha256').update(await readFile(join(exportFolder, file))).digest('hex')]))) as Record<string, string>, milliseconds: waited }
  }

  const mhmd = (...words: readonly string[]): ReturnType<typeof spawn> => spawn(process.execPath, [new URL('../apps/cli/src/main.ts', import.meta.url).pathname, 'analytics', ...words], { stdio: ['ignore', 'pipe', 'inherit'] })

  async function answered(...words: readonly string[]): Promise<{ files: Record<string, string>; rows: unknown[][]; height: number }> {
    const child = mhmd(...words, '--json')
    const [texts] = await Promise.all([child.stdout?.toArray() as Promise<Buffer[]>, once(child, 'exit')])
    return JSON.parse(Buffer.concat(texts).toString()) as never
  }

  // The bar of two seconds is the bench's: here the machine may be anybody's.
  it('the live feed holds the last block soon after its receipt', () => {
    assert.ok(milliseconds < 15_000, `${milliseconds} ms`)
  })

  it('a rebuild from the block files of the stopped ledger gives the files of the live feed, hash for hash', async () => {
    const { files } = await answered('rebuild', '--home', home, '--out', join(folder, 'rebuilt'))
    assert.deepEqual(files, live)
    const { rows } = await answered('ask', 'consents', '--tables', join(folder, 'rebuilt'))
    assert.deepEqual(rows, [['consent', 'rome', 'active', 'subject', CITIZENS]])
    const sql = await answered('sql', 'SELECT transactions FROM channel', '--tables', join(folder, 'rebuilt'))
    assert.deepEqual(sql.rows, [[1 + 4 * CITIZENS]])
  })

  it('a rebuild killed at any moment and begun again gives them too', async () => {
    const out = join(folder, 'killed')
    for (const wait of [250, 500, 700, 900, 1100]) {
      const child = mhmd('rebuild', '--home', home, '--out', out)
      const timer = setTimeout(() => child.kill('SIGKILL'), wait)
      await once(child, 'exit')
      clearTimeout(timer)
    }
    const { files } = await answered('rebuild', '--home', home, '--out', out)
    assert.deepEqual(files, live)
  })

  it('is not loaded with a node, the command line or the ledger, but with the first question', async () => {
    const loads = async (...modules: readonly string[]): Promise<boolean> => {
      const program = `${modules.map((name) => `await import('${name}')`).join('\n')}\nprocess.stdout.write(String(process.report.getReport().sharedObjects.some((path) => path.includes('duckdb'))))\nprocess.exit(0)`
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: new URL('.', import.meta.url).pathname, stdio: ['ignore', 'pipe', 'inherit'] })
      const [texts] = await Promise.all([child.stdout.toArray() as Promise<Buffer[]>, once(child, 'exit')])
      return Buffer.concat(texts).toString() === 'true'
    }
    assert.equal(await loads('@mhmd/node', '@mhmd/cli', '@mhmd/ledger', '@mhmd/consent', '@mhmd/analytics/questions'), false)
    assert.equal(await loads('@mhmd/analytics'), true)
  })
})
