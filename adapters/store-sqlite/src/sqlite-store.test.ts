import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Store } from '@mhmd/store'
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

test('sqlite: every connection syncs log and file at a checkpoint, and overwrites what is deleted', () => {
  const at = folder()
  const connection = connect(join(at, 'node.db'))
  // sqlite.org/pragma.html: synchronous 1 is NORMAL, which in WAL mode syncs around each checkpoint; secure_delete 1 overwrites with zeros.
  const setting = (name: string): unknown => Object.values(connection.database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  assert.deepEqual({ journal: setting('journal_mode'), synchronous: setting('synchronous'), secureDelete: setting('secure_delete') }, { journal: 'wal', synchronous: 1, secureDelete: 1 })
  connection.close()
  rmSync(at, { recursive: true })
})

const value = (text: string): Uint8Array => new TextEncoder().encode(text)
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  const nothingYet = Symbol('nothing yet')
  return await Promise.race([promise.then(() => true, () => true), new Promise((resolve) => { setTimeout(resolve, 20, nothingYet) })]) === true
}

/** A store whose syncs end when the test says so. */
async function heldStore(): Promise<{ store: Store; syncs: PromiseWithResolvers<void>[]; at: string }> {
  const at = folder()
  const syncs: PromiseWithResolvers<void>[] = []
  const store = await openSqliteStore(join(at, 'node.db'), { syncFile: () => {
    const sync = Promise.withResolvers<void>()
    syncs.push(sync)
    return sync.promise
  } })
  return { store, syncs, at }
}

test('sqlite: nobody is told of a write, by it or by a read, before a sync that began after its commit has ended; those that wait share one', async () => {
  const { store, syncs, at } = await heldStore()
  const first = store.write((tx) => tx.put('table', ['a'], value('1')))
  assert.equal(await isSettled(first), false)
  const others = ['b', 'c', 'd'].map((key) => store.write((tx) => tx.put('table', [key], value('1'))))
  const seen = store.read((tx) => tx.get('table', ['a']))
  const refused = store.write(async (tx) => { if (await tx.get('table', ['d']) !== undefined) throw new Error('there already') })
  assert.deepEqual(await Promise.all([...others, seen, refused].map(isSettled)), [false, false, false, false, false])
  assert.equal(syncs.length, 1)
  syncs[0]?.resolve()
  await first
  assert.deepEqual(await Promise.all([...others, refused].map(isSettled)), [false, false, false, false])
  assert.equal(syncs.length, 2)
  syncs[1]?.resolve()
  await Promise.all(others)
  await assert.rejects(refused, /there already/)
  assert.deepEqual(await seen, value('1'))
  assert.deepEqual(await store.read((tx) => tx.get('table', ['c'])), value('1'))
  await store.close()
  rmSync(at, { recursive: true })
})

test('sqlite: after a sync that failed nothing is acknowledged any more, also when the next would succeed', async () => {
  const { store, syncs, at } = await heldStore()
  const written = store.write((tx) => tx.put('table', ['a'], value('1')))
  const seen = (async () => {
    while (syncs.length === 0) await new Promise((resolve) => { setTimeout(resolve, 1) })
    return store.read((tx) => tx.get('table', ['a']))
  })()
  assert.equal(await isSettled(seen), false)
  syncs[0]?.reject(Object.assign(new Error('input/output error'), { code: 'EIO' }))
  for (const call of [written, seen, store.write(async () => undefined), store.read(async () => undefined)]) await assert.rejects(call, { code: 'STORE_NOT_SYNCED' })
  assert.equal(syncs.length, 1)
  await store.close()
  rmSync(at, { recursive: true })
})

test('sqlite: the log is brought into the file while others write, and does not grow with what is written', async () => {
  const at = folder()
  const path = join(at, 'node.db')
  const store = await openSqliteStore(path)
  const large = new Uint8Array(1 << 20)
  let most = 0
  for (let round = 0; round < 240; round++) {
    await store.write((tx) => tx.put('table', [String(round)], large))
    most = Math.max(most, statSync(`${path}-wal`).size)
  }
  // 240 MB in all; a checkpoint begins after 32 MB.
  assert.ok(statSync(path).size > 100e6, `${statSync(path).size} bytes in the file`)
  assert.ok(most < 120e6, `${most} bytes in the log`)
  await store.close()
  rmSync(at, { recursive: true })
})
