// Population uniques by the equivalence-class model: Bayes' rule with the sample's own class sizes as prior.
// Source: Zayatz, Estimation of the Percent of Unique Population Elements on a Microdata File Using the Sample (US Census Bureau, 1991).
import { classesIn, rowsIn } from '../classes.ts'
import type { ClassSizes } from '../classes.ts'

/** Expected population uniques: sample uniques × P(population unique | sample unique) × N / n. */
export function zayatzUniques(sizes: ClassSizes, populationSize: number): number {
  const rows = rowsIn(sizes)
  const classes = classesIn(sizes)
  const uniques = sizes.get(1) ?? 0
  if (uniques === 0) return 0
  let seenOnce = 0
  for (const [size, ratio] of chancesOfOne([...sizes.keys()].sort((a, b) => a - b), populationSize, rows)) seenOnce += ((sizes.get(size) ?? 0) / classes) * ratio
  const stillUnique = uniques / classes / seenOnce
  return (uniques * stillUnique * populationSize) / rows
}

/**
 * Hypergeometric: of `size` marked among `population`, a sample of `rows` holds exactly one, in units of that chance for
 * size 1. The ratio j·C(N−j, n−1)/C(N−1, n−1) is a product of j − 1 factors; differences of ln Γ would lose its digits.
 */
function* chancesOfOne(ascending: readonly number[], population: number, rows: number): Generator<[size: number, ratio: number]> {
  let product = 1
  let reached = 1
  for (const size of ascending) {
    for (; reached < size; reached++) product *= (population - rows - reached + 1) / (population - reached)
    yield [size, size * Math.max(0, product)]
  }
}
