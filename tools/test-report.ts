// Collects what `node:test` says about test files and prints it: quiet about what passed, in full about what failed.
import { inspect } from 'node:util'
import type { EventData } from 'node:test'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** One test file's outcome. `output` is what the file printed, kept for the case that it fails. */
export interface FileReport extends Counts {
  readonly file: string
  readonly failures: string[]
  output: string
  seconds: number
}

export const newReport = (file: string): FileReport => ({ file, passed: 0, failed: 0, skipped: 0, failures: [], output: '', seconds: 0 })

const KEPT_OUTPUT = 20_000

// `node:test` reports a file that holds no test as one passed test named like the file: that would be a test that cannot fail.
const isFileItself = (event: { readonly name: string; readonly nesting: number }, path: string): boolean => event.nesting === 0 && event.name === path

function fail(report: FileReport, message: string): void {
  report.failed++
  report.failures.push(message)
}

/** Takes the events of one file's run into its report. Only leaves count: a suite that groups tests is not a test. */
export function listen(stream: NodeJS.ReadableStream, path: string, report: FileReport): void {
  stream.on('test:pass', (event: EventData.TestPass) => {
    if (event.details.type === 'suite') return
    if (isFileItself(event, path)) return fail(report, `${report.file}: TEST_EMPTY_FILE: no test in this file`)
    if (event.skip !== undefined || event.todo !== undefined) report.skipped++
    else report.passed++
  })
  stream.on('test:fail', (event: EventData.TestFail) => {
    // A suite fails by itself only in its own hooks; otherwise its tests are counted already.
    if (event.details.type === 'suite' && (event.details.error as { failureType?: string }).failureType === 'subtestsFailed') return
    const where = isFileItself(event, path) ? report.file : `${report.file}:${String(event.line)} ${event.name}`
    fail(report, `${where}\n${inspect(event.details.error.cause ?? event.details.error, { depth: 6 })}`)
  })
  for (const name of ['test:stdout', 'test:stderr']) {
    stream.on(name, (event: EventData.TestStdout) => { report.output = (report.output + event.message).slice(-KEPT_OUTPUT) })
  }
}

const indent = (text: string): string => text.trimEnd().split('\n').map((line) => `    ${line}`).join('\n')

export function printFailures(report: FileReport): void {
  for (const failure of report.failures) console.log(`FAILED ${failure.split('\n')[0]}\n${indent(failure.split('\n').slice(1).join('\n'))}`)
  if (report.failures.length > 0 && report.output !== '') console.log(`  what ${report.file} printed:\n${indent(report.output)}`)
}

/** One line a room, then the slowest files where they cost a newcomer's patience. */
export function printSummary(reports: readonly FileReport[]): Counts {
  const rooms = Map.groupBy(reports, (report) => report.file.split('/').slice(0, 2).join('/'))
  for (const [room, files] of rooms) {
    const total = sum(files)
    const bad = total.failed > 0 ? `, ${total.failed} FAILED` : ''
    const skipped = total.skipped > 0 ? `, ${total.skipped} SKIPPED` : ''
    console.log(`  ${room.padEnd(44)} ${String(total.passed).padStart(5)} passed${bad}${skipped}  ${files.reduce((all, file) => all + file.seconds, 0).toFixed(1).padStart(7)} s`)
  }
  const slow = reports.filter((report) => report.seconds > 10).sort((a, b) => b.seconds - a.seconds).slice(0, 5)
  for (const report of slow) console.log(`  slow: ${report.file} ${report.seconds.toFixed(1)} s`)
  return sum(reports)
}

const sum = (all: readonly Counts[]): Counts => all.reduce((total, one) => ({ passed: total.passed + one.passed, failed: total.failed + one.failed, skipped: total.skipped + one.skipped }), { passed: 0, failed: 0, skipped: 0 })
