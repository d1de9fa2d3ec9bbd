// A devnet's folder: whose it is, who runs it now, and how far its making has come.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { devnetErrors } from './errors.ts'

export const LEDGERS = ['embedded', 'fabric'] as const
export type LedgerKind = typeof LEDGERS[number]

/** What stands in `made.json` once every organisation has its keys and has pinned the network. */
export interface Made {
  readonly organisations: readonly string[]
  readonly basePort: number
  readonly ledger: LedgerKind
  /** Everyone is a member and has registered its staff. */
  readonly admitted: boolean
  /** The people who were asked for, and whether all of them are there. */
  readonly people?: { readonly patients: number; readonly data: string; readonly done: boolean }
}

const madeFile = (folder: string): string => join(folder, 'made.json')
const lockFile = (folder: string): string => join(folder, 'lock')

export const readMade = (folder: string): Made | undefined => existsSync(madeFile(folder)) ? JSON.parse(readFileSync(madeFile(folder), 'utf8')) as Made : undefined

/** Written beside and renamed, so that a kill leaves the old or the new one. */
export function writeMade(folder: string, made: Made): void {
  writeFileSync(`${madeFile(folder)}.new`, `${JSON.stringify(made)}\n`, { flush: true })
  renameSync(`${madeFile(folder)}.new`, madeFile(folder))
}

/** Marks the folder as this process's. Throws DEVNET_RUNNING, DEVNET_FOREIGN_FOLDER, DEVNET_BAD_FOLDER. */
export function claimFolder(folder: string): void {
  try {
    requireIdle(folder)
    makeFolder(resolve(folder))
    writeFileSync(lockFile(folder), String(process.pid))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause) throw devnetErrors.BAD_FOLDER({ folder, why: String(cause.code) }, { cause })
    throw cause
  }
}

/** Level by level: Node's own recursive mkdir never comes back where a file system makes no folders, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}

/** The lock file stays, empty of a process: it marks the folder as a devnet's. */
export const releaseFolder = (folder: string): void => writeFileSync(lockFile(folder), '0')

/** Deletes a devnet's folder, and nothing that isn't one. Throws as `claimFolder`. */
export function forgetNetwork(folder: string): void {
  requireIdle(folder)
  rmSync(folder, { recursive: true, force: true })
}

/** A start that was stopped while keys were made left nothing that anybody relies on yet. */
export function forgetHalfMade(folder: string): void {
  for (const name of readdirSync(folder)) if (name !== 'lock') rmSync(join(folder, name), { recursive: true, force: true })
}

function requireIdle(folder: string): void {
  if (!existsSync(folder)) return
  if (existsSync(lockFile(folder))) {
    const pid = Number(readFileSync(lockFile(folder), 'utf8'))
    if (isAlive(pid)) throw devnetErrors.RUNNING({ folder, pid })
  } else if (readdirSync(folder).length > 0) throw devnetErrors.FOREIGN_FOLDER({ folder })
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return pid > 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
