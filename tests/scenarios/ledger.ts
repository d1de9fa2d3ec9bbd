// The ledger asked over real processes: figures live within two seconds and the same at three nodes; SQL that is refused; a node killed at random moments while it feeds; figures for everybody;
// then every process stopped, the tables made again from the operator's block files alone, killed meanwhile at random moments, with the same canonical Parquet and the same figures.
// With `--both`, the same acts on Hyperledger Fabric give the same numbers.
// Usage: npm run scenario -- ledger [--ledger fabric | --both] [--seed N] [--port N] [--keep]
// Debian packages: util-linux
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFeed, openDatabase, rebuild, writeParquet } from '@mhmd/analytics'
import type { BlockBytes } from '@mhmd/analytics'
import { readProfile } from '@mhmd/cli'
import { peopleClient } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { rosters, runCommand, runJson } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { storedBlocks } from '@mhmd/ledger-embedded'
import { onNetwork, option, pause, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { acceptedRequest, fileRequest } from './support/requests.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('ledger')
const { check, finish, say } = log
const mhmd = new URL('../../apps/cli/bin/mhmd.mjs', import.meta.url).pathname
const isFabric = option('--ledger') === 'fabric'
const numbersFile = option('--numbers')

/** For the comparison of engines. */
const ours = { numbers: '' }

interface Figures {
  readonly height: number
  readonly hash: string
  readonly rows: readonly (readonly unknown[])[]
}

const condition = { all: [{ type: 'condition', code: { system: 'http://snomed.info/sct', code: '195967001' } }] }
/** Every question without a parameter that must be given. */
const asked = ['participants', 'datasets', 'consents', 'consent-half-life', 'decisions-by-day', 'use', 'requests', 'times', 'refusals', 'deadlines', 'access', 'anomalies', 'activity', 'failures']
/** Whose rows hold no time and no id: the same on both engines after the same acts. */
const comparable = ['participants', 'datasets', 'consents', 'use', 'requests', 'refusals', 'failures']

/** Repeatable moments: `--seed N` plays them again. */
let state = Number(option('--seed') ?? Date.now() % 100_000)
say(`seed ${state}`)
const drawn = (below: number): number => (state = (state * 48_271 + 11) % 2_147_483_647) % below

const clock = { now: () => Date.now() }
const randomness = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const ask = (network: DevNetwork, member: string, path: string): Promise<Figures> => {
  const { node, key } = readProfile(network.profile(member))
  return peopleClient({ baseUrl: node, key, clock, randomness }).get<Figures>(`/staff/1/analytics/questions/${path}`)
}

async function main(at: OnNetwork): Promise<void> {
  const { network, folder } = at
  await ask(network, 'rome', 'requests')
  const request = await acceptedRequest(at, { holders: ['rome', 'berlin'], title: 'How many', question: condition })
  await live(at)
  const { height } = await ask(network, 'rome', 'requests')
  const figures: Record<string, Figures> = {}
  let same = 0
  for (const name of asked) {
    const three = await Promise.all(['rome', 'institute', 'access'].map((member) => ask(network, member, `${name}?height=${height}`)))
    if (new Set(three.map((answer) => JSON.stringify(answer))).size === 1) same++
    figures[name] = three[0] as Figures
  }
  check(`${asked.length} questions have the same answers at a hospital, at the institute and at the access body, at one block`, same === asked.length)
  const flow = await ask(network, 'access', `flow?request=${request}`)
  check('the flow of the request shows its filing and both answers', flow.rows.length >= 3)
  await behind(network)
  await everybody(network)
  await refusals(network)
  ours.numbers = JSON.stringify(comparable.map((name) => [name, figures[name]?.rows]))
  if (numbersFile !== undefined) writeFileSync(numbersFile, ours.numbers)
  await proven(at, String(flow.rows[0]?.at(-1)))
  if (isFabric) return
  await killedWhileItFeeds(at)
  const { height: last } = await ask(network, 'rome', 'activity')
  await network.stop()
  say('every process is stopped')
  await fromFilesAlone(at, { height, last, figures })
  await gapsAndRepeats(network.home('ledger'), folder)
}

/** From the moment its filing is acknowledged until a figure at another member's node counts it. */
async function live(at: OnNetwork): Promise<void> {
  const count = async (): Promise<number> => (await ask(at.network, 'rome', 'requests')).rows.reduce((sum, row) => sum + Number(row[3]), 0)
  const before = await count()
  await fileRequest(at, { holders: ['rome'], title: 'Another', question: condition })
  const filed = Date.now()
  while (await count() === before && Date.now() - filed < 20_000) await pause(20)
  const waited = (Date.now() - filed) / 1000
  say(`a figure at another member's node counts it ${waited.toFixed(2)} s after the command that filed it ended`)
  check('a figure counts a new transaction within two seconds', waited < 2)
}

async function behind(network: DevNetwork): Promise<void> {
  const { rows, height } = await ask(network, 'rome', 'requests/evidence')
  const operation = String(rows[0]?.[2])
  const { node, key } = readProfile(network.profile('rome'))
  const found = await peopleClient({ baseUrl: node, key, clock, randomness }).get<{ block: { height: number }; trace?: object }>(`/staff/1/ledger/transactions/${operation}`)
  const { trace } = await peopleClient({ baseUrl: node, key, clock, randomness }).get<{ trace: { reads: object[]; changes: object[]; signatures: { holds: boolean }[] } }>(`/staff/1/ledger/transactions/${operation}/trace`)
  check('a figure leads to its transactions, and each of them to its reads, writes and signatures', found.block.height === rows[0]?.[0] && found.block.height <= height && trace.reads.length > 0 && trace.changes.length > 0 && trace.signatures.every(({ holds }) => holds))
}

async function everybody(network: DevNetwork): Promise<void> {
  const read = async (member: string, path: string): Promise<unknown> => (await fetch(`${network.url(member)}${path}`)).json()
  const { figures, height } = await read('rome', '/public/1/figures') as { height: number; figures: { question: { name: string }; answer: Figures }[] }
  check('everybody reads what organisations do, at one block', figures.length === 3 && figures.every(({ answer }) => answer.height === height))
  await until('the publisher\'s tables are level', async () => (await read('access', '/public/1/people') as { publication: object | null }).publication !== null)
  const publication = await read('access', '/public/1/people') as { publication: { cells: { people: number | null }[] } | null }
  const again = await read('access', '/public/1/people')
  const elsewhere = await read('rome', '/public/1/people') as { publisher: string; publication: null }
  check('figures of people have one publisher, are the same for whoever asks again, and show no small cell', publication.publication?.cells.every(({ people }) => people === null || people >= 30) === true && JSON.stringify(again) === JSON.stringify(publication) && elsewhere.publisher === 'access' && elsewhere.publication === null)
}

async function refusals(network: DevNetwork): Promise<void> {
  const { node, key } = readProfile(network.profile('rome'))
  const auditor = newSigningKey().key
  const as = (who: SigningKey): PeopleClient => peopleClient({ baseUrl: node, key: who, clock, randomness })
  await as(key).post('/staff/1/staff', { key: auditor.publicKey, roles: ['auditor'] })
  const said = (sql: string, who: SigningKey): Promise<string> => as(who).post('/staff/1/analytics/sql', { sql }).then(() => '', (error: { code?: string }) => error.code ?? 'failed')
  check('an auditor’s SELECT over the views is answered', await said('SELECT type, count(*) FROM assets GROUP BY type', auditor) === '')
  const { rows: [endorsed = []] } = await as(auditor).post<Figures>('/staff/1/analytics/sql', { sql: 'SELECT count(*), count(endorsers), min(len(endorsers)), count(reads) FROM transactions' })
  const [all, named, fewest, read] = endorsed.map(Number)
  say(`of ${all} transactions ${named} name their endorsers, ${fewest} at least`)
  check('the view of transactions names who endorsed each on Fabric and what it read, and nobody on the embedded ledger', isFabric ? named === all && (fewest ?? 0) >= 2 && read === all : named === 0 && read === 0)
  const forbidden = ['SELECT * FROM read_csv(\'/etc/passwd\')', 'COPY feed.writes TO \'/tmp/out.csv\'', 'ATTACH \'/tmp/x.db\'', 'INSTALL httpfs', 'PRAGMA database_list', 'DELETE FROM feed.writes', 'SET memory_limit = \'9GB\'', 'SELECT 1; DROP TABLE feed.blocks']
  let refused = 0
  for (const sql of forbidden) if (await said(sql, auditor) === 'ANALYTICS_SQL_REFUSED') refused++
  check(`of her SQL, ${forbidden.length} ways out of the tables are refused`, refused === forbidden.length)
  check('what takes too much is ended', /^ANALYTICS_SQL_(LIMIT|FAILED)$/.test(await said('SELECT count(*) FROM range(1000000000000) a, range(1000000) b WHERE a.range % 7 = b.range', auditor)))
  check('who is no auditor writes no SQL', await said('SELECT 1', key) === 'NODE_STAFF_ROLE')
}

/** A proof of one transaction, checked in an empty folder without a network. */
async function proven({ network, folder }: OnNetwork, operation: string): Promise<void> {
  const empty = join(folder, 'stranger')
  mkdirSync(empty)
  await until('the proof is signed', () => runCommand(['proof', '--profile', network.profile('rome'), '--operation', operation, '--out', join(empty, 'proof.json')]).then(() => true, () => false), 30)
  copyFileSync(join(network.home('rome'), 'network.json'), join(empty, 'network.json'))
  const child = spawn('unshare', ['--map-root-user', '--net', process.execPath, mhmd, 'verify', 'proof.json', '--roots', 'network.json'], { cwd: empty, stdio: ['ignore', 'pipe', 'inherit'] })
  const [out, [code]] = await Promise.all([child.stdout.toArray() as Promise<Buffer[]>, once(child, 'exit') as Promise<[number]>])
  check('a proof of it is verified in an empty folder without a network', code === 0 && Buffer.concat(out).toString().startsWith('PROVEN'))
}

/** The node is killed three times at drawn moments while transactions come; what it feeds goes on where it stood. */
async function killedWhileItFeeds(at: OnNetwork): Promise<void> {
  const { network } = at
  for (let round = 0; round < 3; round++) {
    const filing = fileRequest(at, { holders: ['berlin'], title: `While killed ${round}`, question: condition })
    await pause(drawn(1500))
    network.process('rome').kill('SIGKILL')
    await filing
    await network.restart('rome')
    await until('its figures are back', () => ask(network, 'rome', 'activity').then(() => true, () => false), 30)
  }
  const [mine, theirs] = [await ask(network, 'rome', 'activity'), await ask(network, 'institute', 'activity')]
  const height = Math.min(mine.height, theirs.height)
  const [one, other] = await Promise.all(['rome', 'institute'].map((member) => ask(network, member, `activity?height=${height}`)))
  check('killed three times while it fed, a node has every transaction exactly once', JSON.stringify(one) === JSON.stringify(other))
}

const hashesIn = (folder: string, files: readonly string[]): Record<string, string> => Object.fromEntries(files.map((file) => [file, createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')]))

async function fromFilesAlone({ network, folder }: OnNetwork, before: { readonly height: number; readonly last: number; readonly figures: Readonly<Record<string, Figures>> }): Promise<void> {
  const home = network.home('ledger')
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')]
  const { files } = await runJson<{ files: Record<string, string>; height: number }>(['analytics', 'rebuild', '--home', home, '--out', whole])
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [mhmd, 'analytics', 'rebuild', '--home', home, '--out', killed], { stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), 300 + drawn(1500))
    await once(child, 'exit')
    clearTimeout(timer)
  }
  const again = await runJson<{ files: Record<string, string> }>(['analytics', 'rebuild', '--home', home, '--out', killed])
  check('from block files alone, killed at three drawn moments, the canonical Parquet is the same', JSON.stringify(again.files) === JSON.stringify(files))
  const live = join(folder, 'live')
  mkdirSync(live)
  copyFileSync(join(network.home('rome'), 'data', 'analytics', 'ledger.duckdb'), join(live, 'ledger.duckdb'))
  if (existsSync(join(network.home('rome'), 'data', 'analytics', 'ledger.duckdb.wal'))) copyFileSync(join(network.home('rome'), 'data', 'analytics', 'ledger.duckdb.wal'), join(live, 'ledger.duckdb.wal'))
  const database = await openDatabase({ file: join(live, 'ledger.duckdb'), exportFolder: live })
  const feed = await createFeed(database)
  const held = feed.position().height
  // What came between its last figure and the stop is fed from the files.
  await rebuild(feed, storedBlocks(join(home, 'data', 'ledger')))
  check('the node’s own tables, fed live and through three kills, give that Parquet too', held >= before.last && JSON.stringify(hashesIn(live, await writeParquet(database))) === JSON.stringify(files))
  database.close()
  let same = 0
  for (const name of asked) {
    const { height, hash, rows } = await runJson<Figures>(['analytics', 'ask', name, '--tables', whole, '--height', String(before.height)])
    const was = before.figures[name]
    if (JSON.stringify([height, hash, rows]) === JSON.stringify([was?.height, was?.hash, was?.rows])) same++
  }
  check(`each of ${asked.length} figures is computed again from the files, the same`, same === asked.length)
}

async function gapsAndRepeats(home: string, folder: string): Promise<void> {
  const blocks: BlockBytes[] = []
  for await (const block of storedBlocks(join(home, 'data', 'ledger'))) blocks.push(block)
  const database = await openDatabase({ file: join(folder, 'gaps.duckdb'), networkId: (JSON.parse(Buffer.from(blocks[0]?.text ?? []).toString()) as { previous: string }).previous })
  const feed = await createFeed(database)
  const gap = 1 + drawn(blocks.length - 2)
  await feed.take(blocks.slice(0, gap))
  const said = await feed.take(blocks.slice(gap + 1)).then(() => '', (error: { code?: string }) => error.code)
  await feed.take(blocks.slice(0, gap))
  check('a block left out is noticed, and a repeat changes nothing', said === 'ANALYTICS_GAP' && feed.position().height === gap - 1)
  database.close()
}

/** The same acts on Fabric, in a process of its own. */
async function onFabricToo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-ledger-numbers-'))
  const file = join(folder, 'numbers.json')
  const child = spawn(process.execPath, [process.argv[1] ?? '', '--ledger', 'fabric', '--numbers', file], { stdio: ['ignore', 'inherit', 'inherit'] })
  await once(child, 'exit')
  check('after the same acts Fabric has the same numbers', existsSync(file) && readFileSync(file, 'utf8') === ours.numbers)
  rmSync(folder, { recursive: true })
}

await onNetwork('ledger', { transcript: log, organisations: rosters.permits }, main)
if (process.argv.includes('--both')) await onFabricToo()
finish()
