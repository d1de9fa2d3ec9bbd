// The job: what to de-identify, under which models, measured how (the content of job.json, already validated).

/** Where a table lies; paths are relative to the job file, plain or gzip. */
export interface FileSource {
  readonly path: string
  readonly delimiter?: string
}

export type ColumnRole = 'identifying' | 'quasi-identifying' | 'sensitive' | 'insensitive'

/** A column's role; `hierarchy` is the path of an ARX CSV file (first column the value, then one column a level). */
export interface ColumnSpec {
  readonly role: ColumnRole
  readonly hierarchy?: string
  readonly minLevel?: number
  readonly maxLevel?: number
  /** Weight of the column in the metric; default 1. */
  readonly weight?: number
}

/** A sensitive column is named by `column`. A `subset` or `population` is a table with the input's columns. */
export type ModelSpec =
  | { readonly type: 'k-anonymity'; readonly k: number }
  | { readonly type: 'distinct-l-diversity'; readonly column: string; readonly l: number }
  | { readonly type: 'entropy-l-diversity'; readonly column: string; readonly l: number; readonly estimator?: 'shannon' | 'grassberger' }
  | { readonly type: 'recursive-l-diversity'; readonly column: string; readonly l: number; readonly c: number }
  | { readonly type: 'hierarchical-t-closeness' | 'equal-t-closeness' | 'ordered-t-closeness'; readonly column: string; readonly t: number }
  | { readonly type: 'delta-presence'; readonly min: number; readonly max: number; readonly subset: FileSource }
  | { readonly type: 'delta-disclosure'; readonly column: string; readonly delta: number }
  | { readonly type: 'basic-beta-likeness' | 'enhanced-beta-likeness'; readonly column: string; readonly beta: number }
  | { readonly type: 'k-map'; readonly k: number; readonly population: FileSource }
  | { readonly type: 'average-risk'; readonly threshold: number }
  | { readonly type: 'sample-uniqueness'; readonly threshold: number }
  | { readonly type: 'population-uniqueness'; readonly threshold: number; readonly estimator: 'dankar' | 'pitman' | 'zayatz' | 'snb'; readonly populationSize: number }
  | { readonly type: 'km-anonymity'; readonly k: number; readonly m: number; readonly column: string; readonly separator?: string }
  | { readonly type: 'cost-benefit'; readonly publisherBenefit: number; readonly publisherLoss: number; readonly adversaryGain: number; readonly adversaryCost: number }
  | { readonly type: 'differential-privacy'; readonly epsilon: number; readonly delta: number; readonly searchEpsilon?: number }

/** Persons with several rows: k counts persons, and the rows of one stay or go together. */
export interface PersonSpec {
  /** The column that tells persons apart; it never leaves as it is. */
  readonly column: string
  /** Visits an attacker may know of one person; default 1. */
  readonly visits?: number
  /** Whether she knows their order, which is that of the rows; default false. */
  readonly ordered?: boolean
}

/** A change of columns before the search. Numbers are decimal; a cell that is no number (or no date) stays as it is only where it is empty. */
export type MaskSpec =
  | { readonly type: 'top-bottom-coding'; readonly columns: readonly string[]; readonly bottom?: number; readonly top?: number; readonly as?: 'label' | 'bound' }
  | { readonly type: 'microaggregation'; readonly columns: readonly string[]; readonly k: number; readonly method: 'mdav' | 'optimal' }
  | { readonly type: 'rank-swapping'; readonly columns: readonly string[]; readonly share: number }
  | { readonly type: 'pram'; readonly columns: readonly string[]; readonly keep: number }
  | { readonly type: 'laplace-noise'; readonly columns: readonly string[]; readonly sensitivity: number; readonly epsilon: number; readonly step?: number }
  | { readonly type: 'gaussian-noise'; readonly columns: readonly string[]; readonly sensitivity: number; readonly rho: number; readonly step?: number }
  | { readonly type: 'date-shift'; readonly columns: readonly string[]; readonly mostDays: number }
  | { readonly type: 'pseudonym'; readonly columns: readonly string[] }

export type ModelType = ModelSpec['type']

export interface MetricSpec {
  readonly type: 'loss' | 'non-uniform-entropy' | 'non-uniform-entropy-monotone' | 'precision' | 'discernibility' | 'average-class-size' | 'ambiguity' | 'entropy' | 'classification'
  readonly aggregate?: 'geometric-mean' | 'arithmetic-mean' | 'sum' | 'maximum'
  /** The column whose values a classifier is to tell; for `classification`. */
  readonly column?: string
  /** Share of suppression against generalisation: 0.5 counts both alike, 0 only generalisation, 1 only suppression. */
  readonly suppressionWeight?: number
}

export interface SearchSpec {
  readonly type: 'exact' | 'heuristic'
  readonly timeLimitSeconds?: number
}

export interface Job {
  readonly input: FileSource
  readonly columns: Readonly<Record<string, ColumnSpec>>
  readonly person?: PersonSpec
  /** Carried out in this order. */
  readonly masks?: readonly MaskSpec[]
  readonly models: readonly ModelSpec[]
  /** Suppressed rows are generalised further, group by group, as long as that keeps more of them; default false. */
  readonly localRecoding?: boolean
  /** Largest share of rows that may be suppressed, 0 to 1; default 0. */
  readonly suppressionLimit?: number
  readonly metric?: MetricSpec
  readonly search?: SearchSpec
  /** Drives search order and tests only. */
  readonly seed?: number
}
