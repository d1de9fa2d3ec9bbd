// δ-disclosure privacy: for every sensitive value of the input |ln(p/q)| < δ in every class (Brickell and Shmatikov, KDD 2008).
// A value absent from a class has ln 0 = −∞ and violates: its absence discloses with certainty.
import { holds } from '../model.ts'
import type { ClassModel, Distribution, SensitiveColumn } from '../model.ts'

export function deltaDisclosure(delta: number, column: SensitiveColumn): ClassModel {
  const values = column.share.reduce((count, share) => count + (share > 0 ? 1 : 0), 0)
  return {
    scope: 'class',
    type: 'delta-disclosure',
    monotone: { generalisation: false, suppression: false },
    judge(view) {
      const { counts, present, distinct } = view.distributions[column.index] as Distribution
      // What is absent from a class is absent from its parts.
      if (distinct < values) return view.size
      for (let i = 0; i < distinct; i++) {
        const code = present[i] as number
        if (Math.abs(Math.log((counts[code] as number) / view.size / (column.share[code] as number))) >= delta) return 0
      }
      return holds
    },
  }
}
