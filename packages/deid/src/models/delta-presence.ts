// δ-presence: of each class of the whole table, the share that lies in the research subset is between δmin and δmax (Nergiz, Atzori, Clifton, SIGMOD 2007).
// A class without any row of the subset has share 0: below δmin it tells that nobody in it takes part, and having nothing to
// suppress it rules the whole generalisation out.
import { atLeast, holds, impossible } from '../model.ts'
import type { ClassModel } from '../model.ts'

export function deltaPresence(min: number, max: number, weight: number): ClassModel {
  return {
    scope: 'class',
    type: 'delta-presence',
    monotone: { generalisation: true, suppression: false },
    judgesEmptyClasses: true,
    judge(view) {
      const whole = view.weights[weight] as number
      if (view.size === 0) return whole === 0 || min <= 0 ? holds : impossible
      const share = view.size / whole
      if (share >= min && share <= max) return holds
      return atLeast(share > max ? view.size - max * whole : 0, 1, view.size)
    },
  }
}
