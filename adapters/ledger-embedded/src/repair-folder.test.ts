import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { privateHashes, stateKeys } from '@mhmd/contracts'
import { blockHash } from '@mhmd/ledger'
import type { Block } from '@mhmd/ledger'
import { sampleId, sampleNetwork } from '@mhmd/ledger/testing'
import { ClassicLevel } from 'classic-level'
import { blockKey, rebuiltFolder } from './folder.ts'
import { Engine, exportFolder, repairFolder, verifyFolder } from './index.ts'

const network = sampleNetwork({ now: () => Date.now() })
const CITIZENS = 8
const secret = { key: ['note', 'one'] as const, value: new Uint8Array(40).fill(7) }

const open = (folder: string): Promise<Engine> => Engine.open({ folder, networkId: network.id, clock: { now: () => Date.now() }, workers: 0 })

/** A stopped ledger: genesis, an enrolment and a decision for each citizen, a private value; and the lines of its export. */
async function filled(t: TestContext): Promise<{ folder: string; lines: string[] }> {
  const parent = await mkdtemp(join(tmpdir(), 'ledger-repair-'))
  t.after(() => rm(parent, { recursive: true }))
  const folder = join(parent, 'ledger')
  const engine = await open(folder)
  const transactions = [network.genesis(), ...Array.from({ length: CITIZENS }, (_, n) => [network.enrol(n), network.decide(n, 1)]).flat()]
  for (const transaction of transactions) assert.equal((await engine.submit(transaction)).status, 'committed')
  assert.equal((await engine.submit(network.transaction('rome', { contract: 'private@1', operation: 'put', payload: { ...privateHashes(secret.key, secret.value) }, operationId: sampleId('secret') }), secret)).status, 'committed')
  await engine.close()
  return { folder, lines: await exported(folder) }
}

async function exported(folder: string, lines: string[] = []): Promise<string[]> {
  for await (const line of exportFolder(folder, network.id)) lines.push(line)
  return lines
}
async function* asLines(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

async function tamper(folder: string, key: string, change: (value: string) => string | undefined): Promise<void> {
  const database = new ClassicLevel(folder)
  const value = change(await database.get(key) ?? '')
  await (value === undefined ? database.del(key) : database.put(key, value))
  await database.close()
}

const flipped = (text: string, at: number): string => `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ 1)}${text.slice(at + 1)}`
const flippedInside = (value: string): string => flipped(value, Math.floor(value.length / 2))
const repaired = (folder: string, lines?: readonly string[]): ReturnType<typeof repairFolder> => repairFolder(folder, { networkId: network.id, ...(lines === undefined ? {} : { blocks: asLines(lines) }) })

async function isWhole(folder: string, lines: readonly string[]): Promise<void> {
  assert.deepEqual(await exported(folder), lines)
  assert.equal((await verifyFolder(folder, { networkId: network.id })).ok, true)
  const engine = await open(folder)
  assert.deepEqual(new Uint8Array(await engine.forMember('rome').privateGet(secret.key) ?? []), secret.value)
  assert.equal((await engine.submit(network.decide(0, 2))).status, 'committed')
  await engine.close()
}

test('an export gives each block as members are given it, and ends at the first that is damaged, naming it', async (t) => {
  const { folder, lines } = await filled(t)
  assert.equal(lines.length, 2 + 2 * CITIZENS)
  for (const line of lines) {
    const block = JSON.parse(line) as Block
    assert.equal(blockHash(block), block.hash)
  }
  await tamper(folder, blockKey(5), flippedInside)
  const before: string[] = []
  await assert.rejects(exported(folder, before), { code: 'LEDGER_CORRUPT_BLOCK', details: { height: 5, why: 'its bytes do not give its hash' } })
  assert.deepEqual(before, lines.slice(0, 5))
  await tamper(folder, blockKey(5), () => undefined)
  await assert.rejects(exported(folder), { details: { height: 5, why: 'it is missing' } })
})

test('a damaged state is rebuilt from the blocks by the contracts; the damaged folder is kept', async (t) => {
  const { folder, lines } = await filled(t)
  await tamper(folder, `s${stateKeys.subject('rome', network.subject(1)).join('\u0000')}`, (value) => value.replace('"active"', '"closed"'))
  await tamper(folder, `s${stateKeys.subject('rome', network.subject(2)).join('\u0000')}`, () => undefined)
  assert.deepEqual((await verifyFolder(folder, { networkId: network.id })).findings, [{ code: 'VERIFY_STATE' }])
  const report = await repaired(folder)
  assert.deepEqual({ ...report, kept: undefined }, { height: 2 * CITIZENS + 1, transactions: lines.length, restored: [], privateValues: 1, privateValuesLost: 0, kept: undefined })
  assert.deepEqual((await verifyFolder(report.kept, { networkId: network.id })).findings, [{ code: 'VERIFY_STATE' }])
  await isWhole(folder, lines)
})

test('damaged and missing blocks come from an export; without one nothing is changed and the first is named', async (t) => {
  for (const height of [0, 4, 2 * CITIZENS + 1]) {
    const { folder, lines } = await filled(t)
    await tamper(folder, blockKey(height), flippedInside)
    await tamper(folder, blockKey(3), () => undefined)
    const lost = Math.min(3, height)
    await assert.rejects(repaired(folder), { code: 'LEDGER_BLOCKS_LOST', details: { height: lost } })
    await assert.rejects(repaired(folder, lines.map((line, at) => (at === height ? flippedInside(line) : line))), { code: 'LEDGER_BLOCKS_LOST', details: { height } })
    assert.equal(existsSync(rebuiltFolder(folder)), false)
    const { restored } = await repaired(folder, lines)
    assert.deepEqual(restored, [...new Set([3, height])].sort((a, b) => a - b))
    await isWhole(folder, lines)
  }
})

test('an export that goes further than the folder brings back what the folder lost', async (t) => {
  const { folder, lines } = await filled(t)
  for (let height = 6; height < lines.length; height++) await tamper(folder, blockKey(height), () => undefined)
  assert.deepEqual((await repaired(folder, lines)).restored, lines.slice(6).map((_, at) => at + 6))
  await isWhole(folder, lines)
})

test('a block made up by whoever gives the export is refused: its transactions are run again', async (t) => {
  const { folder, lines } = await filled(t)
  await tamper(folder, blockKey(1), () => undefined)
  const { hash: _, ...block } = JSON.parse(lines[1] as string) as Block
  const committed = block.committed.map((item) => ({ ...item, writes: item.writes.map((write) => (write.key[0] === 'subject' ? { ...write, value: { ...(write.value as object), state: 'closed' } } : write)) }))
  const forged = { ...block, committed }
  const text = canonicalText(forged as unknown as Canonical)
  await assert.rejects(repaired(folder, [lines[0] as string, `{"hash":"${blockHash(forged)}",${text.slice(1)}`]), { code: 'LEDGER_FALSE_BLOCK', details: { height: 1, finding: 'VERIFY_CONTRACT' } })
  assert.equal(existsSync(rebuiltFolder(folder)), false)
})

test('files that LevelDB cannot open are salvaged; another network\'s folder is refused', async (t) => {
  for (const damage of [
    async (folder: string) => writeFile(join(folder, 'CURRENT'), 'MANIFEST-999999\n'),
    async (folder: string) => { for (const file of await readdir(folder)) if (file.startsWith('MANIFEST')) await writeFile(join(folder, file), flippedBytes(await readFile(join(folder, file)))) },
  ]) {
    const { folder, lines } = await filled(t)
    await damage(folder)
    await assert.rejects(open(folder), { code: 'LEDGER_FOLDER_UNUSABLE' })
    await repaired(folder, lines)
    assert.equal(existsSync(`${folder}.salvaged`), false)
    await isWhole(folder, lines)
  }
  const { folder } = await filled(t)
  await assert.rejects(repairFolder(folder, { networkId: 'another' }), { code: 'LEDGER_OTHER_NETWORK' })
  const running = await open(folder)
  await assert.rejects(repaired(folder), { code: 'LEDGER_FOLDER_IN_USE' })
  await running.close()
})

const flippedBytes = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at % 16 === 9 ? byte ^ 0x40 : byte))

test('a private value whose bytes changed is left out and counted; a purged one is neither', async (t) => {
  const { folder } = await filled(t)
  const { keyHash } = privateHashes(secret.key, secret.value)
  const database = new ClassicLevel<string, Uint8Array>(folder, { valueEncoding: 'view' })
  await database.put(`prome\u0000${keyHash}`, new Uint8Array(40).fill(8))
  await database.close()
  const first = await repaired(folder)
  assert.deepEqual([first.privateValues, first.privateValuesLost], [0, 1])
  await rm(folder, { recursive: true })
  await cp(first.kept, folder, { recursive: true })
  const engine = await open(folder)
  await engine.submit(network.transaction('rome', { contract: 'private@1', operation: 'purge', payload: { keyHash }, operationId: sampleId('purge') }))
  await engine.close()
  const second = await repaired(folder)
  assert.deepEqual([second.privateValues, second.privateValuesLost], [0, 0])
  assert.notEqual(second.kept, first.kept)
})

test('a repair killed between its last two steps is ended by the next one; the ledger starts no empty chain meanwhile', async (t) => {
  const { folder, lines } = await filled(t)
  await rename(folder, `${folder}.damaged-1`)
  await cp(`${folder}.damaged-1`, rebuiltFolder(folder), { recursive: true })
  await assert.rejects(open(folder), { code: 'LEDGER_FOLDER_UNUSABLE', details: { folder, reason: 'a repair of it did not end' } })
  assert.equal(existsSync(folder), false)
  await repaired(folder)
  await isWhole(folder, lines)
})
