import assert from 'node:assert/strict'
import { mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileKeyring } from './index.ts'

const epoch = '0123456789abcdefghjkmnpqrs'
const key = new Uint8Array(32).fill(7)

test('a key is kept for its owner alone, found again, and destroyed', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'mhmd-keyring-')), 'keys')
  const keyring = await fileKeyring(folder)
  assert.deepEqual(await keyring.list(), [])
  assert.equal(await keyring.read(epoch), undefined)
  await keyring.create(epoch, key)
  const file = join(folder, `${epoch}.key`)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.deepEqual([...await (await fileKeyring(folder)).read(epoch) ?? []], [...key])
  // A reader who opened the file before sees the overwritten bytes, not the key.
  const held = openSync(file, 'r')
  await keyring.destroy(epoch)
  const seen = new Uint8Array(32)
  assert.equal(readSync(held, seen, 0, 32, 0), 32)
  assert.notDeepEqual([...seen], [...key])
  assert.deepEqual(readdirSync(folder), [])
  await keyring.destroy(epoch)
  rmSync(folder, { recursive: true })
})

test('a cut key file, a half-written one and a name that climbs are refused or passed over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-keyring-'))
  const keyring = await fileKeyring(folder)
  writeFileSync(join(folder, `${epoch}.key`), key.subarray(0, 20))
  await assert.rejects(keyring.read(epoch), { code: 'VAULT_KEY_DAMAGED' })
  writeFileSync(join(folder, `${epoch}.key.new`), key)
  writeFileSync(join(folder, 'notes.txt'), 'x')
  assert.deepEqual(await keyring.list(), [epoch])
  await assert.rejects(keyring.read('../../etc/passwd'), { code: 'VAULT_KEY_DAMAGED' })
  rmSync(folder, { recursive: true })
})
