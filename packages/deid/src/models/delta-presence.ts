// δ-presence: of each class of the whole table, the share that lies in the research subset is between δmin and δmax (Nergiz, Atzori, Clifton, SIGMOD 2007).
// A class without any row of the subset has share 0 and releases nothing; see docs/methods/delta-presence.md for how it is judged.
import { atLeast, holds } from '../model.ts'
import type { ClassModel } from '../model.ts'

export function deltaPresence(min: number, max: number, weight: number): ClassModel {
  return {
    scope: 'class',
    type: 'delta-presence',
    monotone: { generalisation: true, suppression: false },
    judge(view) {
      const whole = view.weights[weight] as number
      const share = view.size / whole
      if (share >= min && share <= max) return holds
      return share > max ? atLeast(view.size - max * whole, 1, view.size) : 0
    },
  }
}
