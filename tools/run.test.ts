// Holds the first command on a new machine to its word, in a checkout made for the test with an npm that only notes that it was called.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './imports.ts'

interface Checkout extends Disposable {
  readonly folder: string
  readonly run: (args: readonly string[], nodeVersion?: string) => { readonly status: number | null; readonly stdout: string; readonly stderr: string }
  readonly installs: () => number
}

function checkout(npmExit = 0): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'run-'))
  mkdirSync(join(folder, 'tools'))
  mkdirSync(join(folder, 'bin'))
  copyFileSync(join(root, 'tools/run.mjs'), join(folder, 'tools/run.mjs'))
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  writeFileSync(join(folder, 'entry.ts'), "const words: string[] = process.argv.slice(2)\nconsole.log(words.join(' '))\nprocess.exitCode = 3\n")
  writeFileSync(join(folder, 'bin/npm'), `#!/bin/sh\necho "$@" >> "${folder}/npm-calls"\nexit ${npmExit}\n`)
  chmodSync(join(folder, 'bin/npm'), 0o755)
  const env = { ...process.env, PATH: `${folder}/bin:${process.env['PATH'] ?? ''}` }
  const pretend = (version: string): string[] => ['--import', `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`]
  return {
    folder,
    run: (args, nodeVersion) => spawnSync(process.execPath, [...(nodeVersion === undefined ? [] : pretend(nodeVersion)), join(folder, 'tools/run.mjs'), ...args], { env, encoding: 'utf8' }),
    installs: () => (existsSync(join(folder, 'npm-calls')) ? readFileSync(join(folder, 'npm-calls'), 'utf8').split('\n').length - 1 : 0),
    [Symbol.dispose]: () => { rmSync(folder, { recursive: true }) },
  }
}

test('a Node that is too old is told so, before anything is installed', () => {
  using there = checkout()
  const { status, stderr } = there.run(['entry.ts'], '16.20.0')
  assert.equal(status, 2)
  assert.match(stderr, /^SETUP_NODE_TOO_OLD: this is Node 16\.20\.0\. Install Node 18 or newer/)
  assert.equal(there.installs(), 0)
})

test('a missing or unknown entry is told so, before anything is installed', () => {
  using there = checkout()
  assert.match(there.run([]).stderr, /^SETUP_NO_ENTRY: /)
  const { status, stderr } = there.run(['nowhere.ts'])
  assert.equal(status, 2)
  assert.match(stderr, /^SETUP_ENTRY_UNKNOWN: there is no nowhere\.ts/)
  assert.equal(there.installs(), 0)
})

test('the lockfile is installed once, and again when it changes; arguments and exit code pass through', () => {
  using there = checkout()
  const first = there.run(['entry.ts', 'a', 'b'])
  assert.deepEqual([first.status, first.stdout], [3, 'a b\n'])
  assert.match(first.stderr, /Installing the packages of the lockfile/)
  assert.equal(there.run(['entry.ts']).stderr, '')
  assert.equal(there.installs(), 1)
  writeFileSync(join(there.folder, 'package-lock.json'), '{"changed":true}')
  there.run(['entry.ts'])
  assert.equal(there.installs(), 2)
  assert.match(readFileSync(join(there.folder, 'npm-calls'), 'utf8'), /^ci /)
})

test('a failed install runs nothing, and the next call tries again', () => {
  using there = checkout(1)
  const { status, stdout, stderr } = there.run(['entry.ts'])
  assert.deepEqual([status, stdout], [2, ''])
  assert.match(stderr, /SETUP_INSTALL_FAILED: /)
  there.run(['entry.ts'])
  assert.equal(there.installs(), 2)
})

test('without a Node 24 of its own, an older Node is told what to install', () => {
  using there = checkout()
  const { status, stderr } = there.run(['entry.ts'], '20.1.0')
  assert.equal(status, 2)
  assert.match(stderr, /SETUP_NO_NODE_24: .*Install Node 24 or newer/)
})

test('an interrupt reaches the program, and its own exit code comes back', async () => {
  using there = checkout()
  there.run(['entry.ts'])
  writeFileSync(join(there.folder, 'waiting.ts'), "process.on('SIGINT', () => { process.exit(7) })\nsetInterval(() => undefined, 1000)\nconsole.log('waiting')\n")
  const child = spawn(process.execPath, [join(there.folder, 'tools/run.mjs'), 'waiting.ts'], { stdio: ['ignore', 'pipe', 'inherit'], env: process.env })
  child.stdout.once('data', () => child.kill('SIGINT'))
  assert.equal(await new Promise((resolve) => child.on('exit', resolve)), 7)
})
