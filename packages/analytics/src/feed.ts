// The feed: blocks into tables, each exactly once. A batch of blocks and the position after it are one transaction.
import type { Head } from '@mhmd/ledger'
import { takeApart } from './apart.ts'
import type { Apart, BlockBytes, BlockText, TakeApart } from './apart.ts'
import { append } from './append.ts'
import type { Database } from './database.ts'
import { analyticsErrors } from './errors.ts'
import { filledNames } from './rows.ts'

/** Of one file there is one feed: what it knows of the position, nobody else changes. */
export interface Feed {
  position(): Head
  /**
   * Takes blocks in order. Those held already are compared and passed over. All of the batch is taken or nothing of it.
   * Throws ANALYTICS_GAP, ANALYTICS_OTHER_HISTORY, ANALYTICS_BLOCK_HASH.
   */
  take(blocks: readonly (BlockText | BlockBytes)[]): Promise<void>
  /** Everything that was taken goes into the file itself, and its write-ahead log is empty. */
  checkpoint(): Promise<void>
}

/** Blocks are taken apart here, or where `apart` does it. */
export async function createFeed(database: Database, apart: TakeApart = (task) => Promise.resolve(takeApart(task))): Promise<Feed> {
  const [[height, hash] = [-1, database.networkId]] = (await database.feed.runAndReadAll('SELECT height, hash FROM feed.position')).getRowsJson() as [number, string][]
  return new OneFeed(database, apart, { height, hash })
}

/** Takes the next batch apart while the last one is written. */
class OneFeed implements Feed {
  readonly #database: Database
  readonly #apart: TakeApart
  /** What is written. */
  #position: Head
  /** What is written or waits for it. */
  #planned: Head
  #preparing: Promise<unknown> = Promise.resolve()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(database: Database, apart: TakeApart, position: Head) {
    this.#database = database
    this.#apart = apart
    this.#position = position
    this.#planned = position
  }

  position(): Head {
    return this.#position
  }

  take(blocks: readonly (BlockText | BlockBytes)[]): Promise<void> {
    const before = this.#writing
    const prepared = this.#preparing.then(() => this.#prepare(blocks, before))
    this.#preparing = prepared.catch(() => undefined)
    const written = prepared.then(async (batch) => {
      await before
      await this.#write(batch)
    })
    this.#writing = written.catch(() => undefined)
    return written
  }

  async checkpoint(): Promise<void> {
    await this.#writing
    await this.#database.feed.run('CHECKPOINT')
  }

  async #prepare(blocks: readonly (BlockText | BlockBytes)[], before: Promise<unknown>): Promise<Batch> {
    const start = this.#planned
    const { links, tables } = await this.#apart({ blocks, above: start.height })
    if (links.some(({ height }) => height <= start.height)) {
      await before
      this.#planned = this.#position
    }
    // What this batch was taken apart to follow could not be written.
    if (this.#planned !== start) return this.#prepare(blocks, before)
    const end = await endAfter(this.#database, start, links)
    this.#planned = end
    return { start, tables, end }
  }

  async #write({ start, tables, end }: Batch): Promise<void> {
    if (end.height === start.height) return
    // What this batch was to follow could not be written.
    if (start.hash !== this.#position.hash) throw analyticsErrors.GAP({ expected: this.#position.height + 1, found: start.height + 1 })
    try {
      await write(this.#database, tables, end)
      this.#position = end
    } catch (error) {
      this.#planned = this.#position
      throw error
    }
  }
}

interface Batch {
  readonly start: Head
  readonly tables: Apart['tables']
  readonly end: Head
}

async function endAfter(database: Database, start: Head, links: Apart['links']): Promise<Head> {
  let end = start
  for (const { height, previous, hash } of links) {
    if (height <= start.height) {
      await checkHeld(database, height, hash)
      continue
    }
    if (height !== end.height + 1) throw analyticsErrors.GAP({ expected: end.height + 1, found: height })
    if (previous !== end.hash) throw analyticsErrors.OTHER_HISTORY({ height })
    end = { height, hash }
  }
  return end
}

async function checkHeld(database: Database, height: number, hash: string): Promise<void> {
  const [held] = (await database.feed.runAndReadAll('SELECT hash FROM feed.blocks WHERE height = $1', [height])).getRowsJson()
  if (held?.[0] !== hash) throw analyticsErrors.OTHER_HISTORY({ height })
}

async function write(database: Database, tables: Apart['tables'], end: Head): Promise<void> {
  const { feed } = database
  await feed.run('BEGIN TRANSACTION')
  try {
    for (const table of filledNames) {
      if (tables[table].count > 0) await append(feed, table, tables[table])
    }
    await feed.run('UPDATE feed.position SET height = $1, hash = $2', [end.height, end.hash])
    await feed.run('COMMIT')
  } catch (error) {
    await feed.run('ROLLBACK').catch(() => undefined)
    throw error
  }
}
