// Population uniques under Pitman's sampling formula, fitted by maximum likelihood.
// Source: Hoshino, Applying Pitman's Sampling Formula to Microdata Disclosure Risk Assessment, Journal of Official Statistics 17 (2001) 499-520.
import { classesIn, rowsIn } from '../classes.ts'
import type { ClassSizes } from '../classes.ts'
import { digamma, logGamma, trigamma } from './special-functions.ts'

interface Parameters {
  readonly theta: number
  readonly alpha: number
}

interface Sample {
  readonly sizes: ClassSizes
  readonly rows: number
  readonly classes: number
}

/** Gradient and Hessian of the log-likelihood. */
interface Slopes {
  readonly byTheta: number
  readonly byAlpha: number
  readonly byThetaTwice: number
  readonly byBoth: number
  readonly byAlphaTwice: number
}

const MOST_STEPS = 100

/** Expected population uniques, Γ(θ+1)/Γ(θ+α)·N^α; undefined where Newton's method finds no maximum of the likelihood (such as: every row unique, or one class only). */
export function pitmanUniques(sizes: ClassSizes, populationSize: number): number | undefined {
  const sample = { sizes, rows: rowsIn(sizes), classes: classesIn(sizes) }
  if (sample.classes === sample.rows || sample.classes < 2) return undefined
  for (const start of starts(sample)) {
    const fitted = fit(sample, start)
    if (fitted !== undefined) return Math.exp(logGamma(fitted.theta + 1) - logGamma(fitted.theta + fitted.alpha) + fitted.alpha * Math.log(populationSize))
  }
  return undefined
}

/** Hoshino's simple estimates from the numbers of ones and twos first (no two counts as one), then the middle of the range at several scales. */
function starts({ sizes, rows, classes }: Sample): Parameters[] {
  const ones = sizes.get(1) ?? 0
  const c = (ones * (ones - 1)) / (sizes.get(2) ?? 1)
  const theta = (rows * classes * c - ones * (rows - 1) * (2 * classes + c)) / (2 * ones * classes + ones * c - rows * c)
  const alpha = (theta * (ones - rows) + (rows - 1) * ones) / (rows * classes)
  return [{ theta, alpha }, ...[classes, rows, 10 * rows, 1].map((scale) => ({ theta: scale, alpha: 0.5 }))]
}

function fit(sample: Sample, start: Parameters): Parameters | undefined {
  if (!isInside(sample, start)) return undefined
  let at = start
  for (let step = 0; step < MOST_STEPS; step++) {
    const slope = slopes(sample, at)
    const next = moved(sample, at, newtonStep(slope))
    if (next === undefined) return undefined
    if (Math.abs(next.theta - at.theta) <= 1e-10 * Math.abs(at.theta) && Math.abs(next.alpha - at.alpha) <= 1e-12) return isMaximum(slope) ? next : undefined
    at = next
  }
  return undefined
}

/** The sums over classes are taken term by term: their closed forms by digamma lose every digit near α = 0, where flat tables have their maximum. */
function slopes({ sizes, rows, classes }: Sample, { theta, alpha }: Parameters): Slopes {
  let [inverse, weighted, squared, once, twice] = [0, 0, 0, 0, 0]
  for (let i = 1; i < classes; i++) {
    const term = 1 / (theta + i * alpha)
    const share = i * term
    inverse += term
    weighted += share
    squared += term * term
    once += share * term
    twice += share * share
  }
  const tails = tailsOf(sizes, alpha)
  return {
    byTheta: inverse - (digamma(theta + rows) - digamma(theta + 1)),
    byAlpha: weighted - tails.first,
    byThetaTwice: trigamma(theta + 1) - trigamma(theta + rows) - squared,
    byBoth: -once,
    byAlphaTwice: -twice - tails.second,
  }
}

/** Over classes of at least two rows, the sums of 1/(j − α) and of its square for j below the size. */
function tailsOf(sizes: ClassSizes, alpha: number): { first: number; second: number } {
  let [first, second] = [0, 0]
  const [from, fromSquared] = [digamma(1 - alpha), trigamma(1 - alpha)]
  for (const [size, count] of sizes) {
    if (size === 1) continue
    first += count * (digamma(size - alpha) - from)
    second += count * (fromSquared - trigamma(size - alpha))
  }
  return { first, second }
}

function newtonStep(slope: Slopes): Parameters {
  const determinant = slope.byThetaTwice * slope.byAlphaTwice - slope.byBoth * slope.byBoth
  return {
    theta: (slope.byBoth * slope.byAlpha - slope.byAlphaTwice * slope.byTheta) / determinant,
    alpha: (slope.byBoth * slope.byTheta - slope.byThetaTwice * slope.byAlpha) / determinant,
  }
}

function isMaximum(slope: Slopes): boolean {
  return slope.byThetaTwice < 0 && slope.byThetaTwice * slope.byAlphaTwice > slope.byBoth * slope.byBoth
}

/** A step that would leave the parameters' range is halved until it doesn't. */
function moved(sample: Sample, at: Parameters, move: Parameters): Parameters | undefined {
  for (let scale = 1; scale > 1e-9; scale /= 2) {
    const next = { theta: at.theta + scale * move.theta, alpha: at.alpha + scale * move.alpha }
    if (isInside(sample, next)) return next
  }
  return undefined
}

/** α < 1 and θ + iα > 0 for every class; α below 0 is a population with a bounded number of classes. */
function isInside({ classes }: Sample, { theta, alpha }: Parameters): boolean {
  return alpha < 1 && theta > -1 && theta + alpha > 0 && theta + (classes - 1) * alpha > 0
}
