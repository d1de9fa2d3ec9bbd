// mhmd deid: de-identify a table by a job; the commands that measure stand in deid-risk.ts.
import { existsSync, writeFileSync } from 'node:fs'
import { MhmdError } from '@mhmd/base'
import { WorkerPool } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { measuredRelease, needsSecret, release, releaseManifests, riskOptionsOf, riskReport, sampleRisk } from '@mhmd/deid'
import type { Job, Manifests, Release, ReleaseOptions, SampleRisk } from '@mhmd/deid'
import { Command } from 'commander'
import { command, randomness } from './action.ts'
import { filesOf, loadTables, outputFormat, readJob, writeTable } from './deid-files.ts'
import type { JobFile } from './deid-files.ts'
import { frontierCommand } from './deid-frontier.ts'
import { recommendCommand } from './deid-recommend.ts'
import { repeatCommand } from './deid-repeat.ts'
import { checkCommand, hierarchyCommand, riskCommand } from './deid-risk.ts'
import { cliErrors } from './errors.ts'
import { outputOf } from './output.ts'
import { checkWrites, writeWhole } from './written-files.ts'

/** Time a heuristic search takes when nobody says how long. */
const heuristicSeconds = 20
/** More threads would take longer to start than any machine gains by them. */
const mostWorkers = 64
/** A row is at risk above this. */
const riskThreshold = 1 / 5

export function deidCommand(): Command {
  const group = new Command('deid').description('de-identify tables: generalise and suppress until privacy models hold, losing as little as can be; measure what is left')
  for (const part of [runCommand(), riskCommand(), checkCommand(), recommendCommand(), frontierCommand(), hierarchyCommand(), repeatCommand()]) group.addCommand(part)
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
  readonly measure?: boolean
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
    .option('--workers <n>', 'threads that group the rows and search; default 1. The release is the same for any number')
    .option('--measure', 'put risk and utility into the report, as `mhmd deid frontier` states them')
    .action(run)
}

async function run(options: RunArguments): Promise<void> {
  const workers = workersOf(options)
  const seconds = positive('--time-limit', options.timeLimit)
  const startup = performance.now() / 1000
  const lap = stopwatch()
  const jobFile = await readyJob(options)
  const { output, report: reportFile } = options
  // Before the table is read, so that the threads start meanwhile.
  const pool = new WorkerPool(workers)
  const { job, input, tables, encodingSeconds } = await loadTables(jobFile, options.input === undefined ? {} : { input: options.input })
  const read = lap()
  const secret = secretFor(job, options)
  const found = release(job, tables, { ...within(seconds ?? secondsOf(job)), ...(secret && { secret }), pool })
  await pool.close()
  const search = lap()
  const risk = riskOf(found, job, tables.input)
  const measured = lap()
  const file = output === undefined ? undefined : await writeTable(output, found.table, outputFormat(output, input.format))
  writeManifests(options, () => releaseManifests(job, tables, { found, ...(secret && { secret }), ...(file && { file }) }))
  const { table: _, ...figures } = found
  const stated = options.measure === true ? measuredRelease(job, tables, found) : undefined
  const report = {
    ...figures, risk, ...(stated && { measured: stated }), workers: pool.workers,
    // Together the whole run: reading counts from the process's start, writing from the search's end on. Encoding, which happens while the table is read, is the search's.
    timings: { read: startup + read - encodingSeconds, search: encodingSeconds + search, write: measured + lap() }, within: { startup, encoding: encodingSeconds, risk: measured }, peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
  if (reportFile !== undefined) await writeWhole(reportFile, (to) => { writeFileSync(to, `${JSON.stringify(report, undefined, 2)}\n`) })
  warn(found)
  outputOf(options).result(report, summary(found, risk, encodingSeconds + search))
}

/** The job, once every file to be written is known to have a place that nothing else needs. */
async function readyJob({ config, input, output, report, sealed, manifest }: RunArguments): Promise<JobFile> {
  const file = readJob(config)
  await checkWrites({ '--output': output, '--report': report, '--sealed': sealed, '--manifest': manifest }, filesOf(config, file, input))
  return file
}

function workersOf({ workers: text = '1' }: RunArguments): number {
  const workers = Number(text)
  if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers) throw cliErrors.BAD_OPTION({ option: '--workers', why: `not a whole number from 1 to ${mostWorkers}` })
  return workers
}

/** 32 bytes of the system's generator for a job that draws. Whoever made the release must be able to check it: without --sealed it is not made. */
function secretFor(job: Job, { sealed }: RunArguments): Uint8Array | undefined {
  if (sealed !== undefined && existsSync(sealed)) throw cliErrors.FILE_EXISTS({ file: sealed })
  if (!needsSecret(job)) return undefined
  if (sealed === undefined) throw cliErrors.BAD_OPTION({ option: '--sealed', why: 'missing, and the job draws at random: nobody could check or repeat the release' })
  return randomness.bytes(32)
}

/** The digests in a manifest take as long as reading a long table: they are made where one is asked for. */
function writeManifests({ sealed, manifest }: RunArguments, make: () => Manifests): void {
  if (sealed === undefined && manifest === undefined) return
  const made = make()
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
  const dropped = found.droppedColumns.map((column) => JSON.stringify(column)).join(', ')
  if (dropped !== '') process.stderr.write(`DEID_COLUMN_DROPPED: not in the release, since the job gives them no role: ${dropped}\n`)
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
function riskOf({ table, classes, suppressedRows, rowsOutsideSubset }: Release, job: Job, input: Table): SampleRisk | null {
  try {
    return riskReport(table, { ...riskOptionsOf(job, table, input), sensitive: [], threshold: riskThreshold }).sample
  } catch (error) {
    if (!MhmdError.isInstance(error) || error.code !== 'RISK_NO_ROWS') throw error
    // A class at the top of every hierarchy looks like suppressed rows.
    return classes === 1 && job.person === undefined ? sampleRisk(new Map([[input.rows - rowsOutsideSubset - suppressedRows, 1]]), riskThreshold) : null
  }
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw cliErrors.BAD_OPTION({ option, why: 'not a number above 0' })
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
