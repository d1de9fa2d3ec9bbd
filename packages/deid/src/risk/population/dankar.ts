// The decision rule that picks an estimator of population uniqueness by the sampling fraction.
// Source: Dankar, El Emam, Neisa & Roffey, Estimating the re-identification risk of clinical data sets, BMC Medical Informatics and Decision Making 12:66 (2012); as the peer builds it (see the methods page).
import { rowsIn } from '../classes.ts'
import type { ClassSizes } from '../classes.ts'
import { riskErrors } from '../errors.ts'
import { pitmanUniques } from './pitman.ts'
import { snbUniques } from './snb.ts'
import { zayatzUniques } from './zayatz.ts'

export type PopulationEstimator = 'pitman' | 'zayatz' | 'snb'

/** The estimated share of the population that is unique; `estimator` says whose estimate it is. */
export interface PopulationUniqueness {
  readonly share: number
  readonly estimator: PopulationEstimator | 'no sample uniques'
}

const SMALL_SAMPLE = 0.1

/** By one estimator or by the rule: Pitman up to a tenth of the population, else the smaller of SNB and Zayatz; Zayatz where the chosen one has no solution. */
export function populationUniqueness(sizes: ClassSizes, populationSize: number, estimator: PopulationEstimator | 'dankar' = 'dankar'): PopulationUniqueness {
  const rows = rowsIn(sizes)
  if (!(Number.isSafeInteger(populationSize) && populationSize >= rows)) throw riskErrors.BAD_POPULATION({ rows })
  if ((sizes.get(1) ?? 0) === 0) return { share: 0, estimator: 'no sample uniques' }
  const estimated = estimator === 'dankar' ? byRule(sizes, populationSize) : byOne(sizes, populationSize, estimator)
  return { share: Math.min(1, estimated.uniques / populationSize), estimator: estimated.by }
}

interface Estimated {
  readonly uniques: number
  readonly by: PopulationEstimator
}

function byOne(sizes: ClassSizes, populationSize: number, estimator: PopulationEstimator): Estimated {
  const zayatz = (): Estimated => ({ uniques: zayatzUniques(sizes, populationSize), by: 'zayatz' })
  if (estimator === 'zayatz') return zayatz()
  const uniques = estimator === 'pitman' ? pitmanUniques(sizes, populationSize) : snbUniques(sizes, populationSize)
  return uniques === undefined || !Number.isFinite(uniques) ? zayatz() : { uniques, by: estimator }
}

function byRule(sizes: ClassSizes, populationSize: number): Estimated {
  if (rowsIn(sizes) / populationSize <= SMALL_SAMPLE) return byOne(sizes, populationSize, 'pitman')
  const snb = byOne(sizes, populationSize, 'snb')
  const zayatz = byOne(sizes, populationSize, 'zayatz')
  return zayatz.uniques < snb.uniques ? zayatz : snb
}
