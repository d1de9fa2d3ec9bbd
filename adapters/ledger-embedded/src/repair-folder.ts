// `mhmd ledger repair` on a stopped engine's folder: its blocks, those missing from an export, are replayed into a new one that takes its place.
import { existsSync } from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { MhmdError } from '@mhmd/base'
import { ledgerErrors } from '@mhmd/ledger'
import { ClassicLevel } from 'classic-level'
import { BlockLines } from './block-lines.ts'
import { beginDatabase, lastPlausibleHeight, openDatabase, readBlock, rebuiltFolder, savedFormat } from './folder.ts'
import type { Database, StoredBlock } from './folder.ts'
import { damageOf } from './log-check.ts'
import { copyPrivateValues } from './private-values.ts'
import { Replayer } from './replayer.ts'

export interface RepairOptions {
  readonly networkId: string
  /** Lines of an export, for blocks that are damaged or missing here. */
  readonly blocks?: AsyncIterable<string>
  /** Called after each block. */
  readonly onProgress?: (height: number) => void
}

export interface RepairReport {
  /** Of the last block. */
  readonly height: number
  readonly transactions: number
  /** Blocks that came from the export. */
  readonly restored: readonly number[]
  readonly privateValues: number
  /** Private values whose bytes are not those that the ledger has the hash of. Their members submit them again. */
  readonly privateValuesLost: number
  /** Where the damaged folder is kept. */
  readonly kept: string
}

/** Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE, LEDGER_OTHER_NETWORK, LEDGER_BLOCKS_LOST, LEDGER_FALSE_BLOCK; the folder is then as it was. */
export async function repairFolder(folder: string, options: RepairOptions): Promise<RepairReport> {
  const rebuilt = rebuiltFolder(folder)
  // The last step of a repair that was killed: the folder was put aside and the new one was whole.
  if (existsSync(rebuilt) && !existsSync(folder)) await rename(rebuilt, folder)
  await rm(rebuilt, { recursive: true, force: true })
  const atLeast = (await damageOf(folder))?.height ?? -1
  try {
    const report = await rebuildFrom(folder, rebuilt, { ...options, atLeast }) ?? await rebuildSalvaged(folder, rebuilt, { ...options, atLeast })
    return { ...report, kept: await exchange(folder, rebuilt) }
  } catch (error) {
    await rm(rebuilt, { recursive: true, force: true })
    throw error
  }
}

type Rebuilt = Omit<RepairReport, 'kept'>
/** `atLeast`: a block whose record was damaged was there. */
type RebuildOptions = RepairOptions & { readonly atLeast: number }

/** Undefined where LevelDB can't read its files. */
async function rebuildFrom(folder: string, rebuilt: string, options: RebuildOptions): Promise<Rebuilt | undefined> {
  try {
    const database = await openDatabase(folder)
    try {
      return await rebuild(database, rebuilt, options)
    } finally {
      await database.close()
    }
  } catch (error) {
    if (MhmdError.isInstance(error) && error.code !== 'LEDGER_FOLDER_UNUSABLE') throw error
    await rm(rebuilt, { recursive: true, force: true })
    return undefined
  }
}

/** From a copy that LevelDB has repaired as far as it can. */
async function rebuildSalvaged(folder: string, rebuilt: string, options: RebuildOptions): Promise<Rebuilt> {
  const salvaged = `${folder}.salvaged`
  try {
    await rm(salvaged, { recursive: true, force: true })
    await cp(folder, salvaged, { recursive: true })
    await ClassicLevel.repair(salvaged)
    const report = await rebuildFrom(salvaged, rebuilt, options)
    if (report === undefined) throw ledgerErrors.FOLDER_UNUSABLE({ folder, reason: 'LevelDB could not repair its files' })
    return report
  } finally {
    await rm(salvaged, { recursive: true, force: true })
  }
}

async function rebuild(from: Database, folder: string, { networkId, blocks, onProgress, atLeast }: RebuildOptions): Promise<Rebuilt> {
  await savedFormat(from, networkId)
  const to = await openDatabase(folder)
  try {
    const replayer = new Replayer(to, networkId)
    const lines = blocks === undefined ? undefined : new BlockLines(blocks)
    const restored: number[] = []
    for (let height = 0; ; height++) {
      const here = await readWhole(from, height, replayer.hash)
      const block = here ?? await following(lines, height, replayer.hash)
      if (block === undefined) break
      if (here === undefined) restored.push(height)
      await replayer.add(block)
      onProgress?.(height)
    }
    if (replayer.height < Math.max(atLeast, await lastPlausibleHeight(from))) throw ledgerErrors.BLOCKS_LOST({ height: replayer.height + 1 })
    const values = await copyPrivateValues(from, to, replayer.state)
    await beginDatabase(to, networkId)
    return { height: replayer.height, transactions: replayer.transactions, restored, privateValues: values.copied, privateValuesLost: values.lost }
  } finally {
    await to.close()
  }
}

/** A block of the folder, where it is whole and follows. */
async function readWhole(database: Database, height: number, previous: string): Promise<StoredBlock | undefined> {
  const block = await readBlock(database, height).catch(() => undefined)
  return block?.previous === previous ? block : undefined
}

async function following(lines: BlockLines | undefined, height: number, previous: string): Promise<StoredBlock | undefined> {
  const block = await lines?.block(height)
  return block?.previous === previous ? block : undefined
}

/** The new folder in the old one's place; gives where the old one is kept. */
async function exchange(folder: string, rebuilt: string): Promise<string> {
  let number = 1
  while (existsSync(`${folder}.damaged-${number}`)) number++
  const kept = `${folder}.damaged-${number}`
  await rename(folder, kept)
  await rename(rebuilt, folder)
  return kept
}
