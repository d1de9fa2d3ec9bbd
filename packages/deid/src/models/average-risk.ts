// Average risk: classes ÷ rows of the release, the mean prosecutor risk, is at most a threshold (El Emam, Guide to the De-Identification of Personal Health Information, 2013).
import { tolerance } from '../model.ts'
import type { SampleModel } from '../model.ts'

export function averageRisk(threshold: number): SampleModel {
  return {
    scope: 'sample',
    type: 'average-risk',
    monotone: { generalisation: true, suppression: true },
    satisfied(sizes, rows) {
      let classes = 0
      for (const count of sizes.values()) classes += count
      return classes / rows <= threshold + tolerance
    },
  }
}
