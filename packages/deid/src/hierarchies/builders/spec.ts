// How a hierarchy is to be built, as data: one member a builder.

/** Numbers in half-open intervals; each width is a multiple of the one before. */
export interface IntervalSpec {
  readonly type: 'interval'
  readonly widths: readonly number[]
  /** Where an interval starts; default 0. */
  readonly origin?: number
  /** Values below are one group, `< bottom`; values from `top` on another, `>= top` (bottom and top coding). */
  readonly bottom?: number
  readonly top?: number
}

/** Neighbours in an order form groups: `groups: [2, 3]` is two values a group, then three groups a group. */
export interface OrderSpec {
  readonly type: 'order'
  readonly groups: readonly number[]
  /** `number` and `text` sort; a list is the order itself and must name every value. */
  readonly by: 'number' | 'text' | readonly string[]
}

/** Characters are masked one by one from one side; shorter values are padded there. */
export interface RedactionSpec {
  readonly type: 'redaction'
  readonly from?: 'right' | 'left'
}

export type DateUnit = 'month' | 'quarter' | 'half-year' | 'year' | 'five-years' | 'decade' | 'century'

/** ISO 8601 dates (FHIR date: a day, a month or a year; of a time, the day), from fine to coarse. */
export interface DateSpec {
  readonly type: 'date'
  readonly units: readonly DateUnit[]
}

/** Codes cut at the places where their system has its levels. */
export interface CodePrefixSpec {
  readonly type: 'code-prefix'
  readonly system: 'icd-10' | 'icd-9-cm' | 'atc'
}

/** Each code's parts from fine to coarse, such as a LOINC code's component and class from LOINC's own table. */
export interface PartsSpec {
  readonly type: 'parts'
  readonly parts: Readonly<Record<string, readonly string[]>>
}

export type PostalCountry = 'us' | 'us-safe-harbor' | 'gb' | 'nl' | 'de' | 'fr' | 'it' | 'es'

export interface PostalSpec {
  readonly type: 'postal-code'
  readonly country: PostalCountry
}

/** Two levels: the value and `*`. */
export interface SuppressionSpec {
  readonly type: 'suppression'
}

export type HierarchySpec = IntervalSpec | OrderSpec | RedactionSpec | DateSpec | CodePrefixSpec | PartsSpec | PostalSpec | SuppressionSpec
