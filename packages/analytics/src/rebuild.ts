// Rebuilding from block files: the feed alone, every node stopped; the next blocks are read and taken apart while the last are written.
import type { BlockBytes, BlockText } from './apart.ts'
import type { Feed } from './feed.ts'

/** Characters or bytes of blocks in one batch. */
const BATCH = 8 * 1024 * 1024
const AHEAD = 2

/** Takes all blocks, and tells after each batch where the feed stands. Throws as `take` does. */
export async function rebuild(feed: Feed, blocks: AsyncIterable<BlockText | BlockBytes>, onProgress: (height: number) => void = () => undefined): Promise<void> {
  let gathered: (BlockText | BlockBytes)[] = []
  let characters = 0
  // One batch is taken apart and one waits for it while the one before is written.
  const writing: Promise<void>[] = []
  const flush = async (): Promise<void> => {
    const next = feed.take(gathered).then(() => onProgress(feed.position().height))
    next.catch(() => undefined)
    gathered = []
    characters = 0
    writing.push(next)
    if (writing.length > AHEAD) await writing.shift()
  }
  for await (const block of blocks) {
    gathered.push(block)
    characters += block.text.length
    if (characters >= BATCH) await flush()
  }
  if (gathered.length > 0) await flush()
  await Promise.all(writing)
  await feed.checkpoint()
}
