// The peer's figures (vectors/deid/arx-3.9.2.json) and how one of its rows is run here.
import { readFileSync } from 'node:fs'
import { columnOf, parseCsv } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { readHierarchy, release } from '@mhmd/deid'
import type { Job, JobTables, MetricSpec, ModelSpec, Release } from '@mhmd/deid'

export interface ArxRow {
  readonly table: string
  readonly models: readonly (ModelSpec | { readonly type: 'delta-presence'; readonly min: number; readonly max: number })[]
  readonly suppressionLimit: number
  readonly metric: MetricSpec
  readonly sensitive?: string
  readonly levels: readonly number[]
  readonly score: string
  readonly suppressedRows: number
  readonly classes: number
  readonly peer: { readonly coldSeconds: number; readonly warmSeconds: number; readonly checkedNodes: number; readonly latticeSize: number }
  /** Where the peer's answer violates the definition: why, and what the definition gives. */
  readonly peerDefect?: { readonly why: string; readonly score: string; readonly suppressedRows: number; readonly classes: number }
}

export const arxRows = (JSON.parse(readFileSync(new URL('../vectors/deid/arx-3.9.2.json', import.meta.url), 'utf8')) as { results: ArxRow[] }).results

const delimiter = ';'
const tables = new Map<string, JobTables>()

/** A folder's table, hierarchies and subset; read once. `file` is the table's name where it isn't the folder's. */
export function arxTables(root: URL, folder: string, file = folder): JobTables {
  const at = (name: string): Uint8Array => readFileSync(new URL(`${folder}/${encodeURIComponent(name)}.csv.gz`, root))
  const known = tables.get(root.href + folder)
  if (known !== undefined) return known
  const { table: input } = parseCsv(at(file), { delimiter })
  const hierarchies = Object.fromEntries(input.columns.map(({ name }) => [name, readHierarchy(name, at(`${file}_hierarchy_${name}`), delimiter)]))
  const read: JobTables = { input, hierarchies, ...(folder === 'adult' || folder === 'cup' ? { subset: parseCsv(at(`${folder}_subset`), { delimiter }).table } : {}) }
  tables.set(root.href + folder, read)
  return read
}

/** The row as a job of ours. */
export function arxJob(row: ArxRow, input: Table): Job {
  const isModelled = row.models.some((model) => 'column' in model)
  const columns: [string, Job['columns'][string]][] = input.columns.flatMap(({ name }) => name !== row.sensitive ? [[name, { role: 'quasi-identifying' }] as [string, Job['columns'][string]]] : isModelled ? [[name, { role: 'sensitive' }] as [string, Job['columns'][string]]] : [])
  return { input: { path: `${row.table}.csv.gz`, delimiter }, columns: Object.fromEntries(columns), models: row.models as ModelSpec[], suppressionLimit: row.suppressionLimit, metric: row.metric }
}

export function runArxRow(row: ArxRow, root: URL): Release {
  const all = arxTables(root, row.table)
  const { subset, ...others } = all
  return release(arxJob(row, all.input), row.models.some(({ type }) => type === 'delta-presence') && subset !== undefined ? { ...others, subset } : others)
}

/** What differs from the golden figures; undefined where score (to its printed digits) and suppressed rows agree. */
export function arxDifference(row: ArxRow, found: Pick<Release, 'score' | 'suppressedRows' | 'optimal'>): string | undefined {
  const expected = row.peerDefect ?? row
  const digits = expected.score.split('.')[1]?.length ?? 0
  if (found.score.toFixed(digits) !== expected.score) return `score ${found.score}, expected ${expected.score}`
  if (found.suppressedRows !== expected.suppressedRows) return `${found.suppressedRows} rows suppressed, expected ${expected.suppressedRows}`
  return found.optimal ? undefined : 'not claimed optimal'
}

export function arxName(row: ArxRow): string {
  return `${row.table}, ${row.models.map(({ type }) => type).join(' + ')}, ${row.suppressionLimit * 100} %, ${row.metric.type}`
}

/** The same table in another order of rows. */
export function reordered(table: Table, order: Uint32Array): Table {
  return { rows: table.rows, columns: table.columns.map(({ name, dictionary, codes }) => columnOf(name, Array.from(order, (row) => dictionary[codes[row] as number] as string))) }
}
