// Overlap control: whether a new answer, together with earlier ones, would say something about a small group. Every estimate from counts is a sum of answered
// groups with factors; people who are in the same answered groups can't be told apart and form an atom. A new group is answered only if
// no such sum comes to rest on small atoms alone that didn't before, and if it is news at all: a group that is (up to small atoms, or exactly) a sum of
// answered ones is refused in both cases alike, so that the refusal doesn't tell whether the small difference is empty.
// This covers differencing, trackers, partitions and any longer combination (Denning & Schlörer 1980; Chin & Özsoyoğlu 1982 on auditing).
import { rankBounds } from './rank.ts'

export type Group = ReadonlySet<string>

/** Whether answering `candidate` beside the `answered` groups and the population (whose size is taken as known) leaves every small group hidden. */
export function hidesSmallGroups(candidate: Group, { answered, population, threshold }: { answered: readonly Group[]; population: Group; threshold: number }): boolean {
  const groups = [population, ...answered, candidate]
  const atoms = atomsOf(groups)
  const after = spaceOf(atoms, { rows: groups.length, threshold })
  const before = spaceOf(withoutLast(atoms), { rows: groups.length - 1, threshold })
  const isNews = after.rank > before.rank
  return isNews && after.rank - after.rankOnLarge <= before.rank - before.rankOnLarge
}

/** People with the same pattern of membership in the groups, `1` and `0` in their order, and how many they are. */
type Atoms = ReadonlyMap<string, number>

function atomsOf(groups: readonly Group[]): Atoms {
  const sizes = new Map<string, number>()
  for (const subject of new Set(groups.flatMap((group) => [...group]))) {
    const pattern = groups.map((group) => (group.has(subject) ? '1' : '0')).join('')
    sizes.set(pattern, (sizes.get(pattern) ?? 0) + 1)
  }
  return sizes
}

function withoutLast(atoms: Atoms): Atoms {
  const sizes = new Map<string, number>()
  for (const [pattern, size] of atoms) sizes.set(pattern.slice(0, -1), (sizes.get(pattern.slice(0, -1)) ?? 0) + size)
  return sizes
}

/** The rank of the groups over their atoms, and over the large atoms only: the difference is how many independent sums rest on small atoms. */
function spaceOf(atoms: Atoms, { rows, threshold }: { rows: number; threshold: number }): { rank: number; rankOnLarge: number } {
  const all = [...atoms.keys()]
  const large = [...atoms].filter(([, size]) => size >= threshold).map(([pattern]) => pattern)
  const matrixOf = (columns: readonly string[]): number[][] => Array.from({ length: rows }, (_unused, row) => columns.map((pattern) => (pattern[row] === '1' ? 1 : 0)))
  return { rank: rankBounds(matrixOf(all)).most, rankOnLarge: rankBounds(matrixOf(large)).least }
}

/** How many people are in one group and not in the other. */
export function distance(a: Group, b: Group): number {
  let shared = 0
  for (const subject of a) if (b.has(subject)) shared++
  return a.size + b.size - 2 * shared
}
