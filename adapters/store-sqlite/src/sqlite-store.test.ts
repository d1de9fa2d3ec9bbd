import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { storeSuite } from '@mhmd/store/testing'
import { connect } from './connection.ts'
import { openSqliteStore } from './index.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'mhmd-sqlite-'))

storeSuite('sqlite', async () => {
  const at = folder()
  const path = join(at, 'node.db')
  return {
    open: () => openSqliteStore(path),
    opener: { module: new URL('index.ts', import.meta.url).href, name: 'openSqliteStore', argument: path },
    files: () => readdirSync(at).map((file) => join(at, file)),
    remove: async () => rmSync(at, { recursive: true }),
  }
}, { durable: true })

test('sqlite: a second opening, here or in another process, is refused with STORE_IN_USE until the first closes', async () => {
  const at = folder()
  const path = join(at, 'node.db')
  const store = await openSqliteStore(path)
  await assert.rejects(openSqliteStore(path), { code: 'STORE_IN_USE' })
  const code = `const { openSqliteStore } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)})
    try { await openSqliteStore(${JSON.stringify(path)}); console.log('opened') } catch (error) { console.log(error.code) }`
  const other = (): string => spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stdout.trim()
  assert.equal(other(), 'STORE_IN_USE')
  await store.close()
  assert.equal(other(), 'opened')
  rmSync(at, { recursive: true })
})

test('sqlite: a file that is no store, and a folder that is not there, give a code', async () => {
  const at = folder()
  writeFileSync(join(at, 'text.db'), 'this is a text and no database, long enough to be looked at as a header'.repeat(20))
  await assert.rejects(openSqliteStore(join(at, 'text.db')), { code: 'STORE_UNAVAILABLE' })
  await assert.rejects(openSqliteStore(join(at, 'missing', 'node.db')), { code: 'STORE_UNAVAILABLE' })
  rmSync(at, { recursive: true })
})

test('sqlite: every connection syncs at each commit and overwrites what is deleted', () => {
  const at = folder()
  const connection = connect(join(at, 'node.db'))
  // sqlite.org/pragma.html: synchronous 2 is FULL, which in WAL mode syncs the log at each commit; secure_delete 1 overwrites with zeros.
  const setting = (name: string): unknown => Object.values(connection.database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  assert.deepEqual({ journal: setting('journal_mode'), synchronous: setting('synchronous'), secureDelete: setting('secure_delete') }, { journal: 'wal', synchronous: 2, secureDelete: 1 })
  connection.close()
  rmSync(at, { recursive: true })
})
