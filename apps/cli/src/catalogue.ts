// Commands about the catalogue: what holders of the network offer, as this member has it.
import { everyPage, pathOf } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import type { CatalogueEntry } from '@mhmd/schema'
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { table, when } from './output.ts'
import { searchable } from './paged.ts'
import type { PageOptions } from './paged.ts'

/** A dataset on offer; `entry` is null until the holder's description is here and fits the ledger. */
export interface OfferedRow {
  readonly holder: string
  readonly dataset: string
  readonly version: number
  readonly since: number
  readonly categories: readonly string[]
  readonly entry: CatalogueEntry | null
}

interface ListOptions extends PageOptions {
  readonly holder?: string
  readonly category?: string
}

interface Listed {
  readonly height: number
  readonly datasets: readonly OfferedRow[]
  readonly next: string | null
}

/** One page, or all. */
async function offered(client: PeopleClient, { limit, after, text }: PageOptions): Promise<Listed> {
  if (limit !== undefined || after !== undefined) return client.get(pathOf('/catalogue/1/datasets', { limit, after, text }))
  const pages: Listed[] = []
  for await (const page of everyPage<Listed>(client, '/catalogue/1/datasets', { text })) pages.push(page)
  return { height: pages.at(-1)?.height ?? -1, datasets: pages.flatMap(({ datasets }) => datasets), next: null }
}

export function catalogueCommand(): Command {
  return new Command('catalogue').description('what holders of the network offer').addCommand(
    searchable(staffAction('list', 'datasets on offer, newest first')).option('--holder <id>', 'of this holder').option('--category <letter>', 'of this category of EHDS Art. 51(1)')
      .action(asStaff<ListOptions>(async (client, options, output) => {
        const found = await offered(client, options)
        const datasets = found.datasets.filter((row) => fits(row, options))
        output.result({ ...found, datasets }, [
          ...table([['holder', 'dataset', 'version', 'people', 'of', 'forms', 'title'], ...datasets.map(({ holder, dataset, version, entry }) => [holder, dataset, String(version), people(entry), entry?.resource ?? '-', entry?.forms.join(',') ?? '-', entry?.title ?? '(its description is not here yet)'])]),
          `at ledger height ${found.height}`, ...(found.next === null ? [] : [`More: --after ${found.next}`]),
        ])
      })),
  ).addCommand(
    staffAction('show', 'one dataset: its columns, and how it may leave').argument('<dataset>', 'HOLDER/ID')
      .action(async (name: string, options: { profile?: string; json?: boolean }) => asStaff<typeof options>(async (client, _options, output) => {
        const { dataset: row } = await client.get<{ dataset: OfferedRow }>(`/catalogue/1/datasets/${name.split('/').map(encodeURIComponent).join('/')}`)
        const { entry } = row
        output.result(row, entry === null ? [`${name}, version ${row.version}, offered since ${when(row.since)}; its description is not here yet.`] : [
          `${entry.title}, version ${row.version}, offered by ${row.holder} since ${when(row.since)}`, ...(entry.summary === '' ? [] : [entry.summary]),
          `Categories ${entry.categories.join(', ')}; people: ${people(entry)}; forms: ${entry.forms.join(', ')}`,
          ...(entry.columns === undefined ? ['Counts only: it has no table.'] : table([['column', 'role', 'values', 'missing', 'what'], ...entry.columns.map((column) => [column.name, column.role, column.values, column.missing ?? '', column.description ?? ''])])),
        ])
      })(options)),
  )
}

const people = (entry: CatalogueEntry | null): string => entry?.peopleAtLeast === undefined ? '-' : `${entry.peopleAtLeast} or more`

const fits = ({ holder, categories }: OfferedRow, wanted: ListOptions): boolean => (wanted.holder === undefined || holder === wanted.holder) && (wanted.category === undefined || categories.includes(wanted.category))
