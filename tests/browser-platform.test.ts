// What runs in a citizen's browser is what runs in Node: the same tests and vectors, once more with every import resolved as a browser's bundler does.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('..', import.meta.url).pathname

// `consent` is pure and has no platform; the others reach one.
const folders = ['base', 'crypto', 'accounts', 'client', 'proof']

test('base, crypto, accounts, client and proof pass their tests and vectors on the browser\'s platform', () => {
  const files = globSync(folders.map((folder) => `packages/${folder}/src/**/*.test.ts`), { cwd: root }).filter((file) => !file.includes('/platform/')).sort()
  assert.ok(files.length >= 9)
  // Without the mark of the run that this test belongs to, which would change the form of the report.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=browser', '--test', '--test-reporter=tap', ...files], { cwd: root, env, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
  assert.match(stdout, /^# fail 0$/m)
  assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) >= 40)
})

test('the condition chooses the browser\'s platform', () => {
  const seen = (conditions: string[]): string => spawnSync(process.execPath, [...conditions, '--input-type=module', '--eval', 'const { secretKey } = await import("@mhmd/crypto"); console.log(secretKey(new Uint8Array(32)).constructor.name)'], { cwd: `${root}packages/accounts`, encoding: 'utf8' }).stdout.trim()
  assert.equal(seen(['--conditions=browser']), 'Uint8Array')
  assert.equal(seen([]), 'SecretKeyObject')
})
