// The contracts' next version: it runs beside the present one while organisations vote, and takes over when a majority has.
import { CHAINCODE, approve, commit, install } from './contracts.ts'
import { peersOf } from './layout.ts'
import { peerOf } from './site.ts'
import { endorses } from './start.ts'
import type { FabricNetwork } from './start.ts'

/** One organisation makes the next version ready beside the present one, and votes for it. `command`: Node's arguments up to the program, where it isn't the one of this repository. */
export async function voteForContracts(network: FabricNetwork, member: string, command?: readonly string[]): Promise<void> {
  const version = (network.plan.contracts ?? 1) + 1
  const place = peerOf(network.plan, member)
  const present = network.processes.get(`chaincode ${member}`)
  network.processes.delete(`chaincode ${member}`)
  try {
    await network.revive(`chaincode ${member}`, { version, ...(command === undefined ? {} : { command }) })
    const next = network.processes.get(`chaincode ${member}`)
    if (next !== undefined) network.processes.set(nextName(member), next)
  } finally {
    if (present !== undefined) network.processes.set(`chaincode ${member}`, present)
  }
  await install(network.site, place, version)
  await approve(network.site, place, { name: CHAINCODE, version })
}

/** Makes the next version the channel's by the votes of these members. An organisation that didn't vote follows the channel and can't endorse until it does. Throws FABRIC_PROGRAM_FAILED where they are no majority. */
export async function commitContracts(network: FabricNetwork, voters: readonly string[]): Promise<void> {
  const { plan } = network
  const version = (plan.contracts ?? 1) + 1
  for (const member of voters) peerOf(plan, member)
  await commit(network.site, { name: CHAINCODE, version }, peersOf(plan).filter(({ member }) => voters.includes(member)))
  network.replan({ ...plan, contracts: version })
  await Promise.all(peersOf(plan).map(async ({ member }) => {
    const next = network.processes.get(nextName(member))
    await network.end(`chaincode ${member}`)
    network.processes.delete(nextName(member))
    if (next !== undefined) network.processes.set(`chaincode ${member}`, next)
  }))
  await Promise.all(voters.map((member) => endorses(network.plan, member)))
}

/** An organisation that didn't vote in time takes the version that the channel has. */
export async function catchUpContracts(network: FabricNetwork, member: string, command?: readonly string[]): Promise<void> {
  const place = peerOf(network.plan, member)
  const version = network.plan.contracts ?? 1
  await network.revive(`chaincode ${member}`, command === undefined ? {} : { command })
  await install(network.site, place, version)
  await approve(network.site, place, { name: CHAINCODE, version })
  await endorses(network.plan, member)
}

const nextName = (member: string): string => `chaincode ${member} next`
