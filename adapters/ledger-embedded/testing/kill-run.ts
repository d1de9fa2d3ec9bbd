// Kills a ledger process again and again under load, from one seed, and then holds what clients were told against what the folder holds.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transaction } from '@mhmd/contracts'
import type { Block, Ledger, Receipt, VerifyReport } from '@mhmd/ledger'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { Engine, embeddedLedgerClient, verifyFolder } from '@mhmd/ledger-embedded'
import { clientOf, sampleTls } from './sample-members.ts'
import { seeded } from './seeded.ts'
import type { LedgerProcessSettings } from './ledger-process.ts'

export interface KillReport {
  readonly seed: number
  readonly kills: number
  readonly acknowledged: number
  /** Operation ids that were acknowledged and are not where their receipt says. */
  readonly lost: readonly string[]
  /** Operation ids that stand in blocks more than once. */
  readonly twice: readonly string[]
  /** Acts that the client was not told the outcome of, or was refused. */
  readonly unanswered: number
  readonly verified: VerifyReport
}

const LANES = 8

/** Starts the process; its port is the one given, or a free one. */
async function startLedgerProcess(settings: LedgerProcessSettings): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [new URL('./ledger-process.ts', import.meta.url).pathname, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'exit').then(([code]) => { throw new Error(`the ledger process ended with ${String(code)}`) })]) as [string]
  return { child, port: (JSON.parse(line) as { port: number }).port }
}

export async function killRun({ kills, seed }: { readonly kills: number; readonly seed: number }): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'kills-'))
  const tls = await sampleTls()
  const network = sampleNetwork({ now: () => Date.now() })
  const settings: LedgerProcessSettings = { folder, networkId: network.id, port: 0, workers: 1, tls }
  let { child, port } = await startLedgerProcess(settings)
  const clients = { rome: clientOf('rome', tls), accounts: clientOf('accounts', tls) }
  const as = (member: 'rome' | 'accounts'): Ledger => embeddedLedgerClient({ client: clients[member], peer: () => ({ endpoint: `https://127.0.0.1:${port}`, serverName: 'rome.localhost', pins: [tls.rome.pin] }), deadlineMs: 60_000 })
  const ledgers = { rome: as('rome'), accounts: as('accounts') }
  const acknowledged = new Map<string, Receipt>()
  const submit = async (member: 'rome' | 'accounts', transaction: Transaction): Promise<boolean> => {
    const receipt = await ledgers[member].submit(transaction).catch(() => undefined)
    if (receipt?.status === 'committed') acknowledged.set(transaction.operationId, receipt)
    return receipt?.status === 'committed'
  }
  const random = seeded(seed)
  let running = true
  let next = 0
  let unanswered = 0
  const lane = async (): Promise<void> => {
    while (running) {
      const n = next++
      for (const act of [() => submit('accounts', network.enrol(n)), () => submit('rome', network.decide(n, 1)), () => submit('rome', network.decide(n, 2, { operation: 'withdraw' }))]) if (!await act()) unanswered++
    }
  }
  try {
    await submit('rome', network.genesis())
    const lanes = Promise.all(Array.from({ length: LANES }, lane))
    for (let kill = 0; kill < kills; kill++) {
      // Under load, or the kill would meet an idle process: the clients' pauses grow while it is away.
      for (const before = acknowledged.size; acknowledged.size === before;) await sleep(5)
      await sleep(random() * 150)
      child.kill('SIGKILL')
      await once(child, 'exit')
      ;({ child, port } = await startLedgerProcess({ ...settings, port }))
    }
    await sleep(100)
    running = false
    await lanes
    child.kill('SIGTERM')
    await once(child, 'exit')
    return { seed, kills, acknowledged: acknowledged.size, unanswered, ...await compared(folder, network.id, acknowledged), verified: await verifyFolder(folder, { networkId: network.id }) }
  } finally {
    child.kill('SIGKILL')
    await Promise.all([ledgers.rome.close(), ledgers.accounts.close(), clients.rome.close(), clients.accounts.close()])
    await rm(folder, { recursive: true })
  }
}

async function compared(folder: string, networkId: string, acknowledged: ReadonlyMap<string, Receipt>): Promise<{ lost: string[]; twice: string[] }> {
  const engine = await Engine.open({ folder, networkId, clock: { now: () => Date.now() }, workers: 0 })
  const places = new Map<string, string[]>()
  const stop = new AbortController()
  for await (const { height, text } of engine.storedBlocks(0, stop.signal)) {
    for (const [index, { transaction }] of (JSON.parse(text) as Block).committed.entries()) places.set(transaction.operationId, [...places.get(transaction.operationId) ?? [], `${height}.${index}`])
    if (height === engine.head.height) break
  }
  await engine.close()
  const lost = [...acknowledged].filter(([id, receipt]) => receipt.status === 'committed' && !places.get(id)?.includes(`${receipt.height}.${receipt.index}`)).map(([id]) => id)
  return { lost, twice: [...places].filter(([, at]) => at.length > 1).map(([id]) => id) }
}
