// The devnet's ledger on Hyperledger Fabric: the founders have a peer each, they and one more organisation an orderer; everybody else reaches the ledger at the Ledger Office.
import { join } from 'node:path'
import { CHAINCODE, startFabricNetwork } from '@mhmd/ledger-fabric'
import type { FabricNetwork, NetworkPlan as FabricPlan } from '@mhmd/ledger-fabric'
import { useFabric } from '@mhmd/node/home'
import type { NetworkPlan, Place } from './roster.ts'

/** Above the ports of the organisations: 4 for each of four orderers, 5 for each of three peers. */
const PORTS_AT = 100
const PORTS = 4 * 4 + 3 * 5
const CHANNEL = 'mhmd'

function fabricPlan({ folder, basePort }: NetworkPlan, places: readonly Place[]): FabricPlan {
  const peers = places.filter((place) => place.founder).map(({ id }) => id)
  const fourth = places.findLast((place) => !place.founder)?.id
  return { folder: join(folder, 'fabric'), channel: CHANNEL, peers, orderers: [...peers, ...(fourth === undefined ? [] : [fourth])], basePort: basePort + PORTS_AT }
}

export const fabricPorts = ({ basePort }: NetworkPlan): number[] => Array.from({ length: PORTS }, (_, at) => basePort + PORTS_AT + at)

/** Makes or starts the Fabric network, and tells each node that has a peer how to reach it. */
export async function startFabric(plan: NetworkPlan, places: readonly Place[], say: (line: string) => void): Promise<FabricNetwork> {
  const fabric = await startFabricNetwork(fabricPlan(plan, places), { environment: process.env, say, ...(plan.groupOf === undefined ? {} : { groupOf: plan.groupOf }) })
  for (const { id, home } of places.filter((place) => fabric.plan.peers.includes(place.id))) {
    const { member: _, ...connection } = fabric.connection(id)
    useFabric(home, { channel: CHANNEL, chaincode: CHAINCODE, ...connection, site: { folder: fabric.plan.folder, bin: fabric.site.bin } })
  }
  say(`Hyperledger Fabric is up: orderers of ${fabric.plan.orderers.join(', ')}; peers of ${fabric.plan.peers.join(', ')}; everybody else through the ledger office`)
  return fabric
}
