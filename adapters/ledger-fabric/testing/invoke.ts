// Fabric's own command line on a running network, past every program of this project but the chaincode.
import type { Transaction } from '@mhmd/contracts'
import { CHAINCODE } from '../src/index.ts'
import type { FabricNetwork } from '../src/index.ts'
import { peersOf } from '../src/network/layout.ts'
import { atPeers, ordering, tool } from '../src/network/site.ts'

/** `peer chaincode invoke` by one organisation's administrator at the peers of some members: 'VALID', or what the command line said. */
export async function invokeDirectly({ site, plan }: FabricNetwork, transaction: Transaction, endorsers: readonly string[] = plan.peers): Promise<string> {
  const places = peersOf(plan).filter(({ member }) => endorsers.includes(member))
  const call = JSON.stringify({ Args: ['submit', JSON.stringify(transaction)] })
  try {
    await tool(site, 'peer', ['chaincode', 'invoke', ...ordering(site), '-C', plan.channel, '-n', CHAINCODE, '-c', call, ...atPeers(places), '--waitForEvent'], places[0])
    return 'VALID'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
