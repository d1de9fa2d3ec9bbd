// A generalisation hierarchy compiled against one column's dictionary: per level, base code -> level code.
import type { Codes } from '@mhmd/columns'

/** One level. Level 0 is the identity on the dictionary; the last level is the most general. */
export interface HierarchyLevel {
  /** Level code of each base dictionary code. */
  readonly codeOf: Codes
  /** Text of each level code; distinct within the level. */
  readonly labels: readonly string[]
  /** Per level code: how many rows of the hierarchy file carry that label at this level (ARX's Loss shares). */
  readonly fileRows: Uint32Array
}

/**
 * The levels of one attribute, from untouched to most general. Invariant: nested — two base values that share a code
 * at one level share one at every higher level (the reader refuses anything else).
 */
export interface Hierarchy {
  readonly attribute: string
  /** Rows of the hierarchy file = size of the attribute's domain, values not occurring in the table included. */
  readonly fileRows: number
  readonly levels: readonly HierarchyLevel[]
}
