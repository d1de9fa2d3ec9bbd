// The ledger through this organisation's own Fabric peer, where its folder names one.
import type { Log, Randomness } from '@mhmd/base'
import type { Ledger } from '@mhmd/ledger'
import type { FabricGateway, FabricLedgerOptions } from '@mhmd/ledger-fabric'
import type { FabricChannelShown } from '@mhmd/schema'
import { homePaths, readFabric } from './home.ts'
import type { FabricSite } from './home.ts'

/** Undefined where the folder names no peer. Throws NODE_HOME_BAD, SCHEMA_NOT_VALID. */
export function fabricOptions(home: string, parts: { readonly member: string; readonly networkId: string; readonly log: Log; readonly randomness: Randomness }): FabricLedgerOptions | undefined {
  const fabric = readFabric(home)
  if (fabric === undefined) return undefined
  const { channel, chaincode, site: _, ...peer } = fabric
  const { member, ...rest } = parts
  return { ...rest, channel, chaincode, connection: { ...peer, member }, privateFolder: homePaths(home).fabricKeys, marksFile: homePaths(home).fabricMarks }
}

// Loaded where it is used: a node on the embedded ledger has no need of Fabric's client.
export const openFabricLedger = async (options: FabricLedgerOptions): Promise<Ledger> => (await import('@mhmd/ledger-fabric')).fabricLedger(options)
export const openFabricGateway = async (options: FabricLedgerOptions): Promise<FabricGateway> => (await import('@mhmd/ledger-fabric')).fabricGateway(options)

/** The channel and its processes as administrators see them. Throws where the network in the folder doesn't answer. */
export async function channelOf({ folder, bin }: FabricSite, now: number): Promise<FabricChannelShown> {
  const { endingSoon, ledgerMembers, mismatches, networkState, savedPlan } = await import('@mhmd/ledger-fabric')
  const plan = savedPlan(folder)
  if (plan === undefined) throw new Error('no network in this folder')
  const site = { plan, bin }
  const state = await networkState(site)
  const { channel, contracts: { version, approvals }, settings, processes, certificates } = state
  return {
    channel, version, votes: Object.entries(approvals).map(([organisation, approves]) => ({ organisation, approves })), settings,
    processes: processes.map(({ height, lag, ...process }) => ({ ...process, height: height ?? null, lag: lag ?? null })),
    certificates: certificates.map(({ msp, what, until }) => ({ organisation: msp, what, until: until.getTime() })),
    alarms: [...mismatches(state, await ledgerMembers(site)), ...state.unfinished, ...endingSoon(state, now)],
  }
}
