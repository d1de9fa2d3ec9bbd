// Kernel: maps fields of packed tuples and merges the tuples that became equal, adding their weights.
// Layout: see cells.ts. Precondition: every code lies inside its step's map. Cost: where the tuples' keys fit in one number (keys.ts), the
// passes that make it, then one look-up a tuple (assign.ts), in a flat table where keys are few and by hash else; only the groups' first tuples are
// mapped. Otherwise every tuple is mapped (map-words.ts) and hashed (hash.ts) before its look-up. Allocates little once the workspace has grown
// to the largest input, except in `keep`. Deterministic: sums are of integers, and groups come in order of first occurrence (`regroup`) or by
// hash range, then first occurrence (`regroupUnless`).
import { assign, assignFlat } from './assign.ts'
import type { Work } from './assign.ts'
import type { Cells, Step } from './cells.ts'
import { divide, hash } from './hash.ts'
import { radixKeys } from './keys.ts'
import { mapWords } from './map-words.ts'
import { slotsFor } from './workspace.ts'
import type { Workspace } from './workspace.ts'

export interface Grouping {
  /** Tuples are alike by their first so many words; all of them unless told otherwise. The other words are those of a group's first tuple. */
  readonly keyWords?: number
  /** Given where the steps cover every field of the key words: how many labels each leads to. */
  readonly labels?: readonly number[] | undefined
}

/** Groups `source` after the steps. The result lives in the workspace until the next call: `words` and `weights` of each group. */
export function regroup(source: Cells, steps: readonly Step[], workspace: Workspace, grouping: Grouping = {}): Cells {
  const work = prepare(source, steps, workspace, grouping)
  const size = work.isFlat ? assignFlat(work, source.size) : assign(work, { list: workspace.everyone, count: source.size }, 0)
  return collect(source, steps, work, size)
}

/**
 * As `regroup`, but gives up, returning undefined, where hardly any tuples merge: where the groups of the first hash range, or all of them,
 * are more than `share` of its tuples. A copy nearly as long as its source costs more than it saves.
 */
export function regroupIfFewer(source: Cells, steps: readonly Step[], workspace: Workspace, { share, ...grouping }: Grouping & { share: number }): Cells | undefined {
  const work = prepare(source, steps, workspace, grouping)
  if (work.isFlat) {
    const size = assignFlat(work, source.size)
    return size > share * source.size ? undefined : collect(source, steps, work, size)
  }
  const { chosen, others, everyone } = workspace
  const count = divide(workspace, everyone, source.size, firstRanges)
  const first = assign(work, { list: chosen, count }, 0)
  if (first > share * count) return undefined
  return collect(source, steps, work, assign(work, { list: others, count: source.size - count }, first))
}

/** The first stage takes hash ranges below this, of eight; the second those below `secondRanges`. */
const [firstRanges, secondRanges] = [1, 4]
/** A second partial stage pays where the first one's rows, scaled up, exceed the limit this many times. */
const hopeful = 1.2

/**
 * As `regroup`, but gives up, returning undefined, once more than `most` rows (of the first weight) are known to lie in groups
 * of fewer than `least` rows. Groups are finished one hash range after the other, so hopeless cases cost a fraction.
 */
export function regroupUnless(source: Cells, steps: readonly Step[], workspace: Workspace, { least, most, ...grouping }: Grouping & { least: number; most: number }): Cells | undefined {
  const work = prepare(source, steps, workspace, grouping)
  if (work.isFlat) {
    const size = assignFlat(work, source.size)
    return rowsBelow(workspace, least, 0, size) > most ? undefined : collect(source, steps, work, size)
  }
  const { chosen, others, everyone } = workspace
  let count = divide(workspace, everyone, source.size, firstRanges)
  let size = assign(work, { list: chosen, count }, 0)
  let small = rowsBelow(workspace, least, 0, size)
  let left = source.size - count
  if (small > most) return undefined
  if (small * 8 > most * hopeful * firstRanges) {
    count = divide(workspace, others, left, secondRanges)
    const before = size
    size = assign(work, { list: chosen, count }, before)
    small += rowsBelow(workspace, least, before, size)
    left -= count
    if (small > most) return undefined
  }
  const before = size
  size = assign(work, { list: others, count: left }, before)
  small += rowsBelow(workspace, least, before, size)
  return small > most ? undefined : collect(source, steps, work, size)
}

/** A grouping under way, and how its tuples are told apart. */
interface KeyedWork extends Work {
  /** Whether `words` is one key, made by `radixKeys`. */
  readonly isKeyed: boolean
  /** Whether the table has a place for every key. */
  readonly isFlat: boolean
}

/** Below so many tuples, making keys costs more than it saves. */
const fewTuples = 512
/** A table may have so many times more places than there are tuples. */
const sparse = 4

function prepare(source: Cells, steps: readonly Step[], workspace: Workspace, { keyWords = source.words.length, labels }: Grouping): KeyedWork {
  workspace.reserve(source.size, source.words.length, source.weights.length)
  const { table, key, groupKeys } = workspace
  const shared = { weight: within(source.weights[0] as Uint32Array, workspace, workspace.weight, source.size), workspace, slots: slotsFor(source.size) }
  const space = labels === undefined || source.size < fewTuples ? undefined : radixKeys(source, steps, { labels, keyWords, key })
  const isKeyed = space !== undefined
  const isFlat = isKeyed && space <= Math.min(table.length, sparse * source.size)
  const work: KeyedWork = isKeyed ? { ...shared, words: [key], out: [groupKeys], keyWords: 1, isKeyed, isFlat } : { ...shared, words: mapWords(source, steps, workspace).map((word, w) => w < keyWords ? within(word, workspace, workspace.mapped[w] as Uint32Array, source.size) : word), out: workspace.words, keyWords, isKeyed, isFlat }
  if (!isFlat) hash(work.words, source.size, work.keyWords, workspace.hashes)
  table.fill(0, 0, isFlat ? space : work.slots)
  return work
}

/** The array, copied to where the kernels reach it if there are any. */
function within(array: Uint32Array, { kernels }: Workspace, spare: Uint32Array, size: number): Uint32Array {
  if (kernels === undefined || array.buffer === spare.buffer) return array
  spare.set(size === array.length ? array : array.subarray(0, size))
  return spare
}

function collect(source: Cells, steps: readonly Step[], { words, keyWords, workspace, isKeyed }: KeyedWork, size: number): Cells {
  for (let v = 1; v < source.weights.length; v++) addUp(source.weights[v] as Uint32Array, workspace.groupOf, workspace.weights[v] as Uint32Array, { size: source.size, groups: size })
  if (isKeyed) mapHeads(source, steps, workspace, size)
  else for (let w = keyWords; w < words.length; w++) firstOf(words[w] as Uint32Array, workspace.groupOf, workspace.words[w] as Uint32Array, source.size)
  return { size, words: workspace.words.slice(0, source.words.length), weights: workspace.weights.slice(0, source.weights.length) }
}

/** Where tuples were told apart by keys: the words of each group's first tuple after the steps. */
function mapHeads(source: Cells, steps: readonly Step[], workspace: Workspace, size: number): void {
  const { heads } = workspace
  source.words.forEach((word, w) => {
    const to = workspace.words[w] as Uint32Array
    for (let group = 0; group < size; group++) to[group] = word[heads[group] as number] as number
  })
  mapWords({ size, words: workspace.words.slice(0, source.words.length), weights: [] }, steps, { mapped: workspace.words })
}

function rowsBelow({ weights }: Workspace, least: number, from: number, to: number): number {
  const sums = weights[0] as Uint32Array
  let rows = 0
  for (let group = from; group < to; group++) if ((sums[group] as number) < least) rows += sums[group] as number
  return rows
}

/** A copy of cells that outlives the workspace. */
export function keep(cells: Cells): Cells {
  return { size: cells.size, words: cells.words.map((word) => word.slice(0, cells.size)), weights: cells.weights.map((weight) => weight.slice(0, cells.size)) }
}

function addUp(weight: Uint32Array, groupOf: Uint32Array, sums: Uint32Array, { size, groups }: { size: number; groups: number }): void {
  sums.fill(0, 0, groups)
  for (let i = 0; i < size; i++) {
    const group = groupOf[i] as number
    sums[group] = (sums[group] as number) + (weight[i] as number)
  }
}

function firstOf(from: Uint32Array, groupOf: Uint32Array, to: Uint32Array, size: number): void {
  for (let i = size - 1; i >= 0; i--) to[groupOf[i] as number] = from[i] as number
}
