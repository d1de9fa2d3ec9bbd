// What a metric answers. Smaller scores are better; `score` of a node counts generalisation and suppressed rows.
import type { Cells, Field } from '@mhmd/columns'
import type { Hierarchy } from './hierarchy.ts'
import type { MetricSpec } from './job.ts'

/** One quasi-identifier as metrics see it. `rowsAt[level][code]` counts the rows that hold a label at a level. */
export interface MeasuredAttribute {
  readonly name: string
  readonly weight: number
  readonly hierarchy: Hierarchy
  readonly rowsAt: readonly Uint32Array[]
}

export interface MetricContext {
  /** Rows that may be released. */
  readonly rows: number
  /** Most rows that may be suppressed. */
  readonly limit: number
  readonly attributes: readonly MeasuredAttribute[]
}

/** Classes of a node of which some rows are suppressed: `rows[i]` of class `groups[i]` of `cells`, whose codes are at `levels`. */
export interface SuppressedClasses {
  readonly count: number
  readonly groups: Uint32Array
  readonly rows: Uint32Array
  readonly cells: Cells
  readonly fields: readonly Field[]
  readonly levels: Uint8Array
}

/** How per-attribute values become one score: fold `term`s with `fold` from `start`, then `value`. Monotone in each attribute. */
export interface Aggregate {
  readonly start: number
  readonly fold: (left: number, right: number) => number
  readonly term: (attribute: number, x: number) => number
  readonly value: (folded: number) => number
}

/** A metric that is a sum over rows in each attribute, aggregated over attributes. */
export interface SeparableMetric {
  readonly kind: 'separable'
  readonly type: MetricSpec['type']
  /** Value of an attribute at a level when nothing is suppressed. Doesn't fall with the level. */
  readonly generalisation: readonly Float64Array[]
  /** A lower bound of the attribute's value at a level whatever is suppressed within the limit. */
  readonly bound: readonly Float64Array[]
  /** Adds to `into` what the suppressed rows add beyond `generalisation`. */
  readonly penalties: (suppressed: SuppressedClasses, into: Float64Array) => void
  readonly aggregate: Aggregate
}

/** The classes of a checked node. `suppressed[g]` is 1 where class g is suppressed. */
export interface CheckedClasses {
  readonly cells: Cells
  readonly fields: readonly Field[]
  readonly levels: Uint8Array
  readonly suppressed: Uint8Array
  readonly suppressedRows: number
  /** Rows of each class that hold its commonest target value, where the metric asks for them. */
  readonly majorities?: Uint32Array
}

/** A metric over the classes as a whole. */
export interface ClassMetric {
  readonly kind: 'classes'
  readonly type: MetricSpec['type']
  readonly score: (classes: CheckedClasses) => number
  /** A lower bound of the score of every node at or above the cells' levels. */
  readonly bound: (cells: Cells, fields: readonly Field[], levels: Uint8Array, majorities?: Uint32Array) => number
  /** Whether it is told the majorities of the metric's column. */
  readonly asksMajorities?: true
}

export type Metric = SeparableMetric | ClassMetric

/** How generalisation and suppression are counted: 0.5 counts both fully, below that suppression less, above that generalisation less. */
export function factorsOf(suppressionWeight = 0.5): { generalisation: number; suppression: number } {
  return {
    generalisation: suppressionWeight <= 0.5 ? 1 : 2 - 2 * suppressionWeight,
    suppression: suppressionWeight < 0.5 ? 2 * suppressionWeight : 1,
  }
}
