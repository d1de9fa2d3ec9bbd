// Overlap control: whether a new answer, together with earlier ones, would say something about a small group. Every estimate from counts is a sum of answered
// groups with factors; people who are in the same answered groups can't be told apart and form an atom. A new group is answered only if
// no such sum comes to rest on small atoms alone that didn't before, and if it is news at all: a group that is (up to small atoms, or exactly) a sum of
// answered ones is refused in both cases alike, so that the refusal doesn't tell whether the small difference is empty.
// This covers differencing, trackers, partitions and any longer combination (Denning & Schlörer 1980; Chin & Özsoyoğlu 1982 on auditing).
import { rankBounds } from './rank.ts'

export type Group = ReadonlySet<string>

/** Whether answering `candidate` beside the `answered` groups and the population (whose size is taken as known) leaves every small group hidden. */
export function hidesSmallGroups(candidate: Group, { answered, population, threshold }: { answered: readonly Group[]; population: Group; threshold: number }): boolean {
  const before = spaceOf([population, ...answered], threshold)
  const after = spaceOf([population, ...answered, candidate], threshold)
  const isNews = after.rank > before.rank
  return isNews && after.rank - after.rankOnLarge <= before.rank - before.rankOnLarge
}

/** The rank of the groups over their atoms, and over the large atoms only: the difference is how many independent sums rest on small atoms. */
function spaceOf(groups: readonly Group[], threshold: number): { rank: number; rankOnLarge: number } {
  const atoms = [...atomsOf(groups)]
  const matrixOf = (columns: readonly (readonly [string, number])[]): number[][] => groups.map((_group, row) => columns.map(([pattern]) => (pattern[row] === '1' ? 1 : 0)))
  return { rank: rankBounds(matrixOf(atoms)).most, rankOnLarge: rankBounds(matrixOf(atoms.filter(([, size]) => size >= threshold))).least }
}

/** Atoms by their pattern of membership, with their sizes. */
function atomsOf(groups: readonly Group[]): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const subject of new Set(groups.flatMap((group) => [...group]))) {
    const pattern = groups.map((group) => (group.has(subject) ? '1' : '0')).join('')
    sizes.set(pattern, (sizes.get(pattern) ?? 0) + 1)
  }
  return sizes
}

/** How many people are in one group and not in the other. */
export function distance(a: Group, b: Group): number {
  let shared = 0
  for (const subject of a) if (b.has(subject)) shared++
  return a.size + b.size - 2 * shared
}
