// What each group pays for a release: its rows, what its cells leave open, how wrongly its distributions are read, and what a model trained on the release gets right about it.
import { meanMarginal, meanPair } from './distributions.ts'
import type { MeanDistance } from './distributions.ts'
import { predictionIn } from './prediction.ts'
import type { Predicted, Prediction } from './prediction.ts'
import { partOf } from './reading.ts'
import type { Reading, ReleasedTable } from './reading.ts'
import { priceBySubgroup } from './who-pays.ts'
import type { SubgroupPrice, Subgroups } from './who-pays.ts'

export interface Subgroup extends SubgroupPrice {
  /** Mean over columns, and over pairs of them, among the group's own rows. */
  readonly marginals: MeanDistance
  readonly pairs: MeanDistance
  /** Of models trained on everybody, tested on the group. */
  readonly predictions: readonly Prediction[]
}

/** By value of a column of the input, largest group first. */
export function subgroupsOf(released: ReleasedTable, reading: Reading, { predicted, ...options }: Subgroups & { readonly predicted: readonly Predicted[] }): Subgroup[] {
  return priceBySubgroup(released, reading, options).map(({ members, ...price }) => {
    const part = partOf(reading, members)
    return { ...price, marginals: meanMarginal(part), pairs: meanPair(part), predictions: predicted.map((one) => predictionIn(one, reading.persons, members)) }
  })
}
