// What a search needs of a table's rows: their distinct tuples, and counts of labels and values.
import { groupRows, layOut } from '@mhmd/columns'
import type { Cells, Codes, Field, WorkerPool } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import type { HierarchyLevel } from '../hierarchy.ts'
import type { ProblemInput, QuasiIdentifier, Sensitive } from './problem-input.ts'

/** All that a search needs of the table's rows: plain arrays, so that it can be sent to other threads. */
export interface CountedRows {
  readonly released: number
  readonly cells: Cells
  readonly tupleOf: Uint32Array
  /** By dimension and level, as in `Dimension`. */
  readonly rowsAt: readonly (readonly Uint32Array[])[]
  readonly weightNames: readonly string[]
  /** By sensitive column, the share of rows that hold each value. */
  readonly shares: readonly Float64Array[]
}

export function countedRows(input: ProblemInput, pool?: WorkerPool): CountedRows {
  const released = input.subset === undefined ? input.rows : input.subset.reduce((sum, flag) => sum + flag, 0)
  if (released === 0) throw deidErrors.EMPTY_TABLE({})
  const { ordered, fields, sensitiveFields } = layoutOf(input)
  const weights = weightsOf(input)
  const { cells, tupleOf } = distinctTuples(input, ordered, [...fields, ...sensitiveFields], { weights: weights.map(({ values }) => values), pool })
  return {
    released,
    cells,
    tupleOf,
    rowsAt: ordered.map((attribute, d) => rowsByLevel(attribute, attribute.minLevel === 0 ? countTuples(attribute, cells, fields[d] as Field) : countRows(attribute, input.rows, input.subset))),
    weightNames: weights.map(({ name }) => name),
    shares: input.sensitive.map((column) => sharesOf(column, input)),
  }
}

/** Where the columns' codes lie in a tuple, and the chain's order. */
export function layoutOf({ quasiIdentifiers, sensitive }: ProblemInput): { order: readonly number[]; ordered: readonly QuasiIdentifier[]; fields: readonly Field[]; keyWords: number; sensitiveFields: readonly Field[] } {
  const order = chainOrder(quasiIdentifiers)
  const ordered = order.map((index) => quasiIdentifiers[index] as QuasiIdentifier)
  const { fields, words } = layOut(ordered.map(widest))
  const keyWords = Math.max(words, 1)
  return { order, ordered, fields, keyWords, sensitiveFields: layOut(sensitive.map(({ dictionary }) => dictionary.length), keyWords).fields }
}

const widest = ({ hierarchy, minLevel }: QuasiIdentifier): number => Math.max(...hierarchy.levels.slice(minLevel).map(({ labels }) => labels.length))

/** Attributes that collapse most come first, so that what lies below a prefix of the chain is small. */
function chainOrder(attributes: readonly QuasiIdentifier[]): number[] {
  return attributes.map((attribute, index) => ({ index, size: widest(attribute) })).sort((a, b) => b.size - a.size || a.index - b.index).map(({ index }) => index)
}

/** Rows released of each code at the least level of all. */
function countRows({ codes, hierarchy }: QuasiIdentifier, rows: number, subset: Uint8Array | undefined): Uint32Array {
  const counts = new Uint32Array((hierarchy.levels[0] as HierarchyLevel).codeOf.length)
  if (subset === undefined) for (let row = 0; row < rows; row++) counts[codes[row] as number] = (counts[codes[row] as number] as number) + 1
  else for (let row = 0; row < rows; row++) counts[codes[row] as number] = (counts[codes[row] as number] as number) + (subset[row] as number)
  return counts
}

/** The same from the distinct tuples, which hold codes of the least level where the search may use that, and are fewer. */
function countTuples({ hierarchy }: QuasiIdentifier, { size, words, weights }: Cells, { word, shift, mask }: Field): Uint32Array {
  const counts = new Uint32Array((hierarchy.levels[0] as HierarchyLevel).codeOf.length)
  const [codes, weight] = [words[word] as Uint32Array, weights[0] as Uint32Array]
  for (let tuple = 0; tuple < size; tuple++) {
    const code = ((codes[tuple] as number) >>> shift) & mask
    counts[code] = (counts[code] as number) + (weight[tuple] as number)
  }
  return counts
}

function rowsByLevel({ hierarchy }: QuasiIdentifier, base: Uint32Array): Uint32Array[] {
  return hierarchy.levels.map(({ codeOf, labels }) => {
    const counts = new Uint32Array(labels.length)
    for (let code = 0; code < base.length; code++) counts[codeOf[code] as number] = (counts[codeOf[code] as number] as number) + (base[code] as number)
    return counts
  })
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

function sharesOf({ codes, dictionary }: Sensitive, { rows, subset }: ProblemInput): Float64Array {
  const counts = new Float64Array(dictionary.length)
  let total = 0
  for (let row = 0; row < rows; row++) {
    if (subset !== undefined && subset[row] === 0) continue
    counts[codes[row] as number] = (counts[codes[row] as number] as number) + 1
    total++
  }
  return counts.map((count) => count / total)
}
