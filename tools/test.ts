// Runs every unit, property, contract and multi-module test of the repository and ends with one line of counts.
// Usage: npm test [-- FILTER …]   FILTER: a part of a file's path. FC_SEED=N repeats a run's random choices;
// TEST_FILE_SECONDS=N gives each file that long (180).
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { randomInt } from 'node:crypto'
import { run } from 'node:test'
import { listen, newReport, printFailures, printSummary, type FileReport } from './test-report.ts'

const root = new URL('..', import.meta.url).pathname
const FILE_LIMIT_SECONDS = Number(process.env['TEST_FILE_SECONDS'] ?? 180)

const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const files = globSync(['packages/**/*.test.ts', 'adapters/**/*.test.ts', 'apps/**/*.test.ts', 'tools/**/*.test.ts', 'tests/*.test.ts'], { cwd: root, exclude: (name) => name.endsWith('node_modules') })
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort()

if (files.length === 0) {
  console.error(`TEST_NONE_FOUND: no test file matches ${filters.join(', ')}`)
  process.exit(2)
}

const seed = process.env['FC_SEED'] ?? String(randomInt(2 ** 31))
process.env['FC_SEED'] = seed

// One run a file, so that a file that hangs is killed by itself and its output stays with it.
async function runFile(file: string): Promise<FileReport> {
  const report = newReport(file)
  const started = performance.now()
  const limit = AbortSignal.timeout(FILE_LIMIT_SECONDS * 1000)
  const stream = run({ files: [root + file], isolation: 'process', signal: limit, execArgv: ['--import', new URL('test-setup.ts', import.meta.url).href] })
  listen(stream, root + file, report)
  stream.resume()
  await new Promise<void>((resolve) => { stream.on('end', resolve).on('error', () => { resolve() }) })
  report.seconds = (performance.now() - started) / 1000
  if (limit.aborted) {
    // The runner has mostly counted the aborted file already.
    report.failed = Math.max(report.failed, 1)
    report.failures.push(`${file}: TEST_FILE_TIMEOUT: still running after ${FILE_LIMIT_SECONDS} s`)
  } else if (report.passed + report.failed + report.skipped === 0) {
    report.failed++
    report.failures.push(`${file}: TEST_EMPTY_FILE: no test in this file`)
  }
  return report
}

console.log(`${files.length} test files, seed ${seed} (FC_SEED=${seed} repeats it)`)
const reports: FileReport[] = []
const waiting = [...files]
async function work(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const report = await runFile(file)
    printFailures(report)
    reports.push(report)
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))

reports.sort((a, b) => (a.file < b.file ? -1 : 1))
const total = printSummary(reports)
if (total.failed > 0) console.log(`Run one file again with: npm test -- ${reports.find((report) => report.failed > 0)?.file ?? ''}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 || total.skipped > 0 || total.passed === 0 ? 1 : 0)
