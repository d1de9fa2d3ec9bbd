// All utility figures of one release.
import { classesOf } from '../risk/classes.ts'
import { marginalDistances, pairDistances } from './distributions.ts'
import type { Distance } from './distributions.ts'
import { predictedOf, predictionIn } from './prediction.ts'
import type { Prediction } from './prediction.ts'
import { readRelease } from './reading.ts'
import type { ReleasedTable } from './reading.ts'
import { subgroupsOf } from './subgroups.ts'
import type { Subgroup } from './subgroups.ts'
import { lossByAttribute, meanLoss } from './who-pays.ts'
import type { MeanLoss } from './who-pays.ts'

export interface UtilityOptions extends ReleasedTable {
  readonly quasiIdentifiers: readonly string[]
  /** Columns by whose values the price is told. */
  readonly subgroups?: readonly string[]
  /** Smaller groups are told together; default each by itself. */
  readonly fewestOfASubgroup?: number
  /** Columns a model is trained to predict. */
  readonly targets?: readonly string[]
}

export interface UtilityReport {
  readonly keptRows: number
  readonly whole: MeanLoss
  readonly lossByAttribute: Readonly<Record<string, number>>
  readonly marginals: readonly Distance[]
  readonly pairs: readonly Distance[]
  readonly subgroups: Readonly<Record<string, readonly Subgroup[]>>
  readonly predictions: readonly Prediction[]
}

export function utilityReport(options: UtilityOptions): UtilityReport {
  const { quasiIdentifiers, subgroups = [], targets = [], fewestOfASubgroup: fewest = 0 } = options
  const reading = readRelease(options, classesOf(options.output, quasiIdentifiers).classOf)
  const predicted = targets.map((target) => predictedOf(options, reading, target)).filter((found) => found !== undefined)
  const everybody = Uint32Array.from({ length: reading.rows }, (_, row) => row)
  return {
    keptRows: reading.keptRows,
    whole: meanLoss(reading, quasiIdentifiers),
    lossByAttribute: lossByAttribute(reading, quasiIdentifiers),
    marginals: marginalDistances(reading),
    pairs: pairDistances(reading),
    subgroups: Object.fromEntries(subgroups.map((column) => [column, subgroupsOf(options, reading, { column, quasiIdentifiers, fewest, predicted })])),
    predictions: predicted.map((one) => predictionIn(one, reading.persons, everybody)),
  }
}
