// k-map: every class of the release matches at least k persons of a population table (Sweeney 2001, computational disclosure control).
import { holds } from '../model.ts'
import type { ClassModel } from '../model.ts'

export function kMap(k: number, weight: number): ClassModel {
  return {
    scope: 'class',
    type: 'k-map',
    monotone: { generalisation: true, suppression: true },
    judge: (view) => (view.weights[weight] as number) >= k ? holds : view.size,
  }
}
