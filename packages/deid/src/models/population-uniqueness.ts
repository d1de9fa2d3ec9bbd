// Population uniqueness: the estimated share of the population that is alone in its class is at most a threshold.
// Estimators are those of the risk figures: Dankar's rule (BMC Med. Inform. 12:66, 2012), Pitman, Zayatz, SNB.
import { tolerance } from '../model.ts'
import type { SampleModel } from '../model.ts'
import { populationUniqueness as estimate } from '../risk/population/dankar.ts'
import type { PopulationEstimator } from '../risk/population/dankar.ts'

export function populationUniqueness(threshold: number, populationSize: number, estimator: PopulationEstimator | 'dankar'): SampleModel {
  return {
    scope: 'sample',
    type: 'population-uniqueness',
    // No estimator is known to fall whenever classes merge.
    monotone: { generalisation: false, suppression: false },
    satisfied: (sizes) => estimate(sizes, populationSize, estimator).share <= threshold + tolerance,
  }
}
