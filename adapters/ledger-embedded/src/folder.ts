// The ledger's folder: a LevelDB with blocks, state and private values, and what it takes to open it after anything.
// Keys: `b` block by height, `p` private value, `s` state, `m` format. A block and all it changes go in one synced batch.
import { MhmdError, ordinal, toBase64Url } from '@mhmd/base'
import { sha256, textBytes } from '@mhmd/crypto'
import { hashBlockText, ledgerErrors } from '@mhmd/ledger'
import { ClassicLevel } from 'classic-level'
import { existsSync } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import { checkLogs } from './log-check.ts'

const FORMAT = 'mhmd-ledger/1'
const WRITE_BUFFER = 16 * 1024 * 1024
const HASH_LENGTH = 43

export type Database = ClassicLevel<string, string>
export type BatchOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: string | Uint8Array }
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

/** What stands before a block's text where it is hashed (`hashBlockText`); shorter than its hash, which stands there where it is stored. */
const HASHED_BEFORE = textBytes('block', '')

/** A block's hash and the bytes of its `blockValue`: the text is written once for both. */
export function hashedBlock(text: string): { readonly hash: string; readonly value: Uint8Array } {
  const value = Buffer.allocUnsafeSlow(HASH_LENGTH + Buffer.byteLength(text))
  value.write(text, HASH_LENGTH)
  value.set(HASHED_BEFORE, HASH_LENGTH - HASHED_BEFORE.length)
  const hash = toBase64Url(sha256(value.subarray(HASH_LENGTH - HASHED_BEFORE.length)))
  value.write(hash, 'latin1')
  return { hash, value }
}

/** Opens or makes the folder. Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE, LEDGER_OTHER_NETWORK, LEDGER_CORRUPT_BLOCK. */
export async function openFolder(folder: string, networkId: string): Promise<{ readonly database: Database; readonly last: StoredBlock | undefined }> {
  if (existsSync(rebuiltFolder(folder))) throw ledgerErrors.FOLDER_UNUSABLE({ folder, reason: 'a repair of it did not end' })
  await checkLogs(folder)
  const database = await openDatabase(folder)
  try {
    if (!await savedFormat(database, networkId)) await beginDatabase(database, networkId)
    return { database, last: await checkTail(database, networkId) }
  } catch (error) {
    await database.close()
    if (MhmdError.isInstance(error)) throw error
    throw ledgerErrors.FOLDER_UNUSABLE({ folder, reason: (error as Error).message }, { cause: error })
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

/** Whether the folder was begun. Throws LEDGER_OTHER_NETWORK. */
export async function savedFormat(database: Database, networkId: string): Promise<boolean> {
  const expected = `${FORMAT} ${networkId}`
  const found = await database.get('m')
  if (found !== undefined && found !== expected) throw ledgerErrors.OTHER_NETWORK({ expected: networkId, found: found.slice(FORMAT.length + 1) })
  return found !== undefined
}

/** Syncs whatever was written before, too. */
export const beginDatabase = (database: Database, networkId: string): Promise<void> => database.batch([{ type: 'put', key: 'm', value: `${FORMAT} ${networkId}` }], { sync: true })

/** All in one atomic write. LevelDB's binding takes a chained batch's operations one by one, at a third of what an array of them costs. */
export async function writeBatch(database: Database, operations: Iterable<BatchOperation>, { sync }: { readonly sync: boolean }): Promise<void> {
  const batch = database.batch()
  for (const operation of operations) {
    if (operation.type === 'del') batch.del(operation.key)
    else if (typeof operation.value === 'string') batch.put(operation.key, operation.value)
    else batch.put<string, Uint8Array>(operation.key, operation.value, { valueEncoding: 'view' })
  }
  await batch.write({ sync })
}

/** Where a repair builds. While it stands the ledger doesn't start: an empty one would begin where the repair was killed half-way. */
export const rebuiltFolder = (folder: string): string => `${folder}.rebuilt`

/** Of the last block that has a key, whole or not; −1 without any. */
export async function lastHeight(database: Database): Promise<number> {
  for await (const key of database.keys({ gte: 'b', lt: 'c', reverse: true, limit: 1 })) return Number(key.slice(1))
  return -1
}

/** The same for a repair: a key that the one before is missing of may be the key that was damaged; then what its block says of itself counts, where that is whole. */
export async function lastPlausibleHeight(database: Database): Promise<number> {
  let highest = -1
  for await (const [key, value] of database.iterator({ gte: 'b', lt: 'c', reverse: true })) {
    const height = Number(key.slice(1))
    if (height === 0 || await database.get(blockKey(height - 1)) !== undefined) return Math.max(highest, height)
    const { hash, text } = splitBlockValue(value)
    const own = hashBlockText(text) === hash ? /,"height":(\d+),"previous"/.exec(text.slice(-200))?.[1] : undefined
    highest = Math.max(highest, own === undefined ? height : Number(own))
  }
  return highest
}

/**
 * Follows the chain back from the last block over more than the write-ahead log can hold: a damaged log record is left out
 * by LevelDB without a word, and shows here as a missing block.
 */
async function checkTail(database: Database, networkId: string): Promise<StoredBlock | undefined> {
  let newer: StoredBlock | undefined
  let last: StoredBlock | undefined
  let bytes = 0
  for await (const block of blocksBackwards(database)) {
    if (newer !== undefined) checkLink(block, newer)
    last ??= block
    newer = block
    bytes += block.text.length
    if (bytes > 3 * WRITE_BUFFER) return last
  }
  if (newer !== undefined && newer.height !== 0) throw ledgerErrors.CORRUPT_BLOCK({ height: newer.height - 1, why: 'it is missing' })
  if (newer !== undefined && newer.previous !== networkId) throw ledgerErrors.CORRUPT_BLOCK({ height: 0, why: 'it does not begin this network' })
  return last
}

/** From the last. Throws LEDGER_CORRUPT_BLOCK, also where LevelDB can't read its own file there; LevelDB's error where that can't be told. */
async function* blocksBackwards(database: Database): AsyncGenerator<StoredBlock> {
  let height = -1
  try {
    for await (const [key, value] of database.iterator({ gte: 'b', lt: 'c', reverse: true })) {
      height = Number(key.slice(1))
      yield readBlockValue(height, value)
    }
  } catch (cause) {
    if (MhmdError.isInstance(cause) || height < 1) throw cause
    throw ledgerErrors.CORRUPT_BLOCK({ height: height - 1, why: 'its file cannot be read' }, { cause })
  }
}

function checkLink(older: StoredBlock, newer: StoredBlock): void {
  if (newer.height !== older.height + 1) throw ledgerErrors.CORRUPT_BLOCK({ height: newer.height - 1, why: 'it is missing' })
  if (newer.previous !== older.hash) throw ledgerErrors.CORRUPT_BLOCK({ height: newer.height, why: 'it does not follow the block before it' })
}

export const splitBlockValue = (value: string): { readonly hash: string; readonly text: string } => ({ hash: value.slice(0, HASH_LENGTH), text: value.slice(HASH_LENGTH) })

/** The block of a stored value, its hash checked. Throws LEDGER_CORRUPT_BLOCK. */
export function readBlockValue(height: number, value: string): StoredBlock {
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
