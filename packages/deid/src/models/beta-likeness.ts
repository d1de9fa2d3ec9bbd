// β-likeness: no sensitive value's share grows by more than a factor over the input's (Cao and Karras, PVLDB 5(11), 2012).
// Basic: (p − q)/q ≤ β; enhanced: ≤ min(β, −ln q). Each is one linear bound on p a value.
import { atLeast, holds, tolerance } from '../model.ts'
import type { ClassModel, Distribution, SensitiveColumn } from '../model.ts'

export function betaLikeness(beta: number, column: SensitiveColumn, enhanced: boolean): ClassModel {
  const most = column.share.map((q) => q * (1 + (enhanced ? Math.min(beta, -Math.log(q)) : beta)) + tolerance)
  return {
    scope: 'class',
    type: enhanced ? 'enhanced-beta-likeness' : 'basic-beta-likeness',
    monotone: { generalisation: true, suppression: false },
    judge(view) {
      const { counts, present, distinct } = view.distributions[column.index] as Distribution
      let floor = holds
      for (let i = 0; i < distinct; i++) {
        const code = present[i] as number
        const bound = most[code] as number
        const share = (counts[code] as number) / view.size
        // Parts that hold have p ≤ bound and no part has p > 1: n·p ≤ V + (n − V)·bound.
        if (share > bound) floor = Math.max(floor, atLeast(view.size * (share - bound) / (1 - bound), 1, view.size))
      }
      return floor
    },
  }
}
