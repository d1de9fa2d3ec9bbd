// Kernel: maps fields of packed tuples and merges the tuples that became equal, adding their weights.
// Layout: see cells.ts. Precondition: every code lies inside its step's map. Cost: one sequential pass a step, then one
// look-up a tuple in an open-addressing table at most half full. Allocates nothing once the workspace has grown to the
// largest input, except in `keep`. Deterministic: groups come in order of first occurrence; sums are of integers.
import type { Cells, Step } from './cells.ts'

/** Buffers that calls share; one a thread. `groupOf[i]` is the group of source tuple i after a call that asked for it. */
export class Workspace {
  capacity = 0
  table = new Int32Array(0)
  mapped: Uint32Array[] = []
  words: Uint32Array[] = []
  weights: Uint32Array[] = []
  groupOf = new Uint32Array(0)

  /** Makes room for `size` tuples of `words` words and `weights` weights. */
  reserve(size: number, words: number, weights: number): void {
    if (size > this.capacity || words > this.words.length || weights > this.weights.length) {
      this.capacity = Math.max(size, this.capacity, 1024)
      const make = (count: number): Uint32Array[] => Array.from({ length: count }, () => new Uint32Array(this.capacity))
      const [wordCount, weightCount] = [Math.max(words, this.words.length), Math.max(weights, this.weights.length)]
      this.mapped = make(wordCount)
      this.words = make(wordCount)
      this.weights = make(weightCount)
      this.groupOf = new Uint32Array(this.capacity)
      this.table = new Int32Array(tableSize(this.capacity))
    }
  }
}

function tableSize(size: number): number {
  let slots = 16
  while (slots < 2 * size) slots *= 2
  return slots
}

/**
 * Groups `source` after the steps by its first `keyWords` words. The result lives in the workspace until the next call:
 * `words` and `weights` of each group. With `keyWords` below the word count the other words are those of the first tuple.
 */
export function regroup(source: Cells, steps: readonly Step[], workspace: Workspace, keyWords = source.words.length): Cells {
  workspace.reserve(source.size, source.words.length, source.weights.length)
  const words = mapWords(source, steps, workspace)
  const size = assign(words, source.size, keyWords, workspace)
  source.weights.forEach((weight, index) => addUp(weight, workspace.groupOf, workspace.weights[index] as Uint32Array, source.size, size))
  for (let w = keyWords; w < words.length; w++) firstOf(words[w] as Uint32Array, workspace.groupOf, workspace.words[w] as Uint32Array, source.size)
  return { size, words: workspace.words.slice(0, source.words.length), weights: workspace.weights.slice(0, source.weights.length) }
}

/** A copy of cells that outlives the workspace. */
export function keep(cells: Cells): Cells {
  return { size: cells.size, words: cells.words.map((word) => word.slice(0, cells.size)), weights: cells.weights.map((weight) => weight.slice(0, cells.size)) }
}

/** The source's words with the steps applied; words without a step are the source's own. */
export function mapWords(source: Cells, steps: readonly Step[], workspace: Workspace): Uint32Array[] {
  const words = source.words.slice()
  for (const { field, map } of steps) {
    if (field.mask === 0) continue
    const from = words[field.word] as Uint32Array
    const to = workspace.mapped[field.word] as Uint32Array
    replaceField(from, to, source.size, field.shift, field.mask, map)
    words[field.word] = to
  }
  return words
}

function replaceField(from: Uint32Array, to: Uint32Array, size: number, shift: number, mask: number, map: Uint32Array): void {
  const others = ~(mask << shift)
  for (let i = 0; i < size; i++) {
    const word = from[i] as number
    to[i] = (word & others) | (map[(word >>> shift) & mask] as number)
  }
}

/** Fills `workspace.groupOf` and the key words of each group; returns the number of groups. */
function assign(words: readonly Uint32Array[], size: number, keyWords: number, workspace: Workspace): number {
  if (keyWords === 1) return assignOne(words[0] as Uint32Array, size, workspace)
  if (keyWords === 2) return assignTwo(words[0] as Uint32Array, words[1] as Uint32Array, size, workspace)
  return assignMany(words, size, keyWords, workspace)
}

function assignOne(key: Uint32Array, size: number, { table, groupOf, words }: Workspace): number {
  const slots = tableSize(size)
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const out = words[0] as Uint32Array
  table.fill(0, 0, slots)
  let groups = 0
  for (let i = 0; i < size; i++) {
    const k = key[i] as number
    let slot = Math.imul(k ^ (k >>> 15), 0x9e3779b1) >>> shift
    let entry = table[slot] as number
    while (entry !== 0 && out[entry - 1] !== k) entry = table[slot = (slot + 1) & last] as number
    if (entry === 0) {
      out[groups] = k
      table[slot] = entry = ++groups
    }
    groupOf[i] = entry - 1
  }
  return groups
}

function assignTwo(key: Uint32Array, second: Uint32Array, size: number, { table, groupOf, words }: Workspace): number {
  const slots = tableSize(size)
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const out = words[0] as Uint32Array
  const outSecond = words[1] as Uint32Array
  table.fill(0, 0, slots)
  let groups = 0
  for (let i = 0; i < size; i++) {
    const k = key[i] as number
    const l = second[i] as number
    const mixed = Math.imul(k ^ (k >>> 15), 0x9e3779b1) ^ Math.imul(l ^ (l >>> 13), 0x85ebca6b)
    let slot = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35) >>> shift
    let entry = table[slot] as number
    while (entry !== 0 && (out[entry - 1] !== k || outSecond[entry - 1] !== l)) entry = table[slot = (slot + 1) & last] as number
    if (entry === 0) {
      out[groups] = k
      outSecond[groups] = l
      table[slot] = entry = ++groups
    }
    groupOf[i] = entry - 1
  }
  return groups
}

function assignMany(keys: readonly Uint32Array[], size: number, keyWords: number, { table, groupOf, words }: Workspace): number {
  const slots = tableSize(size)
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  table.fill(0, 0, slots)
  let groups = 0
  for (let i = 0; i < size; i++) {
    let mixed = 0
    for (let w = 0; w < keyWords; w++) mixed = Math.imul(mixed ^ ((keys[w] as Uint32Array)[i] as number), 0x9e3779b1) ^ (mixed >>> 15)
    let slot = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35) >>> shift
    let entry = table[slot] as number
    while (entry !== 0 && !sameKey(keys, i, words, entry - 1, keyWords)) entry = table[slot = (slot + 1) & last] as number
    if (entry === 0) {
      for (let w = 0; w < keyWords; w++) (words[w] as Uint32Array)[groups] = (keys[w] as Uint32Array)[i] as number
      table[slot] = entry = ++groups
    }
    groupOf[i] = entry - 1
  }
  return groups
}

function sameKey(keys: readonly Uint32Array[], i: number, words: readonly Uint32Array[], group: number, keyWords: number): boolean {
  for (let w = 0; w < keyWords; w++) if ((keys[w] as Uint32Array)[i] !== (words[w] as Uint32Array)[group]) return false
  return true
}

function addUp(weight: Uint32Array, groupOf: Uint32Array, sums: Uint32Array, size: number, groups: number): void {
  sums.fill(0, 0, groups)
  for (let i = 0; i < size; i++) {
    const group = groupOf[i] as number
    sums[group] = (sums[group] as number) + (weight[i] as number)
  }
}

function firstOf(from: Uint32Array, groupOf: Uint32Array, to: Uint32Array, size: number): void {
  for (let i = size - 1; i >= 0; i--) to[groupOf[i] as number] = from[i] as number
}
