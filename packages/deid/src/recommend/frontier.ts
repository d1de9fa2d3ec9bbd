// The frontier of risk against utility: a grid of models and parameters, each carried out, and those that no other beats in both.
// Duncan, Keller-McNulty & Stokes, Disclosure risk vs. data utility: the R-U confidentiality map (2001).
import type { Job, ModelSpec } from '../job.ts'
import type { ReleaseOptions } from '../released.ts'
import { carriedOut } from './alternatives.ts'
import type { Alternative, Impossible, Proposal, Start } from './alternatives.ts'

/** What is tried: every k with every further protection and every limit. */
export interface Grid {
  readonly ks: readonly number[]
  /** Different values of each sensitive column in a class. */
  readonly diversities: readonly number[]
  /** Largest distance of each sensitive column's distribution in a class from the table's; not where persons are counted. */
  readonly closenesses: readonly number[]
  readonly suppressionLimits: readonly number[]
}

export const defaultGrid: Grid = { ks: [3, 5, 11, 20], diversities: [2, 3], closenesses: [0.3], suppressionLimits: [0.02, 0.05, 0.1] }

/** Models of the job about sets stay: nothing else protects those columns. */
export function frontierProposals({ columns, person, models: own }: Job, grid: Grid = defaultGrid): Proposal[] {
  const sensitive = Object.entries(columns).flatMap(([name, { role }]) => (role === 'sensitive' ? [name] : []))
  const further: readonly { readonly name: string; readonly reason?: string; readonly models: readonly ModelSpec[] }[] = [
    { name: '', models: [] },
    ...(sensitive.length === 0 ? [] : grid.diversities.map((l) => ({ name: `-l${l}`, reason: `${l} different values of ${sensitive.join(', ')} in each class`, models: sensitive.map((column): ModelSpec => ({ type: 'distinct-l-diversity', column, l })) }))),
    ...(sensitive.length === 0 || person !== undefined ? [] : grid.closenesses.map((t) => ({ name: `-t${t}`, reason: `${sensitive.join(', ')} in each class within ${t} of the whole table's distribution`, models: sensitive.map((column): ModelSpec => ({ type: 'equal-t-closeness', column, t })) }))),
  ]
  return grid.ks.flatMap((k) => further.flatMap(({ name, reason, models }) => grid.suppressionLimits.map((limit): Proposal => ({
    name: `k${k}${name}-s${percent(limit)}`, models: [{ type: 'k-anonymity', k }, ...models, ...own.filter(({ type }) => type === 'km-anonymity')], suppressionLimit: limit,
    reasons: [`classes of ${k} ${person === undefined ? 'rows' : 'persons'}`, ...(reason === undefined ? [] : [reason]), `at most ${percent(limit)} % of rows given up`],
  }))))
}

const percent = (share: number): number => Number((100 * share).toPrecision(6))

/** Where an alternative stands: the less of each the better. */
export interface Axes {
  readonly highestRisk: number
  readonly averageRisk: number
  /** How much oftener a sensitive value is guessed right by class membership than without; the worst column. */
  readonly attributeGain: number
  readonly score: number
  /** Mean over rows or persons of the part of each domain that is left open. */
  readonly loss: number
  /** Mean distance of the pairs' distributions that a reader infers from the input's. */
  readonly pairs: number
  /** Accuracy that a model loses by being trained on the release; the worst target. Below 0 where coarser features serve it better. */
  readonly accuracyLost: number
}

export const riskAxes = ['highestRisk', 'averageRisk', 'attributeGain'] as const
export const lossAxes = ['score', 'loss', 'pairs', 'accuracyLost'] as const

export function axesOf({ risk, utility, score }: Pick<Alternative, 'risk' | 'utility' | 'score'>): Axes {
  const { sample, persons, attributes } = risk
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const gains = Object.values(attributes).map(({ guessedRight, guessedRightWithoutClasses }) => guessedRight - guessedRightWithoutClasses)
  const lost = utility.predictions.map(({ release, input }) => input.share - release.share)
  return {
    highestRisk: persons?.highestRisk ?? sample.highestRisk, averageRisk: persons?.averageRisk ?? sample.averageRisk, attributeGain: gains.length === 0 ? 0 : most(gains),
    score, loss: utility.whole.loss, pairs: utility.pairs.reduce((sum, { distance }) => sum + distance, 0) / Math.max(1, utility.pairs.length), accuracyLost: lost.length === 0 ? 0 : most(lost),
  }
}

export interface Frontier {
  readonly alternatives: readonly (Alternative & { readonly axes: Axes })[]
  readonly impossible: readonly Impossible[]
  /** By `risk/loss`, the names of those that no other beats: none is as good in both and better in one. Least risk first. */
  readonly undominated: Readonly<Record<string, readonly string[]>>
}

export function frontierOf(tried: readonly (Alternative | Impossible)[]): Frontier {
  const alternatives = tried.filter((one) => 'job' in one).map((one) => ({ ...one, axes: axesOf(one) }))
  const pairs = riskAxes.flatMap((risk) => lossAxes.map((loss) => ({ risk, loss })))
  return { alternatives, impossible: tried.filter((one) => 'code' in one), undominated: Object.fromEntries(pairs.map((pair) => [`${pair.risk}/${pair.loss}`, undominated(alternatives, pair)])) }
}

/** Equal within a billionth counts as equal: figures of one table in another order of sums. */
const EQUAL = 1e-9

function undominated(alternatives: Frontier['alternatives'], { risk, loss }: { risk: keyof Axes; loss: keyof Axes }): string[] {
  const isBeaten = ({ axes }: { axes: Axes }): boolean => alternatives.some(({ axes: other }) =>
    other[risk] <= axes[risk] + EQUAL && other[loss] <= axes[loss] + EQUAL && (other[risk] < axes[risk] - EQUAL || other[loss] < axes[loss] - EQUAL))
  return alternatives.filter((one) => !isBeaten(one)).sort((a, b) => a.axes[risk] - b.axes[risk] || a.axes[loss] - b.axes[loss]).map(({ name }) => name)
}

/** All proposals carried out, one after another; `each` hears of every one. */
export function frontier(start: Start, options: { readonly grid?: Grid; readonly startTimer?: () => () => boolean; readonly each?: (done: number, total: number) => void } & Pick<ReleaseOptions, 'pool'> = {}): Frontier {
  const { grid, startTimer, each, pool } = options
  const proposals = frontierProposals(start.job, grid)
  return frontierOf(proposals.map((proposal, done) => {
    const found = carriedOut(start, proposal, { ...(startTimer && { isOutOfTime: startTimer() }), ...(pool && { pool }) })
    each?.(done + 1, proposals.length)
    return found
  }))
}
