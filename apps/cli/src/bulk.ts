// Commands about record systems that export by FHIR Bulk Data: register one, list them, fetch what changed, forget one.
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { countsOf, followImport } from './import-file.ts'
import { NOT_ALL, table } from './output.ts'

interface Shown { readonly id: string; readonly name: string; readonly url: string; readonly clientId: string; readonly since: string | null; readonly jwks: object }
interface AddOptions { readonly name: string; readonly url: string; readonly tokenUrl: string; readonly clientId: string; readonly scope?: string; readonly algorithm?: string; readonly group?: string; readonly types?: string; readonly full?: boolean; readonly profile?: string; readonly json?: boolean }

export function bulkCommand(): Command {
  return new Command('bulk').description('record systems that export by FHIR Bulk Data').addCommand(
    staffAction('add', 'register a record system; gives the public key that its people register for this node')
      .requiredOption('--name <text>', 'what it is called here').requiredOption('--url <address>', 'its FHIR base').requiredOption('--token-url <address>', 'where it gives tokens').requiredOption('--client-id <id>', 'the id by which it knows this node')
      .option('--scope <text>', 'scopes to ask for (system/*.rs)').option('--algorithm <name>', 'ES384 or RS384 (ES384)').option('--group <id>', 'a group of patients instead of all').option('--types <list>', 'types of resources, with commas').option('--full', 'ask the invariants of FHIR R4 too')
      .action(asStaff<AddOptions>(async (client, { name, url, tokenUrl, clientId, scope, algorithm, group, types, full }, output) => {
        const optional = Object.entries({ scope, algorithm, group, types: types?.split(','), level: full === true ? 'full' : undefined }).filter(([, value]) => value !== undefined)
        const source = await client.post<Shown>('/staff/1/bulk-sources', { name, url, tokenUrl, clientId, ...Object.fromEntries(optional) })
        output.result(source, [`Registered as ${source.id}. Give its people this key set for client ${source.clientId}:`, JSON.stringify(source.jwks)])
      })),
  ).addCommand(
    staffAction('list', 'record systems, and until when each was fetched').action(asStaff(async (client, _options, output) => {
      const { sources } = await client.get<{ sources: Shown[] }>('/staff/1/bulk-sources')
      output.result(sources, table([['id', 'name', 'address', 'client', 'fetched until'], ...sources.map((one) => [one.id, one.name, one.url, one.clientId, one.since ?? 'never'])]))
    })),
  ).addCommand(
    staffAction('run', 'fetch what changed since the last time, and import it').argument('<id>', 'the record system')
      .action(async (id: string, options: { profile?: string; json?: boolean }) => asStaff<typeof options>(async (client, _options, output) => {
        const { job } = await client.post<{ job: string }>(`/staff/1/bulk-sources/${encodeURIComponent(id)}/runs`, {})
        const state = await followImport(client, job, { what: id, output })
        output.result(state, [countsOf(state)])
        if ((state.report?.quarantined ?? 0) > 0) process.exitCode = NOT_ALL
      })(options)),
  ).addCommand(
    staffAction('remove', 'forget a record system; what was imported stays').argument('<id>', 'the record system')
      .action(async (id: string, options: { profile?: string; json?: boolean }) => asStaff<typeof options>(async (client, _options, output) => {
        output.result(await client.delete(`/staff/1/bulk-sources/${encodeURIComponent(id)}`), ['Forgotten.'])
      })(options)),
  )
}
