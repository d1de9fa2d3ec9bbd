// A job as the search is given it: columns as codes with compiled hierarchies, models, metric, limit.
import type { Codes } from '@mhmd/columns'
import type { Hierarchy } from '../hierarchy.ts'
import type { MetricSpec, ModelSpec } from '../job.ts'

/** A quasi-identifier with its compiled hierarchy (over the codes' dictionary) and the levels the search may use. */
export interface QuasiIdentifier {
  readonly name: string
  readonly codes: Codes
  readonly hierarchy: Hierarchy
  readonly minLevel: number
  readonly maxLevel: number
  readonly weight: number
}

/** A sensitive column; `dictionary` gives its order where a model needs one. */
export interface Sensitive {
  readonly name: string
  readonly codes: Codes
  readonly dictionary: readonly string[]
  readonly hierarchy?: Hierarchy
}

export interface ProblemInput {
  readonly rows: number
  readonly quasiIdentifiers: readonly QuasiIdentifier[]
  readonly sensitive: readonly Sensitive[]
  readonly models: readonly ModelSpec[]
  readonly metric: MetricSpec
  readonly suppressionLimit: number
  /** δ-presence: 1 for each row of the research subset; only those are released. */
  readonly subset?: Uint8Array
  /** The person of each row, where persons are the unit. */
  readonly persons?: { readonly of: Uint32Array; readonly count: number; readonly visits: number; readonly ordered: boolean }
  /** k-map: the population's codes by quasi-identifier, in the same dictionaries. */
  readonly population?: { readonly rows: number; readonly codes: readonly Codes[] }
}
