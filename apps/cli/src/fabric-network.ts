// mhmd network … for a ledger on Hyperledger Fabric: what its network looks like, and every change of it, on a machine that holds the network's folder.
import { addOrderer, addOrganisation, backUpPeer, catchUpContracts, commitContracts, endingSoon, fabricErrors, joinBySnapshot, ledgerMembers, mismatches, networkState, openSite, rebuildPeer, removeOrderer, removeOrganisation, restorePeer, rotateOrderer, rotatePeer, savedPlan, snapshotPeer, startFabricNetwork, voteForContracts } from '@mhmd/ledger-fabric'
import type { FabricNetwork, NetworkState } from '@mhmd/ledger-fabric'
import type { Command } from 'commander'
import { clock, command } from './action.ts'
import { cliErrors } from './errors.ts'
import { outputOf } from './output.ts'

interface Options {
  readonly folder: string
  readonly member: string
  readonly json?: boolean
}

const inFolder = (name: string, description: string): Command => command(name, description).requiredOption('--folder <folder>', 'the Fabric network\'s folder, with plan.json (npm start: the folder fabric of the network\'s)')

/** A change to the network in a folder, which is started for it and stopped again. `act` gives what is said. */
const change = <O extends Options>(name: string, description: string, act: (network: FabricNetwork, options: O) => Promise<string>): Command =>
  inFolder(name, `${description}; cut off, it is finished by giving it again`).requiredOption('--member <member>', 'the organisation').action(async (options: O) => {
    outputOf(options).progress(`Starting the network in ${options.folder} …`)
    const network = await started(options.folder)
    try {
      outputOf(options).progress(`It runs. ${name} …`)
      const said = await act(network, options)
      outputOf(options).result({ done: name, member: options.member, said }, [said])
    } finally {
      await network.stop()
    }
  })

/** Throws FABRIC_NO_NETWORK, FABRIC_RUNNING, FABRIC_PORT_TAKEN. */
async function started(folder: string): Promise<FabricNetwork> {
  const plan = savedPlan(folder)
  if (plan === undefined) throw fabricErrors.NO_NETWORK({ folder })
  return startFabricNetwork(plan, { environment: process.env })
}

export const fabricNetworkCommands = (): Command[] => [
  inFolder('status', 'a Fabric network that runs: members, rules, certificates, height and health of every process').action(async (options: Options) => {
    const site = await openSite(options.folder, process.env)
    const state = await networkState(site)
    const alarms = [...mismatches(state, await ledgerMembers(site)), ...state.unfinished, ...endingSoon(state, clock.now())]
    outputOf(options).result({ ...state, alarms }, textOf(state, alarms))
  }),
  change('add-organisation', 'an organisation gets a peer: it endorses, and counts towards every majority', async (network, { member }) => {
    await addOrganisation(network, member)
    return `${member} endorses from now on. The nodes of the others take the new list of organisations with: mhmd node join --fabric FILE.`
  }),
  change('remove-organisation', 'an organisation with a peer leaves', async (network, { member }) => {
    await removeOrganisation(network, member)
    return `${member} left: its peer gets no more blocks and endorses nothing.`
  }),
  change('add-orderer', 'an organisation gets an orderer', async (network, { member }) => {
    await addOrderer(network, member)
    return `${member} orders with the others from now on.`
  }),
  change('remove-orderer', 'an organisation\'s orderer leaves', async (network, { member }) => {
    await removeOrderer(network, member)
    return `${member} orders no longer.`
  }),
  change<Options & { days: number; orderer?: boolean }>('rotate', 'fresh keys and certificates for an organisation\'s peer, administrator and client, or for its orderer', async (network, { member, days, orderer }) => {
    await (orderer === true ? rotateOrderer : rotatePeer)(network, member, { days })
    return `${member} has new certificates for ${days} days.${orderer === true ? '' : ' Its node takes its client\'s with: mhmd node join --fabric FILE.'}`
  }).option('--orderer', 'its orderer\'s').option('--days <days>', 'how long they last', daysOf, 398),
  change<Options & { voters: string }>('upgrade', 'the channel takes this program\'s contracts as its next version, by the votes of the organisations named', async (network, { member, voters }) => {
    const names = [...new Set([member, ...voters.split(',')].map((name) => name.trim()))].filter((name) => name !== '')
    for (const name of names) await voteForContracts(network, name)
    await commitContracts(network, names)
    return `The channel has version ${network.plan.contracts} of the contracts by the votes of ${names.join(', ')}. Who didn't vote takes it with: mhmd network take-contracts.`
  }).option('--voters <members>', 'who votes besides, separated by commas', ''),
  change('take-contracts', 'an organisation that did not vote takes the channel\'s version of the contracts', async (network, { member }) => {
    await catchUpContracts(network, member)
    return `${member} endorses by version ${network.plan.contracts ?? 1}.`
  }),
  change<Options & { to: string }>('backup', 'copies a peer\'s ledger', async (network, { member, to }) => {
    await backUpPeer(network, member, to)
    return `The peer of ${member} is copied to ${to}.`
  }).requiredOption('--to <folder>', 'a folder that isn\'t there yet'),
  change<Options & { from: string }>('restore', 'puts a copy in the place of a peer\'s ledger; what came since is fetched again', async (network, { member, from }) => {
    await restorePeer(network, member, from)
    return `The peer of ${member} stands on the copy in ${from} and has caught up.`
  }).requiredOption('--from <folder>', 'the copy'),
  change('rebuild', 'throws a peer\'s ledger away and fetches the channel from its first block', async (network, { member }) => {
    await rebuildPeer(network, member)
    return `The peer of ${member} is built anew.`
  }),
  change('snapshot', 'makes Fabric\'s snapshot of the channel at a peer', (network, { member }) => snapshotPeer(network, member)),
  change<Options & { from: string }>('join-by-snapshot', 'fills an emptied peer from a snapshot', async (network, { member, from }) => {
    await joinBySnapshot(network, member, from)
    return `The peer of ${member} has the state of the snapshot and every block after it, none before.`
  }).requiredOption('--from <folder>', 'the snapshot\'s folder'),
]

/** Before anything is started. Throws CLI_BAD_OPTION. */
function daysOf(text: string): number {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) throw cliErrors.BAD_OPTION({ option: '--days', why: `give whole days from 1 to ${MOST_DAYS}` })
  return days
}

const MOST_DAYS = 3650

function textOf({ channel, contracts, members, rules, processes, certificates }: NetworkState, alarms: readonly string[]): string[] {
  return [
    `Channel ${channel}, contracts version ${contracts.version} (approved by ${Object.entries(contracts.approvals).filter(([, yes]) => yes).map(([msp]) => msp).join(', ')})`,
    `Endorsing: ${members.peers.join(', ')}`, `Ordering: ${members.orderers.join(', ')}`, ...rules, '',
    ...processes.map(({ kind, member, address, height, lag, healthy }) => `${kind} of ${member} at ${address}: ${healthy ? 'healthy' : 'NOT HEALTHY'}, ${height === undefined ? 'no answer' : `${height} blocks${lag === 0 ? '' : `, ${lag} behind`}`}`), '',
    'Certificates that end first:', ...certificates.slice(0, 6).map(({ msp, what, until }) => `  ${until.toISOString().slice(0, 10)}  ${msp}: ${what}`), '',
    ...(alarms.length === 0 ? ['No alarm.'] : alarms.map((alarm) => `ALARM: ${alarm}`)),
  ]
}
