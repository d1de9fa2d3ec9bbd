// The best node found so far, and the order between solutions that every search of the house shares.

/** Scores closer than this, relatively, are a tie: the same number by another order of additions. */
export const tieWidth = 1e-11

export interface Solution {
  readonly levels: Uint8Array
  readonly score: number
  readonly suppressedRows: number
  readonly classes: number
}

/** Lower score; in a tie fewer suppressed rows, then more classes, then lower levels in the job's column order. */
export function isBetter(one: Solution, other: Solution | undefined, order: readonly number[]): boolean {
  if (other === undefined) return true
  if (Math.abs(one.score - other.score) > tieWidth * Math.max(Math.abs(one.score), Math.abs(other.score))) return one.score < other.score
  if (one.suppressedRows !== other.suppressedRows) return one.suppressedRows < other.suppressedRows
  if (one.classes !== other.classes) return one.classes > other.classes
  return isLower(one.levels, other.levels, order)
}

function isLower(one: Uint8Array, other: Uint8Array, order: readonly number[]): boolean {
  const byColumn = order.map((column, dimension) => ({ column, dimension })).sort((a, b) => a.column - b.column)
  for (const { dimension } of byColumn) {
    const difference = (one[dimension] as number) - (other[dimension] as number)
    if (difference !== 0) return difference < 0
  }
  return false
}
