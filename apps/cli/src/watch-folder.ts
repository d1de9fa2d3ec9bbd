// A watched folder: every file put there is imported once and moved away. The node knows files by the digest of their bytes, so that a kill between import and move repeats nothing.
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { MhmdError } from '@mhmd/base'
import type { PeopleClient } from '@mhmd/client'
import type { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { readProfile } from './files.ts'
import { countsOf, importFile } from './import-file.ts'
import type { ImportState } from './import-file.ts'
import { NOT_ALL } from './output.ts'
import type { Output } from './output.ts'

/** A file that hasn't changed for so long is taken as whole. */
const SETTLED_MILLISECONDS = 2000
const LOOK_MILLISECONDS = 1000
const wanted = /\.(?:json|ndjson)(?:\.gz)?$/i

interface Watched {
  readonly folder: string
  readonly node: string
  readonly full: boolean
  readonly output: Output
}

interface Taken {
  readonly file: string
  readonly state?: ImportState
  readonly code?: string
}

interface Options {
  readonly profile?: string
  readonly json?: boolean
  readonly full?: boolean
  readonly once?: boolean
}

export function watchCommand(): Command {
  return staffAction('watch', 'import every file that is put into a folder (.json, .ndjson, .gz), once; taken ones move to imported/, refused ones to refused/')
    .argument('<folder>', 'folder to watch').option('--full', 'ask the invariants of FHIR R4 too').option('--once', 'import what is there, and end')
    .action(async (folder: string, options: Options) => asStaff<Options>(async (client, _options, output) => {
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw cliErrors.FILE_MISSING({ file: folder })
      for (const name of ['imported', 'refused']) mkdirSync(join(folder, name), { recursive: true })
      const watched: Watched = { folder, node: readProfile(options.profile).node, full: options.full === true, output }
      const taken = await takeAll(client, watched)
      if (options.once === true && !taken.every(isWhole)) process.exitCode = NOT_ALL
      if (options.once === true) return output.result(taken, taken.length === 0 ? ['Nothing was there.'] : taken.map(lineOf))
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS))
        await takeAll(client, watched)
      }
    })(options))
}

/** What stands in the folder and is whole, the oldest first. */
function settledFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map(({ name }) => ({ path: join(folder, name), at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY }))
    .filter(({ at }) => at < Date.now() - SETTLED_MILLISECONDS)
    .sort((a, b) => a.at - b.at).map(({ path }) => path)
}

async function takeAll(client: PeopleClient, watched: Watched): Promise<Taken[]> {
  const all: Taken[] = []
  for (const file of settledFiles(watched.folder)) {
    const taken = await take(client, file, watched)
    watched.output.progress(lineOf(taken))
    all.push(taken)
  }
  return all
}

async function take(client: PeopleClient, file: string, { folder, ...how }: Watched): Promise<Taken> {
  try {
    const state = await importFile(client, file, { ...how, once: true })
    move(file, join(folder, 'imported'))
    return { file: basename(file), state }
  } catch (error) {
    // What is wrong with the file is told by its place; what is wrong with the node ends the watch, and the file waits.
    if (!MhmdError.isInstance(error) || !['CLI_BAD_OPTION', 'CLI_IMPORT_FAILED'].includes(error.code)) throw error
    move(file, join(folder, 'refused'))
    return { file: basename(file), code: error.code }
  }
}

/** A file of the same name that went before keeps its place. */
function move(file: string, to: string): void {
  const name = basename(file)
  for (let turn = 0; ; turn++) {
    const target = join(to, turn === 0 ? name : `${turn}-${name}`)
    if (statSync(target, { throwIfNoEntry: false }) !== undefined) continue
    return renameSync(file, target)
  }
}

const isWhole = ({ state }: Taken): boolean => (state?.report?.quarantined ?? 1) === 0

const lineOf = ({ file, state, code }: Taken): string => `${file}: ${state === undefined ? `refused (${code ?? ''})` : countsOf(state)}`
