// Chains of made-up transactions, and a ledger that shows one: for tests of what follows a ledger, compares it, and catches a second history.
import { setTimeout as sleep } from 'node:timers/promises'
import { blockHash, ledgerErrors } from '@mhmd/ledger'
import type { Block, Ledger } from '@mhmd/ledger'

/** Chains of one `branch` are the same; those of two differ from the height `splits` on. */
export function madeUpChain(networkId: string, length: number, { branch = 'a', splits = 0 }: { readonly branch?: string; readonly splits?: number } = {}): Block[] {
  const blocks: Block[] = []
  for (let height = 0; height < length; height++) {
    const operationId = `operation ${height} ${height < splits ? '' : branch}`
    const transaction = { network: networkId, contract: 'consents@1', operation: 'decide', operationId, submitter: 'rome', time: 1, payload: null, key: '', signature: '' }
    const body = { height, previous: blocks.at(-1)?.hash ?? networkId, time: 1, committed: [{ transaction, code: 'VALID', writes: [{ key: ['operation', operationId] as const, value: { transaction: 'x' } }], events: [] }] }
    blocks.push({ ...body, hash: blockHash(body) })
  }
  return blocks
}

/** Shows these blocks, those too that are pushed later. */
export function ledgerOfBlocks(networkId: string, blocks: readonly Block[]): Pick<Ledger, 'head' | 'blocks'> {
  return {
    head: async () => ({ height: blocks.length - 1, hash: blocks.at(-1)?.hash ?? networkId }),
    blocks: async function* (from, signal) {
      for (let height = from; signal?.aborted !== true;) {
        const block = blocks[height]
        if (block === undefined) await sleep(5)
        else {
          yield block
          height++
        }
      }
      throw ledgerErrors.CLOSED()
    },
  }
}
