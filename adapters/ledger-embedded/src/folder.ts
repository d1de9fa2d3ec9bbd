// The ledger's folder: a LevelDB with blocks, state and private values, and what it takes to open it after anything.
// Keys: `b` block by height, `p` private value, `s` state, `m` format. A block and all it changes go in one synced batch.
import { MhmdError, ordinal } from '@mhmd/base'
import { hashBlockText, ledgerErrors } from '@mhmd/ledger'
import { ClassicLevel } from 'classic-level'
import { mkdir, realpath } from 'node:fs/promises'

const FORMAT = 'mhmd-ledger/1'
const WRITE_BUFFER = 16 * 1024 * 1024
const HASH_LENGTH = 43

export type Database = ClassicLevel<string, string>
export type BatchOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array; readonly valueEncoding: 'view' }
  | { readonly type: 'del'; readonly key: string }

/** A block as it is stored: its hash, then its canonical text. */
export interface StoredBlock {
  readonly height: number
  readonly hash: string
  readonly previous: string
  readonly text: string
}

export const blockKey = (height: number): string => `b${ordinal(height)}`
export const blockValue = (hash: string, text: string): string => hash + text

/** Opens or makes the folder. Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE, LEDGER_OTHER_NETWORK, LEDGER_CORRUPT_BLOCK. */
export async function openFolder(folder: string, networkId: string): Promise<{ readonly database: Database; readonly last: StoredBlock | undefined }> {
  const database = await openDatabase(folder)
  try {
    await checkFormat(database, networkId)
    return { database, last: await checkTail(database, networkId) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Folders this process has open. LevelDB's own second try in one process would close the lock file, and with it give up the lock against other processes. */
const openHere = new Set<string>()

/** The files as they are, unchecked. Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE. */
export async function openDatabase(folder: string): Promise<Database> {
  try {
    await mkdir(folder, { recursive: true })
    const path = await realpath(folder)
    if (openHere.has(path)) throw ledgerErrors.FOLDER_IN_USE({ folder })
    const database: Database = new ClassicLevel(path, { writeBufferSize: WRITE_BUFFER, maxFileSize: WRITE_BUFFER, cacheSize: WRITE_BUFFER })
    openHere.add(path)
    database.once('closed', () => openHere.delete(path))
    await database.open().catch((error: unknown) => {
      openHere.delete(path)
      throw error
    })
    return database
  } catch (error) {
    if (MhmdError.isInstance(error) && error.code === 'LEDGER_FOLDER_IN_USE') throw error
    const cause = (error as Error).cause as (Error & { code?: string }) | undefined
    if (cause?.code === 'LEVEL_LOCKED') throw ledgerErrors.FOLDER_IN_USE({ folder }, { cause: error })
    throw ledgerErrors.FOLDER_UNUSABLE({ folder, reason: cause?.message ?? (error as Error).message }, { cause: error })
  }
}

async function checkFormat(database: Database, networkId: string): Promise<void> {
  const expected = `${FORMAT} ${networkId}`
  const found = await database.get('m')
  if (found === undefined) await database.batch([{ type: 'put', key: 'm', value: expected }], { sync: true })
  else if (found !== expected) throw ledgerErrors.OTHER_NETWORK({ expected: networkId, found: found.slice(FORMAT.length + 1) })
}

/**
 * Follows the chain back from the last block over more than the write-ahead log can hold: a damaged log record is left out
 * by LevelDB without a word, and shows here as a missing block.
 */
async function checkTail(database: Database, networkId: string): Promise<StoredBlock | undefined> {
  let newer: StoredBlock | undefined
  let last: StoredBlock | undefined
  let bytes = 0
  for await (const [key, value] of database.iterator({ gte: 'b', lt: 'c', reverse: true })) {
    const height = Number(key.slice(1))
    const block = readBlockValue(height, value)
    if (newer !== undefined) checkLink(block, newer)
    last ??= block
    newer = block
    bytes += value.length
    if (bytes > 3 * WRITE_BUFFER) return last
  }
  if (newer !== undefined && newer.height !== 0) throw ledgerErrors.CORRUPT_BLOCK({ height: newer.height - 1, why: 'it is missing' })
  if (newer !== undefined && newer.previous !== networkId) throw ledgerErrors.CORRUPT_BLOCK({ height: 0, why: 'it does not begin this network' })
  return last
}

function checkLink(older: StoredBlock, newer: StoredBlock): void {
  if (newer.height !== older.height + 1) throw ledgerErrors.CORRUPT_BLOCK({ height: newer.height - 1, why: 'it is missing' })
  if (newer.previous !== older.hash) throw ledgerErrors.CORRUPT_BLOCK({ height: newer.height, why: 'it does not follow the block before it' })
}

export const splitBlockValue = (value: string): { readonly hash: string; readonly text: string } => ({ hash: value.slice(0, HASH_LENGTH), text: value.slice(HASH_LENGTH) })

/** The block of a stored value, its hash checked. Throws LEDGER_CORRUPT_BLOCK. */
function readBlockValue(height: number, value: string): StoredBlock {
  const { hash, text } = splitBlockValue(value)
  if (hashBlockText(text) !== hash) throw ledgerErrors.CORRUPT_BLOCK({ height, why: 'its bytes do not give its hash' })
  const tail = /,"height":(\d+),"previous":"([\w-]*)","time":\d+\}$/.exec(text.slice(-200))
  if (tail === null || Number(tail[1]) !== height) throw ledgerErrors.CORRUPT_BLOCK({ height, why: 'it stands at another height' })
  return { height, hash, previous: tail[2] ?? '', text }
}

/** One block, checked; undefined beyond the last. Throws LEDGER_CORRUPT_BLOCK. */
export async function readBlock(database: Database, height: number): Promise<StoredBlock | undefined> {
  let value: string | undefined
  try {
    value = await database.get(blockKey(height))
  } catch (cause) {
    throw ledgerErrors.CORRUPT_BLOCK({ height, why: 'its file cannot be read' }, { cause })
  }
  return value === undefined ? undefined : readBlockValue(height, value)
}
