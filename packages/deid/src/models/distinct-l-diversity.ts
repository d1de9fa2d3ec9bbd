// Distinct ℓ-diversity: every class holds at least ℓ different sensitive values (Machanavajjhala et al., TKDD 1(1), 2007).
import { holds } from '../model.ts'
import type { ClassModel, Distribution } from '../model.ts'

export function distinctLDiversity(l: number, column: number): ClassModel {
  return {
    scope: 'class',
    type: 'distinct-l-diversity',
    monotone: { generalisation: true, suppression: true },
    leastSize: l,
    judge: (view) => (view.distributions[column] as Distribution).distinct >= l ? holds : view.size,
  }
}
