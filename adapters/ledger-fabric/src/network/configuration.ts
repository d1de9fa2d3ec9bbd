// The channel's configuration: read in Fabric's own words, changed by what organisations sign one after another, and sent to be ordered.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { peersOf } from './layout.ts'
import type { Place } from './layout.ts'
import { until } from './processes.ts'
import { ordering, tool } from './site.ts'
import type { Site } from './site.ts'

/** A group of the configuration's tree, as configtxlator writes it. */
export interface ConfigGroup {
  readonly groups: Record<string, ConfigGroup>
  readonly policies: Record<string, { policy: { type: number; value: Record<string, unknown> } }>
  readonly values: Record<string, { value: Record<string, unknown> }>
}

export interface ChannelConfig {
  readonly sequence?: string
  readonly channel_group: ConfigGroup
}

/** Works in a folder that is gone afterwards. */
async function inFolder<T>(work: (file: (name: string) => string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'fabric-config-'))
  try {
    return await work((name) => join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes the newest block of configuration into a file. */
export const fetchConfigBlock = (site: Site, file: string): Promise<string> =>
  tool(site, 'peer', ['channel', 'fetch', 'config', file, '-c', site.plan.channel, ...ordering(site)], peersOf(site.plan)[0])

const decode = async (site: Site, type: string, file: string): Promise<unknown> => {
  await tool(site, 'configtxlator', ['proto_decode', '--type', type, '--input', file, '--output', `${file}.json`])
  return JSON.parse(readFileSync(`${file}.json`, 'utf8'))
}

async function encode(site: Site, type: string, { file, value }: { readonly file: string; readonly value: unknown }): Promise<void> {
  writeFileSync(`${file}.json`, JSON.stringify(value))
  await tool(site, 'configtxlator', ['proto_encode', '--type', type, '--input', `${file}.json`, '--output', file])
}

export const readConfiguration = (site: Site): Promise<ChannelConfig> => inFolder(async (file) => {
  await fetchConfigBlock(site, file('block'))
  const block = await decode(site, 'common.Block', file('block')) as { data: { data: [{ payload: { data: { config: ChannelConfig } } }] } }
  return block.data.data[0].payload.data.config
})

/** A proposal to change the channel, as an envelope that nobody has signed. Gives the sequence of the configuration that it would change; undefined where it would change nothing. */
async function writeProposal(site: Site, out: string, change: (group: ConfigGroup) => void): Promise<string | undefined> {
  const before = await readConfiguration(site)
  const after = structuredClone(before)
  change(after.channel_group)
  if (isDeepStrictEqual(before, after)) return undefined
  const { channel } = site.plan
  await inFolder(async (file) => {
    await encode(site, 'common.Config', { file: file('before'), value: before })
    await encode(site, 'common.Config', { file: file('after'), value: after })
    await tool(site, 'configtxlator', ['compute_update', '--channel_id', channel, '--original', file('before'), '--updated', file('after'), '--output', file('update')])
    const update = await decode(site, 'common.ConfigUpdate', file('update'))
    await encode(site, 'common.Envelope', { file: out, value: { payload: { header: { channel_header: { channel_id: channel, type: 2 } }, data: { config_update: update } } } })
  })
  return before.sequence ?? ''
}

/**
 * Changes the channel with the signatures of these organisations' administrators; the last of them sends it. Comes back when the change stands in a block:
 * that an orderer took it says nothing yet. What is so already is left alone. Throws FABRIC_PROGRAM_FAILED where they are too few.
 */
export const changeConfiguration = (site: Site, signers: readonly Place[], change: (group: ConfigGroup) => void): Promise<void> => inFolder(async (file) => {
  const proposal = file('proposal.pb')
  const before = await writeProposal(site, proposal, change)
  if (before === undefined) return
  for (const signer of signers.slice(0, -1)) await tool(site, 'peer', ['channel', 'signconfigtx', '-f', proposal], signer)
  await tool(site, 'peer', ['channel', 'update', '-f', proposal, '-c', site.plan.channel, ...ordering(site)], signers.at(-1))
  await until('the change of the channel', 60, async () => {
    if (((await readConfiguration(site)).sequence ?? '') === before) throw new Error('it stands in no block yet')
  })
})

/** A majority of organisations, each by its administrator. */
export const majorityOf = <T>(places: readonly T[]): T[] => places.slice(0, Math.floor(places.length / 2) + 1)
