// `mhmd ledger verify` on the engine's folder, with the engine stopped: reads the files as they are and replays them.
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

async function* blocksOf(database: Database): AsyncGenerator<Block> {
  for await (const value of database.values({ gte: 'b', lt: 'c' })) {
    const { hash, text } = splitBlockValue(value)
    yield { ...(JSON.parse(text) as Omit<Block, 'hash'>), hash }
  }
}
