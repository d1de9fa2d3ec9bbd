// Runs every unit, property, contract and multi-module test of the repository and ends with one line of counts.
// Usage: npm test [-- FILTER …]   FILTER: a part of the file's path.
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { relative } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const files = globSync(['packages/**/*.test.ts', 'adapters/**/*.test.ts', 'apps/**/*.test.ts', 'tools/**/*.test.ts', 'tests/*.test.ts'], { cwd: root, exclude: (name) => name === 'node_modules' })
  .map(String)
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort()

if (files.length === 0) {
  console.error(`TEST_NONE_FOUND: no test file matches ${filters.join(', ')}`)
  process.exit(2)
}

const counts = { passed: 0, failed: 0, skipped: 0 }
const failures: string[] = []
const stream = run({ files: files.map((file) => root + file), concurrency: Math.max(2, availableParallelism()), isolation: 'process', timeout: 300_000 })
// Only leaves count: a suite that groups tests is not a test.
stream.on('test:pass', (event) => {
  if (event.details.type === 'suite') return
  if (event.skip !== undefined || event.todo !== undefined) counts.skipped++
  else counts.passed++
})
stream.on('test:fail', (event) => {
  if (event.details.type === 'suite') return
  counts.failed++
  failures.push(`${event.file === undefined ? '' : relative(root, event.file)}: ${event.name}`)
})
stream.compose(new spec()).pipe(process.stdout)
stream.on('end', () => {
  setImmediate(() => {
    for (const failure of failures) console.log(`FAILED ${failure}`)
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
    process.exitCode = counts.failed > 0 || counts.skipped > 0 || counts.passed === 0 ? 1 : 0
  })
})
