// The files a run writes: looked at before anything is read, so that a long search is not lost to a wrong path; and taken whole or not at all.
import { accessSync, chmodSync, constants, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { cliErrors } from './errors.ts'

/** The errno of what the operating system refused. */
const whyOf = (thrown: unknown): string | undefined => (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && /^E[A-Z]+$/.test(thrown.code) ? thrown.code : undefined)

/** Does something with a file; what the operating system refuses names that file. */
export async function withFile<T>(file: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const why = whyOf(cause)
    throw why === undefined ? cause : cliErrors.FILE_UNUSABLE({ file, why }, { cause })
  }
}

const statOf = (file: string): Stats | undefined => statSync(file, { throwIfNoEntry: false })

/** One name for a file, whatever link leads to it; undefined for what can be written to twice (a pipe, a device). */
function identityOf(file: string): string | undefined {
  const stat = statOf(file)
  if (stat === undefined) return resolve(file)
  return stat.isFile() ? `${stat.dev} ${stat.ino}` : undefined
}

/** `writes` by option; `reads` are the files that the command reads. Throws CLI_SAME_FILE, CLI_FILE_UNUSABLE. */
export async function checkWrites(writes: Readonly<Record<string, string | undefined>>, reads: readonly string[]): Promise<void> {
  const taken = new Map(reads.map((file) => [identityOf(file), 'the command reads']))
  for (const [option, file] of Object.entries(writes)) {
    if (file === undefined) continue
    await withFile(file, () => { checkPlace(file) })
    const identity = identityOf(file)
    const other = taken.get(identity)
    if (identity !== undefined && other !== undefined) throw cliErrors.SAME_FILE({ option, file, other })
    taken.set(identity, `${option} names too`)
  }
}

function checkPlace(file: string): void {
  const stat = statOf(file)
  if (stat?.isDirectory() === true) throw cliErrors.FILE_UNUSABLE({ file, why: 'EISDIR' })
  accessSync(stat === undefined || stat.isFile() ? dirname(stat === undefined ? resolve(file) : realpathSync(file)) : file, constants.W_OK)
}

/** Writes beside the place and takes it in one step: a full disk leaves what was there. What is no file (a pipe, a device) is written to as it is. */
export async function writeWhole<T>(file: string, write: (to: string) => Promise<T> | T): Promise<T> {
  const stat = statOf(file)
  if (stat !== undefined && !stat.isFile()) return withFile(file, () => write(file))
  const place = stat === undefined ? file : realpathSync(file)
  const part = `${place}.${process.pid}.part`
  try {
    const made = await withFile(file, () => write(part))
    if (stat !== undefined) chmodSync(part, stat.mode)
    renameSync(part, place)
    return made
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
