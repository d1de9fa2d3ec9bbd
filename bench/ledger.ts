// Bench of the embedded ledger: pre-signed consent decisions by different keys, durable, one in a hundred with a bad signature.
// The ledger is a process of its own, reached over mutual TLS and measured from outside (/proc); the machine's own rate of
// Ed25519 verification is measured in the same run. Usage: npm run bench -- ledger [DECISIONS [CITIZENS]] [--batch N]
// --batch: decisions travel in transactions of N, each with its own citizen's signature; a bad one is refused alone.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'
import { sampleId, sampleNetwork } from '@mhmd/ledger/testing'
import { proofsOf } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import type { Ledger } from '@mhmd/ledger'
import { embeddedLedgerClient } from '@mhmd/ledger-embedded'
import { clientOf, sampleTls } from '@mhmd/ledger-embedded/testing'

const TICKS_PER_SECOND = 100
const BAD_EVERY = 100
/** Decisions under way at once. */
const IN_FLIGHT = 3000
/** The name that Node gives to threads of workers: those that verify are the only ones. */
const VERIFYING = 'WorkerThread'
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

const { values: { batch }, positionals: [asked = '20000', people = '10000'] } = parseArgs({ allowPositionals: true, options: { batch: { type: 'string', default: '1' } } })
const perTransaction = Number(batch)

if (!isMainThread) verifyForASecond()
else await main(Number(asked), Number(people))

async function main(decisions: number, citizens: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ledger-'))
  const tls = await sampleTls()
  const network = sampleNetwork({ now: () => Date.now() })
  const { child, port } = await startLedger({ folder: join(folder, 'ledger'), networkId: network.id, port: 0, workers: availableParallelism(), tls })
  const clients = [clientOf('rome', tls), clientOf('accounts', tls)] as const
  const ledgers = clients.map((client) => embeddedLedgerClient({ client, peer: () => ({ endpoint: `https://127.0.0.1:${port}`, serverName: 'rome.localhost', pins: [tls.rome.pin] }) }))
  const [rome, accounts] = ledgers as [Ledger, Ledger]
  try {
    console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}`)
    await rome.submit(network.genesis())
    console.log(`enrolling ${citizens} citizens …`)
    await submitAll(accounts, citizens, (n) => network.enrol(n))
    console.log(`signing ${decisions} decisions …`)
    const perCitizen = (i: number): Transaction => network.decide(i % citizens, Math.floor(i / citizens) + 1)
    const alone = Array.from({ length: decisions }, (_, i) => (i % BAD_EVERY === BAD_EVERY - 1 ? withBadSignature(perCitizen(i)) : perCitizen(i)))
    const signed = perTransaction === 1 ? alone : Array.from({ length: Math.ceil(decisions / perTransaction) }, (_, i) => network.transaction('rome', {
      contract: 'consents@1', operation: 'decide-batch', operationId: sampleId(`batch ${i}`), payload: { items: alone.slice(i * perTransaction, (i + 1) * perTransaction).map(({ payload }) => payload) },
    }))

    // Measured before and after, and averaged: other work on the machine comes and goes.
    const costBefore = verifyCost(signed)
    const ratesBefore = await verifyRateOfAllCores()
    const before = await usageOf(child)
    const started = performance.now()
    const outcomes = await submitAll(rome, signed.length, (i) => signed[i] as Transaction, Math.ceil(IN_FLIGHT / perTransaction))
    const wall = (performance.now() - started) / 1000
    const after = await usageOf(child)

    const secondsEach = (costBefore + verifyCost(signed)) / 2
    const bothCores = (ratesBefore + await verifyRateOfAllCores()) / 2
    const cpu = after.cpuSeconds - before.cpuSeconds
    const checks = signed.reduce((sum, transaction) => sum + proofsOf(transaction).length, 0)
    const inThreads = (after.byThread[VERIFYING] ?? 0) - (before.byThread[VERIFYING] ?? 0)
    // Never more than the threads that verify have spent: on a busy machine the loop beside them can be the slower one.
    const verifyCpu = Math.min(checks * secondsEach, inThreads)
    const line = (name: string, value: string): void => console.log(`${name.padEnd(58)} ${value}`)
    line('decisions submitted, committed, refused', `${decisions}, ${outcomes.committed}, ${outcomes.refused}`)
    line('different keys', String(Math.min(decisions, citizens)))
    line('durable decisions a second (wall)', (outcomes.committed / wall).toFixed(0))
    line('signature checks a second (wall)', (checks / wall).toFixed(0))
    line('this machine, all cores: Ed25519 verifications a second', bothCores.toFixed(0))
    line('this machine, one core: Ed25519 verifications a second', (1 / secondsEach).toFixed(0))
    line('checks a second ÷ the machine’s own all-core rate', (checks / wall / bothCores).toFixed(3))
    line('CPU of the ledger process, s', cpu.toFixed(2))
    line('CPU that the verifications alone take, s', verifyCpu.toFixed(2))
    line(`verify CPU ÷ ledger-process CPU (bar: ${perTransaction === 1 ? '0.60' : '0.75'})`, (verifyCpu / cpu).toFixed(3))
    for (const [name, seconds] of Object.entries(after.byThread)) line(`  of it, threads "${name}", s`, (seconds - (before.byThread[name] ?? 0)).toFixed(2))
    line('ledger process, resident MiB: before, after, peak', `${before.residentMiB}, ${after.residentMiB}, ${after.peakMiB}`)
    if (outcomes.refused !== Math.floor(decisions / BAD_EVERY) || outcomes.failed > 0) throw new Error(`expected ${Math.floor(decisions / BAD_EVERY)} refusals and no failure: ${JSON.stringify(outcomes)}`)
  } finally {
    await Promise.all([...ledgers.map((ledger) => ledger.close()), ...clients.map((client) => client.close())])
    child.kill('SIGTERM')
    await once(child, 'exit')
    await rm(folder, { recursive: true })
  }
}

async function startLedger(settings: object): Promise<{ child: ChildProcess; port: number }> {
  const entry = new URL('../adapters/ledger-embedded/testing/ledger-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [entry, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(child.stdout), 'line') as [string]
  return { child, port: (JSON.parse(line) as { port: number }).port }
}

/** Keeps a fixed number under way. */
async function submitAll(ledger: Ledger, count: number, transactionOf: (n: number) => Transaction, lanes = IN_FLIGHT): Promise<{ committed: number; refused: number; failed: number }> {
  const outcomes = { committed: 0, refused: 0, failed: 0 }
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const receipt = await ledger.submit(transactionOf(next++)).catch(() => undefined)
      const items = receipt?.status === 'committed' ? receipt.events.filter(({ name }) => name === 'item') : []
      if (items.length === 0) outcomes[receipt === undefined ? 'failed' : receipt.status]++
      for (const { payload } of items) outcomes[(payload as { code: string }).code === 'VALID' ? 'committed' : 'refused']++
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return outcomes
}

/** Her signature with one bit flipped; the submitter's own is then wrong too, which is what a forger can do. */
function withBadSignature(transaction: Transaction): Transaction {
  const payload = transaction.payload as { readonly signature: string }
  return { ...transaction, payload: { ...payload, signature: `${payload.signature[0] === 'A' ? 'B' : 'A'}${payload.signature.slice(1)}` } }
}

/** CPU of one verification on one core without the key's import, over the same signatures. */
function verifyCost(signed: readonly Transaction[]): number {
  const checks = signed.slice(0, Math.ceil(4000 / perTransaction)).flatMap(proofsOf).map((check) => ({ key: createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(check.publicKey, 'base64url')]), format: 'der', type: 'spki' }), bytes: check.bytes, signature: Buffer.from(check.signature, 'base64url') }))
  const before = process.cpuUsage()
  for (const { key, bytes, signature } of checks) verify(null, bytes, key, signature)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6 / checks.length
}

/** Verifications a second with a thread on each core, for a second. */
async function verifyRateOfAllCores(): Promise<number> {
  const workers = Array.from({ length: availableParallelism() }, () => new Worker(new URL(import.meta.url)))
  const rates = await Promise.all(workers.map(async (worker) => (await once(worker, 'message') as [number])[0]))
  await Promise.all(workers.map((worker) => worker.terminate()))
  return rates.reduce((sum, rate) => sum + rate, 0)
}

function verifyForASecond(): void {
  const network = sampleNetwork({ now: () => 1 })
  const [check] = proofsOf(network.decide(0, 1))
  if (check === undefined) throw new Error('no signature to check')
  const key = createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(check.publicKey, 'base64url')]), format: 'der', type: 'spki' })
  const signature = Buffer.from(check.signature, 'base64url')
  let count = 0
  const started = performance.now()
  while (performance.now() - started < 1000) {
    verify(null, check.bytes, key, signature)
    count++
  }
  parentPort?.postMessage((count * 1000) / (performance.now() - started))
}

interface Usage { readonly cpuSeconds: number; readonly byThread: Readonly<Record<string, number>>; readonly residentMiB: number; readonly peakMiB: number }

function secondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** From /proc: user and system time of all its threads, and by their names; resident and peak memory. */
async function usageOf(child: ChildProcess): Promise<Usage> {
  const byThread: Record<string, number> = {}
  for (const thread of await readdir(`/proc/${child.pid}/task`)) {
    const stat = await readFile(`/proc/${child.pid}/task/${thread}/stat`, 'utf8')
    const name = Number(thread) === child.pid ? 'main' : stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    byThread[name] = (byThread[name] ?? 0) + secondsIn(stat)
  }
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const mebibytes = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
  return { cpuSeconds: secondsIn(await readFile(`/proc/${child.pid}/stat`, 'utf8')), byThread, residentMiB: mebibytes('VmRSS'), peakMiB: mebibytes('VmHWM') }
}
