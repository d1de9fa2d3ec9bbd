// Shows by a trace of system calls that every acknowledgement leaves after its data were synced; a kill can't show that. Control: with the syncs taken out, each check must fail.
// Usage: npm run conformance -- sync-trace [--keep]
// Debian packages: strace
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faultOf, readSystemCalls } from './support/system-calls.ts'
import type { Acknowledgement, SystemCall } from './support/system-calls.ts'
import type { TracedActs } from './support/traced-network.ts'

const here = (name: string): string => new URL(`support/${name}`, import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'mhmd-sync-trace-'))
const counts = { passed: 0, failed: 0 }
const check = (what: string, holds: boolean): void => {
  counts[holds ? 'passed' : 'failed']++
  console.log(`${holds ? '✔' : '✘ FAILED:'} ${what}`)
}

if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) {
  console.log('CONFORMANCE_NO_STRACE: install Debian\'s strace, where processes may be traced, and run this again')
  console.log('0 passed, 0 failed, 1 skipped')
  process.exit(1)
}

/** Runs the small network under strace, with its syncs or without. */
async function traced(name: string, preload: readonly string[]): Promise<{ acts: TracedActs; calls: SystemCall[] }> {
  const trace = join(folder, `${name}.trace`)
  const acts = join(folder, `${name}.json`)
  const child = spawn('strace', [
    '-f', '--seccomp-bpf', '-y', '-s', '200000', '-o', trace, '-e', 'signal=none', '-e', 'trace=read,recvfrom,write,writev,pwrite64,sendto,sendmsg,fsync,fdatasync',
    process.execPath, ...preload.flatMap((file) => ['--import', file]), here('traced-network.ts'), acts,
  ], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, UV_USE_IO_URING: '0' } })
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  if (code !== 0) throw new Error(`the traced network ended with ${code}`)
  return { acts: JSON.parse(readFileSync(acts, 'utf8')) as TracedActs, calls: readSystemCalls(readFileSync(trace, 'latin1')) }
}

const walOf = (member: string): RegExp => new RegExp(`/${member}/data/store\\.db-wal$`)
const ledgerLog = /\/ledger\/data\/ledger\/\d+\.log$/

const any = (id: string): RegExp => new RegExp(id)

const acknowledgements = ({ decision, request, upload, job, marker }: TracedActs): Acknowledgement[] => [
  { name: 'a hospital takes a decision: its store', request: ['\\"opening\\":', decision], kept: [{ file: walOf('rome'), holds: any(decision) }] },
  { name: 'the account provider takes a decision: its store', request: ['\\"item\\":', decision], kept: [{ file: walOf('accounts'), holds: any(decision) }] },
  { name: 'a decision is said to be on the ledger: the ledger\'s log', request: [`GET /people/1/account/decisions/${decision}`], answer: /VALID/, kept: [{ file: ledgerLog, holds: any(decision) }] },
  { name: 'a request is filed: the institute\'s store and the ledger\'s log', request: [request], kept: [{ file: walOf('institute'), holds: any(request) }, { file: ledgerLog, holds: any(request) }] },
  { name: 'a file has arrived whole: the file itself', request: [`PUT /staff/1/uploads/${upload}`], kept: [{ file: /\/rome\/data\/spool\/[^/]+\.part$/, holds: any(marker) }] },
  { name: 'a file became a job: the hospital\'s store', request: [`PUT /staff/1/uploads/${upload}`], answer: any(job), kept: [{ file: walOf('rome'), holds: any(job) }] },
  { name: 'an import is done: the hospital\'s store', request: [`GET /staff/1/imports/${job}`], answer: /\\"created\\":\d+,\\"state\\":\\"done\\"/, kept: [{ file: walOf('rome'), holds: new RegExp(`${job}[^{]*\\{[^}]*\\},\\\\"state\\\\":\\\\"done\\\\"`) }] },
]

try {
  const real = await traced('real', [])
  const syncs = real.calls.filter(({ name }) => name === 'fsync' || name === 'fdatasync').length
  console.log(`${real.calls.length} system calls, ${syncs} syncs among them`)
  for (const one of acknowledgements(real.acts)) {
    const fault = faultOf(real.calls, one)
    check(`${one.name}, before the answer${fault === undefined ? '' : ` (${fault})`}`, fault === undefined)
  }
  const control = await traced('control', [here('without-sync.ts')])
  for (const one of acknowledgements(control.acts)) {
    const fault = faultOf(control.calls, one)
    check(`control, syncs taken out: ${one.name}: ${fault ?? 'nothing was noticed'}`, fault?.endsWith('before a sync') === true)
  }
} catch (error) {
  check(`it runs to its end (${error instanceof Error ? error.message : String(error)})`, false)
} finally {
  if (process.argv.includes('--keep')) console.log(`kept in ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}
console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
