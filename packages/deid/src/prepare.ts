// From a job and its tables to the problem the search solves: roles, levels, hierarchies, subset and population.
import { columnNamed, groupRows, layOut, placesOf } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { deidErrors } from './errors.ts'
import { compileHierarchy } from './hierarchies/compile.ts'
import { sourceOf, SUPPRESSED } from './hierarchies/source.ts'
import type { HierarchySource } from './hierarchies/source.ts'
import type { Hierarchy } from './hierarchy.ts'
import type { ColumnSpec, Job, MetricSpec, ModelSpec, PersonSpec } from './job.ts'
import type { ProblemInput, QuasiIdentifier, Sensitive } from './search/problem-input.ts'

/** What a job works on, already read. `hierarchies` by column; `subset` and `population` where a model names them. */
export interface JobTables {
  readonly input: Table
  readonly hierarchies: Readonly<Record<string, HierarchySource>>
  readonly subset?: Table
  readonly population?: Table
}

export interface Prepared {
  readonly input: ProblemInput
  /** Columns of the table that leave: quasi-identifying, sensitive, insensitive, in the table's order. */
  readonly released: readonly Column[]
  /** Columns the job doesn't name; they are dropped. */
  readonly unnamed: readonly string[]
}

export const defaultMetric: MetricSpec = { type: 'loss', aggregate: 'geometric-mean', suppressionWeight: 0.5 }

/** Throws DEID_… and HIERARCHY_… where job and table don't fit together. */
export function prepare(job: Job, tables: JobTables): Prepared {
  checkTable(job, tables.input)
  checkNumbers(job)
  checkTarget(job)
  if (job.person !== undefined) checkPerson(job, job.person)
  const named = tables.input.columns.filter(({ name }) => Object.hasOwn(job.columns, name))
  const withRole = (role: ColumnSpec['role']): Column[] => named.filter(({ name }) => job.columns[name]?.role === role)
  const population = tables.population
  const quasiIdentifiers = withRole('quasi-identifying').map((column) => quasiIdentifier(extended(column, population), job.columns[column.name] as ColumnSpec, tables.hierarchies[column.name]))
  if (quasiIdentifiers.length === 0) throw deidErrors.NO_QUASI_IDENTIFIER({})
  const target = job.metric?.column
  const modelled = new Set(job.models.flatMap((model) => 'column' in model && model.type !== 'km-anonymity' ? [model.column] : []))
  return {
    input: {
      rows: tables.input.rows,
      quasiIdentifiers,
      sensitive: named.filter(({ name }) => (job.columns[name]?.role === 'sensitive' && modelled.has(name)) || (name === target && (job.columns[name]?.role === 'sensitive' || job.columns[name]?.role === 'insensitive'))).map((column) => sensitive(column, tables.hierarchies[column.name])),
      models: job.models,
      metric: job.metric ?? defaultMetric,
      suppressionLimit: job.suppressionLimit ?? 0,
      ...(job.person === undefined ? {} : { persons: personsIn(tables.input, job.person) }),
      ...(tables.subset === undefined ? {} : { subset: rowsOfSubset(tables.input, tables.subset) }),
      ...(population === undefined ? {} : { population: { rows: population.rows, codes: quasiIdentifiers.map((attribute) => populationCodes(attribute, tables.input, population)) } }),
    },
    released: named.filter(({ name }) => job.columns[name]?.role !== 'identifying'),
    unnamed: tables.input.columns.filter(({ name }) => !Object.hasOwn(job.columns, name)).map(({ name }) => name),
  }
}

function checkTable(job: Job, table: Table): void {
  if (table.rows === 0) throw deidErrors.EMPTY_TABLE({})
  const names = table.columns.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw deidErrors.COLUMN_TWICE({ column: twice })
  const unknown = Object.keys(job.columns).find((name) => !names.includes(name))
  if (unknown !== undefined) throw deidErrors.COLUMN_UNKNOWN({ column: unknown })
  if (job.models.length === 0) throw deidErrors.NO_MODEL({})
  for (const type of ['delta-presence', 'k-map'] as const) if (job.models.filter((model) => model.type === type).length > 1) throw deidErrors.SUBSET_TWICE({})
}

function checkTarget({ metric }: Job): void {
  if (metric !== undefined && (metric.type === 'classification') !== (metric.column !== undefined)) throw deidErrors.PARAMETER_IMPOSSIBLE({ parameter: 'metric.column', allowed: 'given with the metric classification, and only there' })
}

const personModels: ReadonlySet<ModelSpec['type']> = new Set(['k-anonymity', 'distinct-l-diversity', 'km-anonymity'])
const rowMetrics: ReadonlySet<MetricSpec['type']> = new Set(['discernibility', 'average-class-size', 'ambiguity', 'entropy', 'classification'])

/** Nothing may count rows where persons are the unit. */
function checkPerson(job: Job, { column }: PersonSpec): void {
  const isMasked = job.masks?.some(({ type, columns }) => type === 'pseudonym' && columns.includes(column)) === true
  if (job.columns[column]?.role !== 'identifying' && !isMasked) throw deidErrors.PERSON_ROLE({ column })
  const counting = [
    ...job.models.map(({ type }) => type).filter((type) => !personModels.has(type)),
    ...(job.metric !== undefined && rowMetrics.has(job.metric.type) ? [job.metric.type] : []),
    ...(job.masks ?? []).map(({ type }) => type).filter((type) => type === 'microaggregation'),
    ...(job.localRecoding === true ? ['local recoding'] : []),
  ]
  if (counting[0] !== undefined) throw deidErrors.COUNTS_ROWS({ what: counting[0] })
}

/** Rows of one person by the texts of the person column. */
function personsIn(table: Table, { column: name, visits = 1, ordered = false }: PersonSpec): NonNullable<ProblemInput['persons']> {
  const column = columnNamed(table, name)
  if (column === undefined) throw deidErrors.COLUMN_UNKNOWN({ column: name })
  return { of: Uint32Array.from(column.codes), count: column.dictionary.length, visits, ordered }
}

type Range = readonly [allowed: string, isAllowed: (value: number) => boolean]
const whole: Range = ['a whole number, 1 or more', (value) => Number.isSafeInteger(value) && value >= 1]
const positive: Range = ['a number above 0', (value) => Number.isFinite(value) && value > 0]
const share: Range = ['a number from 0 to 1', (value) => value >= 0 && value <= 1]
const smallShare: Range = ['a number from 1e-50 to below 1', (value) => value >= 1e-50 && value < 1]
const amount: Range = ['a number, 0 or more', (value) => Number.isFinite(value) && value >= 0]
const atLeastOne: Range = ['a number, 1 or more', (value) => Number.isFinite(value) && value >= 1]

const ranges: Readonly<Record<string, Range>> = { k: whole, m: whole, c: positive, t: share, min: share, max: share, delta: positive, beta: positive, threshold: share, populationSize: whole, searchEpsilon: positive, epsilon: positive, publisherBenefit: amount, publisherLoss: amount, adversaryGain: amount, adversaryCost: amount }

function checkNumbers(job: Job): void {
  const check = (parameter: string, value: unknown, range: Range | undefined): void => {
    if (range !== undefined && typeof value === 'number' && !range[1](value)) throw deidErrors.PARAMETER_IMPOSSIBLE({ parameter, allowed: range[0] })
  }
  check('suppressionLimit', job.suppressionLimit, share)
  check('metric.suppressionWeight', job.metric?.suppressionWeight, share)
  for (const model of job.models) for (const [name, value] of Object.entries(model)) check(`${model.type}.${name}`, value, rangeOf(model, name))
  for (const model of job.models) if (model.type === 'delta-presence' && model.min > model.max) throw deidErrors.PARAMETER_IMPOSSIBLE({ parameter: 'delta-presence.min', allowed: 'at most delta-presence.max' })
  check('person.visits', job.person?.visits, whole)
  for (const [column, { weight }] of Object.entries(job.columns)) check(`columns.${column}.weight`, weight, positive)
}

function rangeOf(model: ModelSpec, name: string): Range | undefined {
  if (name === 'delta' && model.type === 'differential-privacy') return smallShare
  if (name === 'l') return model.type === 'entropy-l-diversity' ? atLeastOne : whole
  return Object.hasOwn(ranges, name) ? ranges[name] : undefined
}

/** Without a hierarchy of its own a column is kept as it is or given up whole. */
function quasiIdentifier(column: Column, spec: ColumnSpec, source: HierarchySource | undefined): QuasiIdentifier {
  const hierarchy = compileHierarchy(source ?? keepOrDrop(column), column)
  const height = hierarchy.levels.length - 1
  const { minLevel = 0, maxLevel = height, weight = 1 } = spec
  const fits = Number.isInteger(minLevel) && Number.isInteger(maxLevel) && minLevel >= 0 && minLevel <= maxLevel && maxLevel <= height
  if (!fits) throw deidErrors.LEVEL_IMPOSSIBLE({ column: column.name, minLevel, maxLevel, height })
  return { name: column.name, codes: column.codes, hierarchy, minLevel, maxLevel, weight }
}

function keepOrDrop(column: Column): HierarchySource {
  const values = column.dictionary.filter((value) => value !== SUPPRESSED)
  return sourceOf(column.name, [values, values.map(() => SUPPRESSED)])
}

function sensitive(column: Column, source: HierarchySource | undefined): Sensitive {
  const hierarchy: Hierarchy | undefined = source === undefined ? undefined : compileHierarchy(source, column)
  return { name: column.name, codes: column.codes, dictionary: column.dictionary, ...(hierarchy === undefined ? {} : { hierarchy }) }
}

/** The column with the population's further values at the end of its dictionary. */
function extended(column: Column, population: Table | undefined): Column {
  const other = population === undefined ? undefined : columnNamed(population, column.name)
  if (population !== undefined && other === undefined) throw deidErrors.COLUMN_UNKNOWN({ column: column.name })
  if (other === undefined) return column
  return { ...column, dictionary: [...new Set([...column.dictionary, ...other.dictionary])] }
}

function populationCodes({ name }: QuasiIdentifier, input: Table, population: Table): Uint32Array {
  const own = columnNamed(input, name) as Column
  const other = columnNamed(population, name) as Column
  const index = new Map([...new Set([...own.dictionary, ...other.dictionary])].map((value, code) => [value, code]))
  const codes = other.dictionary.map((value) => index.get(value) as number)
  return Uint32Array.from(other.codes, (code) => codes[code] as number)
}

/** Marks, for each row of the subset, one row of the table that is equal to it in the subset's columns. */
function rowsOfSubset(table: Table, subset: Table): Uint8Array {
  const columns = subset.columns.map(({ name }) => {
    const column = columnNamed(table, name)
    if (column === undefined) throw deidErrors.COLUMN_UNKNOWN({ column: name })
    return column
  })
  // One code more than the table has stands for texts that only the subset has.
  const { fields } = layOut(columns.map(({ dictionary }) => dictionary.length + 1))
  const rows = table.rows + subset.rows
  const { cells, tupleOf } = groupRows({ rows, columns: columns.map((column, c) => withSubset(column, subset.columns[c] as Column)), fields, maps: fields.map(() => undefined), weights: [new Uint32Array(rows).fill(1)] })
  const wanted = new Uint32Array(cells.size)
  for (let row = table.rows; row < rows; row++) wanted[tupleOf[row] as number] = (wanted[tupleOf[row] as number] as number) + 1
  const flags = new Uint8Array(table.rows)
  let missing = subset.rows
  for (let row = 0; row < table.rows; row++) {
    const tuple = tupleOf[row] as number
    if (wanted[tuple] === 0) continue
    wanted[tuple] = (wanted[tuple] as number) - 1
    flags[row] = 1
    missing--
  }
  if (missing > 0) throw deidErrors.SUBSET_MISMATCH({ rows: missing })
  return flags
}

/** A column's codes, then the subset's in the same dictionary. */
function withSubset({ dictionary, codes }: Column, subset: Column): Uint32Array {
  const places = placesOf(subset.dictionary, dictionary)
  const all = new Uint32Array(codes.length + subset.codes.length)
  all.set(codes)
  subset.codes.forEach((code, row) => { all[codes.length + row] = (places[code] as number) < 0 ? dictionary.length : places[code] as number })
  return all
}
