// Bench of the embedded ledger grown large: a process that writes blocks and state is killed; how long the next start takes, then reads of random keys, its memory as the system has it (/proc).
// Blocks are a chain with true hashes around one real enrolment each, the state has entries of a consent's size: what recovery and reads look at, without the hours that signing takes.
// Usage: npm run bench -- ledger-large [BLOCKS [KEYS [FOLDER]]]   by default 1,000,000 and 10,000,000, some 3 GB under the temporary folder. A FOLDER is kept, and measured again where it is there. Seeded.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { hash } from 'node:crypto'
import { canonicalText } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { composeBlockText, hashBlockText } from '@mhmd/ledger'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { Engine } from '@mhmd/ledger-embedded'
import { beginDatabase, blockKey, blockValue, openDatabase, overlayWrites, stateOperations, writeBatch } from '@mhmd/ledger-embedded/testing'
import type { StateWrite } from '@mhmd/ledger-embedded/testing'

const NETWORK = 'bench-network-of-many-blocks-and-many-keys'
const READS = 20_000
const AT_ONCE = 64
const AT_A_TIME = 2000
const BLOCKS_A_TIME = 50

const digest = (number: number): string => hash('sha512', `subject ${number}`, 'base64url')
/** In the order of the numbers. */
const keyOf = (number: number): Key => ['consent', 'rome', `${String(number).padStart(10, '0')}${digest(number).slice(0, 16)}`]
const valueOf = (number: number): Canonical =>
  ({ by: 'subject', content: digest(number).slice(43), expires: 1_900_000_000_000, state: 'active', time: 1_800_000_000_000 + number, version: 1 })

/** Writes without end: the state first, so that the kill comes among blocks. */
async function fill(folder: string, blocks: number, keys: number): Promise<void> {
  const database = await openDatabase(folder)
  await beginDatabase(database, NETWORK)
  let written = 0
  for (const numbers of inPieces(orderOfKeys(keys))) {
    const overlay = new Map<string, StateWrite>()
    overlayWrites(overlay, numbers.map((number) => ({ key: keyOf(number), value: valueOf(number) })), { height: 0, index: 0 })
    await writeBatch(database, stateOperations(overlay), { sync: false })
    written += numbers.length
    if (written % 1_000_000 < AT_A_TIME) process.stderr.write(`  ${written} keys\n`)
  }
  const network = sampleNetwork({ now: () => 1_800_000_000_000 })
  // So many that no two of a kind lie in one piece that LevelDB compresses.
  const enrolments = Array.from({ length: 100 }, (_, n) => `{"code":"VALID","events":[],"transaction":${canonicalText(network.enrol(n) as unknown as Canonical)},"writes":[]}`)
  let previous = NETWORK
  for (let from = 0; from < blocks; from += BLOCKS_A_TIME) {
    const operations = Array.from({ length: BLOCKS_A_TIME }, (_, at) => {
      const height = from + at
      const text = composeBlockText({ height, previous, time: 1_800_000_000_000 + height, committed: [enrolments[height % 100] as string] })
      previous = hashBlockText(text)
      return { type: 'put' as const, key: blockKey(height), value: blockValue(previous, text) }
    })
    await writeBatch(database, operations, { sync: true })
    process.stdout.write(`${from + BLOCKS_A_TIME}\n`)
    if (from % 100_000 === 0) process.stderr.write(`  ${from} blocks\n`)
  }
  await once(process.stdin, 'end')
}

/** Nine of ten in order, as LevelDB keeps them after a while; then each tenth in none, so that its levels overlap as they do under changes. */
function* orderOfKeys(keys: number): Generator<number> {
  for (let number = 0; number < keys; number++) if (number % 10 !== 7) yield number
  const tenth = Math.floor(keys / 10)
  for (let at = 0; at < tenth; at++) yield 10 * ((at * 48_271) % tenth) + 7
}

function* inPieces(numbers: Iterable<number>): Generator<number[]> {
  let piece: number[] = []
  for (const number of numbers) {
    if (piece.push(number) < AT_A_TIME) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}

/** MiB, from /proc. Resident memory holds the parts of files that LevelDB has mapped, which the system takes back when it needs them; `RssAnon` is the process's own. */
const memoryOf = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024

async function measure(folder: string, keys: number): Promise<void> {
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  const engine = await Engine.open({ folder, networkId: NETWORK, clock: { now: () => Date.now() }, workers: 0 })
  const openMilliseconds = performance.now() - begun
  const { user, system } = process.cpuUsage(cpuBefore)
  const ledger = engine.forMember('rome')
  let state = 1
  const draw = (): number => (state = (state * 48_271) % 2_147_483_647) % keys
  const times: number[] = []
  for (let read = 0; read < READS; read++) {
    const key = keyOf(draw())
    const before = performance.now()
    if (await ledger.get(key) === undefined) throw new Error('a key is missing')
    times.push((performance.now() - before) * 1000)
  }
  times.sort((a, b) => a - b)
  const together = Array.from({ length: READS }, () => keyOf(draw()))
  const before = performance.now()
  let next = 0
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { while (next < together.length) await ledger.get(together[next++] as Key) }))
  const each = ((performance.now() - before) * 1000) / READS
  console.log(JSON.stringify({ height: engine.head.height, openMilliseconds, openCpuMilliseconds: (user + system) / 1000, median: times[READS / 2], p99: times[Math.floor(READS * 0.99)], each, peakMiB: memoryOf('VmHWM'), ownMiB: memoryOf('RssAnon') }))
  await engine.close()
}

async function main(blocks: number, keys: number, kept: string | undefined): Promise<void> {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'bench-ledger-large-'))
  const copy = `${folder}.copy`
  try {
    console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}; load ${loadavg()[0]?.toFixed(1) ?? ''}`)
    if (!existsSync(join(folder, 'CURRENT'))) await fillAndKill(folder, blocks, keys)
    // LevelDB writes new files and never into old ones: the killed folder stays as it was, and can be opened again.
    mkdirSync(copy)
    for (const name of readdirSync(folder)) linkSync(join(folder, name), join(copy, name))
    const started = performance.now()
    const reader = processFor('--measure', copy, String(keys))
    const [line] = await once(createInterface(reader.stdout), 'line') as [string]
    const { height, openMilliseconds, openCpuMilliseconds, median, p99, each, peakMiB, ownMiB } = JSON.parse(line) as Record<'height' | 'openMilliseconds' | 'openCpuMilliseconds' | 'median' | 'p99' | 'each' | 'peakMiB' | 'ownMiB', number>
    console.log(`| blocks | keys | open after the kill, s: wall · processor | one read, µs median / p99 | ${AT_ONCE} at once, µs each | MiB: own · peak resident, mapped files too | load |\n| --- | --- | --- | --- | --- | --- | --- |`)
    console.log(`| ${height + 1} | ${keys} | ${(openMilliseconds / 1000).toFixed(2)} · ${(openCpuMilliseconds / 1000).toFixed(2)} | ${median.toFixed(0)} / ${p99.toFixed(0)} | ${each.toFixed(0)} | ${ownMiB.toFixed(0)} · ${peakMiB.toFixed(0)} | ${loadavg()[0]?.toFixed(1) ?? ''} |`)
    console.log(`with the reads: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  } finally {
    rmSync(copy, { recursive: true, force: true })
    if (kept === undefined) rmSync(folder, { recursive: true })
  }
}

const processFor = (...args: string[]) => spawn(process.execPath, [import.meta.filename, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })

async function fillAndKill(folder: string, blocks: number, keys: number): Promise<void> {
  const begun = performance.now()
  const writer = processFor('--fill', folder, String(2 * blocks), String(keys))
  for await (const line of createInterface(writer.stdout)) {
    if (Number(line) >= blocks) break
  }
  writer.kill('SIGKILL')
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')
  console.log(`filled in ${((performance.now() - begun) / 1000).toFixed(0)} s, then killed: ${(readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1e9).toFixed(2)} GB in ${readdirSync(folder).length} files`)
}

const [mode, folder = '', ...sizes] = process.argv.slice(2)
if (mode === '--fill') await fill(folder, Number(sizes[0]), Number(sizes[1]))
else if (mode === '--measure') await measure(folder, Number(sizes[0]))
else await main(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 10_000_000), process.argv[4])
