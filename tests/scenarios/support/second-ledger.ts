// The ledger's operator against its members: two ledgers from one folder with one key, each shown to whom the operator likes; and blocks that it makes up.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ordinal } from '@mhmd/base'
import { committedText, composeBlockText, hashBlockText } from '@mhmd/ledger'
import type { Committed, Head } from '@mhmd/ledger'
import { ClassicLevel } from 'classic-level'

const mhmd = fileURLToPath(new URL('../../../apps/cli/bin/mhmd.mjs', import.meta.url))

export interface LedgerProcess {
  readonly home: string
  readonly port: number
  stop(): Promise<void>
}

/** Runs a ledger from a home whose port is changed: the address on the ledger leads to a forwarder of the operator's. */
export async function runLedger(home: string, port: number): Promise<LedgerProcess> {
  const file = join(home, 'config.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { member: { port: number } }
  writeFileSync(file, JSON.stringify({ ...config, member: { ...config.member, port } }))
  const child = spawn(process.execPath, [mhmd, 'ledger', 'run', '--home', home], { stdio: ['ignore', 'pipe', 'inherit'] })
  await ready(child)
  return { home, port, stop: () => stopped(child) }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => { if (chunk.toString().includes('"event":"ready"')) resolve() })
    child.once('exit', (code) => reject(new Error(`the ledger ended with ${code ?? 'a signal'}`)))
  })
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** What `mhmd ledger verify` says of a stopped ledger, and the exit code it ends with. */
export function verifyHome(home: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [mhmd, 'ledger', 'verify', '--home', home], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString() })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

/** Leads each connection to the port that `portFor` names for the process at its other end. */
export function forwarder(port: number, portFor: (pid: number) => number): Promise<Server> {
  const server = createServer((incoming) => {
    const outgoing = connect(portFor(processOf(incoming.remotePort ?? 0)), '127.0.0.1')
    incoming.pipe(outgoing).pipe(incoming)
    for (const [one, other] of [[incoming, outgoing], [outgoing, incoming]] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}

/** The process that has a local port open, as the kernel's tables tell. */
function processOf(port: number): number {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const inode = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/)).find((fields) => fields[1]?.endsWith(`:${wanted}`) === true)?.[9]
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) if (readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`) return Number(pid)
    } catch {
      // Gone, or not ours to see.
    }
  }
  return 0
}

export const copyHome = (from: string, to: string): void => cpSync(from, to, { recursive: true })

/** Puts a block with right hashes and the operator's own content at the end of a stopped ledger. */
export async function appendBlock(home: string, committed: Committed): Promise<Head> {
  const database = new ClassicLevel<string, string>(join(home, 'data', 'ledger'))
  try {
    const [last] = await database.iterator({ gte: 'b', lt: 'c', reverse: true, limit: 1 }).all()
    if (last === undefined) throw new Error('a ledger without blocks')
    const height = Number(last[0].slice(1)) + 1
    const text = composeBlockText({ height, previous: last[1].slice(0, 43), time: Date.now(), committed: [committedText(committed)] })
    const hash = hashBlockText(text)
    await database.put(`b${ordinal(height)}`, hash + text, { sync: true })
    return { height, hash }
  } finally {
    await database.close()
  }
}
