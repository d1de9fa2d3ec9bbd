// Commands for the profiles that a hospital's imports are held to, and for where its records came from.
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { readJsonFile } from './files.ts'
import { table, when } from './output.ts'
import { paged, printList } from './paged.ts'
import type { PageOptions } from './paged.ts'

interface Profile { readonly id: string; readonly url: string; readonly type: string; readonly unread: readonly string[]; readonly added: number }
interface Provenance {
  readonly id: string
  readonly recorded: string
  readonly extension: readonly { readonly extension: readonly { readonly url: string; readonly valueUnsignedInt: number }[] }[]
  readonly agent: readonly { readonly type: { readonly coding: readonly { readonly code: string }[] }; readonly who: { readonly identifier: { readonly value: string } } }[]
  readonly entity?: readonly { readonly what: { readonly identifier: { readonly value: string } } }[]
}

type Options = { readonly profile?: string; readonly json?: boolean }
const unreadLine = ({ unread }: Profile): string[] => unread.length === 0 ? [] : [`Not asked, being beyond this reader: ${unread.join(', ')}`]

export const profileCommand = (): Command => new Command('profile').description('FHIR profiles that imports with --full hold resources to, where these name them').addCommand(
  staffAction('add', 'keep a StructureDefinition (JSON); one of the same address is replaced').argument('<file>', 'the StructureDefinition')
    .action(async (file: string, options: Options) => asStaff<Options>(async (client, _options, output) => {
      const kept = await client.post<Profile>('/staff/1/profiles', { definition: readJsonFile(file) })
      output.result(kept, [`Kept ${kept.url} for ${kept.type} (${kept.id}).`, ...unreadLine(kept)])
    })(options)),
).addCommand(
  staffAction('list', 'profiles kept here').action(asStaff(async (client, _options, output) => {
    const { profiles } = await client.get<{ profiles: Profile[] }>('/staff/1/profiles')
    output.result(profiles, table([['profile', 'type', 'address', 'since', 'elements not asked'], ...profiles.map(({ id, type, url, added, unread }) => [id, type, url, when(added), String(unread.length)])]))
  })),
).addCommand(
  staffAction('remove', 'forget a profile; what was imported stays').argument('<id>', 'which one (see list)')
    .action(async (id: string, options: Options) => asStaff<Options>(async (client, _options, output) => {
      output.result(await client.delete(`/staff/1/profiles/${encodeURIComponent(id)}`), ['Removed.'])
    })(options)),
)

export const provenanceCommand = (): Command => paged(staffAction('provenance', 'where the records here came from: each import, who sent it, and what it counted; newest first')).action(asStaff<PageOptions>((client, options, output) => printList<Provenance>(client, {
  path: '/staff/1/provenance', name: 'provenance', options, lines: (rows) => table([['import', 'ended', 'sent by', 'counted', 'SHA-256'], ...rows.map(({ id, recorded, extension, agent, entity }) => [
    id, when(Date.parse(recorded)), agent.find(({ type }) => type.coding[0]?.code === 'enterer')?.who.identifier.value.slice(0, 12) ?? 'record system',
    (extension[0]?.extension ?? []).map(({ url, valueUnsignedInt }) => `${valueUnsignedInt} ${url}`).join(', '), entity?.[0]?.what.identifier.value.slice(0, 12) ?? '',
  ])]),
}, output)))
