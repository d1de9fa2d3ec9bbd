// The files of a de-identification job: the job itself, its table, hierarchies, subset and population.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { MhmdError } from '@mhmd/base'
import { defaultCsvFormat, fileKindOf, readTableFile, tableFileChunks } from '@mhmd/columns'
import type { FileFormat, FileTable, Table } from '@mhmd/columns'
import { readHierarchy } from '@mhmd/deid'
import type { FileSource, HierarchySource, Job, JobTables, ReleasedFile } from '@mhmd/deid'
import { deidJobDocument } from '@mhmd/schema'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { withFile, writeWhole } from './written-files.ts'

const PIECE_BYTES = 1 << 20

/** A job that follows its schema, and the folder its paths start from. */
export interface JobFile {
  readonly job: Job
  readonly folder: string
}

/** Throws CLI_FILE_MISSING, CLI_NOT_JSON, SCHEMA_NOT_VALID. */
export function readJob(file: string): JobFile {
  return { job: deidJobDocument.parse(readJsonFile(file)), folder: dirname(resolve(file)) }
}

/** A table as a stream, plain or gzip; CSV, NDJSON or Parquet by the file's name. A CSV_… or TABLE_… error keeps its code and tells the file. */
export async function readTable(file: string, delimiter?: string): Promise<FileTable> {
  if (!existsSync(file)) throw cliErrors.FILE_MISSING({ file })
  return naming(file, () => readTableFile(fileKindOf(file), createReadStream(file, { highWaterMark: PIECE_BYTES }), { clock: () => performance.now(), ...(delimiter !== undefined && { csv: { delimiter } }) }))
}

/** The form in which a release is written: its input's, unless the file's name tells another kind. */
export function outputFormat(file: string, input: FileFormat): FileFormat {
  const kind = fileKindOf(file)
  if (kind === input.kind) return input
  if (kind === 'csv') return { kind, csv: defaultCsvFormat }
  return input.kind === 'csv' ? { kind, values: new Map(), empties: new Set() } : { ...input, kind }
}

/** Writes a release whole or not at all, packed where the name ends in .gz, and tells what its bytes are unpacked. */
export async function writeTable(file: string, table: Table, format: FileFormat): Promise<ReleasedFile> {
  const hash = createHash('sha256')
  let bytes = 0
  function* pieces(): Generator<Uint8Array> {
    for (const piece of tableFileChunks(table, format)) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
  }
  await writeWhole(file, (to) => (file.endsWith('.gz') ? pipeline(Readable.from(pieces()), createGzip(), createWriteStream(to)) : pipeline(Readable.from(pieces()), createWriteStream(to))))
  return { kind: format.kind, bytes, digest: hash.digest('hex') }
}

async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await withFile(file, work)
  } catch (error) {
    if (!MhmdError.isInstance(error) || error.code.startsWith('CLI_')) throw error
    throw new MhmdError({ ...error.toJSON(), message: `${file}: ${error.message}`, cause: error })
  }
}

export interface LoadedJob extends JobFile {
  readonly input: FileTable
  readonly tables: JobTables
  /** Seconds of the reading that belong to the search: tables encoded, hierarchies taken apart and checked. */
  readonly encodingSeconds: number
}

/** Everything the job names; `input` may be another file of the same form. */
export const loadJob = (file: string, options: { readonly input?: string } = {}): Promise<LoadedJob> => loadTables(readJob(file), options)

export async function loadTables({ job, folder }: JobFile, options: { readonly input?: string } = {}): Promise<LoadedJob> {
  const { delimiter } = job.input
  const input = await readTable(options.input ?? resolve(folder, job.input.path), delimiter)
  const other = async (source: FileSource | undefined): Promise<FileTable | undefined> => source && readTable(resolve(folder, source.path), source.delimiter ?? delimiter)
  const [subset, population] = [await other(subsetOf(job)), await other(populationOf(job))]
  const hierarchies = hierarchiesOf(job, folder)
  const encodingSeconds = hierarchies.seconds + [input, subset, population].reduce((sum, table) => sum + (table?.encodingSeconds ?? 0), 0)
  return { job, folder, input, encodingSeconds, tables: { input: input.table, hierarchies: hierarchies.sources, ...(subset && { subset: subset.table }), ...(population && { population: population.table }) } }
}

/** The files a job reads: itself, its table (or the one given instead), hierarchies, subset and population. */
export function filesOf(config: string, { job, folder }: JobFile, input?: string): string[] {
  const own = [job.input.path, subsetOf(job)?.path, populationOf(job)?.path, ...Object.values(job.columns).map(({ hierarchy }) => hierarchy)]
  return [config, ...(input === undefined ? [] : [input]), ...own.filter((path) => path !== undefined).map((path) => resolve(folder, path))]
}

function subsetOf(job: Job): FileSource | undefined {
  return job.models.find((model) => model.type === 'delta-presence')?.subset
}

function populationOf(job: Job): FileSource | undefined {
  return job.models.find((model) => model.type === 'k-map')?.population
}

/** The hierarchies that columns of the job name, by column; and the seconds it took to make them of their files' bytes. */
function hierarchiesOf(job: Job, folder: string): { readonly sources: Record<string, HierarchySource>; readonly seconds: number } {
  const files = Object.entries(job.columns).flatMap(([name, { hierarchy }]) => (hierarchy === undefined ? [] : [{ name, bytes: bytesOf(resolve(folder, hierarchy)) }]))
  const started = performance.now()
  const sources = byName(files.map(({ name, bytes }) => [name, readHierarchy(name, bytes)]))
  return { sources, seconds: (performance.now() - started) / 1000 }
}

/** A column may be called `constructor`: nothing is inherited. */
export const byName = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> => Object.assign(Object.create(null) as Record<string, T>, Object.fromEntries(entries))

function bytesOf(file: string): Uint8Array {
  if (!existsSync(file)) throw cliErrors.FILE_MISSING({ file })
  if (statSync(file).isDirectory()) throw cliErrors.FILE_UNUSABLE({ file, why: 'EISDIR' })
  return readFileSync(file)
}

export const readHierarchyFile = (attribute: string, file: string, delimiter?: string): HierarchySource => readHierarchy(attribute, bytesOf(file), delimiter)
