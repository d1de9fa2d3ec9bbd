// Commands about views: which are ready, what one says, and its table over FHIR files. Nothing of this needs a node.
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { once } from 'node:events'
import { basename } from 'node:path'
import type { Writable } from 'node:stream'
import { csvChunks, defaultCsvFormat, tableFileChunks } from '@mhmd/columns'
import type { ValueKind } from '@mhmd/columns'
import { compileView, isProblem, parseExact, readSource, readyViews, runView, viewTable } from '@mhmd/fhir'
import type { CompiledView, PersonResources } from '@mhmd/fhir'
import { viewDefinitionDocument } from '@mhmd/schema'
import type { ViewDefinition } from '@mhmd/schema'
import { Command, Option } from 'commander'
import { command } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { outputOf, table } from './output.ts'

/** Resources whose rows are written together. */
const BATCH = 5000
const formats = ['csv', 'ndjson', 'parquet'] as const

interface RunOptions {
  readonly out?: string
  readonly format: (typeof formats)[number]
  readonly json?: boolean
}

export function viewCommand(): Command {
  return new Command('view').description('tables made of FHIR resources, by ViewDefinitions of SQL on FHIR v2').addCommand(
    command('list', 'the ready views').action((options: { json?: boolean }) => {
      const views = [...readyViews.values()].map(({ name, resource, title, description }) => ({ name, resource, title, description }))
      outputOf(options).result(views, table([['view', 'of', 'what'], ...views.map((view) => [String(view.name), view.resource, String(view.description)])]))
    }),
  ).addCommand(
    command('show', 'a view\'s columns and what is noticed about it; with --json the ViewDefinition').argument('<view>', 'name of a ready view, or a file')
      .action((name: string, options: { json?: boolean }) => {
        const definition = definitionOf(name)
        const view = compileView(definition)
        outputOf(options).result(definition, [
          `${definition.title ?? name}, of ${view.resource}${definition.description === undefined ? '' : `: ${definition.description}`}`,
          ...table([['column', 'type', 'what'], ...view.columns.map((column) => [column.name, `${column.type ?? '-'}${column.collection ? ', several' : ''}`, column.description ?? ''])]),
          ...findings(view),
        ])
      }),
  ).addCommand(
    command('run', 'the table of a view over FHIR files, to standard output or a file').argument('<view>', 'name of a ready view, or a file').argument('<files...>', 'FHIR R4 bundles (JSON) or NDJSON, gzip or not')
      .option('--out <file>', 'a new file for the table').addOption(new Option('--format <format>', 'of the table').choices(formats).default('csv'))
      .action(runOverFiles),
  )
}

/** Throws CLI_FILE_MISSING, CLI_NOT_JSON, SCHEMA_NOT_VALID. */
function definitionOf(name: string): ViewDefinition {
  return readyViews.get(name) ?? viewDefinitionDocument.parse(readJsonFile(name))
}

const findings = (view: CompiledView): string[] => view.findings.map(({ code, at, offset }) => `${code}: the path at ${at} names an element at character ${offset} that its type doesn't have; it is empty there.`)

async function runOverFiles(name: string, files: readonly string[], options: RunOptions): Promise<void> {
  const view = compileView(definitionOf(name))
  const missing = files.find((file) => !existsSync(file))
  if (missing !== undefined) throw cliErrors.FILE_MISSING({ file: missing })
  if (options.out !== undefined && existsSync(options.out)) throw cliErrors.FILE_EXISTS({ file: options.out })
  const output = outputOf(options)
  const to = options.out === undefined ? process.stdout : createWriteStream(options.out, { flags: 'wx', mode: 0o600 })
  // A reader such as `head` that has seen enough closes its end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' ? process.exit(0) : process.exit(1))
  for (const line of findings(view)) output.progress(line)
  const done = { rows: 0, resources: 0, unreadable: 0 }
  if (options.format === 'parquet') {
    await writeParquet(to, view, { files, done })
  } else for await (const batch of batches(view, files, done)) await write(to, batch, { view, format: options.format, isFirst: done.resources === 0, done })
  if (done.resources === 0 && options.format !== 'parquet') await write(to, [], { view, format: options.format, isFirst: true, done })
  if (options.out !== undefined) {
    to.end()
    await once(to, 'close')
    output.result({ ...done, file: options.out }, [`${done.rows} rows of ${done.resources} ${view.resource} resources in ${options.out}.`])
  }
  if (done.unreadable > 0) throw cliErrors.PARTS_UNREADABLE({ parts: done.unreadable })
}

/** Resources of the view's type, some thousands at a time, with the digits of their numbers. */
async function* batches(view: CompiledView, files: readonly string[], done: { unreadable: number }): AsyncGenerator<unknown[]> {
  let batch: unknown[] = []
  for (const file of files) {
    for await (const found of readSource({ name: basename(file), open: () => createReadStream(file) as AsyncIterable<Uint8Array> })) {
      for (const item of found) {
        if (isProblem(item)) done.unreadable++
        else if (item.resource['resourceType'] === view.resource) batch.push(parseExact(Buffer.from(item.text).toString()))
      }
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

const kinds: Readonly<Record<string, ValueKind>> = { date: 'date', boolean: 'boolean', decimal: 'number', integer: 'integer', positiveInt: 'integer', unsignedInt: 'integer' }

/** Parquet is written whole: its columns lie one after the other. Each has the kind its values all are of. */
async function writeParquet(to: Writable, view: CompiledView, { files, done }: { files: readonly string[]; done: { rows: number; resources: number; unreadable: number } }): Promise<void> {
  const { table: rows } = await viewTable(view, counted(batches(view, files, done), done))
  done.rows = rows.rows
  const values = new Map(view.columns.map(({ name, type, collection }): [string, ValueKind] => [name, collection ? 'text' : kinds[type ?? ''] ?? 'text']))
  for (const chunk of tableFileChunks(rows, { kind: 'parquet', values, empties: new Set() })) if (!to.write(chunk)) await once(to, 'drain')
}

async function* counted(found: AsyncIterable<unknown[]>, done: { resources: number }): AsyncGenerator<PersonResources> {
  for await (const resources of found) {
    done.resources += resources.length
    yield { person: '', resources }
  }
}

interface Writing {
  readonly view: CompiledView
  readonly format: RunOptions['format']
  /** A table's header goes before its first rows. */
  readonly isFirst: boolean
  readonly done: { rows: number; resources: number }
}

async function write(to: Writable, resources: readonly unknown[], { view, format, isFirst, done }: Writing): Promise<void> {
  const send = async (chunk: Uint8Array | string): Promise<void> => {
    if (!to.write(chunk)) await once(to, 'drain')
  }
  done.resources += resources.length
  if (format === 'ndjson') {
    let lines = ''
    for (const row of runView(view, resources)) {
      lines += `${JSON.stringify(row)}\n`
      done.rows++
    }
    return send(lines)
  }
  const { table: rows } = await viewTable(view, [{ person: '', resources }])
  done.rows += rows.rows
  for (const chunk of csvChunks(rows, isFirst ? defaultCsvFormat : { ...defaultCsvFormat, header: false })) await send(chunk)
}
