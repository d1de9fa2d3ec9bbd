// The engine itself, real files and blocks, behind the interface of the contract suite. Its clock follows the transactions' times, which lie in 2030.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MhmdError } from '@mhmd/base'
import { network, suiteTime } from '@mhmd/contracts/testing'
import type { Engine as ContractEngine, Submitted } from '@mhmd/contracts/testing'
import type { Receipt } from '@mhmd/ledger'
import { Engine } from '../src/index.ts'

export async function embeddedContractEngine(): Promise<ContractEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'contracts-'))
  const time = { now: suiteTime }
  const engine = await Engine.open({ folder, networkId: network, clock: { now: () => time.now }, workers: 0 })
  return {
    submit: async (tx, privateValue) => {
      // A time that is none must not move the clock; the engine then judges it by its own.
      if (Number.isSafeInteger(tx.time)) time.now = tx.time
      const before = engine.head.height
      try {
        return submittedOf(await engine.submit(tx, privateValue), before)
      } catch (error) {
        if (MhmdError.isInstance(error) && error.code === 'LEDGER_BAD_TRANSACTION') return { ok: false, refusal: { code: 'CONTRACT_BAD_TRANSACTION' } }
        throw error
      }
    },
    get: async (key) => (await engine.state.entry(key)).value,
    close: async () => {
      await engine.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The engine answers what has taken effect already with its first receipt, as the port says; the suite wants the contract's refusal, which stands behind that. */
function submittedOf(receipt: Receipt, before: number): Submitted {
  if (receipt.status === 'refused') return { ok: false, refusal: receipt.refusal }
  if (receipt.height <= before) return { ok: false, refusal: { code: 'CONTRACT_OPERATION_DONE' } }
  return { ok: true, events: receipt.events }
}
