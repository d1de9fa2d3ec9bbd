// Sample uniqueness: the share of rows that are alone in their class is at most a threshold.
import { tolerance } from '../model.ts'
import type { SampleModel } from '../model.ts'

export function sampleUniqueness(threshold: number): SampleModel {
  return {
    scope: 'sample',
    type: 'sample-uniqueness',
    monotone: { generalisation: true, suppression: true },
    satisfied: (sizes, rows) => (sizes.get(1) ?? 0) / rows <= threshold + tolerance,
  }
}
