// What a privacy model answers, and what it may see: one class of rows alike in their quasi-identifiers, or all class sizes.
import type { Hierarchy } from './hierarchy.ts'
import type { ModelType } from './job.ts'

/** The values of one sensitive column inside a class. `counts` is indexed by code; `present[0 … distinct−1]` lists the codes that occur. */
export interface Distribution {
  readonly counts: Uint32Array
  readonly present: Uint32Array
  distinct: number
}

/** One class. A reused object: a model must not keep it. */
export interface ClassView {
  /** Rows of the class that are to be released. */
  size: number
  /** Further weights of the class: rows of the whole table (δ-presence), persons of the population (k-map). */
  readonly weights: number[]
  readonly distributions: readonly Distribution[]
}

/**
 * How violation behaves. `generalisation`: merging classes that hold gives a class that holds; merging classes of a release that holds, such a release.
 * `suppression`: rows taken from a violating class leave a violating class; a release that holds still holds without its smallest classes.
 */
export interface Monotonicity {
  readonly generalisation: boolean
  readonly suppression: boolean
}

/** Returned by `judge` for a class that satisfies the model. */
export const holds = -1

/** Returned by `judge` where no suppression repairs the class, here or at any more specific node. */
export const impossible = Infinity

/** Judged class by class; violating classes are suppressed. */
export interface ClassModel {
  readonly scope: 'class'
  readonly type: ModelType
  readonly monotone: Monotonicity
  /** Asked about classes without released rows as well; `impossible` for one of them rules the node out. */
  readonly judgesEmptyClasses?: boolean
  /** Rows a class must hold whatever its values, where the model implies such a number; smaller classes violate under every refinement. */
  readonly leastSize?: number
  /**
   * `holds`, or how many of the violating class's rows lie in violating classes under every refinement of it
   * (0 = nothing is known). The search bounds more specific nodes by it, so it must never be too large.
   */
  judge(view: ClassView): number
}

/** Judged on the whole release; smallest classes are suppressed first, classes of one size together, until it holds. */
export interface SampleModel {
  readonly scope: 'sample'
  readonly type: ModelType
  readonly monotone: Monotonicity
  /** `sizes[s]` classes of s rows each are released; `rows` in all. Never asked about an empty release. */
  satisfied(sizes: ReadonlyMap<number, number>, rows: number): boolean
}

export type PrivacyModel = ClassModel | SampleModel

/** A sensitive column as models see it. `share[code]` is the code's share of the input: the reference distribution. */
export interface SensitiveColumn {
  readonly index: number
  readonly share: Float64Array
  /** Position of each code in the column's order: numeric where every value but a missing one (which comes first) is a number, else the dictionary's text order. */
  readonly rank: Uint32Array
  readonly hierarchy?: Hierarchy
}

/** What the compiler of a model may ask the table for. */
export interface ModelContext {
  /** Rows of the table that may be released. */
  readonly rows: number
  readonly sensitive: (name: string) => SensitiveColumn
  /** Index into `ClassView.weights` of the whole table (δ-presence) or the population (k-map) of the n-th model. */
  readonly weight: number
}

/** Rows that must violate under refinement when a linear bound says `rows` at least: rounded up, tolerant of rounding noise, at least `least`. */
export function atLeast(rows: number, least: number, size: number): number {
  return Math.min(size, Math.max(least, Math.ceil(rows - 1e-6)))
}

/** Comparisons of real-valued measures with a threshold count as equal within this. */
export const tolerance = 1e-9
