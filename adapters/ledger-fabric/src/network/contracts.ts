// The contracts' version on the channel: each organisation installs and approves its own package, and a majority's approvals commit it (Fabric's chaincode lifecycle).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chaincodePackage } from './chaincode-package.ts'
import { chaincodePort, hostOf, peersOf } from './layout.ts'
import type { PeerPlace } from './layout.ts'
import { until } from './processes.ts'
import { atPeers, ordering, tool } from './site.ts'
import type { Site } from './site.ts'

export const CHAINCODE = 'mhmd'

export interface Definition {
  readonly name: string
  /** Also the sequence: every vote makes one. */
  readonly version: number
}

/** The package of one organisation for one version: it names that organisation's own service. */
export const packageOf = (place: PeerPlace, version: number): ReturnType<typeof chaincodePackage> =>
  chaincodePackage(`mhmd_${version}`, { address: `localhost:${chaincodePort(place, version)}`, root: readFileSync(join(hostOf(place), 'tls/ca.crt'), 'utf8') })

const named = ({ plan }: Site, { name, version }: Definition): string[] => ['--channelID', plan.channel, '--name', name, '--version', String(version), '--sequence', String(version)]

export async function install(site: Site, place: PeerPlace, version: number): Promise<void> {
  const { bytes, id } = packageOf(place, version)
  const file = join(place.data, 'chaincode.tar.gz')
  writeFileSync(file, bytes)
  const { installed_chaincodes: installed = [] } = JSON.parse(await until(`the packages of ${place.member}`, 30, () => tool(site, 'peer', ['lifecycle', 'chaincode', 'queryinstalled', '--output', 'json'], place))) as { installed_chaincodes?: { package_id: string }[] }
  if (!installed.some((each) => each.package_id === id)) await tool(site, 'peer', ['lifecycle', 'chaincode', 'install', file], place)
}

/** One organisation's vote for a version, whose package its peer holds; given once. */
export async function approve(site: Site, place: PeerPlace, definition: Definition): Promise<void> {
  const { id } = packageOf(place, definition.version)
  const given = await tool(site, 'peer', ['lifecycle', 'chaincode', 'queryapproved', '--channelID', site.plan.channel, '--name', definition.name, '--sequence', String(definition.version), '--output', 'json'], place).catch(() => '')
  if (given.includes(id)) return
  await until(`the approval of ${place.member}`, 60, () => tool(site, 'peer', ['lifecycle', 'chaincode', 'approveformyorg', ...ordering(site), ...named(site, definition), '--package-id', id], place))
}

/** The version that the channel agreed on, and which organisations approved it. */
export async function committed(site: Site, name: string): Promise<{ readonly version: number; readonly approvals: Readonly<Record<string, boolean>> }> {
  const [place] = peersOf(site.plan)
  const { sequence, approvals } = JSON.parse(await tool(site, 'peer', ['lifecycle', 'chaincode', 'querycommitted', '--channelID', site.plan.channel, '--name', name, '--output', 'json'], place)) as { sequence: number; approvals: Record<string, boolean> }
  return { version: sequence, approvals }
}

/** Makes a version the channel's, at the peers of those who voted for it. Throws FABRIC_PROGRAM_FAILED where they are no majority. */
export async function commit(site: Site, definition: Definition, voters: readonly PeerPlace[] = peersOf(site.plan)): Promise<void> {
  await tool(site, 'peer', ['lifecycle', 'chaincode', 'commit', ...ordering(site), ...named(site, definition), ...atPeers(voters)], voters[0])
}

/** Every organisation approves the definition, then one of them commits it. */
export async function define(site: Site, definition: Definition): Promise<void> {
  await Promise.all(peersOf(site.plan).map((place) => approve(site, place, definition)))
  await until('the chaincode', 60, () => commit(site, definition))
}
