// The one command before a commit: every static check, then the tests; all run, each says ok or failed and how long it took.
// Usage: npm run verify [-- --static]   --static leaves the tests out. The last line counts the checks.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './imports.ts'

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

const binary = (name: string): string => join(root, 'node_modules', '.bin', name)
const tool = (file: string, ...rest: string[]): string[] => [process.execPath, join(root, 'tools', file), ...rest]

const steps: readonly Step[] = [
  { name: 'types', command: [binary('tsc'), '-p', '.'] },
  { name: 'types of the pages', command: [binary('tsc'), '-p', 'apps/portal'] },
  { name: 'lint', command: [binary('eslint'), '.'] },
  { name: 'directions', command: tool('check-directions.ts') },
  { name: 'unused code', command: [binary('knip'), '--no-progress', '--no-config-hints'] },
  { name: 'links', command: tool('check-links.ts') },
  { name: 'traces', command: tool('check-traces.ts') },
  ...globSync('generate-*.ts', { cwd: join(root, 'tools'), exclude: ['**/*.test.ts'] }).sort().map((file) => ({ name: `in step: ${file.slice('generate-'.length, -3)}`, command: tool(file, '--check') })),
  ...(process.argv.includes('--static') ? [] : [{ name: 'tests', command: tool('test.ts') }]),
]

const failed: string[] = []
for (const { name, command: [file = '', ...args] } of steps) {
  const started = performance.now()
  const { status, stdout } = spawnSync(file, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 256 * 1024 * 1024 })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status !== 0) failed.push(name)
  if (status !== 0 || name === 'tests') process.stdout.write(stdout)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(28)} ${seconds.padStart(6)} s`)
}
if (failed.length > 0) console.log(`VERIFY_FAILED: ${failed.join(', ')}. What is wrong stands above each line that says FAILED.`)
console.log(`${steps.length - failed.length} passed, ${failed.length} failed, 0 skipped`)
process.exitCode = failed.length > 0 ? 1 : 0
