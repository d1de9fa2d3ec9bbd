// Blocks of a ledger replayed into an empty folder: every contract is run again, and the state is what they give.
import { readsNextOf, readsOf, viewOf } from '@mhmd/contracts'
import { findingOf, ledgerErrors } from '@mhmd/ledger'
import type { Block, Committed } from '@mhmd/ledger'
import { blockKey, blockValue, writeBatch } from './folder.ts'
import type { Database, StoredBlock } from './folder.ts'
import { State, newSnapshot, overlayWrites, stateOperations } from './state.ts'
import type { StateWrite } from './state.ts'

const CACHE_BYTES = 64 * 1024 * 1024

export class Replayer {
  height = -1
  transactions = 0
  /** Of the last block; before the first the network's id. */
  hash: string
  readonly #database: Database
  readonly #networkId: string
  readonly state: State

  constructor(database: Database, networkId: string) {
    this.#database = database
    this.#networkId = networkId
    this.state = new State(database, CACHE_BYTES)
    this.hash = networkId
  }

  /** The next block. Not synced: what begins the folder at the end is. Throws LEDGER_FALSE_BLOCK. */
  async add({ height, hash, text }: StoredBlock): Promise<void> {
    const overlay = new Map<string, StateWrite>()
    for (const [index, committed] of (JSON.parse(text) as Block).committed.entries()) {
      const finding = findingOf(committed, await this.#fetched(committed, overlay), this.#networkId)
      if (finding !== undefined) throw ledgerErrors.FALSE_BLOCK({ height, finding })
      overlayWrites(overlay, committed.writes, { height, index })
      this.transactions++
    }
    await writeBatch(this.#database, [{ type: 'put', key: blockKey(height), value: blockValue(hash, text) }, ...stateOperations(overlay)], { sync: false })
    this.state.committed(overlay)
    this.height = height
    this.hash = hash
  }

  async #fetched({ transaction }: Committed, overlay: ReadonlyMap<string, StateWrite>): Promise<ReturnType<typeof newSnapshot>> {
    const snapshot = newSnapshot()
    await this.state.fetch([{ reads: readsOf(transaction), snapshot }], overlay)
    await this.state.fetch([{ reads: readsNextOf(transaction, viewOf(snapshot)), snapshot }], overlay)
    return snapshot
  }
}
