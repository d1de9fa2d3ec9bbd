// Recursive (c,ℓ)-diversity: with counts r₁ ≥ r₂ ≥ …, r₁ < c·(r_ℓ + … + r_m) (Machanavajjhala et al., TKDD 1(1), 2007).
import { atLeast, holds } from '../model.ts'
import type { ClassModel, Distribution, SensitiveColumn } from '../model.ts'

export function recursiveLDiversity(l: number, c: number, { index: column, share }: Pick<SensitiveColumn, 'index' | 'share'>): ClassModel {
  // Where ℓ exceeds the column's values no class gets as far as its counts.
  const top = new Float64Array(Math.min(l, share.length + 1))
  return {
    scope: 'class',
    type: 'recursive-l-diversity',
    monotone: { generalisation: true, suppression: false },
    leastSize: l,
    judge(view) {
      const distribution = view.distributions[column] as Distribution
      // Fewer than ℓ values: the tail is empty in every refinement too.
      if (distribution.distinct < l) return view.size
      const excess = excessOf(distribution, view.size, top, c)
      // The excess r₁ + c·(r₁ + … + r_{ℓ−1}) − c·n is sublinear: parts' excesses add up to at least the whole's, and a part's is at most its size.
      return excess < 0 ? holds : atLeast(excess, 1, view.size)
    },
  }
}

/** r₁ − c·tail; `top` collects the ℓ − 1 largest counts in descending order. */
function excessOf({ counts, present, distinct }: Distribution, size: number, top: Float64Array, c: number): number {
  const last = top.length - 1
  top.fill(0)
  for (let i = 0; i < distinct; i++) {
    let count = counts[present[i] as number] as number
    for (let place = 0; place < Math.max(last, 1); place++) {
      const there = top[place] as number
      if (count > there) {
        top[place] = count
        count = there
      }
    }
  }
  let head = 0
  for (let place = 0; place < last; place++) head += top[place] as number
  return (top[0] as number) - c * (size - head)
}
