import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { tarOf } from './tar.ts'

test('GNU tar unpacks what was packed, byte for byte: empty files, whole blocks, and letters beyond ASCII', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-tar-'))
  try {
    const files = [{ name: 'job.json', text: '{"a": "è"}\n' }, { name: 'empty.csv', text: '' }, { name: 'block.csv', text: 'x'.repeat(512) }, { name: `${'n'.repeat(60)}.csv`, text: 'a;*\n'.repeat(400) }]
    writeFileSync(join(folder, 'all.tar'), tarOf(files, 1_700_000_000))
    execFileSync('tar', ['xf', 'all.tar'], { cwd: folder })
    assert.deepEqual(readdirSync(folder).sort(), ['all.tar', ...files.map(({ name }) => name)].sort())
    for (const { name, text } of files) assert.equal(readFileSync(join(folder, name), 'utf8'), text)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
