// kᵐ-anonymity of a set-valued column: every combination of up to m items that somebody has is shared by k persons (Terrovitis, Mamoulis and
// Kalnis, PVLDB 1, 2008). Items are recoded by one cut of their hierarchy for the whole table: exactly, where the cuts are few enough to
// try them all in order of loss; else upwards from the items as they are, always by the cheapest step that touches a rare combination.
// Beyond the paper: where the hierarchy's top is the marker, which says nothing, a node of the cut may be left out everywhere instead of being raised; what
// nobody is shown to have singles nobody out. One rare pair of chapters would otherwise take the whole tree to its top.
import { columnOf } from '@mhmd/columns'
import { compileHierarchy } from '../hierarchies/compile.ts'
import { sourceOf, SUPPRESSED } from '../hierarchies/source.ts'
import type { HierarchySource } from '../hierarchies/source.ts'
import type { Hierarchy, HierarchyLevel } from '../hierarchy.ts'

export interface SetProblem {
  readonly k: number
  readonly m: number
  /** Items of each person (or row); an item may be named twice. */
  readonly units: readonly (readonly string[])[]
  readonly hierarchy?: HierarchySource | undefined
}

export interface SetRecoding {
  /** The label of each item, absent where it is left out; undefined where not even the most general labels hold, so that nothing of the column may leave. */
  readonly labels: ReadonlyMap<string, string> | undefined
  /** Mean over the units' items of the share of the hierarchy their label covers beyond themselves: 0 as they are, 1 at the root. */
  readonly loss: number
  readonly optimal: boolean
}

/** Cuts beyond which the search is heuristic. */
const mostCuts = 4096

/** By item: the level of its label; the top where it is left out. A cut is consistent: items that share a label there share it with all who have it. */
type Cut = Uint8Array

export function recodeSets({ k, m, units, hierarchy: source }: SetProblem): SetRecoding {
  const items = columnOf('items', units.flat())
  if (items.dictionary.length === 0) return { labels: new Map(), loss: 0, optimal: true }
  const tree = compileHierarchy(source ?? keepOrDrop(items.dictionary), items)
  const index = new Map(items.dictionary.map((item, code) => [item, code]))
  const distinct = units.map((own) => [...new Set(own)].map((item) => index.get(item) as number))
  // Nobody has a combination of more items than the largest set.
  const largest = distinct.reduce((most, own) => Math.max(most, own.length), 0)
  const world: World = { k, m: Math.min(m, largest), tree, units: distinct, counts: countsOf(items.dictionary.length, items.codes), mayLeaveOut: tree.levels.length > 1 && (tree.levels.at(-1) as HierarchyLevel).labels.every((label) => label === SUPPRESSED) }
  const top = new Uint8Array(items.dictionary.length).fill(tree.levels.length - 1)
  if (!world.mayLeaveOut && rareCombinations(world, top).length > 0) return { labels: undefined, loss: 1, optimal: true }
  const cuts = allCuts(world)
  const cut = cuts === undefined ? climb(world) : cuts.find((one) => rareCombinations(world, one).length === 0) as Cut
  const shown = items.dictionary.flatMap((item, code): [string, string][] => (isLeftOut(world, cut, code) ? [] : [[item, labelOf(tree, cut, code)]]))
  return { labels: shown.length === 0 ? undefined : new Map(shown), loss: lossOf(world, cut), optimal: cuts !== undefined }
}

interface World extends Pick<SetProblem, 'k' | 'm'> {
  readonly tree: Hierarchy
  readonly units: readonly (readonly number[])[]
  readonly counts: Uint32Array
  /** Whether the top of the hierarchy says nothing, so that whatever stands there need not be shown. */
  readonly mayLeaveOut: boolean
}

const isLeftOut = ({ tree, mayLeaveOut }: Pick<World, 'tree' | 'mayLeaveOut'>, cut: Cut, item: number): boolean => mayLeaveOut && cut[item] === tree.levels.length - 1

function keepOrDrop(items: readonly string[]): HierarchySource {
  return sourceOf('items', [items, items.map(() => SUPPRESSED)])
}

function countsOf(size: number, codes: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(size)
  for (let i = 0; i < codes.length; i++) counts[codes[i] as number] = (counts[codes[i] as number] as number) + 1
  return counts
}

const nodeOf = ({ levels }: Hierarchy, cut: Cut, item: number): string => `${cut[item]}:${(levels[cut[item] as number] as HierarchyLevel).codeOf[item]}`

function labelOf({ levels }: Hierarchy, cut: Cut, item: number): string {
  const level = levels[cut[item] as number] as HierarchyLevel
  return level.labels[level.codeOf[item] as number] as string
}

function lossOf({ tree, counts }: World, cut: Cut): number {
  if (tree.fileRows <= 1) return 0
  let [sum, total] = [0, 0]
  counts.forEach((count, item) => {
    const level = tree.levels[cut[item] as number] as HierarchyLevel
    sum += count * ((level.fileRows[level.codeOf[item] as number] as number) - 1)
    total += count
  })
  return sum / total / (tree.fileRows - 1)
}

/** Combinations of labels that fewer than k units share, as items of the cut's nodes; the smallest sizes only, in a fixed order. */
function rareCombinations(world: World, cut: Cut): number[][] {
  const { k, m, tree, units } = world
  const someItem = new Map<string, number>()
  cut.forEach((_, item) => { const node = nodeOf(tree, cut, item); if (!someItem.has(node)) someItem.set(node, item) })
  const nodes = Array.from(cut, (_, item) => someItem.get(nodeOf(tree, cut, item)) as number)
  const sets = units.map((own) => [...new Set(own.filter((item) => !isLeftOut(world, cut, item)).map((item) => nodes[item] as number))].sort((a, b) => a - b))
  for (let size = 1; size <= m; size++) {
    const shared = new Map<string, number>()
    for (const set of sets) for (const chosen of subsets(set, size)) shared.set(chosen, (shared.get(chosen) ?? 0) + 1)
    const rare = [...shared].filter(([, count]) => count < k)
    if (rare.length > 0) return rare.map(([key]) => key.split(',').map(Number))
  }
  return []
}

/** Every choice of `size` entries of a sorted list, as a key. */
function subsets(set: readonly number[], size: number): string[] {
  if (size === 1) return set.map(String)
  return set.flatMap((first, at) => subsets(set.slice(at + 1), size - 1).map((rest) => `${first},${rest}`))
}

/** Every cut of the tree in order of loss, then of levels; undefined where there are too many. */
function allCuts(world: World): Cut[] | undefined {
  const { tree } = world
  const height = tree.levels.length - 1
  const leftOut = (level: number, members: readonly number[]): Cut[] => (world.mayLeaveOut && level < height ? [Uint8Array.from(tree.levels[0]?.codeOf ?? [], (_, item) => (members.includes(item) ? height : 0))] : [])
  const below = (level: number, members: readonly number[]): Cut[] | undefined => {
    const own = new Uint8Array(tree.levels[0]?.codeOf.length ?? 0)
    for (const item of members) own[item] = level
    if (level === 0) return [own, ...leftOut(level, members)]
    const groups = [...Map.groupBy(members, (item) => tree.levels[level - 1]?.codeOf[item]).values()]
    let parts: Cut[] = [new Uint8Array(own.length)]
    for (const group of groups) {
      const cuts = below(level - 1, group)
      if (cuts === undefined || cuts.length * parts.length > mostCuts) return undefined
      parts = parts.flatMap((part) => cuts.map((cut) => part.map((at, item) => at + (cut[item] as number))))
    }
    // A node that is its only child's equal is the same cut; a top that says nothing is all of its nodes left out.
    return (groups.length === 1 && isSame(world, level, members)) || (world.mayLeaveOut && level === height) ? parts : [...parts, own, ...leftOut(level, members)]
  }
  const roots = [...Map.groupBy(Array.from(tree.levels[height]?.codeOf.keys() ?? []), (item) => tree.levels[height]?.codeOf[item]).values()]
  let all: Cut[] = [new Uint8Array(tree.levels[0]?.codeOf.length ?? 0)]
  for (const root of roots) {
    const cuts = below(height, root)
    if (cuts === undefined || cuts.length * all.length > mostCuts) return undefined
    all = all.flatMap((part) => cuts.map((cut) => part.map((at, item) => at + (cut[item] as number))))
  }
  return all.map((cut) => ({ cut, loss: lossOf(world, cut) })).sort((a, b) => a.loss - b.loss).map(({ cut }) => cut)
}

/** Whether a level's node covers no more of the hierarchy than the one below: its label says as much. */
function isSame({ tree }: World, level: number, [item]: readonly number[]): boolean {
  const rows = (at: number): number => (tree.levels[at] as HierarchyLevel).fileRows[(tree.levels[at] as HierarchyLevel).codeOf[item as number] as number] as number
  return rows(level) === rows(level - 1)
}

/** Greedy: raises nodes of rare combinations until none is left. */
function climb(world: World): Cut {
  let cut: Cut = new Uint8Array(world.counts.length)
  for (let rare = rareCombinations(world, cut); rare.length > 0; rare = rareCombinations(world, cut)) {
    const raised = new Set<number>()
    for (const items of rare) {
      if (items.some((item) => raised.has(item))) continue
      const options = items.flatMap((item) => [raisedAt(world, cut, item), leftOutAt(world, cut, item)]).filter((option) => option !== undefined)
      const best = options.reduce((least, option) => (lossOf(world, option) < lossOf(world, least) ? option : least), options[0] as Cut)
      best.forEach((level, item) => { if (level !== cut[item]) raised.add(item) })
      cut = best
    }
  }
  return cut
}

/** The cut with the item's node replaced by its parent, and everything below that parent with it. A top that says nothing is no such parent. */
function raisedAt({ tree, mayLeaveOut }: World, cut: Cut, item: number): Cut | undefined {
  const level = (cut[item] as number) + 1
  const { codeOf } = tree.levels[level] ?? {}
  if (codeOf === undefined || (mayLeaveOut && level === tree.levels.length - 1)) return undefined
  return cut.map((own, other) => codeOf[other] === codeOf[item] ? Math.min(Math.max(own, level), level) : own)
}

/** The cut without the item's node. */
function leftOutAt(world: World, cut: Cut, item: number): Cut | undefined {
  if (!world.mayLeaveOut) return undefined
  const level = cut[item] as number
  const { codeOf } = world.tree.levels[level] as HierarchyLevel
  return cut.map((own, other) => own === level && codeOf[other] === codeOf[item] ? world.tree.levels.length - 1 : own)
}
