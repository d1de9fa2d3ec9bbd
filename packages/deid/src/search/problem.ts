// A job compiled for search: distinct tuples at the least levels, attributes with step maps, models, metric, limit.
import { stepOf } from '@mhmd/columns'
import type { Cells, Field, Step, WorkerPool } from '@mhmd/columns'
import type { Hierarchy, HierarchyLevel } from '../hierarchy.ts'
import type { Metric } from '../metric.ts'
import type { ClassModel, SampleModel, SensitiveColumn } from '../model.ts'
import { compileModel } from '../models/index.ts'
import { metrics } from '../metrics/index.ts'
import { deidErrors } from '../errors.ts'
import { countedRows, layoutOf } from './counted-rows.ts'
import type { CountedRows } from './counted-rows.ts'
import { personsOf } from './persons.ts'
import type { Persons } from './persons.ts'
import type { ProblemInput, QuasiIdentifier } from './problem-input.ts'

/** One lattice dimension. Field codes are level codes; `stepsFrom[a][b]` maps level a's codes to level b's. */
export interface Dimension {
  readonly name: string
  readonly field: Field
  readonly minLevel: number
  readonly levels: number
  readonly step: (from: number, to: number) => Step
  /** How many labels a level has. */
  readonly labels: (level: number) => number
  /** Rows released that hold each label, by level. */
  readonly rowsAt: readonly Uint32Array[]
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
  /** Sensitive columns; `keep` leaves their codes as they are. */
  readonly sensitive: readonly { readonly field: Field; readonly size: number; readonly keep: Step }[]
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
  return problemOf(input, countedRows(input, pool))
}

/** The same problem whichever thread compiles it; of the columns' codes only those of persons are asked for. */
export function problemOf(input: ProblemInput, { released, cells, tupleOf, rowsAt, weightNames, shares }: CountedRows): Problem {
  const { order, ordered, fields, keyWords, sensitiveFields } = layoutOf(input)
  const limit = Math.floor(input.suppressionLimit * released + 1e-9)
  const { classModels, sampleModels } = compileModels(input, { rows: released, weightNames, shares })
  return {
    dimensions: ordered.map((attribute, index) => dimensionOf(attribute, fields[index] as Field, rowsAt[index] as Uint32Array[])),
    order,
    fields,
    base: cells,
    tupleOf,
    keyWords,
    sensitive: input.sensitive.map(({ dictionary }, index) => ({ field: sensitiveFields[index] as Field, size: dictionary.length, keep: stepOf(sensitiveFields[index] as Field, [...dictionary.keys()]) })),
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

function dimensionOf({ name, hierarchy, minLevel, maxLevel }: QuasiIdentifier, field: Field, rowsAt: readonly Uint32Array[]): Dimension {
  const cache = new Map<number, Step>()
  return {
    name,
    field,
    minLevel,
    levels: maxLevel - minLevel + 1,
    labels: (level) => (hierarchy.levels[level] as HierarchyLevel).labels.length,
    rowsAt,
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

function entropyOf(counts: Uint32Array, rows: number): number {
  return counts.reduce((sum, count) => count === 0 ? sum : sum - count / rows * Math.log2(count / rows), 0)
}

function compileModels(input: ProblemInput, { rows, weightNames, shares }: { rows: number } & Pick<CountedRows, 'weightNames' | 'shares'>): { classModels: ClassModel[]; sampleModels: SampleModel[] } {
  const [classModels, sampleModels]: [ClassModel[], SampleModel[]] = [[], []]
  const columns = input.sensitive.map(({ dictionary, hierarchy }, index): SensitiveColumn => ({ index, share: shares[index] as Float64Array, rank: rankOf(dictionary), ...(hierarchy === undefined ? {} : { hierarchy }) }))
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

/** In the order of numbers where all are but a missing value, which comes first. */
function rankOf(dictionary: readonly string[]): Uint32Array {
  const numeric = dictionary.every((text) => text === '' || (text.trim() !== '' && Number.isFinite(Number(text))))
  const numberOf = (text: string): number => text === '' ? -Infinity : Number(text)
  const compare = (a: string, b: string): number => numeric ? numberOf(a) - numberOf(b) : a < b ? -1 : a > b ? 1 : 0
  const rank = new Uint32Array(dictionary.length)
  dictionary.map((text, code) => ({ text, code })).sort((a, b) => compare(a.text, b.text)).forEach(({ code }, position) => { rank[code] = position })
  return rank
}
