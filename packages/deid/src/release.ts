// A job carried out: search, then the table that leaves, with the figures of its report.
import { makeCodes } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { deidErrors } from './errors.ts'
import { SUPPRESSED } from './hierarchies/source.ts'
import type { HierarchyLevel } from './hierarchy.ts'
import type { Job, MetricSpec } from './job.ts'
import { defaultMetric, prepare } from './prepare.ts'
import type { JobTables, Prepared } from './prepare.ts'
import { Checker } from './search/checker.ts'
import { exactSearch, mostNodes } from './search/exact.ts'
import type { SearchResult } from './search/exact.ts'
import { heuristicSearch } from './search/heuristic.ts'
import { latticeOf } from './search/lattice.ts'
import { compileProblem } from './search/problem.ts'
import type { Problem } from './search/problem.ts'
import type { Solution } from './search/solution.ts'

export interface Release {
  /** As many rows as the input, in its order. */
  readonly table: Table
  readonly score: number
  readonly metric: MetricSpec
  readonly levels: Readonly<Record<string, number>>
  readonly suppressedRows: number
  /** Where persons are the unit: how many of them are gone. */
  readonly suppressedPersons?: number
  /** Rows outside a research subset: nothing of them is in the table. */
  readonly rowsOutsideSubset: number
  readonly classes: number
  readonly checkedNodes: number
  readonly latticeSize: number
  readonly optimal: boolean
  readonly lowerBound: number
  readonly droppedColumns: readonly string[]
}

export interface ReleaseOptions {
  /** Asked now and then; once true the search ends with the best it has. Without it a heuristic search ends after some restarts. */
  readonly isOutOfTime?: () => boolean
}

/** Throws DEID_NO_SOLUTION where nothing satisfies the models, and what `prepare` throws. */
export function release(job: Job, tables: JobTables, options: ReleaseOptions = {}): Release {
  const prepared = prepare(job, tables)
  const problem = compileProblem(prepared.input)
  const found = search(job, problem, options.isOutOfTime)
  const { best } = found
  if (best === undefined) throw deidErrors.NO_SOLUTION({ suppressionLimit: job.suppressionLimit ?? 0 })
  const gone = suppressedRows(problem, best, prepared.input.rows)
  const levels = Object.fromEntries(prepared.input.quasiIdentifiers.map(({ name }, index) => [name, best.levels[problem.order.indexOf(index)] as number]))
  return {
    table: generalisedTable(prepared, gone.rows, levels),
    score: best.score,
    metric: job.metric ?? defaultMetric,
    levels,
    suppressedRows: best.suppressedRows,
    ...(gone.persons === undefined ? {} : { suppressedPersons: gone.persons }),
    rowsOutsideSubset: tables.input.rows - problem.rows,
    classes: best.classes,
    checkedNodes: found.checkedNodes,
    latticeSize: found.latticeSize,
    optimal: found.optimal,
    lowerBound: found.lowerBound,
    droppedColumns: prepared.unnamed,
  }
}

function search(job: Job, problem: Problem, isOutOfTime: (() => boolean) | undefined): SearchResult {
  const { size } = latticeOf(problem.dimensions)
  const type = job.search?.type ?? (size <= mostNodes ? 'exact' : 'heuristic')
  if (type === 'heuristic') return heuristicSearch(problem, { isOutOfTime: isOutOfTime ?? (() => false), seed: job.seed ?? 1, ...(isOutOfTime === undefined ? {} : { mostRestarts: Infinity }) })
  if (size > mostNodes) throw deidErrors.LATTICE_TOO_LARGE({ nodes: size, most: mostNodes })
  return exactSearch(problem, isOutOfTime)
}

function generalisedTable({ input, released }: Prepared, suppressed: Uint8Array, levels: Readonly<Record<string, number>>): Table {
  const columns = released.map((column) => {
    const attribute = input.quasiIdentifiers.find(({ name }) => name === column.name)
    const level = attribute?.hierarchy.levels[levels[column.name] as number]
    // A person who is gone shows nothing: neither how many visits she had nor what else stood there.
    return written(column, level, attribute === undefined && input.persons === undefined ? outsideOf(input.subset) : suppressedOrOutside(suppressed, input.subset))
  })
  return { rows: input.rows, columns }
}

const outsideOf = (subset: Uint8Array | undefined): Uint8Array | undefined => subset?.map((flag) => 1 - flag)

function suppressedOrOutside(suppressed: Uint8Array, subset: Uint8Array | undefined): Uint8Array {
  return subset === undefined ? suppressed : suppressed.map((flag, row) => flag | (1 - (subset[row] as number)))
}

/** The column at a level (or as it is), with the marker in the rows that are gone. */
function written(column: Column, level: HierarchyLevel | undefined, gone: Uint8Array | undefined): Column {
  const labels = level?.labels ?? column.dictionary
  const star = labels.indexOf(SUPPRESSED)
  const marker = star < 0 ? labels.length : star
  const dictionary = star < 0 ? [...labels, SUPPRESSED] : labels
  const codes = makeCodes(dictionary.length, column.codes.length)
  const own = column.codes
  const map = level === undefined ? Uint32Array.from(column.dictionary.keys()) : Uint32Array.from(level.codeOf)
  for (let row = 0; row < codes.length; row++) codes[row] = gone?.[row] === 1 ? marker : map[own[row] as number] as number
  return { name: column.name, dictionary, codes }
}

/** 1 for each row whose class, or whose person, is suppressed at the solution's levels. */
function suppressedRows(problem: Problem, { levels }: Solution, rows: number): { rows: Uint8Array; persons?: number } {
  const checker = new Checker(problem)
  const bottom = { levels: Uint8Array.from(problem.dimensions, ({ minLevel }) => minLevel), cells: problem.base }
  const { persons } = problem
  const flags = persons === undefined ? checker.suppressedTuples(levels, bottom) : checker.suppressedPersons(levels, bottom, persons)
  const unitOf = persons?.of ?? problem.tupleOf
  const suppressed = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) suppressed[row] = flags[unitOf[row] as number] as number
  return { rows: suppressed, ...(persons === undefined ? {} : { persons: flags.reduce((sum, flag) => sum + flag, 0) }) }
}

