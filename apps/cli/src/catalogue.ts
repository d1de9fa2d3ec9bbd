// Commands about the catalogue: what holders of the network offer, as this member has it.
import type { CatalogueEntry } from '@mhmd/schema'
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { table, when } from './output.ts'

/** A dataset on offer; `entry` is null until the holder's description is here and fits the ledger. */
export interface OfferedRow {
  readonly holder: string
  readonly dataset: string
  readonly version: number
  readonly since: number
  readonly categories: readonly string[]
  readonly entry: CatalogueEntry | null
}

interface ListOptions {
  readonly holder?: string
  readonly category?: string
  readonly text?: string
  readonly profile?: string
  readonly json?: boolean
}

export function catalogueCommand(): Command {
  return new Command('catalogue').description('what holders of the network offer').addCommand(
    staffAction('list', 'datasets on offer').option('--holder <id>', 'of this holder').option('--category <letter>', 'of this category of EHDS Art. 51(1)').option('--text <words>', 'in title, summary or a column\'s name')
      .action(asStaff<ListOptions>(async (client, options, output) => {
        const found = await client.get<{ height: number; datasets: OfferedRow[] }>('/catalogue/1/datasets')
        const datasets = found.datasets.filter((row) => fits(row, options))
        output.result({ ...found, datasets }, [
          ...table([['holder', 'dataset', 'version', 'people', 'of', 'forms', 'title'], ...datasets.map(({ holder, dataset, version, entry }) => [holder, dataset, String(version), people(entry), entry?.resource ?? '-', entry?.forms.join(',') ?? '-', entry?.title ?? '(its description is not here yet)'])]),
          `at ledger height ${found.height}`,
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

function fits({ holder, categories, entry }: OfferedRow, wanted: ListOptions): boolean {
  if (wanted.holder !== undefined && holder !== wanted.holder) return false
  if (wanted.category !== undefined && !categories.includes(wanted.category)) return false
  return wanted.text === undefined || wordsOf(entry).includes(wanted.text.toLowerCase())
}

const wordsOf = (entry: CatalogueEntry | null): string => entry === null ? '' : [entry.title, entry.summary, ...(entry.columns ?? []).map((column) => column.name)].join(' ').toLowerCase()
