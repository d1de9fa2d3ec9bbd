// Local recoding by repeated full-domain searches (after Prasser, Kohlmayer et al.'s iterative scheme in ARX, and LeFevre et al.'s idea of
// several regions): each round generalises only the rows that earlier rounds would have suppressed, and keeps those that then hold.
// Rows of different rounds that come to share their labels only enlarge each other's classes, so it is for models that merging preserves.
import type { Table } from '@mhmd/columns'
import { columnNamed, columnOf, textAt } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import { compileHierarchy } from '../hierarchies/compile.ts'
import { SUPPRESSED } from '../hierarchies/source.ts'
import { aggregateOf, aggregated } from '../metrics/aggregate.ts'
import type { Job, ModelType } from '../job.ts'
import type { JobTables } from '../prepare.ts'
import type { Release } from '../released.ts'

const mostRounds = 50

/** What a row that this round gives up counts beside one that it generalises: less than in the end, as a later round may still keep it. Each is tried as a start; a round that keeps nobody goes on with the next. */
const weights = [0.01, 0.03, 0.1, 0.25, 0.5] as const

/** Models that hold for merged classes and don't refer to the whole input. */
const mergeable: ReadonlySet<ModelType> = new Set(['k-anonymity', 'distinct-l-diversity', 'entropy-l-diversity', 'recursive-l-diversity', 'cost-benefit', 'km-anonymity'])

/** Throws DEID_LOCAL_MODEL, DEID_PARAMETER_IMPOSSIBLE. */
export function checkLocal(job: Job): void {
  const model = job.models.find((spec) => !mergeable.has(spec.type) || (spec.type === 'entropy-l-diversity' && spec.estimator === 'grassberger'))
  if (model !== undefined) throw deidErrors.LOCAL_MODEL({ model: model.type })
  if ((job.metric?.type ?? 'loss') !== 'loss' || (job.metric?.suppressionWeight ?? 0.5) !== 0.5) throw deidErrors.PARAMETER_IMPOSSIBLE({ parameter: 'metric', allowed: 'loss with suppressionWeight 0.5 under local recoding' })
}

export interface LocalParts {
  /** Makes a full-domain release. */
  readonly carryOut: (job: Job, tables: JobTables) => Release
  /** Recodes the set-valued columns of a table whose rows with a 1 are gone. */
  readonly withSets: (made: { table: Table; gone: Uint8Array }) => Pick<Release, 'table' | 'sets'>
}

/** The better of the full-domain release and the one by rounds. */
export function localRelease(job: Job, tables: JobTables, { carryOut, withSets }: LocalParts): Release {
  const whole = attempt(() => carryOut(job, tables))
  const limit = Math.floor((job.suppressionLimit ?? 0) * tables.input.rows + 1e-9)
  const tried = weights.map((_, start) => byRounds({ ...job, models: job.models.filter(({ type }) => type !== 'km-anonymity') }, tables, { carryOut, start })).filter(({ gone }) => gone.length <= limit)
  const scored = tried.map((rounds) => ({ ...rounds, score: localScore(job, tables, rounds.table) })).sort((a, b) => a.score - b.score)
  const [best] = scored
  if (best === undefined || (whole !== undefined && whole.score <= best.score)) {
    if (whole === undefined) throw deidErrors.NO_SOLUTION({ suppressionLimit: job.suppressionLimit ?? 0 })
    return whole
  }
  const { table, gone, score, checkedNodes, latticeSize } = best
  const names = table.columns.map(({ name }) => name).filter((name) => job.columns[name]?.role === 'quasi-identifying')
  const classes = new Set(Array.from({ length: table.rows }, (_, row) => keyOf(table, names, row)))
  classes.delete(JSON.stringify(names.map(() => SUPPRESSED)))
  const flags = new Uint8Array(table.rows)
  for (const row of gone) flags[row] = 1
  return { ...withSets({ table, gone: flags }), score, metric: job.metric ?? { type: 'loss', aggregate: 'geometric-mean', suppressionWeight: 0.5 }, levels: {}, suppressedRows: gone.length, rowsOutsideSubset: 0, classes: classes.size, checkedNodes, latticeSize, optimal: false, lowerBound: 0, droppedColumns: tables.input.columns.map(({ name }) => name).filter((name) => !Object.hasOwn(job.columns, name)) }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if ((error as { code?: string }).code === 'DEID_NO_SOLUTION') return undefined
    throw error
  }
}

interface Rounds { readonly table: Table; readonly gone: readonly number[]; readonly checkedNodes: number; readonly latticeSize: number }

function byRounds(job: Job, tables: JobTables, { carryOut, start }: { carryOut: (job: Job, tables: JobTables) => Release; start: number }): Rounds {
  let left = Array.from({ length: tables.input.rows }, (_, row) => row)
  let cells: string[][] | undefined
  let [checkedNodes, latticeSize] = [0, 0]
  let names: readonly string[] = []
  let weight = start
  for (let round = 0; round < mostRounds && left.length > 0; round++) {
    const found = carryOut({ ...job, suppressionLimit: 1, metric: { ...job.metric, type: 'loss', suppressionWeight: weights[weight] as number } }, { ...tables, input: rowsOf(tables.input, left) })
    names = found.table.columns.map(({ name }) => name)
    cells ??= names.map(() => new Array<string>(tables.input.rows).fill(SUPPRESSED))
    checkedNodes += found.checkedNodes
    latticeSize = found.latticeSize
    const quasi = found.table.columns.filter(({ name }) => job.columns[name]?.role === 'quasi-identifying')
    const isGone = left.map((_, at) => quasi.every((column) => textAt(column, at) === SUPPRESSED))
    left.forEach((row, at) => found.table.columns.forEach((column, c) => { (cells?.[c] as string[])[row] = textAt(column, at) }))
    const next = left.filter((_, at) => isGone[at])
    if (next.length === left.length && ++weight === weights.length) break
    left = next
  }
  return { table: { rows: tables.input.rows, columns: names.map((name, c) => columnOf(name, cells?.[c] ?? [])) }, gone: left, checkedNodes, latticeSize }
}

function rowsOf(table: Table, rows: readonly number[]): Table {
  return { rows: rows.length, columns: table.columns.map((column) => ({ ...column, codes: Uint32Array.from(rows, (row) => column.codes[row] as number) })) }
}

const keyOf = (table: Table, names: readonly string[], row: number): string => JSON.stringify(names.map((name) => textAt(columnNamed(table, name) as Table['columns'][number], row)))

/** Loss of a table whose rows stand at different levels: each cell by the part of its hierarchy that its label covers. */
function localScore(job: Job, { input, hierarchies }: JobTables, table: Table): number {
  const quasi = table.columns.filter(({ name }) => job.columns[name]?.role === 'quasi-identifying')
  const losses = quasi.map((column) => {
    const source = hierarchies[column.name]
    const original = columnNamed(input, column.name) as Table['columns'][number]
    if (source === undefined) return original.dictionary.length <= 1 ? 0 : Array.from(column.codes, (_, row) => (textAt(column, row) === SUPPRESSED ? 1 : 0) as number).reduce((a, b) => a + b, 0) / table.rows
    const { levels, fileRows } = compileHierarchy(source, original)
    let covered = 0
    for (let row = 0; row < table.rows; row++) {
      const text = textAt(column, row)
      const level = levels.find(({ labels, codeOf }) => labels[codeOf[original.codes[row] as number] as number] === text)
      covered += level === undefined ? fileRows : level.fileRows[level.codeOf[original.codes[row] as number] as number] as number
    }
    return fileRows <= 1 ? 0 : Math.max(0, (covered / table.rows - 1) / (fileRows - 1))
  })
  const aggregate = aggregateOf(job.metric?.aggregate ?? 'geometric-mean', quasi.map(({ name }) => job.columns[name]?.weight ?? 1))
  return aggregate.value(aggregated(aggregate, Float64Array.from(losses)))
}
