// The suite of the ledger port on a real Fabric network: four BFT orderers, three peers, the chaincode as a service.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { toBase64Url } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { ledgerSuite } from '@mhmd/ledger/testing'
import type { SampleMember } from '@mhmd/ledger/testing'
import type { Ledger } from '@mhmd/ledger'
import { CHAINCODE, fabricLedger, startFabricNetwork } from '../src/index.ts'
import { planFor } from './plan.ts'

ledgerSuite('Fabric', async (network) => {
  const folder = await mkdtemp(join(tmpdir(), 'fabric-'))
  const plan = planFor(folder, 0)
  let fabric = await startFabricNetwork(plan, { environment: process.env })
  const clients = new Map<SampleMember, Ledger>()
  const as = (member: SampleMember): Ledger => {
    const present = clients.get(member) ?? fabricLedger({
      connection: fabric.connection(member), channel: plan.channel, chaincode: CHAINCODE, networkId: network.id, privateFolder: join(folder, 'private', member),
      randomness: { bytes: (length: number) => randomBytes(length) }, log: (event, details) => { if (process.env['FABRIC_LOG'] !== undefined) console.error(event, JSON.stringify(details)) },
    })
    clients.set(member, present)
    return present
  }
  const stop = async (): Promise<void> => {
    await Promise.all([...clients.values()].map((client) => client.close()))
    clients.clear()
    await fabric.stop()
  }
  return {
    as,
    restart: async () => {
      await stop()
      fabric = await startFabricNetwork(plan, { environment: process.env })
    },
    holdsBytes: (bytes) => holds(folder, bytes),
    close: async () => {
      await stop()
      await rm(folder, { recursive: true })
    },
  }
})

/** Whether somebody with every file could have these bytes: as they stand, or sealed on a peer with their key still in its member's folder. */
async function holds(folder: string, bytes: Uint8Array): Promise<boolean> {
  const hash = toBase64Url(sha256(bytes))
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  for (const { parentPath, name } of files) {
    // A file of a database may have gone since the folder was listed.
    const content = await readFile(join(parentPath, name)).catch(() => Buffer.alloc(0))
    if (content.includes(Buffer.from(bytes)) || (parentPath.includes('/private/') && content.includes(`"valueHash":"${hash}"`))) return true
  }
  return false
}
