// Distinct tuples of a table's rows, by chunks: each chunk of rows is packed and grouped by itself, then the chunks' groups are merged in order.
// Layout: see cells.ts. Chunks have a fixed size and are merged in their order, so groups come in order of first occurrence and the result is
// the same for any number of workers, and the same as grouping all rows at once. Cost: a pass over the rows in chunks that fit the caches, by as
// many threads as there are; then one look-up a chunk's group, and one a row, in one thread. Allocates shared memory for two words a row
// beside the packed words.
import { layOut, packRows } from '../cells.ts'
import type { Cells, Field } from '../cells.ts'
import { keep, regroup } from '../group-by.ts'
import type { Codes } from '../table.ts'
import { Workspace } from '../workspace.ts'

export const CHUNK_ROWS = 1 << 17

/** Rows of columns with the places their codes go to; `maps[f]` turns a column's codes into the field's, as in `packRows`. */
export interface RowTuples {
  readonly rows: number
  readonly columns: readonly Codes[]
  readonly fields: readonly Field[]
  readonly maps: readonly (Codes | undefined)[]
  readonly weights: readonly Uint32Array[]
}

/** Where chunks leave what they found: chunk c's groups lie from `c · CHUNK_ROWS` on. */
export interface ChunkGroups {
  readonly words: readonly Uint32Array[]
  readonly weights: readonly Uint32Array[]
  /** Groups of each chunk. */
  readonly counts: Uint32Array
  /** Each row's group within its chunk. */
  readonly groupOf: Uint32Array
}

export const chunksOf = (rows: number): number => Math.ceil(rows / CHUNK_ROWS)

/** Rows grouped by all fields packed as closely as they go; then the groups' fields are put where they belong. */
function grouped({ rows, columns, fields, maps, weights }: RowTuples, workspace: Workspace): Cells {
  const close = layOut(fields.map(({ mask }) => mask + 1))
  const wordCount = wordsOf(fields)
  if (close.words >= wordCount) return regroup({ size: rows, words: packRows(rows, columns, fields, maps), weights }, [], workspace)
  const cells = regroup({ size: rows, words: packRows(rows, columns, close.fields, maps), weights }, [], workspace)
  const words = Array.from({ length: wordCount }, () => new Uint32Array(cells.size))
  fields.forEach(({ word, shift, mask }, f) => {
    const { word: fromWord, shift: fromShift } = close.fields[f] as Field
    const [from, to] = [cells.words[fromWord] as Uint32Array, words[word] as Uint32Array]
    for (let group = 0; group < cells.size; group++) to[group] = (to[group] as number) | ((((from[group] as number) >>> fromShift) & mask) << shift)
  })
  return { ...cells, words }
}

const wordsOf = (fields: readonly Field[]): number => fields.reduce((most, { word }) => Math.max(most, word + 1), 1)

/** Packs and groups one chunk. */
export function groupChunk(from: RowTuples, into: ChunkGroups, chunk: number, workspace: Workspace): void {
  const start = chunk * CHUNK_ROWS
  const end = Math.min(from.rows, start + CHUNK_ROWS)
  const cells = grouped({ ...from, rows: end - start, columns: from.columns.map((codes) => codes.subarray(start, end)), weights: from.weights.map((weight) => weight.subarray(start, end)) }, workspace)
  cells.words.forEach((_, w) => (into.words[w] as Uint32Array).set((cells.words[w] as Uint32Array).subarray(0, cells.size), start))
  from.weights.forEach((_, v) => (into.weights[v] as Uint32Array).set((cells.weights[v] as Uint32Array).subarray(0, cells.size), start))
  into.groupOf.set(workspace.groupOf.subarray(0, end - start), start)
  into.counts[chunk] = cells.size
}

export interface GroupedRows {
  readonly cells: Cells
  /** The tuple of each row. */
  readonly tupleOf: Uint32Array
}

/** Merges the chunks' groups in order. */
export function mergeChunks({ words, weights, counts, groupOf }: ChunkGroups, rows: number): GroupedRows {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const joined = (array: Uint32Array): Uint32Array => {
    const all = new Uint32Array(total)
    let at = 0
    counts.forEach((count, chunk) => {
      all.set(array.subarray(chunk * CHUNK_ROWS, chunk * CHUNK_ROWS + count), at)
      at += count
    })
    return all
  }
  const workspace = new Workspace()
  const cells = keep(regroup({ size: total, words: words.map(joined), weights: weights.map(joined) }, [], workspace))
  const tupleOf = new Uint32Array(rows)
  let at = 0
  counts.forEach((count, chunk) => {
    const end = Math.min(rows, (chunk + 1) * CHUNK_ROWS)
    for (let row = chunk * CHUNK_ROWS; row < end; row++) tupleOf[row] = workspace.groupOf[at + (groupOf[row] as number)] as number
    at += count
  })
  return { cells, tupleOf }
}

/** All rows at once in this thread. */
export function groupRows(from: RowTuples): GroupedRows {
  const workspace = new Workspace()
  const cells = keep(grouped(from, workspace))
  return { cells, tupleOf: workspace.groupOf.slice(0, from.rows) }
}
