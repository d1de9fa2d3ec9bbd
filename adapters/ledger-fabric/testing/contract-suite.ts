// The contract suite on a real Fabric network: each case on a chaincode of its own name, hence an empty state.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { fromUtf8 } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { contractSuite } from '@mhmd/contracts/testing'
import type { Engine, Submitted } from '@mhmd/contracts/testing'
import { attempt, openGateway, refusalAt } from '../src/client/gateway.ts'
import { startFabricNetwork } from '../src/index.ts'
import { until } from '../src/network/processes.ts'
import type { FabricNetwork } from '../src/index.ts'
import { planFor } from './plan.ts'

const anyTime = new URL('./chaincode-any-time.ts', import.meta.url).pathname
let network: FabricNetwork
let folder = ''
let cases = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fabric-'))
  network = await startFabricNetwork(planFor(folder, 100), { environment: process.env, chaincodeEntry: anyTime })
})
after(async () => {
  await network.stop()
  await rm(folder, { recursive: true })
})

async function emptyEngine(): Promise<Engine> {
  const chaincode = `case${cases++}`
  await network.define(chaincode)
  const connection = network.connection('rome')
  const gateway = openGateway(connection, { channel: network.plan.channel, chaincode })
  const get = async (key: Key): Promise<Canonical | undefined> => {
    const bytes = await gateway.contract.evaluateTransaction('get', JSON.stringify(key))
    return bytes.length === 0 ? undefined : JSON.parse(fromUtf8(bytes)) as Canonical
  }
  return {
    get,
    close: async () => gateway.close(),
    submit: async (tx): Promise<Submitted> => {
      const text = JSON.stringify(tx)
      // On a busy machine a peer may lose sight of the others for a moment, or lag behind them and refuse what they would take; neither says anything about the transaction.
      const done = await until('endorsement', 30, async () => {
        const attempted = await attempt(gateway.contract, text)
        if ('refusal' in attempted && await refusalAt(gateway.contract, text, connection.msp) === undefined) throw new Error('a peer that endorses lags behind')
        return attempted
      })
      if ('refusal' in done) return { ok: false, refusal: done.refusal }
      return done.code === 0 ? { ok: true, events: done.events } : { ok: false, refusal: { code: `FABRIC_CODE_${done.code}` } }
    },
  }
}

contractSuite('Fabric', emptyEngine)
