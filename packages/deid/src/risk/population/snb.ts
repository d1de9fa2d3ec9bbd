// Population uniques under the slide negative binomial model: class sizes are one plus a negative binomial number.
// Source: Chen & Keller-McNulty, Estimation of Identification Disclosure Risk in Microdata, Journal of Official Statistics 14 (1998) 79-95;
// the number of population classes by Shlosser's estimator as modified in Haas & Stokes, JASA 93 (1998) 1475-1487, eq. 28.
//
// With F = 1 + NB(α, β) and each person sampled with probability f, the sample size of a class has the generating function
// H(z) = G(1 − f + fz), G(z) = z·(β / (1 − (1−β)z))^α. Put w = (1−β) / (1 − (1−β)(1−f)), so that 0 < w < 1/f; then
//   E[ones] = H'(0) = K·f·(1 − wf)^α·(1 + αwq),   E[twos] / E[ones] = H''(0) / 2H'(0) = (f/2)·αw·(2 + (α+1)wq) / (1 + αwq),   q = 1 − f,
// and the second fixes α for each w. One unknown is left, found by bisection.
import { classesIn, rowsIn } from '../classes.ts'
import type { ClassSizes } from '../classes.ts'

const CELLS = 2000

export interface SlideNegativeBinomial {
  /** Classes of the population. */
  readonly classes: number
  readonly alpha: number
  readonly beta: number
}

/** Expected population uniques K·β^α; undefined where no parameters give the sample's ones and twos. */
export function snbUniques(sizes: ClassSizes, populationSize: number): number | undefined {
  const fraction = rowsIn(sizes) / populationSize
  if (fraction >= 1) return sizes.get(1) ?? 0
  const fitted = fitSnb(sizes, fraction)
  return fitted && fitted.classes * fitted.beta ** fitted.alpha
}

/** The parameters under which the expected ones and twos are the sample's. */
export function fitSnb(sizes: ClassSizes, fraction: number): SlideNegativeBinomial | undefined {
  const ones = sizes.get(1) ?? 0
  const twos = sizes.get(2) ?? 0
  if (ones === 0 || twos === 0) return undefined
  const classes = shlosser(sizes, fraction)
  const excess = (w: number): number => {
    const alpha = alphaFor(w, twos / ones, fraction)
    return classes * fraction * (1 - w * fraction) ** alpha * (1 + alpha * w * (1 - fraction)) - ones
  }
  const w = firstRoot(excess, 1 / fraction)
  return w === undefined ? undefined : { classes, alpha: alphaFor(w, twos / ones, fraction), beta: (1 - w * fraction) / (1 + w * (1 - fraction)) }
}

/** The positive root of (f/2)·w²q·α² + ((f/2)·w(2 + wq) − ratio·wq)·α − ratio = 0, q = 1 − f. */
function alphaFor(w: number, ratio: number, fraction: number): number {
  const q = 1 - fraction
  const a = (fraction / 2) * w * w * q
  const b = (fraction / 2) * w * (2 + w * q) - ratio * w * q
  const root = Math.sqrt(b * b + 4 * a * ratio)
  // The form without cancellation.
  return b > 0 ? (2 * ratio) / (b + root) : (root - b) / (2 * a)
}

/** The smallest root between 0 and the end that a grid even in the logarithm of the odds sees, refined by bisection. */
function firstRoot(f: (x: number) => number, end: number): number | undefined {
  const at = (cell: number): number => end / (1 + Math.exp(-(40 * cell) / CELLS + 20))
  for (let cell = 0; cell < CELLS; cell++) {
    const [low, high] = [at(cell), at(cell + 1)]
    if (f(low) * f(high) <= 0) return bisect(f, low, high)
  }
  return undefined
}

function bisect(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  const sign = Math.sign(f(low))
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (Math.sign(f(middle)) === sign) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Estimated classes of the population. */
export function shlosser(sizes: ClassSizes, fraction: number): number {
  const [q, f] = [1 - fraction, fraction]
  let [seen, never, thinned, twice] = [0, 0, 0, 0]
  for (const [size, count] of sizes) {
    thinned += size * f * f * (1 - f * f) ** (size - 1) * count
    twice += ((1 - f * f) ** size - q ** size) * count
    never += q ** size * count
    seen += size * f * q ** (size - 1) * count
  }
  return classesIn(sizes) + (sizes.get(1) ?? 0) * (thinned / twice) * (never / seen) ** 2
}
