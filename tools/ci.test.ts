// Holds .ci/run to its last line, with an npm that plays suites which pass, crash, hang, skip or say nothing.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './imports.ts'

/** What the played npm does for a suite, by name; `test` and `verify` always pass with 10 and 5. */
const plays = {
  good: 'echo "3 passed, 0 failed, 0 skipped"',
  bad: 'echo "✘ FAILED: her name is hidden"; seq 40; echo "2 passed, 1 failed, 0 skipped"; exit 1',
  crash: 'echo "about to crash"; exit 9',
  silent: 'true',
  liar: 'echo "4 passed, 0 failed, 0 skipped"; exit 1',
  skips: 'echo "1 passed, 0 failed, 2 skipped"; exit 1',
  hangs: 'sleep 60',
}

function ci(conformance: readonly (keyof typeof plays)[], computing: readonly (keyof typeof plays)[] = []): { readonly status: number | null; readonly stdout: string; readonly last: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ci-'))
  try {
    for (const sub of ['.ci', 'bin', 'conformance']) mkdirSync(join(folder, sub))
    copyFileSync(join(root, '.ci/run'), join(folder, '.ci/run'))
    for (const name of conformance) writeFileSync(join(folder, 'conformance', `${name}.ts`), '')
    for (const name of computing) writeFileSync(join(folder, 'conformance', `${name}.ts`), '// A judge.\n// Only computes\n')
    writeFileSync(join(folder, 'conformance/beside.test.ts'), '')
    const cases = Object.entries(plays).map(([name, play]) => `"run --silent conformance -- ${name}") ${play} ;;`)
    writeFileSync(join(folder, 'bin/npm'), `#!/bin/bash\ncase "$*" in\n"test --silent") echo "10 passed, 0 failed, 0 skipped" ;;\n"run --silent verify -- --static") echo "5 passed, 0 failed, 0 skipped" ;;\n${cases.join('\n')}\n*) echo "unknown: $*"; exit 1 ;;\nesac\n`)
    chmodSync(join(folder, 'bin/npm'), 0o755)
    const { status, stdout } = spawnSync('bash', [join(folder, '.ci/run')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SUITE_SECONDS: '1', PATH: `${folder}/bin:${process.env['PATH'] ?? ''}` } })
    return { status, stdout, last: stdout.trimEnd().split('\n').at(-1) ?? '' }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('counts of all suites are summed, and a test beside a suite is none', () => {
  const { status, last } = ci(['good'])
  assert.deepEqual([status, last], [0, '18 passed, 0 failed, 0 skipped'])
})

test('a suite that fails, crashes, says nothing, hangs, or passes and exits with an error fails the run', () => {
  const { status, stdout, last } = ci(['good', 'bad', 'crash', 'silent', 'hangs', 'liar'])
  assert.deepEqual([status, last], [1, '24 passed, 5 failed, 0 skipped'])
  assert.match(stdout, /What failed, again[^]*== conformance: bad\n✘ FAILED: her name is hidden\n…\n34\n[^]*== conformance: hangs \(ran out of time\)/)
  assert.match(stdout, /crash .* \(no counts, exit 9\)\n/)
  assert.match(stdout, /silent .* \(no counts, exit 0\)\n/)
  assert.match(stdout, /hangs .* \(ran out of time\)\n/)
  assert.match(stdout, /liar .* \(exit 1\)\n/)
})

test('a skip fails the run', () => {
  const { status, last } = ci(['skips'])
  assert.deepEqual([status, last], [1, '16 passed, 0 failed, 2 skipped'])
})

test('what only computes runs beside the others, and counts, fails and hangs like them', () => {
  assert.deepEqual((({ status, last }) => [status, last])(ci(['good'], ['liar'])), [1, '22 passed, 1 failed, 0 skipped'])
  const { status, stdout, last } = ci(['good'], ['bad', 'hangs', 'skips'])
  assert.deepEqual([status, last], [1, '21 passed, 2 failed, 2 skipped'])
  assert.match(stdout, /\n== conformance: good\n[^]*\n== static checks\n[^]*\n== conformance: bad\n[^]*What failed, again[^]*== conformance: bad\n✘ FAILED: her name is hidden\n[^]*== conformance: hangs \(ran out of time\)/)
  assert.match(stdout, /static checks +5 +0 +0 /)
})
