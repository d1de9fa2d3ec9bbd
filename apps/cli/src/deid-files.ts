// The files of a de-identification job: the job itself, its table, hierarchies, subset and population.
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { MhmdError } from '@mhmd/base'
import { defaultCsvFormat, fileKindOf, readTableFile } from '@mhmd/columns'
import type { FileFormat, FileTable } from '@mhmd/columns'
import { readHierarchy } from '@mhmd/deid'
import type { FileSource, HierarchySource, Job, JobTables } from '@mhmd/deid'
import { deidJobDocument } from '@mhmd/schema'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'

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
  return naming(file, () => readTableFile(fileKindOf(file), createReadStream(file, { highWaterMark: PIECE_BYTES }), delimiter === undefined ? {} : { csv: { delimiter } }))
}

/** The form in which a release is written: its input's, unless the file's name tells another kind. */
export function outputFormat(file: string, input: FileFormat): FileFormat {
  const kind = fileKindOf(file)
  if (kind === input.kind) return input
  if (kind === 'csv') return { kind, csv: defaultCsvFormat }
  return input.kind === 'csv' ? { kind, values: new Map(), empties: new Set() } : { ...input, kind }
}

async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!MhmdError.isInstance(error)) throw error
    throw new MhmdError({ ...error.toJSON(), message: `${file}: ${error.message}`, cause: error })
  }
}

export interface LoadedJob extends JobFile {
  readonly input: FileTable
  readonly tables: JobTables
}

/** Everything the job names; `input` may be another file of the same form. */
export async function loadJob(file: string, options: { readonly input?: string } = {}): Promise<LoadedJob> {
  const { job, folder } = readJob(file)
  const { delimiter } = job.input
  const input = await readTable(options.input ?? resolve(folder, job.input.path), delimiter)
  const other = async (source: FileSource | undefined): Promise<FileTable | undefined> => source && readTable(resolve(folder, source.path), source.delimiter ?? delimiter)
  const [subset, population] = [await other(subsetOf(job)), await other(populationOf(job))]
  return { job, folder, input, tables: { input: input.table, hierarchies: hierarchiesOf(job, folder), ...(subset && { subset: subset.table }), ...(population && { population: population.table }) } }
}

function subsetOf(job: Job): FileSource | undefined {
  return job.models.find((model) => model.type === 'delta-presence')?.subset
}

function populationOf(job: Job): FileSource | undefined {
  return job.models.find((model) => model.type === 'k-map')?.population
}

/** The hierarchies that columns of the job name, by column. */
function hierarchiesOf(job: Job, folder: string): Record<string, HierarchySource> {
  return Object.fromEntries(Object.entries(job.columns).flatMap(([name, { hierarchy }]) => (hierarchy === undefined ? [] : [[name, readHierarchyFile(name, resolve(folder, hierarchy))]])))
}

export function readHierarchyFile(attribute: string, file: string, delimiter?: string): HierarchySource {
  if (!existsSync(file)) throw cliErrors.FILE_MISSING({ file })
  return readHierarchy(attribute, readFileSync(file), delimiter)
}
