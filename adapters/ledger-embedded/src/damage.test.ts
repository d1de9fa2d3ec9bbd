// What kills, power cuts, disks and their keepers do to the ledger's files: nothing acknowledged is lost unseen, the block is named, and the message says what to do.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { MhmdError } from '@mhmd/base'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { ClassicLevel } from 'classic-level'
import fc from 'fast-check'
import { damageRun } from '../testing/damage-run.ts'
import { blockKey } from './folder.ts'
import { Engine, exportFolder, repairFolder, verifyFolder } from './index.ts'

const network = sampleNetwork({ now: () => Date.now() })
const open = (folder: string): Promise<Engine> => Engine.open({ folder, networkId: network.id, clock: { now: () => Date.now() }, workers: 0 })

async function newFolder(t: TestContext): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'ledger-damage-'))
  t.after(() => rm(parent, { recursive: true, force: true }))
  return join(parent, 'ledger')
}

/** A stopped ledger of so many blocks, one transaction each. */
async function filled(t: TestContext, blocks: number): Promise<{ folder: string; lines: string[] }> {
  const folder = await newFolder(t)
  const engine = await open(folder)
  await engine.submit(network.genesis())
  for (let n = 0; n < blocks - 1; n++) await engine.submit(network.enrol(n))
  await engine.close()
  const copy = `${folder}.read`
  await cp(folder, copy, { recursive: true })
  return { folder, lines: await exported(copy) }
}

async function exported(folder: string, lines: string[] = []): Promise<string[]> {
  for await (const line of exportFolder(folder, network.id)) lines.push(line)
  return lines
}

/** A copy with a change to one file, and what the ledger makes of it: its blocks, or the error's code and the block it names. */
async function changed(folder: string, file: string, change: (path: string) => Promise<void>): Promise<{ lines: string[] } | { code: string; height: unknown; remedy: string; copy: string }> {
  const copy = `${folder}.copy`
  await rm(copy, { recursive: true, force: true })
  await cp(folder, copy, { recursive: true })
  await change(join(copy, file))
  try {
    const engine = await open(copy)
    await engine.close()
    return { lines: await exported(copy) }
  } catch (error) {
    assert.ok(MhmdError.isInstance(error), String(error))
    return { code: error.code, height: error.details['height'], remedy: error.remedy, copy }
  }
}

async function flip(path: string, at: number, bit: number): Promise<void> {
  const bytes = await readFile(path)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  await writeFile(path, bytes)
}

const logOf = async (folder: string): Promise<string> => (await readdir(folder)).find((name) => name.endsWith('.log')) ?? ''

test('a write torn anywhere leaves the whole blocks before it, and a ledger that verifies', async (t) => {
  const { folder, lines } = await filled(t, 30)
  const log = await logOf(folder)
  const { length } = await readFile(join(folder, log))
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: length - 1 }), async (size) => {
    const found = await changed(folder, log, (path) => truncate(path, size))
    assert.ok('lines' in found, JSON.stringify(found))
    assert.deepEqual(found.lines, lines.slice(0, found.lines.length))
    assert.equal((await verifyFolder(`${folder}.copy`, { networkId: network.id })).ok || found.lines.length === 0, true)
  }), { numRuns: 12 })
  // Zeros where the disk had made room and nothing came.
  const padded = await changed(folder, log, async (path) => truncate(path, length + 5000))
  assert.deepEqual('lines' in padded && padded.lines, lines)
})

test('a flipped bit in the log is named before LevelDB passes over it and what follows, wherever it is but in the last record', async (t) => {
  const { folder, lines } = await filled(t, 30)
  const log = await logOf(folder)
  const { length } = await readFile(join(folder, log))
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: length - 6000 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
    const found = await changed(folder, log, (path) => flip(path, at, bit))
    assert.ok('code' in found, `passed over at ${at} of ${length}`)
    if (found.code === 'LEDGER_FOLDER_UNUSABLE') return
    assert.equal(found.code, 'LEDGER_CORRUPT_BLOCK')
    assert.ok(Number.isSafeInteger(found.height) && Number(found.height) <= lines.length, String(found.height))
    assert.match(found.remedy, /mhmd ledger repair/)
    // A second start is told the same, and the repair misses the block although LevelDB has forgotten it.
    await assert.rejects(open(found.copy), { code: 'LEDGER_CORRUPT_BLOCK' })
    const blocks = async function* (): AsyncGenerator<string> { yield* lines }
    await assert.rejects(repairFolder(found.copy, { networkId: network.id }), { code: 'LEDGER_BLOCKS_LOST' })
    await assert.rejects(repairFolder(found.copy, { networkId: network.id }), { code: 'LEDGER_BLOCKS_LOST' })
    assert.equal((await repairFolder(found.copy, { networkId: network.id, blocks: blocks() })).height, lines.length - 1)
    assert.deepEqual(await exported(found.copy), lines)
  }), { numRuns: 10, examples: [[length - 6000, 0]] })
})

test('a flipped digit of a block\'s height in the log names no block that never was: an export mends it', async (t) => {
  const { folder, lines } = await filled(t, 12)
  const log = await logOf(folder)
  const bytes = await readFile(join(folder, log))
  for (const height of [1, 5]) {
    const at = bytes.indexOf(blockKey(height)) + 4
    const found = await changed(folder, log, (path) => flip(path, at, 2))
    assert.ok('code' in found)
    assert.deepEqual([found.code, found.height], ['LEDGER_CORRUPT_BLOCK', height])
    const blocks = async function* (): AsyncGenerator<string> { yield* lines }
    assert.equal((await repairFolder(found.copy, { networkId: network.id, blocks: blocks() })).height, lines.length - 1)
  }
})

test('a flipped bit in tables, manifest or any other file never changes an answer: the blocks are as they were, or an error says which', async (t) => {
  const { folder, lines } = await filled(t, 30)
  const database = new ClassicLevel(folder)
  await database.compactRange('a', 'z')
  await database.close()
  const files = (await readdir(folder)).filter((name) => !/^(LOCK|LOG|LOG\.old)$/.test(name)).sort()
  const seen = new Set<string>()
  await fc.assert(fc.asyncProperty(fc.constantFrom(...files), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 0, max: 7 }), async (file, where, bit) => {
    const { length } = await readFile(join(folder, file))
    const found = await changed(folder, file, (path) => flip(path, Math.floor(where * length), bit))
    seen.add('lines' in found ? 'as it was' : found.code)
    if ('lines' in found) assert.deepEqual(found.lines, lines, file)
    else assert.match(found.code, /^LEDGER_(CORRUPT_BLOCK|FOLDER_UNUSABLE|OTHER_NETWORK)$/)
  }), { numRuns: 30 })
  assert.ok(seen.size > 1, [...seen].join())
})

// A sample of `npm run soak -- ledger`.
test('a turned bit or a file cut short, anywhere, leaves the blocks as they were, takes the newest as a torn write does, or is named; an export mends it', async () => {
  const { outcomes, unseen } = await damageRun({ rounds: 12, seed: 20261122, blocks: 30 })
  assert.deepEqual(unseen, [])
  assert.ok(['LEDGER_CORRUPT_BLOCK', 'LEDGER_FOLDER_UNUSABLE'].some((code) => (outcomes[code] ?? 0) > 0), JSON.stringify(outcomes))
})

const isRoot = process.platform === 'linux' && process.getuid?.() === 0

test('a full disk stops the ledger; nothing acknowledged is lost, and with room it goes on', { skip: isRoot ? false : 'mounting a small disk takes root' }, async (t) => {
  const disk = await mkdtemp(join(tmpdir(), 'ledger-disk-'))
  t.after(() => rm(disk, { recursive: true }))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
  try {
    await fillDisk(disk)
  } finally {
    execFileSync('umount', [disk])
  }
})

async function fillDisk(disk: string): Promise<void> {
  const engine = await open(join(disk, 'ledger'))
  let committed = 0
  let last = ''
  await engine.submit(network.genesis())
  for (let n = 0; last === '' && n < 5000; n++) {
    await engine.submit(network.enrol(n)).then(() => committed++, (error: { code: string }) => { last = error.code })
  }
  assert.equal(last, 'LEDGER_UNAVAILABLE')
  await assert.rejects(engine.submit(network.enrol(9000)), (error: unknown) => MhmdError.isInstance(error) && error.code === 'LEDGER_FOLDER_UNUSABLE' && error.remedy.includes('room'))
  await engine.close()
  assert.ok(committed > 20, String(committed))
  execFileSync('mount', ['-o', 'remount,size=64m', disk])
  const again = await open(join(disk, 'ledger'))
  // The block whose write failed may have reached the disk: its sender asks by the operation id.
  assert.ok(again.head.height === committed || again.head.height === committed + 1, `${again.head.height} blocks, ${committed} acknowledged`)
  assert.equal((await again.submit(network.enrol(9000))).status, 'committed')
  await again.close()
  assert.equal((await verifyFolder(join(disk, 'ledger'), { networkId: network.id })).ok, true)
}
