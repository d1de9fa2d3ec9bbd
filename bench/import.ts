// Import from files on disk to durable, encrypted, indexed and checked: resources/s and peak memory at 1×, 10× and 100×, as NDJSON and as bundles, at each level of validation, each in a process of its own.
// The patients are those of the seed set, cloned with new ids; seeded. Usage: npm run bench -- import [--factors 1,10,100] [--levels structure,full] [--forms ndjson,bundles] [--workers 0,1,2] [--data FOLDER]
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, globSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { resolveDuty } from '@mhmd/consent'
import { fileKeyring } from '@mhmd/keyring-file'
import { openSqliteStore } from '@mhmd/store-sqlite'
import { importRecords, openVault } from '@mhmd/vault'

const seed = 20262
const option = (name: string, otherwise: string): string => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined) ?? otherwise
const data = option('data', new URL('../apps/devnet/seed', import.meta.url).pathname)

interface Figures { readonly resources: number; readonly bytes: number; readonly seconds: number; readonly cpuSeconds: number; readonly peakBytes: number; readonly storeBytes: number; readonly againSeconds: number; readonly quarantined: number }

if (process.env['BENCH_IMPORT_FOLDER'] !== undefined) console.log(JSON.stringify(await measure(process.env['BENCH_IMPORT_FOLDER'])))
else compare()

function compare(): void {
  console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}; seed ${seed}`)
  for (const form of option('forms', 'ndjson,bundles').split(',')) {
    for (const level of option('levels', 'structure,full').split(',')) for (const workers of option('workers', 'default').split(',')) measureGrowth(form, level, workers)
  }
}

function measureGrowth(form: string, level: string, workers: string): void {
  let before: Figures | undefined
  for (const factor of option('factors', '1,10,100').split(',').map(Number)) {
    const figures = run(form, factor, { level, workers })
    print(`${form}, ${factor}×, level ${level}, threads beside the first: ${workers}`, figures, before)
    before = figures
  }
}

function run(form: string, factor: number, { level, workers }: { level: string; workers: string }): Figures {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
  try {
    writeSources(join(folder, 'sources'), form, factor)
    const child = spawnSync(process.execPath, [import.meta.filename, '--workers', workers, '--level', level], { env: { ...process.env, BENCH_IMPORT_FOLDER: folder }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    return JSON.parse(child.stdout) as Figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function print(what: string, now: Figures, before: Figures | undefined): void {
  const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  console.log(`${what}: ${now.resources} resources, ${mega(now.bytes)}: ${now.seconds.toFixed(1)} s, ${Math.round(now.resources / now.seconds)} resources/s (CPU ${now.cpuSeconds.toFixed(1)} s: ${Math.round(now.resources / now.cpuSeconds)} a CPU second), peak memory ${mega(now.peakBytes)}, store ${mega(now.storeBytes)}, quarantined ${now.quarantined}; again, unchanged: ${Math.round(now.resources / now.againSeconds)} resources/s; load ${loadavg()[0]?.toFixed(1) ?? ''}`)
  if (before !== undefined) console.log(`    growth: ${(now.resources / before.resources).toFixed(1)}× the resources, ${(now.seconds / before.seconds).toFixed(1)}× the time, ${(now.peakBytes / before.peakBytes).toFixed(2)}× the memory, ${(now.storeBytes / before.storeBytes).toFixed(1)}× the store`)
}

type Bundle = { entry: { fullUrl: string; resource: { resourceType: string; id: string } }[] }

/** NDJSON: one file a resource type, as a bulk export gives them. Bundles: one file, a line each. Clones get ids of their own. */
function writeSources(folder: string, form: string, factor: number): void {
  mkdirSync(folder)
  const files = new Map<string, number>()
  for (const path of globSync(join(data, '*.json.gz')).sort()) {
    const bundle = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Bundle
    const ids = new Set(bundle.entry.map(({ resource }) => resource.id))
    for (let clone = 0; clone < factor; clone++) {
      const renamed = (text: string): string => clone === 0 ? text : text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => (ids.has(id) ? cloneOf(id, clone) : id))
      if (form === 'bundles') append(files, join(folder, 'bundles.ndjson'), `${renamed(JSON.stringify(bundle))}\n`)
      else for (const { type, text } of linesOf(bundle)) append(files, join(folder, `${type}.ndjson`), `${renamed(text)}\n`)
    }
  }
  for (const file of files.values()) {
    fsyncSync(file)
    closeSync(file)
  }
}

function cloneOf(id: string, clone: number): string {
  const digest = createHash('sha256').update(`${seed}/${clone}/${id}`).digest('hex')
  return [digest.slice(0, 8), digest.slice(8, 12), digest.slice(12, 16), digest.slice(16, 20), digest.slice(20, 32)].join('-')
}

/** References between resources of a bundle become `Type/id`. */
function linesOf({ entry }: Bundle): { type: string; text: string }[] {
  const names = new Map(entry.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]))
  return entry.map(({ resource }) => ({ type: resource.resourceType, text: JSON.stringify(resource).replace(/urn:uuid:[0-9a-f-]{36}/g, (urn) => names.get(urn) ?? urn) }))
}

function append(files: Map<string, number>, path: string, text: string): void {
  const file = files.get(path) ?? openSync(path, 'a')
  files.set(path, file)
  writeSync(file, text)
}

async function measure(folder: string): Promise<Figures> {
  const store = await openSqliteStore(join(folder, 'node.db'))
  const clock = { now: () => Date.now() }
  const vault = await openVault({ store, keyring: await fileKeyring(join(folder, 'keys')), clock, randomness: { bytes: (length) => randomBytes(length) } })
  const now = clock.now()
  const day = 86_400_000
  const decision = resolveDuty({
    format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'bench', class: 'healthcare-provider', country: 'IT' }, title: 'Bench', summary: '', purpose: 'import', uses: [],
    categories: ['a'], fhirTypes: [], form: 'identified', basis: 'holder-duty', from: now - 1, until: now + day, safeguards: [], returns: [],
  }, [{ basis: 'holder-duty', holder: 'bench', duty: 'import' }], { time: now, height: 0, deadline: now + day, stillStands: () => true })
  const paths = globSync(join(folder, 'sources/*.ndjson')).sort()
  const sources = paths.map((path) => ({ name: basename(path), open: () => createReadStream(path, { highWaterMark: 1 << 16 }) as AsyncIterable<Uint8Array> }))
  const workers = Number(option('workers', 'default'))
  const level = option('level', 'structure') === 'full' ? 'full' : 'structure'
  const cpu = process.cpuUsage()
  const started = performance.now()
  const result = await importRecords(sources, { id: 'first', vault, decision, level, ...(Number.isNaN(workers) ? {} : { workers }) })
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const peakBytes = process.resourceUsage().maxRSS * 1024
  const again = performance.now()
  await importRecords(sources, { id: 'second', vault, decision, level })
  const againSeconds = (performance.now() - again) / 1000
  const storeBytes = readdirSync(folder).filter((name) => name.startsWith('node.db')).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  await store.close()
  return { resources: result.read, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0), seconds, cpuSeconds: (used.user + used.system) / 1e6, peakBytes, storeBytes, againSeconds, quarantined: result.quarantined }
}
