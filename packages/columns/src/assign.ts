// Kernel: gives each tuple its group: by a flat table where the table has a place for every key, by open addressing else, at most two thirds full.
// Layout: see cells.ts. Precondition: the table is empty, or holds what was placed before. Cost: one look-up a tuple. Allocates nothing.
// Deterministic: groups are numbered by first occurrence in the list. The loops run in WebAssembly where a workspace has it (wasm/group-by.ts).
import type { GroupKernels } from './wasm/group-by.ts'
import type { Workspace } from './workspace.ts'

/** One grouping under way. */
export interface Work {
  /** The words that tuples are compared by, and where those of groups go. */
  readonly words: readonly Uint32Array[]
  readonly out: readonly Uint32Array[]
  readonly keyWords: number
  readonly weight: Uint32Array
  readonly workspace: Workspace
  readonly slots: number
}

/** The first `count` of these tuples are placed. */
interface Tuples {
  readonly list: Uint32Array
  readonly count: number
}

/** Gives each tuple the group of its key, which is a place of the table; returns the number of groups. */
export function assignFlat({ weight, workspace }: Work, count: number): number {
  const { table, groupOf, key, heads, kernels } = workspace
  const sums = workspace.weights[0] as Uint32Array
  if (kernels !== undefined) return kernels.flat(...addresses(weight, table, groupOf, sums, heads, key), count)
  let groups = 0
  for (let i = 0; i < count; i++) {
    const k = key[i] as number
    let entry = table[k] as number
    if (entry === 0) {
      heads[groups] = i
      sums[groups] = 0
      table[k] = entry = ++groups
    }
    groupOf[i] = entry - 1
    sums[entry - 1] = (sums[entry - 1] as number) + (weight[i] as number)
  }
  return groups
}

/** Gives each listed tuple its group, adds its weight there, writes the key words of new groups; returns the number of groups. */
export function assign(work: Work, tuples: Tuples, before: number): number {
  if (work.keyWords <= 2 && work.workspace.kernels !== undefined) return assignByKernel(work, work.workspace.kernels, tuples, before)
  if (work.keyWords === 1) return assignOne(work, tuples, before)
  if (work.keyWords === 2) return assignTwo(work, tuples, before)
  return assignMany(work, tuples, before)
}

const addresses = (...all: readonly (Uint32Array | Int32Array)[]): number[] => all.map(({ byteOffset }) => byteOffset)

function assignByKernel({ words, out: outs, keyWords, weight, workspace, slots }: Work, { one, two }: GroupKernels, { list, count }: Tuples, before: number): number {
  const { table, groupOf, hashes, heads } = workspace
  const [key, second] = words as [Uint32Array, Uint32Array]
  const [out, outSecond] = outs as [Uint32Array, Uint32Array]
  const first = [...addresses(weight, table, groupOf, workspace.weights[0] as Uint32Array, heads, key), count, ...addresses(list, hashes), slots - 1, Math.clz32(slots) + 1, ...addresses(out), before]
  return keyWords === 1 ? one(...first) : two(...first, ...addresses(second, outSecond))
}

// In all three the slot comes from the hash bits below the top three, which choose the stage.

function assignOne({ words, out: outs, weight, workspace, slots }: Work, { list, count }: Tuples, before: number): number {
  const { table, groupOf, hashes, heads } = workspace
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const key = words[0] as Uint32Array
  const out = outs[0] as Uint32Array
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
      heads[groups] = i
      sums[groups] = 0
      table[slot] = entry = ++groups
    }
    groupOf[i] = entry - 1
    sums[entry - 1] = (sums[entry - 1] as number) + (weight[i] as number)
  }
  return groups
}

function assignTwo({ words, out: outs, weight, workspace, slots }: Work, { list, count }: Tuples, before: number): number {
  const { table, groupOf, hashes } = workspace
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const [key, second] = words as [Uint32Array, Uint32Array]
  const [out, outSecond] = outs as [Uint32Array, Uint32Array]
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

function assignMany({ words: keys, out, keyWords, weight, workspace, slots }: Work, { list, count }: Tuples, before: number): number {
  const { table, groupOf, hashes } = workspace
  const [last, shift] = [slots - 1, Math.clz32(slots) + 1]
  const sums = workspace.weights[0] as Uint32Array
  let groups = before
  for (let s = 0; s < count; s++) {
    const i = list[s] as number
    let slot = ((hashes[i] as number) << 3) >>> shift
    let entry = table[slot] as number
    while (entry !== 0 && !sameKey(keys, i, out, entry - 1, keyWords)) entry = table[slot = (slot + 1) & last] as number
    if (entry === 0) {
      for (let w = 0; w < keyWords; w++) (out[w] as Uint32Array)[groups] = (keys[w] as Uint32Array)[i] as number
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
