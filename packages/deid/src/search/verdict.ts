// What a check of one node says.

/** What a check found. A reused object; valid until the next check. */
export interface Verdict {
  feasible: boolean
  suppressedRows: number
  /** Rows that stay suppressed at every more specific node: a proven lower bound, complete unless `aborted`. */
  floorRows: number
  /** Score if feasible. */
  score: number
  /** Per dimension: what those rows add to a separable metric at every more specific node, at least. Zeros when infeasible. */
  readonly floorPenalties: Float64Array
  /** Classes with released rows that are kept. */
  classes: number
}
