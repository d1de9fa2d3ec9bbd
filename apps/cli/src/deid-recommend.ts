// mhmd deid recommend: which form a release should take, and alternatives with their jobs, measured.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { buildHierarchy, dataKinds, hierarchyCsv, needs, recipients, recommend, suggestHierarchy, suggestRoles } from '@mhmd/deid'
import type { Alternative, ColumnSpec, HierarchySource, Job, Recommendation } from '@mhmd/deid'
import type { Table } from '@mhmd/columns'
import { Option } from 'commander'
import type { Command } from 'commander'
import { command } from './action.ts'
import { byName, loadJob, readTable } from './deid-files.ts'
import { cliErrors } from './errors.ts'
import { outputOf, table } from './output.ts'

interface RecommendArguments {
  readonly config?: string
  readonly input?: string
  readonly delimiter?: string
  readonly kind: (typeof dataKinds)[number]
  readonly need: (typeof needs)[number]
  readonly recipient: (typeof recipients)[number]
  readonly folder?: string
  readonly timeLimit?: string
  readonly json?: boolean
}

/** `mhmd deid recommend`: from a job with roles, or from a table whose roles and hierarchies are suggested. */
export function recommendCommand(): Command {
  return command('recommend', 'which form a release should take; alternatives for a table, carried out and measured')
    .option('--config <file>', 'a job with roles and hierarchies; its models are replaced')
    .option('--input <file>', 'a table: without a job, roles and hierarchies are suggested')
    .option('--delimiter <character>', 'of the table; default comma')
    .addOption(new Option('--kind <kind>', 'kind of data').choices(dataKinds).default('table'))
    .addOption(new Option('--need <need>', 'what the recipient must be able to do').choices(needs).default('records'))
    .addOption(new Option('--recipient <recipient>', 'who receives').choices(recipients).default('named'))
    .option('--folder <folder>', 'a new folder for the alternatives\' jobs (and suggested hierarchies)')
    .option('--time-limit <seconds>', 'for each alternative')
    .action(async (options: RecommendArguments) => {
      const start = await startOf(options)
      const seconds = secondsOf(options.timeLimit)
      const found = recommend({ ...options, job: start.job, tables: start.tables, startTimer: () => timer(seconds) })
      if (options.folder !== undefined) writeJobs(options.folder, start, found.alternatives)
      outputOf(options).result({ ...found, roles: start.roles }, lines(found, start))
    })
}

export interface Start extends Pick<Awaited<ReturnType<typeof loadJob>>, 'job' | 'folder' | 'tables'> {
  /** Where nobody gave any: the suggested roles with their reasons. */
  readonly roles?: ReturnType<typeof suggestRoles>
}

export async function startOf({ config, input, delimiter }: Pick<RecommendArguments, 'config' | 'input' | 'delimiter'>): Promise<Start> {
  if (config !== undefined) return loadJob(config, input === undefined ? {} : { input })
  if (input === undefined) throw cliErrors.BAD_OPTION({ option: '--config', why: 'neither a job nor a table is named' })
  const { table: data } = await readTable(input, delimiter)
  const roles = suggestRoles(data)
  const columns = Object.fromEntries(Object.entries(roles).map(([name, { role }]): [string, ColumnSpec] => [name, role === 'quasi-identifying' ? { role, hierarchy: `${name.replace(/[^\w-]/g, '_')}.csv` } : { role }]))
  const job: Job = { input: { path: resolve(input), ...(delimiter !== undefined && { delimiter }) }, columns, models: [{ type: 'k-anonymity', k: 5 }] }
  return { job, folder: process.cwd(), tables: { input: data, hierarchies: suggested(data, columns) }, roles }
}

function suggested(data: Table, columns: Readonly<Record<string, ColumnSpec>>): Record<string, HierarchySource> {
  const quasi = data.columns.filter(({ name }) => columns[name]?.role === 'quasi-identifying')
  return byName(quasi.map((column) => [column.name, buildHierarchy(column.name, column.dictionary, suggestHierarchy(column).spec ?? { type: 'suppression' })]))
}

export function secondsOf(text: string | undefined): number {
  const value = text === undefined ? Infinity : Number(text)
  if (!(value > 0)) throw cliErrors.BAD_OPTION({ option: '--time-limit', why: 'not a number above 0' })
  return value
}

export function timer(seconds: number): () => boolean {
  const deadline = performance.now() + 1000 * seconds
  return () => performance.now() > deadline
}

/** One job an alternative; suggested hierarchies lie beside them. */
export function writeJobs(folder: string, start: Start, alternatives: readonly Pick<Alternative, 'name' | 'job'>[]): void {
  if (existsSync(folder)) throw cliErrors.FILE_EXISTS({ file: folder })
  mkdirSync(folder, { recursive: true })
  const from = (path: string): string => relative(folder, resolve(start.folder, path))
  for (const { name, job } of alternatives) {
    const columns = Object.fromEntries(Object.entries(job.columns).map(([column, spec]) => [column, start.roles === undefined && spec.hierarchy !== undefined ? { ...spec, hierarchy: from(spec.hierarchy) } : spec]))
    writeFileSync(join(folder, `${name}.job.json`), `${JSON.stringify({ ...job, input: { ...job.input, path: from(job.input.path) }, columns }, undefined, 2)}\n`)
  }
  if (start.roles === undefined) return
  for (const [name, source] of Object.entries(start.tables.hierarchies)) {
    const path = start.job.columns[name]?.hierarchy
    if (path !== undefined) writeFileSync(join(folder, path), hierarchyCsv(source))
  }
}

function lines({ forms, alternatives, impossible }: Recommendation, { roles }: Start): string[] {
  return [
    ...(roles === undefined ? [] : ['Roles, suggested; look them over:', ...table([['column', 'role', 'because'], ...Object.entries(roles).map(([name, { role, reason }]) => [name, role, reason])])]),
    ...table([['form', 'verdict', 'because'], ...forms.map(({ form, verdict, reason }) => [form, verdict, reason])]),
    ...(alternatives.length === 0 ? [] : table([
      ['alternative', 'score', 'suppressed', 'highest risk', 'average risk', 'sensitive guessed (without classes)'],
      ...alternatives.map(({ name, score, suppressedRows, risk }) => [name, score.toPrecision(6), String(suppressedRows), risk.sample.highestRisk.toPrecision(4), risk.sample.averageRisk.toPrecision(4), Object.values(risk.attributes).map(({ guessedRight, guessedRightWithoutClasses }) => `${guessedRight.toFixed(4)} (${guessedRightWithoutClasses.toFixed(4)})`).join(', ')]),
    ])),
    ...impossible.map(({ name, code }) => `${name}: ${code}`),
  ]
}
