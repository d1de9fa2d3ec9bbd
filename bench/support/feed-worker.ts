// The feed of a bench on a thread of its own, as a node's is in another process than the ledger: blocks come as the wire brings them, and each position is told.
import { on } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { createFeed, followLedger, openDatabase, writeParquet } from '@mhmd/analytics'
import type { Block } from '@mhmd/ledger'

/** A block's text with its hash; `end` after the last. */
export type ToFeed = { readonly hash: string; readonly text: string } | 'end'
/** How far the tables are; `done` once their Parquet is written. */
export type FromFeed = { readonly height: number } | 'done'

const { folder, networkId } = workerData as { readonly folder: string; readonly networkId: string }
const tell = (message: FromFeed): void => parentPort?.postMessage(message)
const hashes = new Map<number, string>()

/** The port's stream: what stands on the wire, parsed. */
async function* blocks(): AsyncGenerator<Block> {
  if (parentPort === null) return
  for await (const [message] of on(parentPort, 'message') as AsyncIterable<[ToFeed]>) {
    if (message === 'end') return
    const block: Block = { ...(JSON.parse(message.text) as Omit<Block, 'hash'>), hash: message.hash }
    hashes.set(block.height, block.hash)
    yield block
  }
}

const stop = new AbortController()
const database = await openDatabase({ file: `${folder}/ledger.duckdb`, networkId, exportFolder: folder })
const feed = await createFeed(database)
let told = -1
const watch = setInterval(() => {
  const { height } = feed.position()
  if (height > told) tell({ height: told = height })
}, 5)
/** When the stream ends, what it brought is written: the follow would ask for another stream. */
const ledger = { blocks: async function* once() {
  yield* blocks()
  stop.abort()
} }
// What the thread is handed was checked by its sender's engine, as a node's follower does.
await followLedger({ feed, ledger, follower: { waitFor: () => Promise.resolve(), hashAt: (height) => Promise.resolve(hashes.get(height)) }, log: (event, details) => console.log(event, details) }, stop.signal)
clearInterval(watch)
tell({ height: feed.position().height })
await writeParquet(database)
database.close()
tell('done')
