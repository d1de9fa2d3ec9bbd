// A job compiled for search: distinct tuples at the least levels, attributes with step maps, models, metric, limit.
import { groupRows, layOut, stepOf } from '@mhmd/columns'
import type { Cells, Codes, Field, Step, WorkerPool } from '@mhmd/columns'
import type { Hierarchy, HierarchyLevel } from '../hierarchy.ts'
import type { MetricSpec, ModelSpec } from '../job.ts'
import type { Metric } from '../metric.ts'
import type { ClassModel, SampleModel, SensitiveColumn } from '../model.ts'
import { compileModel } from '../models/index.ts'
import { metrics } from '../metrics/index.ts'
import { deidErrors } from '../errors.ts'
import { personsOf } from './persons.ts'
import type { Persons } from './persons.ts'

/** A quasi-identifier with its compiled hierarchy (over the codes' dictionary) and the levels the search may use. */
export interface QuasiIdentifier {
  readonly name: string
  readonly codes: Codes
  readonly hierarchy: Hierarchy
  readonly minLevel: number
  readonly maxLevel: number
  readonly weight: number
}

/** A sensitive column; `dictionary` gives its order where a model needs one. */
export interface Sensitive {
  readonly name: string
  readonly codes: Codes
  readonly dictionary: readonly string[]
  readonly hierarchy?: Hierarchy
}

export interface ProblemInput {
  readonly rows: number
  readonly quasiIdentifiers: readonly QuasiIdentifier[]
  readonly sensitive: readonly Sensitive[]
  readonly models: readonly ModelSpec[]
  readonly metric: MetricSpec
  readonly suppressionLimit: number
  /** δ-presence: 1 for each row of the research subset; only those are released. */
  readonly subset?: Uint8Array
  /** The person of each row, where persons are the unit. */
  readonly persons?: { readonly of: Uint32Array; readonly count: number; readonly visits: number; readonly ordered: boolean }
  /** k-map: the population's codes by quasi-identifier, in the same dictionaries. */
  readonly population?: { readonly rows: number; readonly codes: readonly Codes[] }
}

/** One lattice dimension. Field codes are level codes; `stepsFrom[a][b]` maps level a's codes to level b's. */
export interface Dimension {
  readonly name: string
  readonly field: Field
  readonly minLevel: number
  readonly levels: number
  readonly step: (from: number, to: number) => Step
}

export interface Problem {
  readonly dimensions: readonly Dimension[]
  /** Position of each dimension among the job's quasi-identifiers. */
  readonly order: readonly number[]
  readonly fields: readonly Field[]
  /** Distinct tuples at the least levels: quasi-identifiers in the first `keyWords` words, sensitive columns after them. */
  readonly base: Cells
  readonly keyWords: number
  /** The tuple of each row of the table. */
  readonly tupleOf: Uint32Array
  readonly sensitive: readonly { readonly field: Field; readonly size: number }[]
  readonly rows: number
  readonly limit: number
  readonly persons?: Persons
  /** The sensitive column whose majorities the metric asks for. */
  readonly target?: number
  readonly classModels: readonly ClassModel[]
  readonly sampleModels: readonly SampleModel[]
  readonly metric: Metric
  /** Entropy of each dimension's labels by level, in bits a row. */
  readonly entropies: readonly Float64Array[]
}

/** Throws DEID_… where a model, level or limit makes no sense. */
export function compileProblem(input: ProblemInput, pool?: WorkerPool): Problem {
  const released = input.subset === undefined ? input.rows : input.subset.reduce((sum, flag) => sum + flag, 0)
  if (released === 0) throw deidErrors.EMPTY_TABLE({})
  const order = chainOrder(input.quasiIdentifiers)
  const ordered = order.map((index) => input.quasiIdentifiers[index] as QuasiIdentifier)
  const limit = Math.floor(input.suppressionLimit * released + 1e-9)
  const { fields, words: keyWords } = layOut(ordered.map(widest))
  const sensitiveFields = layOut(input.sensitive.map(({ dictionary }) => dictionary.length), Math.max(keyWords, 1)).fields
  const weights = weightsOf(input)
  const rowsAt = ordered.map((attribute) => countRows(attribute, input.rows, input.subset))
  const { cells, tupleOf } = distinctTuples(input, ordered, [...fields, ...sensitiveFields], { weights: weights.map(({ values }) => values), pool })
  const { classModels, sampleModels } = compileModels(input, released, weights.map(({ name }) => name))
  return {
    dimensions: ordered.map((attribute, index) => dimensionOf(attribute, fields[index] as Field)),
    order,
    fields,
    base: cells,
    tupleOf,
    keyWords: Math.max(keyWords, 1),
    sensitive: input.sensitive.map(({ dictionary }, index) => ({ field: sensitiveFields[index] as Field, size: dictionary.length })),
    rows: released,
    limit,
    ...(input.persons === undefined ? {} : { persons: compilePersons(input, input.persons, { tupleOf, sensitiveFields }) }),
    ...(input.metric.column === undefined ? {} : { target: targetOf(input) }),
    classModels,
    sampleModels,
    metric: metrics[input.metric.type](input.metric, {
      rows: released,
      limit,
      attributes: ordered.map(({ name, weight, hierarchy }, d) => ({ name, weight, hierarchy, rowsAt: rowsAt[d] as Uint32Array[] })),
    }),
    entropies: rowsAt.map((levels) => Float64Array.from(levels, (counts) => entropyOf(counts, released))),
  }
}

const widest = ({ hierarchy, minLevel }: QuasiIdentifier): number => Math.max(...hierarchy.levels.slice(minLevel).map(({ labels }) => labels.length))

/** Attributes that collapse most come first, so that what lies below a prefix of the chain is small. */
function chainOrder(attributes: readonly QuasiIdentifier[]): number[] {
  return attributes.map((attribute, index) => ({ index, size: widest(attribute) })).sort((a, b) => b.size - a.size || a.index - b.index).map(({ index }) => index)
}

function dimensionOf({ name, hierarchy, minLevel, maxLevel }: QuasiIdentifier, field: Field): Dimension {
  const cache = new Map<number, Step>()
  return {
    name,
    field,
    minLevel,
    levels: maxLevel - minLevel + 1,
    step(from, to) {
      const key = from * hierarchy.levels.length + to
      let step = cache.get(key)
      if (step === undefined) cache.set(key, (step = stepOf(field, mapBetween(hierarchy, from, to))))
      return step
    },
  }
}

function mapBetween({ levels }: Hierarchy, from: number, to: number): Uint32Array {
  const [lower, upper] = [levels[from] as HierarchyLevel, levels[to] as HierarchyLevel]
  const map = new Uint32Array(lower.labels.length)
  for (let base = 0; base < lower.codeOf.length; base++) map[lower.codeOf[base] as number] = upper.codeOf[base] as number
  return map
}

function countRows({ codes, hierarchy }: QuasiIdentifier, rows: number, subset: Uint8Array | undefined): Uint32Array[] {
  const base = new Uint32Array((hierarchy.levels[0] as HierarchyLevel).codeOf.length)
  if (subset === undefined) for (let row = 0; row < rows; row++) base[codes[row] as number] = (base[codes[row] as number] as number) + 1
  else for (let row = 0; row < rows; row++) base[codes[row] as number] = (base[codes[row] as number] as number) + (subset[row] as number)
  return hierarchy.levels.map(({ codeOf, labels }) => {
    const counts = new Uint32Array(labels.length)
    for (let code = 0; code < base.length; code++) counts[codeOf[code] as number] = (counts[codeOf[code] as number] as number) + (base[code] as number)
    return counts
  })
}

function entropyOf(counts: Uint32Array, rows: number): number {
  return counts.reduce((sum, count) => count === 0 ? sum : sum - count / rows * Math.log2(count / rows), 0)
}

interface RowWeights { readonly name: string; readonly values: Uint32Array }

/** Per packed row (the table's, then the population's): rows released, rows of the whole table, persons of the population. */
function weightsOf({ rows, subset, population, models }: ProblemInput): RowWeights[] {
  const total = rows + (population?.rows ?? 0)
  const ones = (from: number, to: number): Uint32Array => new Uint32Array(total).fill(1, from, to)
  const released = subset === undefined ? ones(0, rows) : new Uint32Array(total)
  if (subset !== undefined) released.set(subset)
  const weights: RowWeights[] = [{ name: 'released', values: released }]
  if (models.some(({ type }) => type === 'delta-presence')) weights.push({ name: 'delta-presence', values: ones(0, rows) })
  if (population !== undefined) weights.push({ name: 'k-map', values: ones(rows, total) })
  return weights
}

function distinctTuples(input: ProblemInput, ordered: readonly QuasiIdentifier[], fields: readonly Field[], { weights, pool }: { weights: readonly Uint32Array[]; pool: WorkerPool | undefined }): { cells: Cells; tupleOf: Uint32Array } {
  const { rows, population, sensitive } = input
  const total = rows + (population?.rows ?? 0)
  const extend = (codes: Codes, more: Codes | undefined): Codes => {
    if (population === undefined) return codes
    const all = new Uint32Array(total)
    all.set(codes)
    if (more !== undefined) all.set(more, rows)
    return all
  }
  const columns = [
    ...ordered.map((attribute) => extend(attribute.codes, population?.codes[input.quasiIdentifiers.indexOf(attribute)])),
    ...sensitive.map(({ codes }) => extend(codes, undefined)),
  ]
  const maps = [...ordered.map(({ hierarchy, minLevel }) => hierarchy.levels[minLevel]?.codeOf), ...sensitive.map(() => undefined)]
  const grouped = (pool ?? { groupRows }).groupRows({ rows: total, columns, fields, maps, weights })
  return { cells: grouped.cells, tupleOf: total === rows ? grouped.tupleOf : grouped.tupleOf.slice(0, rows) }
}

function compileModels(input: ProblemInput, rows: number, weightNames: readonly string[]): { classModels: ClassModel[]; sampleModels: SampleModel[] } {
  const [classModels, sampleModels]: [ClassModel[], SampleModel[]] = [[], []]
  const columns = input.sensitive.map((column, index) => sensitiveColumn(column, index, input))
  for (const spec of input.models) {
    // Its column is recoded after the search, over the rows that the other models keep.
    if (spec.type === 'km-anonymity') continue
    const sensitive = (name: string): SensitiveColumn => {
      const found = columns[input.sensitive.findIndex((column) => column.name === name)]
      if (found === undefined) throw deidErrors.SENSITIVE_UNKNOWN({ column: name, model: spec.type })
      if (spec.type === 'hierarchical-t-closeness' && found.hierarchy === undefined) throw deidErrors.HIERARCHY_MISSING({ column: name, needed: spec.type })
      return found
    }
    const model = compileModel(spec, { rows, sensitive, weight: weightNames.indexOf(spec.type) })
    if (model === undefined) throw deidErrors.MODEL_UNSUPPORTED({ model: spec.type })
    if (model.scope === 'class') classModels.push(model)
    else sampleModels.push(model)
  }
  return { classModels, sampleModels }
}

function targetOf({ metric, sensitive }: ProblemInput): number {
  const target = sensitive.findIndex(({ name }) => name === metric.column)
  if (target < 0) throw deidErrors.SENSITIVE_UNKNOWN({ column: metric.column ?? '', model: metric.type })
  return target
}

function compilePersons({ models, sensitive }: ProblemInput, { of, count, visits, ordered }: NonNullable<ProblemInput['persons']>, { tupleOf, sensitiveFields }: { tupleOf: Uint32Array; sensitiveFields: readonly Field[] }): Persons {
  return {
    ...personsOf(of, count, tupleOf),
    k: models.reduce((most, model) => model.type === 'k-anonymity' ? Math.max(most, model.k) : most, 1),
    visits,
    ordered,
    diverse: models.flatMap((model) => model.type === 'distinct-l-diversity' ? [{ l: model.l, field: sensitiveFields[sensitive.findIndex(({ name }) => name === model.column)] as Field }] : []),
  }
}

function sensitiveColumn({ codes, dictionary, hierarchy }: Sensitive, index: number, { rows, subset }: ProblemInput): SensitiveColumn {
  const counts = new Float64Array(dictionary.length)
  let total = 0
  for (let row = 0; row < rows; row++) {
    if (subset !== undefined && subset[row] === 0) continue
    counts[codes[row] as number] = (counts[codes[row] as number] as number) + 1
    total++
  }
  return { index, share: counts.map((count) => count / total), rank: rankOf(dictionary), ...(hierarchy === undefined ? {} : { hierarchy }) }
}

function rankOf(dictionary: readonly string[]): Uint32Array {
  const numeric = dictionary.every((text) => text.trim() !== '' && Number.isFinite(Number(text)))
  const compare = (a: string, b: string): number => numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0
  const rank = new Uint32Array(dictionary.length)
  dictionary.map((text, code) => ({ text, code })).sort((a, b) => compare(a.text, b.text)).forEach(({ code }, position) => { rank[code] = position })
  return rank
}
