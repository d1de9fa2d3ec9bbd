// What the stopped ledger's folder says of a kill run: which acts took effect how often, the newest version of each choice, and a full replay.
import type { Block } from '@mhmd/ledger'
import { Engine, verifyFolder } from '@mhmd/ledger-embedded'

export interface LedgerTold {
  readonly height: number
  /** How often an operation took effect, by its id; for a decision by its own id, whoever carried it. */
  readonly effects: ReadonlyMap<string, number>
  /** How often a request was filed, by its id. */
  readonly filed: ReadonlyMap<string, number>
  /** How often a release was recorded, by its id. */
  readonly released: ReadonlyMap<string, number>
  /** The newest version by `kind holder subject`. */
  readonly versions: ReadonlyMap<string, { readonly version: number; readonly state: string }>
  readonly problems: readonly string[]
}

interface Item {
  readonly operationId: string
  readonly code: string
}

export async function readLedger(folder: string, networkId: string): Promise<LedgerTold> {
  const report = await verifyFolder(folder, { networkId })
  const effects = new Map<string, number>()
  const filed = new Map<string, number>()
  const released = new Map<string, number>()
  const versions = new Map<string, { version: number; state: string }>()
  const engine = await Engine.open({ folder, networkId, clock: { now: () => Date.now() }, workers: 0 })
  const { height } = engine.head
  for await (const stored of engine.storedBlocks(0)) {
    for (const committed of (JSON.parse(stored.text) as Block).committed) {
      if (committed.code !== 'VALID') continue
      const { transaction, events, writes } = committed
      for (const id of [transaction.operationId, ...events.filter((event) => event.name === 'item').map((event) => event.payload as unknown as Item).filter((item) => item.code === 'VALID').map((item) => item.operationId)]) count(effects, id)
      const payload = transaction.payload as { request?: string; release?: string }
      if (transaction.contract === 'requests@2' && transaction.operation === 'file') count(filed, payload.request ?? '')
      if (transaction.contract === 'releases@2' && transaction.operation === 'record') count(released, payload.release ?? '')
      for (const { key, value } of writes) if (key[0] === 'consent' || key[0] === 'opt-out') versions.set(key.join(' '), value as unknown as { version: number; state: string })
    }
    if (stored.height === height) break
  }
  await engine.close()
  return { height, effects, filed, released, versions, problems: report.findings.map((finding) => JSON.stringify(finding)) }
}

const count = (counts: Map<string, number>, id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1)
