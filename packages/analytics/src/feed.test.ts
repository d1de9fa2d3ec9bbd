// The feed: each block once, whatever comes, and canonical files that do not depend on how it came.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import type { Endorsement } from '@mhmd/ledger'
import { playedLedger, playedNetwork } from '../testing/index.ts'
import { apartThread, createFeed, openDatabase, runSql, writeParquet } from './index.ts'
import type { BlockText, Database } from './index.ts'

describe('the feed', () => {
  let folder = ''
  let blocks: readonly BlockText[] = []
  let opened = 0
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'analytics-feed-'))
    blocks = (await playedLedger()).blocks
  })
  after(() => rm(folder, { recursive: true }))

  const open = (file = ':memory:'): Promise<Database> => openDatabase({ file, networkId: playedNetwork, exportFolder: folder })
  const count = async (database: Database, table: string): Promise<number> => Number((await database.feed.runAndReadAll(`SELECT count(*) FROM ${table}`)).getRowsJson()[0]?.[0])

  async function parquetHashes(database: Database): Promise<string[]> {
    const files = await writeParquet(database)
    return Promise.all(files.map(async (file) => createHash('sha256').update(await readFile(join(folder, file))).digest('hex')))
  }

  it('takes every block once and says where it stands', async () => {
    const database = await open()
    const feed = await createFeed(database)
    await feed.take(blocks)
    await feed.take(blocks.slice(3))
    assert.deepEqual(feed.position(), { height: blocks.length - 1, hash: blocks.at(-1)?.hash })
    assert.equal(await count(database, 'feed.blocks'), blocks.length)
    const inBlocks = blocks.flatMap(({ text }) => (JSON.parse(text) as { committed: { writes: unknown[] }[] }).committed)
    assert.equal(await count(database, 'feed.transactions'), inBlocks.length)
    assert.equal(await count(database, 'feed.writes'), inBlocks.reduce((sum, { writes }) => sum + writes.length, 0))
    database.close()
  })

  it('gives the same canonical Parquet however the blocks came', async () => {
    const whole = await open()
    await (await createFeed(whole)).take(blocks)
    const expected = await parquetHashes(whole)
    whole.close()
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(blocks.length), { maxLength: 6 }), async (cuts) => {
      const database = await open()
      const feed = await createFeed(database)
      for (const cut of [...cuts.sort((a, b) => a - b), blocks.length]) {
        // Each batch begins again somewhere below the position: repeats are passed over.
        await feed.take(blocks.slice(Math.max(0, feed.position().height - 1), cut))
      }
      assert.deepEqual(await parquetHashes(database), expected)
      database.close()
    }), { numRuns: 6 })
  })

  it('takes blocks as the bytes of an operator’s files, and on a thread of its own, as it takes their texts', async () => {
    const whole = await open()
    await (await createFeed(whole)).take(blocks)
    const expected = await parquetHashes(whole)
    whole.close()
    const thread = apartThread()
    const database = await open()
    const feed = await createFeed(database, thread.takeApart)
    const bytes = blocks.map(({ hash, text }) => ({ hash, text: new TextEncoder().encode(text) }))
    const changed = { hash: bytes[2]?.hash ?? '', text: new TextEncoder().encode((blocks[2]?.text ?? '').replace('consent', 'consenT')) }
    await feed.take(bytes.slice(0, 2))
    await assert.rejects(feed.take([changed]), { code: 'ANALYTICS_BLOCK_HASH' })
    await feed.take(bytes.slice(2))
    await feed.checkpoint()
    assert.deepEqual(await parquetHashes(database), expected)
    await thread.close()
    database.close()
  })

  it('holds beside the tables who endorsed a transaction and what it read, where an engine tells it', async () => {
    const database = await open()
    const feed = await createFeed(database)
    const endorsements: readonly Endorsement[] = [{ endorsers: ['accountsMSP', 'romeMSP'], reads: [['network'], ['member', 'rome']] }]
    await feed.take([...blocks.slice(0, 4), { ...blocks[4] as BlockText, endorsements }, ...blocks.slice(5)])
    const { rows } = await runSql(database, 'SELECT endorsers, reads, attempt, is_conflict FROM transactions WHERE endorsers IS NOT NULL')
    assert.deepEqual(rows, [['["accountsMSP","romeMSP"]', '[["network"],["member","rome"]]', 1, false]])
    assert.equal(await count(database, 'transactions'), await count(database, 'feed.transactions'))
    database.close()
  })

  it('goes on from its file after it was closed between any two batches', async () => {
    const file = join(folder, `resumed-${opened++}.duckdb`)
    for (let from = 0; from < blocks.length; from += 3) {
      const database = await open(file)
      const feed = await createFeed(database)
      assert.equal(feed.position().height, from - 1)
      await feed.take(blocks.slice(from, from + 3))
      database.close()
    }
    const database = await open(file)
    assert.equal(await count(database, 'feed.blocks'), blocks.length)
    database.close()
  })

  it('notices a gap, a changed byte, another history, and takes nothing of the batch', async () => {
    const database = await open()
    const feed = await createFeed(database)
    await feed.take(blocks.slice(0, 4))
    const changed = { hash: blocks[5]?.hash ?? '', text: (blocks[5]?.text ?? '').replace('WITHIN_TERMS', 'WITHIN_TERMZ') }
    assert.notEqual(changed.text, blocks[5]?.text)
    await assert.rejects(feed.take(blocks.slice(5)), { code: 'ANALYTICS_GAP' })
    await assert.rejects(feed.take([blocks[4] as BlockText, changed]), { code: 'ANALYTICS_BLOCK_HASH' })
    const other = await otherHistory()
    await assert.rejects(feed.take([other[4] as BlockText]), { code: 'ANALYTICS_OTHER_HISTORY' })
    await assert.rejects(feed.take([other[2] as BlockText]), { code: 'ANALYTICS_OTHER_HISTORY' })
    assert.equal(feed.position().height, 3)
    assert.equal(await count(database, 'feed.blocks'), 4)
    await feed.take(blocks.slice(4))
    assert.equal(await count(database, 'feed.blocks'), blocks.length)
    database.close()
  })

  it('does not open the tables of another network', async () => {
    const file = join(folder, `pinned-${opened++}.duckdb`)
    ;(await open(file)).close()
    await assert.rejects(openDatabase({ file, networkId: `${playedNetwork.slice(0, -1)}A` }), { code: 'ANALYTICS_OTHER_NETWORK' })
  })
})

/** The same acts under other operation ids: another ledger of the same network. */
const otherHistory = async (): Promise<readonly BlockText[]> => (await playedLedger()).blocks
