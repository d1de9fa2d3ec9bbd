// The live feed: a ledger's blocks as they come, each once the node's own follower holds it, in batches that fill while the last one is written.
import { MhmdError, pause } from '@mhmd/base'
import type { Log } from '@mhmd/base'
import { committedText, composeBlockText } from '@mhmd/ledger'
import type { Block, EndorsedBlock, Follower, Ledger } from '@mhmd/ledger'
import type { BlockText } from './apart.ts'
import { analyticsErrors } from './errors.ts'
import type { Feed } from './feed.ts'

export interface FollowOptions {
  readonly feed: Feed
  readonly ledger: Pick<Ledger, 'blocks' | 'endorsedBlocks'>
  /** Only what it holds is taken: chain and contracts are its to check. */
  readonly follower: Pick<Follower, 'waitFor' | 'hashAt'>
  readonly log: Log
}

/** Blocks in one batch, and of transactions, at most. */
const BLOCKS = 200
const TRANSACTIONS = 20_000
const RETRY_MILLISECONDS = 500
const HELD_MILLISECONDS = 60_000

/** A block as canonical text, whatever engine it came from. */
export const textOf = (block: Block | EndorsedBlock): BlockText => ({
  hash: block.hash, text: composeBlockText({ ...block, committed: block.committed.map(committedText) }), ...('endorsements' in block ? { endorsements: block.endorsements } : {}),
})

/** Feeds until aborted, through lost connections. Throws what cannot pass by itself: another history. */
export async function followLedger(options: FollowOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await feedFrom(options, signal)
    } catch (error) {
      if (MhmdError.isInstance(error) && error.code.startsWith('ANALYTICS_')) throw error
      options.log('analytics-waits', { code: MhmdError.isInstance(error) ? error.code : 'INTERNAL' })
    }
    await pause(RETRY_MILLISECONDS, signal)
  }
}

async function feedFrom({ feed, ledger, follower }: FollowOptions, signal: AbortSignal): Promise<void> {
  let gathered: BlockText[] = []
  let transactions = 0
  let writing: Promise<void> | undefined
  let failed: Error | undefined
  const write = (): void => {
    const batch = gathered
    gathered = []
    transactions = 0
    writing = feed.take(batch).then(() => {
      writing = undefined
      if (gathered.length > 0) write()
    }, (error: unknown) => {
      failed = error as Error
    })
  }
  const from = feed.position().height + 1
  for await (const block of ledger.endorsedBlocks?.(from, signal) ?? ledger.blocks(from, signal)) {
    await follower.waitFor(block.height, HELD_MILLISECONDS)
    if (await follower.hashAt(block.height) !== block.hash) throw analyticsErrors.OTHER_HISTORY({ height: block.height })
    gathered.push(textOf(block))
    transactions += block.committed.length
    if (failed !== undefined) throw failed
    if (writing === undefined) write()
    else if (gathered.length >= BLOCKS || transactions >= TRANSACTIONS) await writing
  }
  while (writing !== undefined && failed === undefined) await writing
  if (failed !== undefined) throw failed
}
