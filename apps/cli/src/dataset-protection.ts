// Commands about how a draft's table is protected: a hierarchy looked at, what a policy would leave, alternatives tried by a job and approved, one alternative's job with the hierarchies it names.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PeopleClient } from '@mhmd/client'
import type { Dataset, DatasetPolicy } from '@mhmd/schema'
import type { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile, readText, writeNew } from './files.ts'
import { jobDone } from './jobs.ts'
import { table } from './output.ts'
import type { Output } from './output.ts'

interface Alternative {
  readonly name: string
  readonly policy: DatasetPolicy
  readonly axes: { readonly highestRisk: number; readonly averageRisk: number; readonly loss: number }
  readonly suppressedRows: number
  readonly optimal: boolean
}
interface Protection {
  readonly state: string
  readonly isOutdated: boolean
  readonly done: number
  readonly total: number
  readonly alternatives: readonly Alternative[]
  readonly undominated: Readonly<Record<string, readonly string[]>>
}
interface Preview {
  readonly missing: { readonly values: number; readonly rows: number; readonly common: readonly string[] }
  readonly levels: readonly { readonly labels: number; readonly fewest: number; readonly alone: number }[]
  readonly csv: string | null
}

interface OfDraft {
  readonly draft: string
  readonly profile?: string
  readonly json?: boolean
}

export const atDraft = (draft: string): string => `/staff/1/datasets/drafts/${draft}`
/** What was decided about it so far. Throws CLI_BAD_OPTION. */
export const keptDocument = async (client: PeopleClient, draft: string): Promise<Dataset> => {
  const { document } = await client.get<{ document: Dataset | null }>(atDraft(draft))
  if (document === null) throw cliErrors.BAD_OPTION({ option: '--draft', why: 'nothing was decided about it yet: mhmd dataset keep' })
  return document
}

export function protectionCommands(): Command[] {
  return [
    staffAction('keep', 'keep at a draft what was decided so far; nothing is offered by that').requiredOption('--draft <id>').requiredOption('--document <file>', 'JSON: what `mhmd dataset draft --out` wrote, decided')
      .action(asStaff<OfDraft & { document: string }>(async (client, { draft, document }, output) => {
        output.result(await client.post<object>(`${atDraft(draft)}/document`, readJsonFile(document)), ['Kept.'])
      })),
    staffAction('hierarchy', 'what a hierarchy makes of a column of a draft: labels and people at each level').requiredOption('--draft <id>').requiredOption('--column <name>')
      .option('--spec <file>', 'how it is built (schemas/hierarchy-spec.schema.json)').option('--csv <file>', 'a file without header: the value, then a label a level').option('--out <file>', 'a new file for the whole; it holds each value that occurs')
      .action(asStaff<OfDraft & { column: string; spec?: string; csv?: string; out?: string }>(async (client, { draft, column, spec, csv, out }, output) => {
        const found = await client.post<Preview>(`${atDraft(draft)}/hierarchy`, { column, ...(spec !== undefined && { hierarchy: readJsonFile(spec) }), ...(csv !== undefined && { csv: readText(csv) }), ...(out !== undefined && { whole: true }) })
        if (out !== undefined) writeNew(out, found.csv ?? '')
        output.result(found, previewLines(found))
      })),
    staffAction('estimate', 'what a document\'s own policy would leave and cost over the rows as they are; nothing is kept').requiredOption('--draft <id>').option('--document <file>', 'default: what is kept at the draft')
      .action(asStaff<OfDraft & { document?: string }>(async (client, { draft, document }, output) => {
        const found = await client.post<{ alternative: Alternative | null; people: number }>(`${atDraft(draft)}/estimate`, document === undefined ? await keptDocument(client, draft) : readJsonFile(document))
        output.result(found, found.alternative === null ? ['No table keeps to this policy.'] : alternativeLines([found.alternative], []))
      })),
    staffAction('protect', 'have alternatives for a draft\'s protection tried by a job, and wait for it').requiredOption('--draft <id>').option('--grid <file>', 'JSON: ks, diversities, closenesses, suppressionLimits').option('--resume', 'go on with a search that was called off')
      .action(asStaff<OfDraft & { grid?: string; resume?: boolean }>(async (client, { draft, grid, resume }, output) => {
        const { job } = await client.post<{ job: string }>(`${atDraft(draft)}/protection`, { ...(grid !== undefined && { grid: readJsonFile(grid) }), ...(resume === true && { resume }) })
        await jobDone(client, job, output)
        await show(client, draft, output)
      })),
    staffAction('alternatives', 'alternatives that were tried for a draft, and which no other beats').requiredOption('--draft <id>')
      .action(asStaff<OfDraft>((client, { draft }, output) => show(client, draft, output))),
    staffAction('approve', 'make an alternative\'s policy the draft\'s').requiredOption('--draft <id>').requiredOption('--alternative <name>').option('--out <file>', 'a new file for the document as it is then')
      .action(asStaff<OfDraft & { alternative: string; out?: string }>(async (client, { draft, alternative, out }, output) => {
        const { policy } = await client.get<Alternative>(`${atDraft(draft)}/protection/${alternative}`)
        const document = { ...await keptDocument(client, draft), policy }
        await client.post(`${atDraft(draft)}/document`, document)
        if (out !== undefined) writeNew(out, `${JSON.stringify(document, null, 2)}\n`)
        output.result(document, [`The draft's policy is ${alternative} now.`, `Then: mhmd dataset offer --draft ${draft}`])
      })),
    staffAction('job', 'an alternative\'s job.json with the hierarchies it names beside it, for `mhmd deid run`').requiredOption('--draft <id>').requiredOption('--alternative <name>').requiredOption('--out <folder>')
      .action(asStaff<OfDraft & { alternative: string; out: string }>(async (client, { draft, alternative, out }, output) => {
        const files = await client.get<{ job: { input: { path: string } }; hierarchies: readonly { name: string; csv: string }[]; isOfSameRows: boolean }>(`${atDraft(draft)}/protection/${alternative}/files`)
        mkdirSync(out, { recursive: true, mode: 0o700 })
        writeNew(join(out, 'job.json'), `${JSON.stringify(files.job, null, 2)}\n`)
        for (const { name, csv } of files.hierarchies) writeNew(join(out, name), csv)
        output.result(files, [
          `${join(out, 'job.json')} and ${files.hierarchies.length} hierarchies are written; the view's table goes beside them as ${files.job.input.path} (mhmd view run).`,
          ...(files.isOfSameRows ? [] : ['Records have changed since it was tried: over them its figures are others.']),
        ])
      })),
  ]
}

async function show(client: PeopleClient, draft: string, output: Output): Promise<void> {
  const found = await client.get<Protection>(`${atDraft(draft)}/protection`)
  output.result(found, [`${found.done} of ${found.total} tried, ${found.state}${found.isOutdated ? '; roles or hierarchies have changed since' : ''}`, ...alternativeLines(found.alternatives, found.undominated['highestRisk/loss'] ?? [])])
}

const alternativeLines = (alternatives: readonly Alternative[], best: readonly string[]): string[] => table([
  ['', 'alternative', 'highest risk', 'average', 'loss', 'rows given up', ''],
  ...alternatives.map(({ name, axes, suppressedRows, optimal }) => [best.includes(name) ? '*' : '', name, axes.highestRisk.toFixed(4), axes.averageRisk.toFixed(4), axes.loss.toFixed(4), String(suppressedRows), optimal ? '' : 'not proven the best']),
])

const previewLines = ({ missing, levels }: Preview): string[] => missing.values > 0
  ? [`${missing.values} values that occur are missing (${missing.rows} rows)${missing.common.length === 0 ? '' : `, among them ${missing.common.join(', ')}`}.`]
  : table([['level', 'labels', 'fewest people', 'labels of one person'], ...levels.map(({ labels, fewest, alone }, level) => [String(level), String(labels), String(fewest), String(alone)])])
