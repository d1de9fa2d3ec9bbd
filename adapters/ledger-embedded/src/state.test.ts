import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Canonical, Key } from '@mhmd/base'
import { openDatabase, writeBatch } from './folder.ts'
import { State, overlayWrites, stateOperations } from './state.ts'
import type { StateWrite } from './state.ts'

const KEY: Key = ['consent', 'rome', 'subject']

test('a value read while a block replaces it does not come back into the cache', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-state-'))
  const database = await openDatabase(folder)
  t.after(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })
  const state = new State(database, 1024 * 1024)
  const write = async (value: Canonical, height: number): Promise<void> => {
    const overlay = new Map<string, StateWrite>()
    overlayWrites(overlay, [{ key: KEY, value }], { height, index: 0 })
    await writeBatch(database, stateOperations(overlay), { sync: false })
    // The first is as if it had been written before this start: the cache doesn't hold it.
    if (height > 0) state.committed(overlay)
  }
  await write('old', 0)
  const { promise: gate, resolve } = Promise.withResolvers<void>()
  const getMany = database.getMany.bind(database)
  t.mock.method(database, 'getMany', async (keys: string[]) => {
    const values = await getMany(keys)
    await gate
    return values
  }, { times: 1 })
  const reading = state.entry(KEY)
  await write('new', 1)
  resolve()
  await reading
  assert.equal((await state.entry(KEY)).value, 'new')
})

test('the cache keeps what is looked at, up to its bound, and answers as LevelDB does', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-state-'))
  const database = await openDatabase(folder)
  t.after(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })
  const overlay = new Map<string, StateWrite>()
  const keys = Array.from({ length: 500 }, (_, n): Key => ['consent', 'rome', `subject ${n}`])
  overlayWrites(overlay, keys.map((key, n) => ({ key, value: n })), { height: 0, index: 0 })
  await writeBatch(database, stateOperations(overlay), { sync: false })
  const state = new State(database, 60_000)
  const asked = t.mock.method(database, 'getMany')
  for (const [n, key] of keys.entries()) {
    assert.equal((await state.entry(key)).value, n)
    assert.equal((await state.entry(keys[0] as Key)).value, 0)
  }
  // Each once, the one that is always looked at never again.
  assert.equal(asked.mock.callCount(), keys.length)
  assert.equal((await state.entry(keys[1] as Key)).value, 1)
  assert.equal(asked.mock.callCount(), keys.length + 1)
})
