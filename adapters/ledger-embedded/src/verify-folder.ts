// The engine's folder read with the engine stopped, as it is: for `mhmd ledger verify`, which replays it, and for analytics.
import { verifyLedger } from '@mhmd/ledger'
import type { Block, VerifyLedgerOptions, VerifyReport } from '@mhmd/ledger'
import { openDatabase, splitBlockValue } from './folder.ts'
import type { Database } from './folder.ts'
import { State } from './state.ts'

/** Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE. What is damaged is a finding that names the block. */
export async function verifyFolder(folder: string, options: Omit<VerifyLedgerOptions, 'state'>): Promise<VerifyReport> {
  const database = await openDatabase(folder)
  try {
    return await verifyLedger(blocksOf(database), { ...options, state: new State(database, 0).all() })
  } finally {
    await database.close()
  }
}

/** How much LevelDB reads ahead on its own thread: some ten blocks. */
const AHEAD = 1024 * 1024
/** In base64url, before the text. */
const HASH_BYTES = 43

/** A stopped engine's blocks as they are stored: their canonical text's bytes and their hash, unchecked. Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE. */
export async function* storedBlocks(folder: string): AsyncGenerator<{ readonly hash: string; readonly text: Uint8Array }> {
  const database = await openDatabase(folder)
  try {
    for await (const value of database.values<string, Uint8Array>({ gte: 'b', lt: 'c', valueEncoding: 'view', highWaterMarkBytes: AHEAD })) yield { hash: String.fromCharCode(...value.subarray(0, HASH_BYTES)), text: value.subarray(HASH_BYTES) }
  } finally {
    await database.close()
  }
}

async function* blocksOf(database: Database): AsyncGenerator<Block> {
  for await (const value of database.values({ gte: 'b', lt: 'c' })) {
    const { hash, text } = splitBlockValue(value)
    yield { ...(JSON.parse(text) as Omit<Block, 'hash'>), hash }
  }
}
