// `mhmd analytics`: questions to the ledger, of a node or of tables rebuilt from block files; the five views; SQL of an auditor's own.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Answer, BlockBytes, BlockText, Cell, Database, Evidence, Rows, SqlAnswer } from '@mhmd/analytics'
import { homePaths, readConfig, readFabric, readNetwork } from '@mhmd/node/home'
import { Command } from 'commander'
import { clientOf, command } from './action.ts'
import { cliErrors } from './errors.ts'
import { outputOf, table } from './output.ts'

/** DuckDB is loaded for these commands alone. */
const analytics = () => import('@mhmd/analytics')
const TABLES = 'ledger.duckdb'

interface Where {
  readonly tables?: string
  readonly profile?: string
  readonly json?: boolean
}

interface AskOptions extends Where {
  readonly param: string[]
  readonly height?: string
  readonly evidence?: true
  readonly csv?: true
}

const placed = (name: string, description: string): Command => command(name, description)
  .option('--tables <folder>', 'tables made by: mhmd analytics rebuild').option('--profile <file>', 'ask a node instead: who acts (or MHMD_PROFILE)')

export function analyticsCommand(): Command {
  return new Command('analytics').description('the ledger as tables: questions, the five views, SQL').addCommand(rebuildCommand()).addCommand(questionsCommand()).addCommand(askCommand()).addCommand(viewsCommand()).addCommand(sqlCommand())
}

function rebuildCommand(): Command {
  return command('rebuild', 'make the tables and their canonical Parquet from a stopped ledger\'s block files alone')
    .requiredOption('--home <folder>', 'the operator\'s folder, or a copy of it; on Fabric a member\'s, whose peer\'s files are on this machine').requiredOption('--out <folder>', 'where the tables are made, or brought up to date')
    .action(async ({ home, out, json }: { home: string; out: string; json?: boolean }) => {
      const output = outputOf(json === true ? { json } : {})
      const folder = resolve(out)
      mkdirSync(folder, { recursive: true })
      const { apartThread, openDatabase, createFeed, rebuild, writeParquet } = await analytics()
      const blocks = await blocksOf(home)
      const database = await openDatabase({ file: join(folder, TABLES), networkId: readNetwork(home).id, exportFolder: folder, waitingMegabytes: 256 })
      const thread = apartThread()
      try {
        const feed = await createFeed(database, thread.takeApart)
        await rebuild(feed, blocks, (height) => output.progress(`block ${height} …`))
        const files = Object.fromEntries(await Promise.all((await writeParquet(database)).map(async (file) => [file, await sha256Of(join(folder, file))] as const)))
        const { height, hash } = feed.position()
        output.result({ height, hash, files }, [`Tables up to block ${height}, ${hash}, in ${folder}.`, ...Object.entries(files).map(([file, digest]) => `${digest}  ${file}`)])
      } finally {
        await thread.close()
        database.close()
      }
    })
}

/** The embedded ledger's own folder, or the files of a member's peer. */
async function blocksOf(home: string): Promise<AsyncIterable<BlockBytes | BlockText>> {
  if (existsSync(homePaths(home).ledger)) return (await import('@mhmd/ledger-embedded')).storedBlocks(homePaths(home).ledger)
  const folder = readFabric(home)?.site?.folder
  const { savedPlan, storedBlocks } = await import('@mhmd/ledger-fabric')
  const plan = folder === undefined ? undefined : savedPlan(folder)
  if (plan === undefined) throw cliErrors.BAD_OPTION({ option: '--home', why: 'there is no ledger in this folder; name the operator\'s, or on Fabric that of a member with a peer on this machine' })
  return mapped(storedBlocks(plan, readConfig(home).id, readNetwork(home).id), (await analytics()).textOf)
}

async function* mapped<T, U>(all: AsyncIterable<T>, change: (one: T) => U): AsyncGenerator<U> {
  for await (const one of all) yield change(one)
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

function questionsCommand(): Command {
  return command('questions', 'every question: what it asks, its parameters, what the contracts do not hold').action(async (options: { json?: boolean }) => {
    const { questions } = await import('@mhmd/analytics/questions')
    outputOf(options).result({ questions }, questions.flatMap(({ name, says, parameters, missing }) => [
      `${name}: ${says[0]}`, ...Object.entries(parameters).map(([parameter, { says: [meaning], standard }]) => `    --param ${parameter}=…  ${meaning}${standard === undefined ? '' : ` (${standard})`}`),
      ...(missing === undefined ? [] : [`    Not on the ledger: ${missing[0]}`]),
    ]))
  })
}

function askCommand(): Command {
  return placed('ask', 'ask a question; the answer names its height').argument('<question>', 'one of: mhmd analytics questions')
    .option('--param <name=value>', 'a parameter; may be repeated', (value: string, before: string[]) => [...before, value], [])
    .option('--height <block>', 'as of this block').option('--evidence', 'the transactions behind the figures instead').option('--csv', 'print comma-separated values')
    .action(async (name: string, options: AskOptions) => {
      const parameters = Object.fromEntries(options.param.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]))
      const height = options.height === undefined ? {} : { height: Number(options.height) }
      const answer = await (options.tables === undefined ? askNode(name, options, parameters) : withTables(options.tables, async (database) => {
        const { ask, evidenceOf } = await analytics()
        return options.evidence === true ? evidenceOf(database, { name, parameters, ...height }, { limit: 1000 }) : ask(database, { name, parameters, ...height })
      }))
      print(answer, options)
    })
}

function askNode(name: string, options: AskOptions, parameters: Readonly<Record<string, string>>): Promise<Answer | Evidence> {
  const query = new URLSearchParams({ ...parameters, ...(options.height === undefined ? {} : { height: options.height }) })
  return clientOf(options).get(`/staff/1/analytics/questions/${encodeURIComponent(name)}${options.evidence === true ? '/evidence' : ''}${query.size === 0 ? '' : `?${query.toString()}`}`)
}

function viewsCommand(): Command {
  return command('views', 'the five views of the project\'s card: what a row is').action(async (options: { json?: boolean }) => {
    const { views } = await import('@mhmd/analytics/questions')
    const shown = views.map(({ name, says, atHeight }) => ({ name, says, ...(atHeight === undefined ? {} : { atHeight }) }))
    outputOf(options).result({ views: shown }, shown.map(({ name, says, atHeight }) => `${name}: ${says}${atHeight === undefined ? '' : ` At an earlier height: ${atHeight}.`}`))
  })
}

function sqlCommand(): Command {
  return placed('sql', 'one SELECT over views and tables, read-only, with limits').argument('<select>').option('--csv', 'print comma-separated values')
    .action(async (sql: string, options: Where & { csv?: true }) => {
      const answer = await (options.tables === undefined ? clientOf(options).post<SqlAnswer>('/staff/1/analytics/sql', { sql }) : withTables(options.tables, async (database) => (await analytics()).runSql(database, sql)))
      print(answer, options)
    })
}

async function withTables<T>(folder: string, use: (database: Database) => Promise<T>): Promise<T> {
  const file = join(resolve(folder), TABLES)
  if (!existsSync(file)) throw cliErrors.FILE_MISSING({ file })
  const database = await (await analytics()).openDatabase({ file })
  try {
    return await use(database)
  } finally {
    database.close()
  }
}

function print(answer: Rows & { readonly height: number }, options: { readonly json?: boolean; readonly csv?: true }): void {
  const { columns, rows, height, isCut } = answer
  const lines = options.csv === true ? [columns, ...rows].map((row) => row.map(csvCell).join(',')) : [...table([columns, ...rows.map((row) => row.map((cell) => String(cell ?? '')))]), `As of block ${height}.${isCut ? ' Cut off at the limit of rows.' : ''}`]
  outputOf(options).result(answer, lines)
}

/** RFC 4180; a text that a spreadsheet would take for a formula is led by an apostrophe. */
function csvCell(cell: Cell): string {
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
