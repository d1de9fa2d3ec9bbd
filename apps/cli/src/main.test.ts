// Wrong use of the program, as whoever typed it sees it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } => spawnSync(process.execPath, [join(import.meta.dirname, '../bin/mhmd.mjs'), ...args], { encoding: 'utf8' })

test('wrong use has a code and a remedy, as text and as JSON, once', () => {
  const lacking = run('permit', 'revoke')
  assert.deepEqual([lacking.status, lacking.stdout], [2, ''])
  assert.match(lacking.stderr, /^CLI_USAGE: Required option '--[^']+' not specified\n {2}→ See `[^`]+ --help`\.\n$/)
  const { error } = JSON.parse(run('permit', 'revoke', '--json').stderr) as { error: { code: string } }
  assert.equal(error.code, 'CLI_USAGE')
  assert.match(run('permit', 'lsit').stderr, /^CLI_USAGE: Unknown command 'lsit' \(Did you mean list\?\)\n/)
  assert.match(run('permti').stderr, /^CLI_USAGE: Unknown command 'permti' \(Did you mean permit\?\)\n/)
})

test('help is no error; a command without its second word shows its help', () => {
  assert.deepEqual([run('permit', '--help').status, run('--help').status], [0, 0])
  const bare = run('permit')
  assert.deepEqual([bare.status, bare.stderr.includes('Usage: mhmd permit')], [2, true])
})
