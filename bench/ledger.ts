// Bench of the embedded ledger: pre-signed consent decisions by different keys, durable, one in a hundred with a bad signature.
// The ledger is a process of its own, reached over mutual TLS and measured from outside (/proc); the machine's own rate of
// Ed25519 verification is measured in the same run. Usage: npm run bench -- ledger [DECISIONS [CITIZENS]]
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { proofsOf } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import type { Ledger } from '@mhmd/ledger'
import { embeddedLedgerClient } from '@mhmd/ledger-embedded'
import { clientOf, sampleTls } from '@mhmd/ledger-embedded/testing'

const TICKS_PER_SECOND = 100
const BAD_EVERY = 100
const IN_FLIGHT = 3000
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

if (!isMainThread) verifyForASecond()
else await main(Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 10_000))

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
    const signed = Array.from({ length: decisions }, (_, i) => (i % BAD_EVERY === BAD_EVERY - 1 ? withBadSignature(perCitizen(i)) : perCitizen(i)))

    // Measured before and after, and averaged: other work on the machine comes and goes.
    const costBefore = verifyCost(signed)
    const ratesBefore = await verifyRateOfAllCores()
    const before = await usageOf(child)
    const started = performance.now()
    const outcomes = await submitAll(rome, decisions, (i) => signed[i] as Transaction)
    const wall = (performance.now() - started) / 1000
    const after = await usageOf(child)

    const secondsEach = (costBefore + verifyCost(signed)) / 2
    const bothCores = (ratesBefore + await verifyRateOfAllCores()) / 2
    const cpu = after.cpuSeconds - before.cpuSeconds
    const checks = signed.reduce((sum, transaction) => sum + proofsOf(transaction).length, 0)
    const verifyCpu = checks * secondsEach
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
    line('verify CPU ÷ ledger-process CPU (bar: 0.50)', (verifyCpu / cpu).toFixed(3))
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
async function submitAll(ledger: Ledger, count: number, transactionOf: (n: number) => Transaction): Promise<{ committed: number; refused: number; failed: number }> {
  const outcomes = { committed: 0, refused: 0, failed: 0 }
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const receipt = await ledger.submit(transactionOf(next++)).catch(() => undefined)
      outcomes[receipt === undefined ? 'failed' : receipt.status]++
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return outcomes
}

/** Her signature with one bit flipped; the submitter's own is then wrong too, which is what a forger can do. */
function withBadSignature(transaction: Transaction): Transaction {
  const payload = transaction.payload as { readonly signature: string }
  return { ...transaction, payload: { ...payload, signature: `${payload.signature[0] === 'A' ? 'B' : 'A'}${payload.signature.slice(1)}` } }
}

/** CPU of one verification on one core without the key's import, over the same signatures. */
function verifyCost(signed: readonly Transaction[]): number {
  const checks = signed.slice(0, 4000).flatMap(proofsOf).map((check) => ({ key: createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(check.publicKey, 'base64url')]), format: 'der', type: 'spki' }), bytes: check.bytes, signature: Buffer.from(check.signature, 'base64url') }))
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

/** From /proc: user and system time of all its threads, resident and peak memory. */
async function usageOf(child: ChildProcess): Promise<{ cpuSeconds: number; residentMiB: number; peakMiB: number }> {
  const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const mebibytes = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, residentMiB: mebibytes('VmRSS'), peakMiB: mebibytes('VmHWM') }
}
