// All utility figures of one release.
import { classesOf } from '../risk/classes.ts'
import { marginalDistances, pairDistances } from './distributions.ts'
import type { Distance } from './distributions.ts'
import { predictionOf } from './prediction.ts'
import type { Prediction } from './prediction.ts'
import { readRelease } from './reading.ts'
import type { ReleasedTable } from './reading.ts'
import { lossByAttribute, priceBySubgroup } from './who-pays.ts'
import type { SubgroupPrice } from './who-pays.ts'

export interface UtilityOptions extends ReleasedTable {
  readonly quasiIdentifiers: readonly string[]
  /** Columns by whose values the price is told. */
  readonly subgroups?: readonly string[]
  /** Columns a model is trained to predict. */
  readonly targets?: readonly string[]
}

export interface UtilityReport {
  readonly keptRows: number
  readonly lossByAttribute: Readonly<Record<string, number>>
  readonly marginals: readonly Distance[]
  readonly pairs: readonly Distance[]
  readonly subgroups: Readonly<Record<string, readonly SubgroupPrice[]>>
  readonly predictions: readonly Prediction[]
}

export function utilityReport(options: UtilityOptions): UtilityReport {
  const { quasiIdentifiers, subgroups = [], targets = [] } = options
  const reading = readRelease(options, classesOf(options.output, quasiIdentifiers).classOf)
  return {
    keptRows: reading.keptRows,
    lossByAttribute: lossByAttribute(reading, quasiIdentifiers),
    marginals: marginalDistances(reading),
    pairs: pairDistances(reading),
    subgroups: Object.fromEntries(subgroups.map((column) => [column, priceBySubgroup(options, reading, { column, quasiIdentifiers })])),
    predictions: targets.map((target) => predictionOf(options, reading, target)).filter((found) => found !== undefined),
  }
}
