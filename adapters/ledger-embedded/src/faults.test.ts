import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import { blockHash } from '@mhmd/ledger'
import type { Block } from '@mhmd/ledger'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { ClassicLevel } from 'classic-level'
import { killRun } from '../testing/kill-run.ts'
import { blockKey, blockValue } from './folder.ts'
import { Engine, verifyFolder } from './index.ts'
import type { EngineOptions } from './index.ts'

const network = sampleNetwork({ now: () => Date.now() })
const options = { networkId: network.id, clock: { now: () => Date.now() }, workers: 0 }

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

/** A stopped ledger with genesis, and one enrolment a block for `citizens`. */
async function filled(t: TestContext, citizens: number): Promise<string> {
  const folder = await newFolder(t)
  const engine = await Engine.open({ folder, ...options })
  await engine.submit(network.genesis())
  for (let n = 0; n < citizens; n++) await engine.submit(network.enrol(n))
  await engine.close()
  return folder
}

/** Changes the stored value of a key behind the engine's back. */
async function tamper(folder: string, key: string, change: (value: string) => string | undefined): Promise<void> {
  const database = new ClassicLevel(folder)
  const value = change(await database.get(key) ?? '')
  await (value === undefined ? database.del(key) : database.put(key, value))
  await database.close()
}

const flipped = (text: string, at: number): string => `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ 1)}${text.slice(at + 1)}`
const open = (folder: string, more: Partial<EngineOptions> = {}): Promise<Engine> => Engine.open({ folder, ...options, ...more })

test('a second start on the folder is told that it is in use, in the same process and in another', async (t) => {
  const folder = await newFolder(t)
  const engine = await open(folder)
  await assert.rejects(open(folder), { code: 'LEDGER_FOLDER_IN_USE' })
  const program = `import { Engine } from '@mhmd/ledger-embedded'; await Engine.open({ folder: ${JSON.stringify(folder)}, networkId: ${JSON.stringify(network.id)}, clock: { now: () => 0 } }).then(() => process.stdout.write('opened'), (error) => process.stdout.write(error.code))\nprocess.exit(0)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: new URL('.', import.meta.url).pathname })
  const [output] = await once(child.stdout, 'data') as [Buffer]
  assert.equal(output.toString(), 'LEDGER_FOLDER_IN_USE')
  await engine.close()
})

test('the folder of another network, and one that cannot be made, are refused with a code', async (t) => {
  const folder = await filled(t, 0)
  await assert.rejects(open(folder, { networkId: 'another' }), { code: 'LEDGER_OTHER_NETWORK' })
  await writeFile(join(folder, 'file'), '')
  await assert.rejects(open(join(folder, 'file', 'below')), { code: 'LEDGER_FOLDER_UNUSABLE' })
})

test('a closed engine takes nothing and ends its block streams', async (t) => {
  const engine = await open(await newFolder(t))
  await engine.submit(network.genesis())
  const heights: number[] = []
  const reading = (async () => {
    for await (const block of engine.storedBlocks(0)) heights.push(block.height)
  })()
  await engine.submit(network.enrol(1))
  await engine.close()
  await reading
  assert.deepEqual(heights, [0, 1].slice(0, heights.length))
  await assert.rejects(engine.submit(network.enrol(2)), { code: 'LEDGER_CLOSED' })
})

test('beyond its bound the queue answers LEDGER_BUSY, and what was taken is carried out', async (t) => {
  const engine = await open(await newFolder(t), { maxWaiting: 5 })
  await engine.submit(network.genesis())
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => engine.submit(network.enrol(n))))
  assert.deepEqual(results.map((result) => result.status === 'fulfilled' ? result.value.status : (result.reason as { code: string }).code), [...Array.from({ length: 5 }, () => 'committed'), ...Array.from({ length: 15 }, () => 'LEDGER_BUSY')])
  assert.equal((await engine.submit(network.enrol(19))).status, 'committed')
  await engine.close()
})

test('a conflict inside a block is run again on the newer state; without retries it is LEDGER_WRITE_CONFLICT', async (t) => {
  for (const { retries, expected } of [{ retries: 4, expected: ['committed', 'committed'] }, { retries: 0, expected: ['committed', 'LEDGER_WRITE_CONFLICT'] }]) {
    const engine = await open(await newFolder(t), { retries })
    await engine.submit(network.genesis())
    await engine.submit(network.enrol(1))
    const { height } = engine.head
    // Version 2 is right only on the state after version 1: both travel in one block.
    const results = await Promise.allSettled([engine.submit(network.decide(1, 1)), engine.submit(network.decide(1, 2))])
    assert.equal(engine.head.height, height + 1)
    assert.deepEqual(results.map((result) => result.status === 'fulfilled' ? result.value.status : (result.reason as { code: string }).code), expected)
    await engine.close()
  }
})

test('many signatures on worker threads get the same verdicts as on this one', async (t) => {
  const engine = await open(await newFolder(t), { workers: 2 })
  await engine.submit(network.genesis())
  const transactions = Array.from({ length: 200 }, (_, n) => network.enrol(n)).map((transaction, n) => (n % 7 === 3 ? { ...transaction, signature: network.enrol(n + 500).signature } : transaction))
  const receipts = await Promise.all(transactions.map((transaction) => engine.submit(transaction)))
  assert.deepEqual(receipts.map((receipt) => receipt.status === 'refused' ? receipt.refusal.code : 'VALID'), transactions.map((_, n) => (n % 7 === 3 ? 'CONTRACT_BAD_SIGNATURE' : 'VALID')))
  await engine.close()
})

test('a cache too small for anything changes no answer', async (t) => {
  const folder = await filled(t, 20)
  const engine = await open(folder, { cacheBytes: 0 })
  const receipts = await Promise.all(Array.from({ length: 20 }, (_, n) => engine.submit(network.decide(n, 1))))
  assert.ok(receipts.every((receipt) => receipt.status === 'committed'))
  assert.equal((await engine.forMember('rome').range(['consent'])).length, 20)
  await engine.close()
})

test('a flipped byte in a block is named by the start, by the reader and by the verification', async (t) => {
  for (const height of [0, 3, 5]) {
    const folder = await filled(t, 5)
    await tamper(folder, blockKey(height), (value) => flipped(value, Math.floor(value.length / 2)))
    await assert.rejects(open(folder), { code: 'LEDGER_CORRUPT_BLOCK', details: { height, why: 'its bytes do not give its hash' } })
    const report = await verifyFolder(folder, { networkId: network.id })
    assert.equal(report.ok, false)
    assert.equal(report.findings[0]?.height, height)
  }
})

test('a missing block is named', async (t) => {
  const folder = await filled(t, 5)
  await tamper(folder, blockKey(2), () => undefined)
  await assert.rejects(open(folder), { code: 'LEDGER_CORRUPT_BLOCK', details: { height: 2, why: 'it is missing' } })
  assert.deepEqual((await verifyFolder(folder, { networkId: network.id })).findings, [{ code: 'VERIFY_CHAIN', height: 2 }])
})

test('a flipped byte in the write-ahead log, which LevelDB passes over, is found at the next start', async (t) => {
  const folder = await filled(t, 30)
  const [log] = (await readdir(folder)).filter((file) => file.endsWith('.log'))
  const bytes = await readFile(join(folder, log as string))
  bytes[Math.floor(bytes.length / 3)] = (bytes[Math.floor(bytes.length / 3)] ?? 0) ^ 0x10
  await writeFile(join(folder, log as string), bytes)
  await assert.rejects(open(folder), { code: 'LEDGER_CORRUPT_BLOCK' })
})

test('a changed state entry is never answered', async (t) => {
  const folder = await filled(t, 3)
  const key = `s${stateKeys.subject('rome', network.subject(1)).join('\u0000')}`
  await tamper(folder, key, (value) => value.replace('"active"', '"closed"'))
  const engine = await open(folder)
  await assert.rejects(engine.forMember('rome').get(stateKeys.subject('rome', network.subject(1))), { code: 'LEDGER_CORRUPT_STATE' })
  await assert.rejects(engine.submit(network.decide(1, 1)), { code: 'LEDGER_CORRUPT_STATE' })
  assert.equal((await engine.submit(network.decide(2, 1))).status, 'committed')
  await engine.close()
  assert.deepEqual((await verifyFolder(folder, { networkId: network.id })).findings, [{ code: 'VERIFY_STATE' }])
})

test('a ledger that was kept honestly verifies; an operator who rewrites effects and hashes is found by running the contracts', async (t) => {
  const folder = await filled(t, 4)
  const honest = await verifyFolder(folder, { networkId: network.id })
  assert.deepEqual({ ok: honest.ok, height: honest.height, transactions: honest.transactions, signatures: honest.signatures, findings: honest.findings }, { ok: true, height: 4, transactions: 5, signatures: 1 + 4 * 4, findings: [] })
  assert.deepEqual((await verifyFolder(folder, { networkId: 'another' })).findings, [{ code: 'VERIFY_CHAIN', height: 0 }])

  const changes: readonly { readonly code: string; readonly change: (block: Block) => Block['committed'] }[] = [
    { code: 'VERIFY_CONTRACT', change: (block) => block.committed.map((item) => ({ ...item, writes: item.writes.map((write) => (write.key[0] === 'subject' ? { ...write, value: { ...(write.value as object), state: 'closed' } } : write)) })) },
    { code: 'VERIFY_SIGNATURE', change: (block) => block.committed.map((item) => ({ ...item, transaction: { ...item.transaction, time: item.transaction.time + 1 } })) },
    { code: 'VERIFY_CONTRACT', change: (block) => [...block.committed, ...block.committed] },
  ]
  for (const { code, change } of changes) {
    const forged = await filled(t, 4)
    let previous = ''
    for (let height = 3; height <= 4; height++) {
      await tamper(forged, blockKey(height), (value) => {
        const block = JSON.parse(value.slice(43)) as Block
        const { hash: _, ...next } = { ...block, ...(height === 3 ? { committed: change(block) } : { previous }) }
        previous = blockHash(next)
        return blockValue(previous, canonicalText(next as unknown as Canonical))
      })
    }
    const report = await verifyFolder(forged, { networkId: network.id })
    assert.deepEqual([report.findings[0]?.code, report.findings[0]?.height], [code, 3])
  }
})

test('a disk that takes no more stops the engine: nothing unwritten is acknowledged, and what was stays', async (t) => {
  const folder = await newFolder(t)
  // The limit on a file's size stands for a full disk: the write fails in the same call.
  const program = `
    import { Engine } from '@mhmd/ledger-embedded'
    import { sampleNetwork } from '@mhmd/ledger/testing'
    process.on('SIGXFSZ', () => undefined)
    const network = sampleNetwork({ now: () => ${Date.now()} })
    const engine = await Engine.open({ folder: ${JSON.stringify(folder)}, networkId: network.id, clock: { now: () => ${Date.now()} }, workers: 0 })
    const told = []
    await engine.submit(network.genesis())
    for (let n = 0; n < 2000; n++) {
      const outcome = await engine.submit(network.enrol(n)).then((receipt) => receipt.status, (error) => error.code)
      told.push(outcome)
      if (outcome !== 'committed') break
    }
    const after = await engine.submit(network.enrol(5000)).then((receipt) => receipt.status, (error) => error.code)
    process.stdout.write(JSON.stringify({ id: network.id, committed: told.filter((outcome) => outcome === 'committed').length, last: told.at(-1), after }))
    process.exit(0)`
  const child = spawn('sh', ['-c', 'ulimit -f 400; exec "$0" --input-type=module -e "$1"', process.execPath, program], { cwd: new URL('.', import.meta.url).pathname, stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  const told = JSON.parse(Buffer.concat(chunks).toString()) as { id: string; committed: number; last: string; after: string }
  assert.ok(told.committed > 10 && told.committed < 2000, String(told.committed))
  assert.deepEqual([told.last, told.after], ['LEDGER_UNAVAILABLE', 'LEDGER_FOLDER_UNUSABLE'])
  const engine = await open(folder, { networkId: told.id })
  const { height } = engine.head
  await engine.close()
  assert.ok(height === told.committed || height === told.committed + 1, `${height} blocks, ${told.committed} acknowledged`)
  assert.equal((await verifyFolder(folder, { networkId: told.id })).ok, true)
})

test('a block is synced to the disk with all it changes, and nobody is told before', async (t) => {
  const engine = await open(await newFolder(t))
  interface NativeBatch {
    _put(key: string, value: string): void
    _write(options: { readonly sync?: boolean }): Promise<void>
  }
  const native = ClassicLevel.prototype as unknown as { _chainedBatch(): NativeBatch }
  const begin = native._chainedBatch
  const seen: { sync: boolean | undefined; kinds: Set<string> }[] = []
  const { promise: gate, resolve: open_ } = Promise.withResolvers<void>()
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  t.after(() => {
    // LevelDB doesn't close while a batch of it is open.
    open_()
    return engine.close()
  })
  t.mock.method(native, '_chainedBatch', function (this: typeof native) {
    const batch = begin.call(this)
    const [put, write] = [batch._put.bind(batch), batch._write.bind(batch)]
    const kinds = new Set<string>()
    batch._put = (key, value) => {
      kinds.add(key[0] ?? '')
      put(key, value)
    }
    batch._write = async (options) => {
      seen.push({ sync: options.sync, kinds })
      reach()
      await gate
      return await write(options)
    }
    return batch
  })
  let told = false
  const receipt = engine.submit(network.genesis()).finally(() => { told = true })
  await reached
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(told, false)
  open_()
  assert.equal((await receipt).status, 'committed')
  // One native call: the block and the state it leads to, under LevelDB's fsync option.
  assert.deepEqual(seen, [{ sync: true, kinds: new Set(['b', 's']) }])
})

test('a ledger that is killed under load loses nothing it acknowledged and does nothing twice', async () => {
  const report = await killRun({ kills: 4, seed: 20261121 })
  assert.deepEqual({ lost: report.lost, twice: report.twice, unanswered: report.unanswered, findings: report.verified.findings }, { lost: [], twice: [], unanswered: 0, findings: [] })
  // Each kill waits for one more at least; how many more there are is the machine's speed.
  assert.ok(report.acknowledged > report.kills, `${report.acknowledged} acknowledged`)
})

test('closing under load answers everyone: committed and durable, or LEDGER_CLOSED', async (t) => {
  const folder = await newFolder(t)
  const engine = await open(folder, { workers: 1, maxBlock: 20 })
  await engine.submit(network.genesis())
  const submits = Array.from({ length: 1500 }, (_, n) => network.enrol(n)).map((transaction) => engine.submit(transaction).then((receipt) => receipt.status, (error: { code: string }) => error.code))
  await submits[0]
  await engine.close()
  const outcomes = await Promise.all(submits)
  assert.deepEqual([...new Set(outcomes)].sort(), ['LEDGER_CLOSED', 'committed'])
  const again = await open(folder)
  assert.equal((await again.forMember('rome').range(['subject'])).length, outcomes.filter((outcome) => outcome === 'committed').length)
  await again.close()
})
