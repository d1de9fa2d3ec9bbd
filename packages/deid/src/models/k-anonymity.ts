// k-anonymity: every class holds at least k rows (Samarati and Sweeney 1998; Sweeney, IJUFKS 10(5), 2002).
import { holds } from '../model.ts'
import type { ClassModel } from '../model.ts'

export function kAnonymity(k: number): ClassModel {
  return {
    scope: 'class',
    type: 'k-anonymity',
    monotone: { generalisation: true, suppression: true },
    leastSize: k,
    judge: (view) => view.size >= k ? holds : view.size,
  }
}
