// Commands about a holder's datasets: draft one from a view, decide its columns in a file, offer it, offer its next version, take it back.
import { existsSync } from 'node:fs'
import { firstPolicy } from '@mhmd/schema'
import type { Dataset, DatasetColumn } from '@mhmd/schema'
import type { PeopleClient } from '@mhmd/client'
import { Command, Option } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { atDraft, keptDocument, protectionCommands } from './dataset-protection.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile, writeNew } from './files.ts'
import { jobDone } from './jobs.ts'
import { table, when } from './output.ts'
import { printList, searchable } from './paged.ts'
import type { PageOptions } from './paged.ts'

interface DatasetRow {
  readonly id: string
  readonly description: { readonly title: string; readonly categories: readonly string[]; readonly columns?: readonly DatasetColumn[] }
  readonly entry: { readonly title: string; readonly categories: readonly string[]; readonly columns?: readonly unknown[]; readonly peopleAtLeast?: number }
  readonly version: number
  readonly state: string
  readonly at: number
}

interface Draft {
  readonly id: string
  readonly view: Dataset['view'] & { readonly title?: string; readonly description?: string }
  readonly findings: readonly { readonly at: string }[]
  readonly profile: {
    readonly rows: number
    readonly people: number
    readonly alone: number
    readonly mostRowsOfAPerson: number
    readonly columns: readonly { readonly name: string; readonly values: string; readonly missing: number; readonly distinct: number; readonly alone: number }[]
  } | null
  readonly columns: readonly DatasetColumn[] | null
}

interface DraftOptions {
  readonly view: string
  readonly out?: string
  readonly takeSuggestions?: boolean
  readonly scenario?: string
  readonly profile?: string
  readonly json?: boolean
}

interface OfferOptions {
  readonly document?: string
  readonly draft?: string
  readonly dataset?: string
  readonly profile?: string
  readonly json?: boolean
}

export function datasetCommand(): Command {
  const all = new Command('dataset').description('datasets this holder offers').addCommand(
    staffAction('draft', 'profile a view\'s rows and have roles suggested; a document to decide in is written').requiredOption('--view <view>', 'name of a ready view (mhmd view list), or a file with a ViewDefinition')
      .option('--out <file>', 'a new file for the dataset\'s document').option('--take-suggestions', 'write the suggested roles instead of leaving each column to be decided').option('--scenario <text>', 'who might attack, knowing what: what the roles are decided against')
      .action(asStaff<DraftOptions>(async (client, options, output) => {
        const view = existsSync(options.view) ? readJsonFile(options.view) : options.view
        const made = await client.post<{ draft: string; job: string }>('/staff/1/datasets/drafts', { view })
        await jobDone(client, made.job, output)
        const draft = await client.get<Draft>(atDraft(made.draft))
        if (options.out !== undefined) writeNew(options.out, `${JSON.stringify(documentOf(draft, options), null, 2)}\n`)
        output.result(draft, [...draftLines(draft), ...(options.out === undefined ? [] : [...stillToDecide(options).map((what) => `In ${options.out}: ${what}.`), `Then: mhmd dataset offer --draft ${draft.id} --document ${options.out}`])])
      })),
  ).addCommand(
    staffAction('drafts', 'drafts with their exact figures\' age').action(asStaff(async (client, _options, output) => {
      const { drafts } = await client.get<{ drafts: { id: string; resource: string; title: string | null; created: number; state: string }[] }>('/staff/1/datasets/drafts')
      output.result(drafts, table([['draft', 'made', 'of', 'state', 'view'], ...drafts.map((row) => [row.id, when(row.created), row.resource, row.state, row.title ?? ''])]))
    })),
  ).addCommand(
    staffAction('discard', 'throw a draft and its figures away').requiredOption('--draft <id>')
      .action(asStaff<{ draft: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        await client.delete(atDraft(options.draft))
        output.result({ draft: options.draft }, ['Thrown away.'])
      })),
  ).addCommand(
    staffAction('offer', 'offer a dataset: commit to it on the ledger and tell the catalogue; refused while a column is unclassified').alias('register')
      .option('--document <file>', 'JSON: what `mhmd dataset draft --out` wrote, decided; or title, summary, categories (letters of EHDS Art. 51(1)) for counts alone')
      .option('--draft <id>', 'what is kept at this draft, unless --document is given; the draft is done with then')
      .addOption(new Option('--dataset <id>', 'offer it as the next version of this one; a draft knows its own').conflicts('draft'))
      .action(asStaff<OfferOptions>(async (client, options, output) => {
        const done = await offer(client, options)
        output.result(done, [`Dataset ${done.dataset} is on the ledger since height ${done.height}, version ${done.version}.`])
      })),
  ).addCommand(
    searchable(staffAction('list', 'datasets and their states, newest first')).action(asStaff<PageOptions>((client, options, output) => printList<Omit<DatasetRow, 'description'>>(client, {
      path: '/staff/1/datasets', name: 'datasets', options, lines: (rows) => table([['dataset', 'version', 'state', 'categories', 'columns', 'title'], ...rows.map((row) => [row.id, String(row.version), row.state, row.entry.categories.join(','), String(row.entry.columns?.length ?? '-'), row.entry.title])]),
    }, output))),
  ).addCommand(
    staffAction('show', 'a dataset, its columns with their reasons, and its versions').requiredOption('--dataset <id>')
      .action(asStaff<{ dataset: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const view = await client.get<{ dataset: DatasetRow; versions: DatasetRow[] }>(`/staff/1/datasets/${options.dataset}`)
        const { description } = view.dataset
        output.result(view, [
          `${description.title}, version ${view.dataset.version}, ${view.dataset.state}`,
          ...(description.columns === undefined ? [] : table([['column', 'role', 'because'], ...description.columns.map((column) => [column.name, column.role, column.reason])])),
          ...table([['version', 'at', 'state', 'title'], ...view.versions.map((row) => [String(row.version), when(row.at), row.state, row.description.title])]),
        ])
      })),
  ).addCommand(
    staffAction('withdraw', 'offer a dataset no more').requiredOption('--dataset <id>')
      .action(asStaff<{ dataset: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.delete<{ dataset: string; height: number }>(`/staff/1/datasets/${options.dataset}`)
        output.result(done, [`Dataset ${done.dataset} is withdrawn since height ${done.height}.`])
      })),
  )
  for (const part of protectionCommands()) all.addCommand(part)
  return all
}

function draftLines({ profile, columns, findings }: Draft): string[] {
  if (profile === null || columns === null) return ['The draft has no figures.']
  const figures = new Map(profile.columns.map((column) => [column.name, column]))
  return [
    `${profile.rows} rows of ${profile.people} people, at most ${profile.mostRowsOfAPerson} of one; ${profile.alone} people are alone with their suggested quasi-identifiers. Exact: for stewards only.`,
    ...findings.map(({ at }) => `The path at ${at} names an element that FHIR doesn't have there; it is empty.`),
    ...table([['column', 'values', 'missing', 'different', 'people alone', 'suggested role', 'because'], ...columns.map(({ name, role, reason }) => {
      const column = figures.get(name)
      return [name, column?.values ?? '', String(column?.missing ?? ''), String(column?.distinct ?? ''), String(column?.alone ?? ''), role, reason]
    })]),
  ]
}

const stillToDecide = ({ takeSuggestions, scenario }: DraftOptions): string[] => [
  takeSuggestions === true ? 'look at each column\'s role, and at the policy' : 'decide each column\'s role',
  ...(scenario === undefined ? ['write at /scenario/text who might attack, knowing what'] : []),
]

/** As the page offers it: a next version follows the one that its draft began from, and the draft goes. */
async function offer(client: PeopleClient, { document, draft, dataset }: OfferOptions): Promise<{ dataset: string; version: number; height: number }> {
  if (draft === undefined) {
    if (document === undefined) throw cliErrors.BAD_OPTION({ option: '--document', why: 'it, or --draft, says what is offered' })
    return client.post(`/staff/1/datasets${dataset === undefined ? '' : `/${dataset}`}`, decided(readJsonFile(document), document))
  }
  const next = await client.get<{ dataset: string | null; from: number | null }>(atDraft(draft))
  const offered = document === undefined ? decided(await keptDocument(client, draft), `The draft ${draft}`) : decided(readJsonFile(document), document)
  const done = await client.post<{ dataset: string; version: number; height: number }>(`/staff/1/datasets${next.dataset === null ? '' : `/${next.dataset}?after=${next.from ?? ''}`}`, offered)
  await client.delete(atDraft(draft))
  return done
}

/** The document to be offered. Throws CLI_NO_SCENARIO where the draft was not gone through. */
function decided(document: unknown, where: string): unknown {
  if ((document as Partial<Dataset> | null)?.scenario?.text === '') throw cliErrors.NO_SCENARIO({ file: where })
  return document
}

/** Every column is unclassified until somebody decides, and the scenario has no words until somebody writes them: offering it as it is is refused. */
function documentOf({ view, columns }: Draft, { takeSuggestions = false, scenario = '' }: DraftOptions): Dataset {
  const suggested = columns ?? []
  const named = (role: string): string[] => suggested.filter((column) => column.role === role).map(({ name }) => name)
  return {
    format: 'mhmd-dataset/1', title: view.title ?? view.resource, summary: view.description ?? '', categories: ['a'], view,
    columns: takeSuggestions ? [...suggested] : suggested.map((column) => ({ ...column, role: 'unclassified', reason: `suggested ${column.role}: ${column.reason}` })),
    scenario: { attacker: 'prosecutor', knows: named('quasi-identifying'), text: scenario },
    policy: firstPolicy(named('sensitive').slice(0, 3).map((column) => ({ type: 'distinct-l-diversity' as const, column, l: 2 }))),
  }
}
