// Holds `npm test` to what its last line claims, on a small tree: nothing that did not run, crashed, hung or was skipped may look passed.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './imports.ts'

const head = "import { describe, test } from 'node:test'\nimport assert from 'node:assert/strict'\n"
const files: Record<string, string> = {
  good: `${head}describe('group', () => { test('a', () => {}); test('b', () => {}) })`,
  wrong: `${head}console.log('said before failing'); test('sum', () => { assert.equal(1, 2) })`,
  crash: "throw new Error('at load')",
  empty: 'export {}',
  skipped: `${head}test.skip('later', () => {})`,
  hangs: `${head}test('never', async () => { await new Promise((resolve) => setTimeout(resolve, 600_000)) })`,
  seeded: `${head}import fc from 'fast-check'\ntest('seed', () => { console.error(\`seed is \${fc.readConfigureGlobal().seed}\`); assert.equal(fc.readConfigureGlobal().seed, 42) })`,
}

function npmTest(names: readonly string[], env: Record<string, string> = {}): { readonly status: number | null; readonly stdout: string; readonly last: string } {
  const folder = mkdtempSync(join(tmpdir(), 'npm-test-'))
  try {
    mkdirSync(join(folder, 'tools'))
    mkdirSync(join(folder, 'packages/one'), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    for (const file of ['test.ts', 'test-report.ts', 'test-setup.ts']) copyFileSync(join(root, 'tools', file), join(folder, 'tools', file))
    for (const name of names) writeFileSync(join(folder, `packages/one/${name}.test.ts`), files[name] ?? '')
    // Without this variable the inner run does not take itself for a test of the outer one.
    const { NODE_TEST_CONTEXT: _, ...outer } = process.env
    const { status, stdout } = spawnSync(process.execPath, [join(folder, 'tools/test.ts')], { encoding: 'utf8', env: { ...outer, ...env } })
    return { status, stdout, last: stdout.trimEnd().split('\n').at(-1) ?? '' }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('tests count one by one, their groups do not', () => {
  const { status, last } = npmTest(['good'])
  assert.deepEqual([status, last], [0, '2 passed, 0 failed, 0 skipped'])
})

test('a failure is shown in full with its place and what the file printed', () => {
  const { status, stdout, last } = npmTest(['good', 'wrong'])
  assert.deepEqual([status, last], [1, '2 passed, 1 failed, 0 skipped'])
  assert.match(stdout, /FAILED packages\/one\/wrong\.test\.ts:3 sum\n {4}AssertionError/)
  assert.match(stdout, /said before failing/)
})

test('a file that crashes, holds no test, or runs too long is a failure', () => {
  const { status, stdout, last } = npmTest(['good', 'crash', 'empty', 'hangs'], { TEST_FILE_SECONDS: '2' })
  assert.deepEqual([status, last], [1, '2 passed, 3 failed, 0 skipped'])
  assert.match(stdout, /at load/)
  assert.match(stdout, /empty\.test\.ts: TEST_EMPTY_FILE/)
  assert.match(stdout, /hangs\.test\.ts: TEST_FILE_TIMEOUT: still running after 2 s/)
})

test('a skipped test fails the run', () => {
  const { status, last } = npmTest(['good', 'skipped'])
  assert.deepEqual([status, last], [1, '2 passed, 0 failed, 1 skipped'])
})

test('every property test gets the seed of the run', () => {
  assert.equal(npmTest(['seeded'], { FC_SEED: '42' }).last, '1 passed, 0 failed, 0 skipped')
  assert.match(npmTest(['seeded'], { FC_SEED: '43' }).stdout, /seed is 43/)
})
