// A small network for one scenario: the thread's five processes, whose patients are all known at both hospitals.
import { defaultPatients, seedPeople } from '@mhmd/devnet'
import type { SeedOptions, Seeded } from '@mhmd/devnet'
import { onLedger } from '@mhmd/client'
import type { Device } from '@mhmd/client'
import { onNetwork, until } from './on-network.ts'
import type { OnNetwork, ScenarioPlan } from './on-network.ts'

export interface SmallNetwork extends OnNetwork {
  readonly seeded: Seeded
}

export interface SmallNetworkOptions extends ScenarioPlan, Pick<SeedOptions, 'profileOf'> {
  readonly patients: number
}

export const onSmallNetwork = (name: string, { patients, profileOf, ...plan }: SmallNetworkOptions, scenario: (at: SmallNetwork) => Promise<void>): Promise<void> => onNetwork(name, plan, async (at) => {
  const seeded = await seedPeople(at.network, { patients, data: defaultPatients(), citizens: patients, hospitalsOf: () => ['rome', 'berlin'], say: plan.transcript.say, ...(profileOf === undefined ? {} : { profileOf }) })
  await scenario({ ...at, seeded })
})

/** Until every decision this device made has its outcome on the ledger. */
export async function untilOnLedger(device: Device): Promise<void> {
  for (const decision of device.state.decisions) await until('a decision is on the ledger', async () => !['WAITING', 'SENT'].includes((await onLedger(device, decision)).code))
}
