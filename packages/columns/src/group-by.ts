// Kernel: maps fields of packed tuples and merges the tuples that became equal, adding their weights.
// Layout: see cells.ts. Precondition: every code lies inside its step's map. Cost: one sequential pass for each three steps of a
// word, one for the hashes, then one look-up a tuple in an open-addressing table at most two thirds full. Allocates nothing once the
// workspace has grown to the largest input, except in `keep`. Deterministic: sums are of integers, and groups come in order of
// first occurrence (`regroup`) or by hash range, then first occurrence (`regroupUnless`).
import type { Cells, Step } from './cells.ts'

/** Buffers that calls share; one a thread. After a call `groupOf[i]` is the group of source tuple i. */
export class Workspace {
  capacity = 0
  table = new Int32Array(0)
  hashes = new Uint32Array(0)
  /** 0, 1, 2, …: the list of all tuples. */
  everyone = new Uint32Array(0)
  chosen = new Uint32Array(0)
  others = new Uint32Array(0)
  mapped: Uint32Array[] = []
  words: Uint32Array[] = []
  weights: Uint32Array[] = []
  groupOf = new Uint32Array(0)

  /** Makes room for `size` tuples of `words` words and `weights` weights. */
  reserve(size: number, words: number, weights: number): void {
    if (size <= this.capacity && words <= this.words.length && weights <= this.weights.length) return
    this.capacity = Math.max(size, this.capacity, 1024)
    const make = (count: number): Uint32Array<ArrayBuffer>[] => Array.from({ length: count }, () => new Uint32Array(this.capacity))
    const wordCount = Math.max(words, this.words.length)
    this.mapped = make(wordCount)
    this.words = make(wordCount)
    this.weights = make(Math.max(weights, this.weights.length))
    const [groupOf, hashes, chosen, others, everyone] = make(5) as [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>]
    for (let i = 0; i < this.capacity; i++) everyone[i] = i
    Object.assign(this, { groupOf, hashes, chosen, others, everyone })
    this.table = new Int32Array(slotsFor(this.capacity))
  }
}

function slotsFor(size: number): number {
  let slots = 16
  while (2 * slots < 3 * size) slots *= 2
  return slots
}

/**
 * Groups `source` after the steps by its first `keyWords` words. The result lives in the workspace until the next call:
 * `words` and `weights` of each group. With `keyWords` below the word count the other words are those of the first tuple.
 */
export function regroup(source: Cells, steps: readonly Step[], workspace: Workspace, keyWords = source.words.length): Cells {
  const words = prepare(source, steps, workspace, keyWords)
  const size = assign({ words, keyWords, weight: source.weights[0] as Uint32Array, workspace, list: workspace.everyone, count: source.size, slots: slotsFor(source.size) }, 0)
  return collect(source, words, workspace, keyWords, size)
}

/** The first stage takes hash ranges below this, of eight; the second those below `secondRanges`. */
const [firstRanges, secondRanges] = [1, 4]
/** A second partial stage pays where the first one's rows, scaled up, exceed the limit this many times. */
const hopeful = 1.2

/**
 * As `regroup`, but gives up, returning undefined, once more than `most` rows (of the first weight) are known to lie in groups
 * of fewer than `least` rows. Groups are finished one hash range after the other, so hopeless cases cost a fraction.
 */
export function regroupUnless(source: Cells, steps: readonly Step[], workspace: Workspace, { keyWords = source.words.length, least, most }: { keyWords?: number; least: number; most: number }): Cells | undefined {
  const words = prepare(source, steps, workspace, keyWords)
  const shared = { words, keyWords, weight: source.weights[0] as Uint32Array, workspace, slots: slotsFor(source.size) }
  const { chosen, others, everyone } = workspace
  let count = divide(workspace, everyone, source.size, firstRanges)
  let size = assign({ ...shared, list: chosen, count }, 0)
  let small = rowsBelow(workspace, least, 0, size)
  let left = source.size - count
  if (small > most) return undefined
  if (small * 8 > most * hopeful * firstRanges) {
    count = divide(workspace, others, left, secondRanges)
    const before = size
    size = assign({ ...shared, list: chosen, count }, before)
    small += rowsBelow(workspace, least, before, size)
    left -= count
    if (small > most) return undefined
  }
  const before = size
  size = assign({ ...shared, list: others, count: left }, before)
  small += rowsBelow(workspace, least, before, size)
  return small > most ? undefined : collect(source, words, workspace, keyWords, size)
}

function prepare(source: Cells, steps: readonly Step[], workspace: Workspace, keyWords: number): Uint32Array[] {
  workspace.reserve(source.size, source.words.length, source.weights.length)
  const words = mapWords(source, steps, workspace)
  hash(words, source.size, keyWords, workspace.hashes)
  workspace.table.fill(0, 0, slotsFor(source.size))
  return words
}

function collect(source: Cells, words: readonly Uint32Array[], workspace: Workspace, keyWords: number, size: number): Cells {
  for (let v = 1; v < source.weights.length; v++) addUp(source.weights[v] as Uint32Array, workspace.groupOf, workspace.weights[v] as Uint32Array, { size: source.size, groups: size })
  for (let w = keyWords; w < words.length; w++) firstOf(words[w] as Uint32Array, workspace.groupOf, workspace.words[w] as Uint32Array, source.size)
  return { size, words: workspace.words.slice(0, source.words.length), weights: workspace.weights.slice(0, source.weights.length) }
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

/** The source's words with the steps applied; words without a step are the source's own. */
function mapWords(source: Cells, steps: readonly Step[], workspace: Workspace): Uint32Array[] {
  return source.words.map((word, index) => {
    const own = steps.filter(({ field }) => field.word === index && field.mask !== 0)
    let from = word
    for (let s = 0; s < own.length; s += 3) {
      const to = workspace.mapped[index] as Uint32Array
      replaceFields(from, to, source.size, own.slice(s, s + 3))
      from = to
    }
    return from
  })
}

function replaceFields(from: Uint32Array, to: Uint32Array, size: number, steps: readonly Step[]): void {
  const [{ field: a, map: mapA }, second, third] = steps as [Step, Step | undefined, Step | undefined]
  const [shiftA, maskA] = [a.shift, a.mask]
  const others = steps.reduce((bits, { field }) => bits & ~(field.mask << field.shift), -1)
  if (second === undefined) {
    for (let i = 0; i < size; i++) {
      const word = from[i] as number
      to[i] = (word & others) | (mapA[(word >>> shiftA) & maskA] as number)
    }
    return
  }
  const [mapB, shiftB, maskB] = [second.map, second.field.shift, second.field.mask]
  if (third === undefined) {
    for (let i = 0; i < size; i++) {
      const word = from[i] as number
      to[i] = (word & others) | (mapA[(word >>> shiftA) & maskA] as number) | (mapB[(word >>> shiftB) & maskB] as number)
    }
    return
  }
  const [mapC, shiftC, maskC] = [third.map, third.field.shift, third.field.mask]
  for (let i = 0; i < size; i++) {
    const word = from[i] as number
    to[i] = (word & others) | (mapA[(word >>> shiftA) & maskA] as number) | (mapB[(word >>> shiftB) & maskB] as number) | (mapC[(word >>> shiftC) & maskC] as number)
  }
}

function hash(words: readonly Uint32Array[], size: number, keyWords: number, hashes: Uint32Array): void {
  const first = words[0] as Uint32Array
  if (keyWords === 1) {
    for (let i = 0; i < size; i++) {
      const k = first[i] as number
      hashes[i] = Math.imul(k ^ (k >>> 15), 0x9e3779b1)
    }
    return
  }
  for (let i = 0; i < size; i++) hashes[i] = Math.imul((first[i] as number) ^ ((first[i] as number) >>> 15), 0x9e3779b1)
  for (let w = 1; w < keyWords; w++) {
    const word = words[w] as Uint32Array
    for (let i = 0; i < size; i++) {
      const mixed = (hashes[i] as number) ^ Math.imul((word[i] as number) ^ ((word[i] as number) >>> 13), 0x85ebca6b)
      hashes[i] = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35)
    }
  }
}

/** Divides a list of tuples into those whose hash's top three bits lie below `range`, and the others; without a branch to mispredict. */
function divide({ hashes, chosen, others }: Workspace, list: Uint32Array, count: number, range: number): number {
  let below = 0
  for (let s = 0; s < count; s++) {
    const i = list[s] as number
    chosen[below] = i
    others[s - below] = i
    below += (((hashes[i] as number) >>> 29) - range) >>> 31
  }
  return below
}

interface Assignment {
  readonly words: readonly Uint32Array[]
  readonly keyWords: number
  readonly weight: Uint32Array
  readonly workspace: Workspace
  /** The first `count` of these tuples are placed. */
  readonly list: Uint32Array
  readonly count: number
  readonly slots: number
}

/** Gives each listed tuple its group, adds its weight there, writes the key words of new groups; returns the number of groups. */
function assign(assignment: Assignment, before: number): number {
  if (assignment.keyWords === 1) return assignOne(assignment, before)
  if (assignment.keyWords === 2) return assignTwo(assignment, before)
  return assignMany(assignment, before)
}

// In all three the slot comes from the hash bits below the top three, which choose the stage.

function assignOne({ words, weight, workspace, list, count, slots }: Assignment, before: number): number {
  const { table, groupOf, hashes } = workspace
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const key = words[0] as Uint32Array
  const out = workspace.words[0] as Uint32Array
  const sums = workspace.weights[0] as Uint32Array
  let groups = before
  for (let s = 0; s < count; s++) {
    const i = list[s] as number
    const k = key[i] as number
    let slot = ((hashes[i] as number) << 3) >>> shift
    let entry = table[slot] as number
    while (entry !== 0 && out[entry - 1] !== k) entry = table[slot = (slot + 1) & last] as number
    if (entry === 0) {
      out[groups] = k
      sums[groups] = 0
      table[slot] = entry = ++groups
    }
    groupOf[i] = entry - 1
    sums[entry - 1] = (sums[entry - 1] as number) + (weight[i] as number)
  }
  return groups
}

function assignTwo({ words, weight, workspace, list, count, slots }: Assignment, before: number): number {
  const { table, groupOf, hashes } = workspace
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const [key, second] = words as [Uint32Array, Uint32Array]
  const [out, outSecond] = workspace.words as [Uint32Array, Uint32Array]
  const sums = workspace.weights[0] as Uint32Array
  let groups = before
  for (let s = 0; s < count; s++) {
    const i = list[s] as number
    const k = key[i] as number
    const l = second[i] as number
    let slot = ((hashes[i] as number) << 3) >>> shift
    let entry = table[slot] as number
    while (entry !== 0 && (out[entry - 1] !== k || outSecond[entry - 1] !== l)) entry = table[slot = (slot + 1) & last] as number
    if (entry === 0) {
      out[groups] = k
      outSecond[groups] = l
      sums[groups] = 0
      table[slot] = entry = ++groups
    }
    groupOf[i] = entry - 1
    sums[entry - 1] = (sums[entry - 1] as number) + (weight[i] as number)
  }
  return groups
}

function assignMany({ words: keys, keyWords, weight, workspace, list, count, slots }: Assignment, before: number): number {
  const { table, groupOf, hashes, words } = workspace
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const sums = workspace.weights[0] as Uint32Array
  let groups = before
  for (let s = 0; s < count; s++) {
    const i = list[s] as number
    let slot = ((hashes[i] as number) << 3) >>> shift
    let entry = table[slot] as number
    while (entry !== 0 && !sameKey(keys, i, words, entry - 1, keyWords)) entry = table[slot = (slot + 1) & last] as number
    if (entry === 0) {
      for (let w = 0; w < keyWords; w++) (words[w] as Uint32Array)[groups] = (keys[w] as Uint32Array)[i] as number
      sums[groups] = 0
      table[slot] = entry = ++groups
    }
    groupOf[i] = entry - 1
    sums[entry - 1] = (sums[entry - 1] as number) + (weight[i] as number)
  }
  return groups
}

function sameKey(keys: readonly Uint32Array[], i: number, words: readonly Uint32Array[], group: number, keyWords: number): boolean {
  for (let w = 0; w < keyWords; w++) if ((keys[w] as Uint32Array)[i] !== (words[w] as Uint32Array)[group]) return false
  return true
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
