import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ledgerSuite } from '@mhmd/ledger/testing'
import { folderHolds } from '../testing/folder-holds.ts'
import { Engine } from './index.ts'

const clock = { now: () => Date.now() }

ledgerSuite('embedded engine in the same process', async (network) => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'))
  const open = (): Promise<Engine> => Engine.open({ folder, networkId: network.id, clock, workers: 1 })
  let engine = await open()
  return {
    as: (member) => engine.forMember(member),
    restart: async () => {
      await engine.close()
      engine = await open()
    },
    holdsBytes: async (bytes) => {
      await engine.close()
      const held = await folderHolds(folder, bytes)
      engine = await open()
      return held
    },
    close: async () => {
      await engine.close()
      await rm(folder, { recursive: true })
    },
  }
})
