// The ledger port as one authenticated member has it, on an engine in the same process.
import { ledgerErrors } from '@mhmd/ledger'
import type { Block, Head, Ledger, Receipt } from '@mhmd/ledger'
import type { StoredBlock } from './folder.ts'
import type { PrivateValues } from './private-values.ts'
import type { State } from './state.ts'

/** The engine as far as a member's view of it needs it. */
export interface ServingEngine extends Pick<Ledger, 'submit'> {
  readonly head: Head
  readonly state: State
  readonly stopped: Error | undefined
  readonly privateValues: PrivateValues
  outcome(operationId: string): Promise<Receipt | undefined>
  storedBlocks(from: number, signal?: AbortSignal): AsyncIterable<StoredBlock>
}

/** Page size of `range` where none is asked for, and the largest there is. */
export const MAX_PAGE = 10_000

/** `close` leaves the engine running: it belongs to whoever opened it. */
export function memberLedger(engine: ServingEngine, member: string): Ledger {
  return {
    submit: async (transaction, privateValue) => {
      if (transaction?.submitter !== member) throw ledgerErrors.FORBIDDEN({ member })
      return engine.submit(transaction, privateValue)
    },
    outcome: (operationId) => engine.outcome(operationId),
    get: async (key) => (await engine.state.entry(key)).value,
    range: async (prefix, page = {}) => engine.state.range(prefix, { ...page, limit: Math.min(page.limit ?? MAX_PAGE, MAX_PAGE) }),
    head: async () => {
      if (engine.stopped !== undefined) throw engine.stopped
      return engine.head
    },
    blocks: (from, signal) => parsed(engine.storedBlocks(from, signal)),
    privateGet: (key) => engine.privateValues.get(member, key),
    privatePurge: (key) => engine.privateValues.purge(member, key),
    close: async () => undefined,
  }
}

async function* parsed(blocks: AsyncIterable<StoredBlock>): AsyncGenerator<Block> {
  for await (const block of blocks) yield { ...(JSON.parse(block.text) as Omit<Block, 'hash'>), hash: block.hash }
}
