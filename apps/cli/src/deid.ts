// mhmd deid: de-identify a table by a job; the commands that measure stand in deid-risk.ts.
import { createWriteStream, existsSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { columnNamed, tableFileChunks, WorkerPool } from '@mhmd/columns'
import type { FileFormat, Table } from '@mhmd/columns'
import { classesOf, inPersons, needsSecret, release, releaseManifests, sampleRisk, sizesOf } from '@mhmd/deid'
import type { Job, Manifests, Release, ReleaseOptions, SampleRisk } from '@mhmd/deid'
import { Command } from 'commander'
import { command, randomness } from './action.ts'
import { loadJob, outputFormat } from './deid-files.ts'
import { recommendCommand } from './deid-recommend.ts'
import { checkCommand, hierarchyCommand, riskCommand } from './deid-risk.ts'
import { cliErrors } from './errors.ts'
import { outputOf } from './output.ts'

/** Time a heuristic search takes when nobody says how long. */
const heuristicSeconds = 20
/** A row is at risk above this. */
const riskThreshold = 1 / 5

export function deidCommand(): Command {
  const group = new Command('deid').description('de-identify tables: generalise and suppress until privacy models hold, losing as little as can be; measure what is left')
  for (const part of [runCommand(), riskCommand(), checkCommand(), recommendCommand(), hierarchyCommand()]) group.addCommand(part)
  return group
}

interface RunArguments {
  readonly config: string
  readonly input?: string
  readonly output?: string
  readonly report?: string
  readonly sealed?: string
  readonly manifest?: string
  readonly timeLimit?: string
  readonly workers?: string
  readonly json?: boolean
}

/** `mhmd deid run`: searches, writes the release and its report. */
function runCommand(): Command {
  return command('run', 'carry out a job (schemas/deid-job.schema.json)')
    .requiredOption('--config <file>', 'the job; its paths are relative to it')
    .option('--input <file>', 'the table; default the job\'s input')
    .option('--output <file>', 'where the release is written, packed where the name ends in .gz')
    .option('--report <file>', 'where the report is written')
    .option('--sealed <file>', 'a new file for the holder\'s manifest, which repeats the release; needed where the job draws at random')
    .option('--manifest <file>', 'where the recipient\'s manifest is written')
    .option('--time-limit <seconds>', 'end the search with the best it has')
    .option('--workers <n>', 'threads that group the rows; default 1. The result is the same for any number')
    .action(run)
}

async function run(options: RunArguments): Promise<void> {
  const workers = positive('--workers', options.workers)
  const seconds = positive('--time-limit', options.timeLimit)
  const startup = performance.now() / 1000
  const lap = stopwatch()
  // Before the table is read, so that the threads start meanwhile.
  const pool = new WorkerPool(workers ?? 1)
  const { job, input, tables } = await loadJob(options.config, options.input === undefined ? {} : { input: options.input })
  const read = lap()
  const secret = secretFor(job, options)
  const found = release(job, tables, { ...within(seconds ?? secondsOf(job)), ...(secret && { secret }), pool })
  await pool.close()
  const search = lap()
  const risk = riskOf(found, job, tables.input)
  const measured = lap()
  if (options.output !== undefined) await writeTable(options.output, found.table, outputFormat(options.output, input.format))
  writeManifests(options, releaseManifests(job, tables, { found, ...(secret && { secret }) }))
  const { table: _, ...figures } = found
  const report = { ...figures, risk, workers: pool.workers, timings: { startup, read, search, risk: measured, write: lap() }, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 }
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, undefined, 2)}\n`)
  warn(found)
  outputOf(options).result(report, summary(found, risk, search))
}

/** 32 bytes of the system's generator for a job that draws. Whoever made the release must be able to check it: without --sealed it is not made. */
function secretFor(job: Job, { sealed }: RunArguments): Uint8Array | undefined {
  if (sealed !== undefined && existsSync(sealed)) throw cliErrors.FILE_EXISTS({ file: sealed })
  if (!needsSecret(job)) return undefined
  if (sealed === undefined) throw cliErrors.BAD_OPTION({ option: '--sealed', why: 'missing, and the job draws at random: nobody could check or repeat the release' })
  return randomness.bytes(32)
}

function writeManifests({ sealed, manifest }: RunArguments, made: Manifests): void {
  if (sealed !== undefined) writeFileSync(sealed, `${JSON.stringify(made.sealed, undefined, 2)}\n`, { flag: 'wx', mode: 0o600 })
  if (manifest !== undefined) writeFileSync(manifest, `${JSON.stringify(made.recipient, undefined, 2)}\n`)
}

function secondsOf({ search }: Job): number | undefined {
  return search?.timeLimitSeconds ?? (search?.type === 'heuristic' ? heuristicSeconds : undefined)
}

function within(seconds: number | undefined): ReleaseOptions {
  if (seconds === undefined) return {}
  const deadline = performance.now() + 1000 * seconds
  return { isOutOfTime: () => performance.now() > deadline }
}

function warn(found: Release): void {
  for (const column of found.droppedColumns) process.stderr.write(`DEID_COLUMN_DROPPED: the job gives ${column} no role, so it is not in the release\n`)
}

function summary(found: Release, risk: SampleRisk | null, seconds: number): string[] {
  const claim = found.optimal ? 'the optimum' : `not proven optimal; nothing scores below ${found.lowerBound.toPrecision(6)}`
  return [
    `Score ${found.score.toPrecision(7)} by ${found.metric.type}: ${claim}`,
    `Levels ${Object.entries(found.levels).map(([name, level]) => `${name} ${level}`).join(', ')}`,
    `${found.suppressedRows} rows suppressed; ${found.classes} classes${risk === null ? '' : `; highest risk ${risk.highestRisk.toPrecision(4)}, average ${risk.averageRisk.toPrecision(4)}`}`,
    `${found.checkedNodes} of ${found.latticeSize} nodes checked in ${seconds.toFixed(2)} s`,
  ]
}

/** Risk of the rows that are kept, or of the persons where the job has them; null where none is. */
function riskOf({ table }: Release, job: Job, input: Table): SampleRisk | null {
  const names = table.columns.map(({ name }) => name).filter((name) => job.columns[name]?.role === 'quasi-identifying')
  const classes = classesOf(table, names)
  const persons = job.person && columnNamed(input, job.person.column)
  return classes.rows === 0 ? null : sampleRisk(sizesOf(persons === undefined ? classes.sizes : inPersons(classes, persons.codes)), riskThreshold)
}

async function writeTable(file: string, table: Table, format: FileFormat): Promise<void> {
  const pieces = Readable.from(tableFileChunks(table, format))
  if (file.endsWith('.gz')) await pipeline(pieces, createGzip(), createWriteStream(file))
  else await pipeline(pieces, createWriteStream(file))
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0 || (option === '--workers' && !Number.isInteger(value))) throw cliErrors.BAD_OPTION({ option, why: 'not a number above 0' })
  return value
}

/** Seconds since the last call, or since it was made. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const now = performance.now()
    const seconds = (now - last) / 1000
    last = now
    return seconds
  }
}
