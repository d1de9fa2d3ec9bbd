// Entropy ℓ-diversity: the entropy of each class's sensitive values is at least log ℓ (Machanavajjhala et al., TKDD 1(1), 2007).
// Estimators: Shannon's plug-in, or Grassberger's (arXiv physics/0307138, eq. 28), which corrects small classes upwards.
import { atLeast, holds, tolerance } from '../model.ts'
import type { ClassModel, ClassView, Distribution } from '../model.ts'

export function entropyLDiversity(l: number, column: number, estimator: 'shannon' | 'grassberger' = 'shannon'): ClassModel {
  const least = Math.log(l)
  const entropy = estimator === 'shannon' ? shannon : grassberger
  return {
    scope: 'class',
    type: 'entropy-l-diversity',
    // Entropy is concave, so a merged class has at least the mean of its parts. Grassberger's correction isn't known to keep that.
    monotone: { generalisation: estimator === 'shannon', suppression: false },
    judge(view) {
      const found = entropy(view.distributions[column] as Distribution, view.size)
      if (found >= least - tolerance) return holds
      return estimator === 'shannon' ? floorOf(view, found, least) : 0
    },
  }
}

// Parts that hold have entropy ≥ log ℓ and the weighted mean of parts is ≤ the whole's: (n − V)·log ℓ ≤ n·H.
function floorOf(view: ClassView, found: number, least: number): number {
  return atLeast(view.size * (1 - found / (least - tolerance)), 1, view.size)
}

function shannon({ counts, present, distinct }: Distribution, size: number): number {
  let sum = 0
  for (let i = 0; i < distinct; i++) {
    const count = counts[present[i] as number] as number
    sum += count * Math.log(count)
  }
  return Math.log(size) - sum / size
}

function grassberger({ counts, present, distinct }: Distribution, size: number): number {
  let sum = 0
  for (let i = 0; i < distinct; i++) {
    const count = counts[present[i] as number] as number
    sum += count * correction(count)
  }
  return Math.log(size) - sum / size
}

const corrections: number[] = [0]

/** G(n) = ψ(n) + ½(−1)ⁿ(ψ((n+1)/2) − ψ(n/2)), by its recursion: G(1) = −γ − ln 2, G(2) = 2 − γ − ln 2, G(2m+1) = G(2m), G(2m+2) = G(2m) + 2/(2m+1). */
function correction(n: number): number {
  while (corrections.length <= n) {
    const next = corrections.length
    if (next === 1) corrections.push(-0.5772156649015329 - Math.LN2)
    else if (next === 2) corrections.push(2 - 0.5772156649015329 - Math.LN2)
    else if (next % 2 === 1) corrections.push(corrections[next - 1] as number)
    else corrections.push((corrections[next - 2] as number) + 2 / (next - 1))
  }
  return corrections[n] as number
}
