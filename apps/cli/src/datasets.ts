// Commands about a holder's datasets: offer one, list them, take one back.
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { readJsonFile } from './files.ts'
import { table } from './output.ts'

interface DatasetRow {
  readonly id: string
  readonly description: { readonly title: string; readonly categories: readonly string[] }
  readonly version: number
  readonly state: string
}

export function datasetCommand(): Command {
  return new Command('dataset').description('datasets this holder offers').addCommand(
    staffAction('register', 'describe a dataset and commit to it on the ledger').requiredOption('--document <file>', 'JSON: title, summary, categories (letters of EHDS Art. 51(1))')
      .action(asStaff<{ document: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.post<{ dataset: string; height: number }>('/staff/1/datasets', readJsonFile(options.document))
        output.result(done, [`Dataset ${done.dataset} is on the ledger since height ${done.height}.`])
      })),
  ).addCommand(
    staffAction('list', 'datasets and their states').action(asStaff(async (client, _options, output) => {
      const { datasets } = await client.get<{ datasets: DatasetRow[] }>('/staff/1/datasets')
      output.result(datasets, table([['dataset', 'state', 'categories', 'title'], ...datasets.map((row) => [row.id, row.state, row.description.categories.join(','), row.description.title])]))
    })),
  ).addCommand(
    staffAction('withdraw', 'offer a dataset no more').requiredOption('--dataset <id>')
      .action(asStaff<{ dataset: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.delete<{ dataset: string; height: number }>(`/staff/1/datasets/${options.dataset}`)
        output.result(done, [`Dataset ${done.dataset} is withdrawn since height ${done.height}.`])
      })),
  )
}
