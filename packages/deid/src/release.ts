// A job carried out: search, then the table that leaves, with the figures of its report.
import { makeCodes } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { deidErrors } from './errors.ts'
import { SUPPRESSED } from './hierarchies/source.ts'
import type { HierarchyLevel } from './hierarchy.ts'
import type { Job } from './job.ts'
import { checkLocal, localRelease } from './local/local-recoding.ts'
import { maskedTable } from './masks/index.ts'
import { defaultMetric, prepare } from './prepare.ts'
import type { JobTables, Prepared } from './prepare.ts'
import { emptyRelease, keptMultiset, privacyOf, privateParts } from './privacy/private-release.ts'
import type { PrivacySpec } from './privacy/private-release.ts'
import type { Release, ReleaseOptions } from './released.ts'
import { Checker } from './search/checker.ts'
import { countedRows } from './search/counted-rows.ts'
import { exactSearch, mostNodes } from './search/exact.ts'
import type { SearchResult } from './search/exact.ts'
import { heuristicSearch } from './search/heuristic.ts'
import { latticeOf } from './search/lattice.ts'
import { problemOf } from './search/problem.ts'
import type { Problem } from './search/problem.ts'
import { helpFor } from './search/shared-search.ts'
import type { Help } from './search/shared-search.ts'
import type { Solution } from './search/solution.ts'
import { recodedSets } from './sets/set-column.ts'

/** Throws DEID_NO_SOLUTION where nothing satisfies the models, and what masks and `prepare` throw. */
export function release(job: Job, tables: JobTables, options: ReleaseOptions = {}): Release {
  const { secret } = options
  const masked: JobTables = { ...tables, input: maskedTable(job, tables.input, secret) }
  const privacy = privacyOf(job)
  if (privacy !== undefined && secret !== undefined) return privateRelease(job, masked, { spec: privacy, secret, options })
  if (job.localRecoding !== true) return fullDomain(job, masked, options)
  checkLocal(job)
  return localRelease(job, masked, { carryOut: (part, own) => fullDomain(part, own, options), withSets: (made) => withSets(job, masked, made) })
}

function privateRelease(job: Job, tables: JobTables, { spec, secret, options }: { spec: PrivacySpec; secret: Uint8Array; options: ReleaseOptions }): Release {
  prepare(job, tables)
  const { sampled, figures } = privateParts(job, tables, { spec, secret })
  const rows = tables.input.rows
  if (sampled === undefined) return { table: emptyRelease(job, tables.input), score: 1, metric: defaultMetric, levels: {}, suppressedRows: rows, rowsOutsideSubset: 0, classes: 0, checkedNodes: 0, latticeSize: 1, optimal: false, lowerBound: 0, droppedColumns: [], privacy: figures }
  const found = fullDomain(sampled.job, sampled.tables, options)
  const table = keptMultiset(found)
  return { ...found, table, suppressedRows: rows - table.rows, optimal: false, privacy: figures }
}

function fullDomain(job: Job, tables: JobTables, options: ReleaseOptions): Release {
  const prepared = prepare(job, tables)
  const counted = countedRows(prepared.input, options.pool)
  const problem = problemOf(prepared.input, counted)
  const found = search(job, problem, { ...options, help: () => helpFor(problem, { input: prepared.input, counted, pool: options.pool }) })
  const { best } = found
  if (best === undefined) throw deidErrors.NO_SOLUTION({ suppressionLimit: job.suppressionLimit ?? 0 })
  const gone = suppressedRows(problem, best, prepared.input.rows)
  const levels = Object.fromEntries(prepared.input.quasiIdentifiers.map(({ name }, index) => [name, best.levels[problem.order.indexOf(index)] as number]))
  return {
    ...withSets(job, tables, { table: generalisedTable(prepared, gone.rows, levels), gone: suppressedOrOutside(gone.rows, prepared.input.subset) }),
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

/** The table with its set-valued columns recoded over the rows that are kept. */
function withSets(job: Job, { input, hierarchies }: JobTables, { table, gone }: { table: Table; gone: Uint8Array }): Pick<Release, 'table' | 'sets'> {
  const made = job.models.flatMap((spec) => spec.type === 'km-anonymity' ? [recodedSets(job, input, { spec, gone, hierarchy: hierarchies[spec.column] })] : [])
  if (made.length === 0) return { table }
  return {
    table: { ...table, columns: table.columns.map((column) => made.find((set) => set.column.name === column.name)?.column ?? column) },
    sets: Object.fromEntries(made.map(({ column, loss, optimal, suppressed }) => [column.name, { loss, optimal, suppressed }])),
  }
}

function search(job: Job, problem: Problem, { isOutOfTime, help }: Pick<ReleaseOptions, 'isOutOfTime'> & { help: () => Help | undefined }): SearchResult {
  const { size } = latticeOf(problem.dimensions)
  const type = job.search?.type ?? (size <= mostNodes ? 'exact' : 'heuristic')
  if (type === 'heuristic') return heuristicSearch(problem, { isOutOfTime: isOutOfTime ?? (() => false), seed: job.seed ?? 1, ...(isOutOfTime === undefined ? {} : { mostRestarts: Infinity }) })
  if (size > mostNodes) throw deidErrors.LATTICE_TOO_LARGE({ nodes: size, most: mostNodes })
  return exactSearch(problem, isOutOfTime, help())
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
  if (gone?.includes(1) === true) for (let row = 0; row < codes.length; row++) codes[row] = gone[row] === 1 ? marker : map[own[row] as number] as number
  else if (map.every((label, code) => label === code)) codes.set(own)
  else for (let row = 0; row < codes.length; row++) codes[row] = map[own[row] as number] as number
  return { name: column.name, dictionary, codes }
}

/** 1 for each row whose class, or whose person, is suppressed at the solution's levels. */
function suppressedRows(problem: Problem, { levels, suppressedRows: some }: Solution, rows: number): { rows: Uint8Array; persons?: number } {
  // Classes without released rows may be marked without a row suppressed; those rows are outside the subset anyway.
  if (some === 0 && problem.persons === undefined) return { rows: new Uint8Array(rows) }
  const checker = new Checker(problem)
  const bottom = { levels: Uint8Array.from(problem.dimensions, ({ minLevel }) => minLevel), cells: problem.base }
  const { persons } = problem
  const flags = persons === undefined ? checker.suppressedTuples(levels, bottom) : checker.suppressedPersons(levels, bottom, persons)
  const unitOf = persons?.of ?? problem.tupleOf
  const suppressed = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) suppressed[row] = flags[unitOf[row] as number] as number
  return { rows: suppressed, ...(persons === undefined ? {} : { persons: flags.reduce((sum, flag) => sum + flag, 0) }) }
}

