import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { open } from '@mhmd/crypto'
import { factResources } from '@mhmd/fhir'
import { openSqliteStore } from '@mhmd/store-sqlite'
import type { Store } from '@mhmd/store'
import { importDecision, ownAccess, testTime } from '../testing/decisions.ts'
import { allBytes, collect, ndjson, newFolder, openPlace, removeFolder, textSource } from '../testing/place.ts'
import { importRecords, openVault } from './index.ts'
import type { Vault } from './index.ts'
import { epochOf } from './epoch.ts'
import { decodeRecord } from './record-codec.ts'
import { subjectKeys } from './subject-keys.ts'

const people = Array.from({ length: 12 }, (_, index) => ({ resourceType: 'Patient', id: `p${index}`, identifier: [{ system: 'urn:oid:1.2.3', value: `mrn-${index}` }], name: [{ text: `person ${index}` }] }))
const conditions = people.map(({ id }) => ({ resourceType: 'Condition', id: `c-${id}`, subject: { reference: `Patient/${id}` }, code: { text: 'x' } }))

const fill = (vault: Vault): Promise<unknown> => importRecords([ndjson(...people, ...conditions)], { id: 'one', vault, decision: importDecision() })
const subjectOf = async (vault: Vault, index: number): Promise<string> => await vault.subjectOf(importDecision(), { system: 'urn:oid:1.2.3', value: `mrn-${index}` }) ?? ''
const recordsOf = async (vault: Vault, subject: string): Promise<string[]> => (await collect(vault.read(await ownAccess(subject), subject))).map(({ text }) => text)

test('an erased subject is gone for readers, facts, look-ups and cohorts; everybody else stays', async () => {
  const folder = newFolder()
  const { vault, store, close } = await openPlace(folder)
  await fill(vault)
  const [gone, kept] = [await subjectOf(vault, 3), await subjectOf(vault, 4)]
  const aside = await store.read((tx) => vault.sealAside(tx, { subject: gone, place: 'record/1' }, Buffer.from('her signed record')))
  await vault.erase([gone, 'nobody-of-this-name', 'shared'])
  await assert.rejects(recordsOf(vault, gone), { code: 'VAULT_UNKNOWN_SUBJECT' })
  await assert.rejects(vault.facts(importDecision(), gone, factResources), { code: 'VAULT_UNKNOWN_SUBJECT' })
  await assert.rejects(store.read((tx) => vault.openAside(tx, { subject: gone, place: 'record/1' }, aside)), { code: 'VAULT_UNKNOWN_SUBJECT' })
  assert.equal(await subjectOf(vault, 3), '')
  assert.equal(await vault.has(gone), false)
  assert.equal((await collect(vault.subjects())).length, 11)
  assert.equal((await recordsOf(vault, kept)).length, 2)
  for (let index = 0; index < 12; index++) if (index !== 3) assert.ok(await vault.has(await subjectOf(vault, index)))
  // Her records may come again: she is then somebody new.
  await fillAgain(vault)
  assert.notEqual(await subjectOf(vault, 3), gone)
  assert.equal((await collect(vault.subjects())).length, 12)
  await close()
  removeFolder(folder)
})

const fillAgain = (vault: Vault): Promise<unknown> => importRecords([ndjson(...people, ...conditions)], { id: 'two', vault, decision: importDecision() })

test('an import under way meets an erased subject as somebody new, never under her old key', async () => {
  const folder = newFolder()
  const { vault, close } = await openPlace(folder)
  await fill(vault)
  const gone = await subjectOf(vault, 3)
  const lines = Array.from({ length: 1400 }, (_, index) => `${JSON.stringify({ resourceType: 'Condition', id: `m${index}`, subject: { reference: 'Patient/p3' }, code: { text: String(index) } })}\n`)
  // A source is opened when those before it are stored.
  async function* erasedBefore(): AsyncGenerator<Uint8Array> {
    await vault.erase([gone])
    yield Buffer.from(lines.slice(700).join(''))
  }
  await importRecords([textSource(lines.slice(0, 700).join('')), { name: 'test', open: erasedBefore }], { id: 'two', vault, decision: importDecision(), batchItems: 500 })
  assert.equal(await subjectOf(vault, 3), '')
  const counts = await Promise.all((await collect(vault.subjects())).map(async (subject) => (await recordsOf(vault, subject)).length))
  // What was stored by then went with her; what came later is somebody's of whom nothing else is known.
  assert.deepEqual(counts.sort((a, b) => a - b), [...Array.from({ length: 11 }, () => 2), 700])
  await close()
  removeFolder(folder)
})

/** Whoever has these store files and these epoch keys: every subject whose records she can open. The attack uses the vault's own formats. */
async function opened(storeFolder: string, keyFolder: string): Promise<Map<string, number>> {
  const keys = readdirSync(keyFolder).filter((name) => name.endsWith('.key')).map((name) => epochOf(name.slice(0, -4), readFileSync(join(keyFolder, name))))
  const store = await openSqliteStore(join(storeFolder, 'node.db'))
  const found = new Map<string, number>()
  await store.read(async (tx) => {
    const dataKeys: { subject: string; key: Uint8Array }[] = []
    for await (const { key: [subject], value } of tx.scan('vault-keys')) for (const epoch of keys) for (const key of attempt(() => epoch.unwrap(subject, value))) dataKeys.push({ subject, key })
    for await (const { key: [subject, , place = ''], value } of tx.scan('vault-records')) {
      for (const { key } of dataKeys) found.set(subject, (found.get(subject) ?? 0) + attempt(() => decodeRecord(subjectKeys(subject, key), place, value)).length)
    }
  })
  await store.close()
  return new Map([...found].filter(([, count]) => count > 0))
}

function attempt<T>(work: () => T): T[] {
  try {
    return [work()]
  } catch {
    return []
  }
}

test('with the whole disk, the present keys and an older backup of the store, an erased subject\'s records open for nobody', async () => {
  const folder = newFolder()
  const given: Uint8Array[] = []
  const { vault, close } = await openPlace(folder, given)
  await fill(vault)
  const gone = await subjectOf(vault, 3)
  await close()
  // The backup holds the store and, as the rule says, no epoch key.
  const backup = newFolder()
  for (const name of readdirSync(folder)) if (name.startsWith('node.db')) cpSync(join(folder, name), join(backup, name))
  // Positive control: before the erasure, the same attack opens all of it.
  assert.equal((await opened(backup, join(folder, 'keys'))).get(gone), 2)
  const secrets = given.filter((bytes) => bytes.length === 32)
  const oldEpochKey = readFileSync(join(folder, 'keys', readdirSync(join(folder, 'keys'))[0] ?? ''))
  const reopened = await openPlace(folder, given)
  await reopened.vault.erase([gone])
  await reopened.close()
  const live = await opened(folder, join(folder, 'keys'))
  assert.ok(!live.has(gone) && live.size === 11)
  assert.deepEqual([...await opened(backup, join(folder, 'keys'))], [])
  // Nor does any key that ever opened them stand in a file, free pages included.
  assert.ok(!allBytes(folder).includes(oldEpochKey) && !allBytes(backup).includes(oldEpochKey))
  for (const secret of secrets) assert.ok(!allBytes(backup).includes(Buffer.from(secret)))
  assert.ok(!allBytes(folder).includes(gone))
  removeFolder(folder)
  removeFolder(backup)
})

test('a restored backup from before an erasure says which key it lacks, and leaves the present keys alone', async () => {
  const folder = newFolder()
  const first = await openPlace(folder)
  await fill(first.vault)
  await first.close()
  const backup = newFolder()
  cpSync(join(folder, 'node.db'), join(backup, 'node.db'))
  const second = await openPlace(folder)
  await second.vault.erase([await subjectOf(second.vault, 1)])
  await second.close()
  mkdirSync(join(backup, 'keys'))
  cpSync(join(folder, 'keys'), join(backup, 'keys'), { recursive: true })
  const before = readdirSync(join(backup, 'keys'))
  await assert.rejects(openPlace(backup), { code: 'VAULT_KEY_MISSING' })
  assert.deepEqual(readdirSync(join(backup, 'keys')), before)
  removeFolder(folder)
  removeFolder(backup)
})

test('an erasure that failed after its transaction is finished by the next one: no old key is forgotten', async () => {
  const folder = newFolder()
  const { vault, store, keyring, close } = await openPlace(folder)
  await fill(vault)
  const gone = await subjectOf(vault, 1)
  let failures = 1
  const failing = await openVault({
    store: { ...portOf(store), purgeFreeSpace: async () => { if (failures-- > 0) throw new Error('disk full'); await store.purgeFreeSpace() } },
    keyring, clock: { now: () => testTime }, randomness: { bytes: (length) => randomBytes(length) },
  })
  await assert.rejects(failing.erase([gone]), /disk full/)
  await failing.erase([await subjectOf(failing, 2)])
  assert.equal((await keyring.list()).length, 1)
  assert.equal((await collect(failing.subjects())).length, 10)
  await close()
  assert.ok(!allBytes(folder).includes(gone))
  removeFolder(folder)
})

const portOf = (store: Store): Store => ({ read: (work) => store.read(work), write: (work) => store.write(work), purgeFreeSpace: () => store.purgeFreeSpace(), close: () => store.close() })

test('erasures asked for at once are all done, and a key of another vault in the same folder is left alone', async () => {
  const folder = newFolder()
  const { vault, keyring, close } = await openPlace(folder)
  await fill(vault)
  const foreign = '0123456789abcdefghjkmnpqrs'
  await keyring.create(foreign, new Uint8Array(32).fill(9))
  const gone = await Promise.all([1, 2, 3].map((index) => subjectOf(vault, index)))
  await Promise.all(gone.map((subject) => vault.erase([subject])))
  assert.equal((await collect(vault.subjects())).length, 9)
  await close()
  const again = await openPlace(folder)
  for await (const subject of again.vault.subjects()) assert.equal((await recordsOf(again.vault, subject)).length, 2)
  assert.equal((await keyring.list()).length, 2)
  assert.deepEqual([...await keyring.read(foreign) ?? []], [...new Uint8Array(32).fill(9)])
  await again.close()
  removeFolder(folder)
})

test('values are bound to their subject, place, use and epoch', () => {
  const [key, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const sealed = subjectKeys('a', key).seal('record', 'x', Buffer.from('text'))
  assert.equal(Buffer.from(subjectKeys('a', key).open('record', 'x', sealed)).toString(), 'text')
  for (const wrong of [() => subjectKeys('b', key).open('record', 'x', sealed), () => subjectKeys('a', key).open('record', 'y', sealed), () => subjectKeys('a', key).open('aside', 'x', sealed), () => subjectKeys('a', other).open('record', 'x', sealed), () => open(key, sealed, 'vault/record/a/x')]) assert.throws(wrong, { code: 'CRYPTO_CANNOT_OPEN' })
  const wrapped = epochOf('e1', key).wrap('a', other)
  assert.throws(() => epochOf('e2', key).unwrap('a', wrapped), { code: 'CRYPTO_CANNOT_OPEN' })
  assert.throws(() => epochOf('e1', key).unwrap('b', wrapped), { code: 'CRYPTO_CANNOT_OPEN' })
  assert.notEqual(epochOf('e1', key).placeOf('x'), epochOf('e2', other).placeOf('x'))
})

for (const step of ['before create', 'after create', 'before write', 'after write', 'before destroy', 'after destroy', 'before purge', 'after purge']) {
  test(`killed ${step} in an erasure, the vault opens again whole: she is there entirely or gone for good`, async () => {
    const folder = newFolder()
    const { vault, close } = await openPlace(folder)
    await fill(vault)
    const gone = await subjectOf(vault, 3)
    await close()
    const child = spawnSync(process.execPath, [new URL('../testing/killed-erasure.ts', import.meta.url).pathname, folder, gone, step], { encoding: 'utf8' })
    assert.equal(child.signal, 'SIGKILL', child.stderr)
    const again = await openPlace(folder)
    const committed = !['before create', 'after create', 'before write'].includes(step)
    assert.equal(await again.vault.has(gone), !committed)
    assert.equal((await collect(again.vault.subjects())).length, committed ? 11 : 12)
    for await (const subject of again.vault.subjects()) assert.equal((await recordsOf(again.vault, subject)).length, 2)
    assert.equal((await again.keyring.list()).length, 1)
    if (committed) {
      await again.close()
      assert.ok(!allBytes(folder).includes(gone))
    } else await again.close()
    removeFolder(folder)
  })
}
