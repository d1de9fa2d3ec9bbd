// A real Hyperledger Fabric network of plain processes: the suites of ledger and contracts and a whole share under the names they have on the embedded engine, in
// the same order; faults under load and forged calls; the life of a network (members, certificates, versions, copies); and what `npm start` says where there is no Go.
// Usage: npm run conformance -- fabric [--only-port | --only-contracts | --only-share | --only-faults | --only-life | --only-start]
// Debian packages: nftables
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from 'node:test'
import { fabricPrograms } from '@mhmd/ledger-fabric'

const root = new URL('../', import.meta.url).pathname
const folder = join(root, 'adapters/')
const counts = { passed: 0, failed: 0, skipped: 0 }
const check = (what: string, holds: boolean): void => {
  counts[holds ? 'passed' : 'failed']++
  if (!holds) console.log(`✘ FAILED: ${what}`)
}

/** Runs one file and gives the names of the tests inside the suites that `isWanted` names. */
async function names(file: string, isWanted: (suite: string) => boolean, counted: boolean): Promise<string[]> {
  const found: string[] = []
  const suites: string[] = []
  const stream = run({ files: [file], isolation: 'process', timeout: 600_000 })
  stream.on('test:start', ({ name, nesting }) => { suites[nesting] = name })
  stream.on('test:pass', ({ name, nesting, skip, todo, details }) => {
    if (details.type === 'suite') return
    if (counted && (skip !== undefined || todo !== undefined)) counts.skipped++
    else if (counted) counts.passed++
    if (suites.slice(0, nesting).some(isWanted)) found.push(name)
  })
  stream.on('test:fail', ({ name, details }) => {
    if (details.type === 'suite') return
    if (counted) check(`${name}: ${String(details.error.cause ?? details.error).slice(0, 600)}`, false)
    found.push(name)
  })
  for await (const _ of stream);
  return found
}

/** Runs a program of this repository to its end. */
function program(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => { text += part })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })))
}

/** What the scenario checks, without the figures of this run. */
const checksIn = (text: string): string[] => [...text.matchAll(/[✔✘] (.*)/g)].map(([, what = '']) => what.replaceAll(/[0-9]+/g, 'N'))

async function share(): Promise<void> {
  const [embedded, fabric] = [await program(['tests/scenarios/share.ts', '--patients', '40']), await program(['tests/scenarios/share.ts', '--patients', '40', '--ledger', 'fabric'])]
  const checks = checksIn(fabric.text)
  console.log(`share: on Fabric and on the embedded engine\n${checks.map((what) => `  ${what}`).join('\n')}`)
  for (const [line] of fabric.text.matchAll(/[✔✘] .*/g)) check(`share on Fabric: ${line}`, line.startsWith('✔'))
  check('share: it runs through on Fabric', fabric.code === 0 && checks.length > 0)
  check(`share: the same checks on both engines (${checksIn(embedded.text).length} and ${checks.length})`, JSON.stringify(checksIn(embedded.text)) === JSON.stringify(checks))
}

/** A machine with neither Go nor the built programs. */
async function withoutGo(): Promise<void> {
  const empty = mkdtempSync(join(tmpdir(), 'fabric-'))
  try {
    const started = await program(['apps/devnet/src/main.ts', '--ledger', 'fabric', '--folder', join(empty, 'net'), '--port', '27600'], { PATH: dirname(process.execPath), HOME: empty, XDG_CACHE_HOME: join(empty, 'cache') })
    check(`start: without Go it says what is missing and ends with a failure (${started.code})`, started.code !== 0 && started.text.includes('FABRIC_NO_GO') && started.text.includes('→'))
  } finally {
    rmSync(empty, { recursive: true, force: true })
  }
}

try {
  await fabricPrograms({ say: console.log, environment: process.env })
  const only = process.argv.find((argument) => argument.startsWith('--only-'))
  for (const [what, ours, theirs] of [
    ['port', 'ledger-embedded/src/client.test.ts', 'ledger-fabric/testing/port-suite.ts'],
    ['contracts', 'ledger-embedded/src/contracts.test.ts', 'ledger-fabric/testing/contract-suite.ts'],
  ] as const) {
    if (only !== undefined && only !== `--only-${what}`) continue
    const onFabric = await names(folder + theirs, (suite) => suite === 'Fabric' || suite === 'contracts on Fabric', true)
    const embedded = await names(folder + ours, (suite) => suite.startsWith('embedded engine') || suite.startsWith('contracts on'), false)
    console.log(`${what}: on Fabric and on the embedded engine\n${onFabric.map((name) => `  ${name}`).join('\n')}`)
    check(`${what}: ${onFabric.length} tests on Fabric, at least one`, onFabric.length > 0)
    check(`${what}: the same names on both engines (${embedded.length} and ${onFabric.length})`, JSON.stringify(embedded) === JSON.stringify(onFabric))
  }
  if (only === undefined || only === '--only-faults') await names(join(folder, 'ledger-fabric/testing/fault-suite.ts'), () => true, true)
  if (only === undefined || only === '--only-life') await names(join(folder, 'ledger-fabric/testing/life-suite.ts'), () => true, true)
  if (only === undefined || only === '--only-share') await share()
  if (only === undefined || only === '--only-start') await withoutGo()
} catch (error) {
  check(`it runs to its end (${error instanceof Error ? error.message : String(error)})`, false)
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.skipped > 0 || counts.passed === 0 ? 1 : 0
