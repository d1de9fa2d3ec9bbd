// The rank of a 0/1 matrix, by elimination modulo primes below 2^26, where products stay exact. A rank modulo a prime never exceeds the rank over the rationals.

/** Primes just below 2^26: 2^26 − 5, − 27, − 45. */
export const primes = [67_108_859, 67_108_837, 67_108_819] as const

/** Rank modulo one prime. Cost: rows² × columns. */
export function rankModulo(rows: readonly (readonly number[])[], prime: number): number {
  const left: Float64Array[] = rows.map((row) => Float64Array.from(row))
  const columns = rows[0]?.length ?? 0
  let rank = 0
  for (let column = 0; column < columns && rank < left.length; column++) {
    const found = left.findIndex((row, index) => index >= rank && row[column] !== 0)
    const pivot = left[found]
    if (pivot === undefined) continue
    left[found] = left[rank] as Float64Array
    left[rank] = pivot
    for (let below = rank + 1; below < left.length; below++) clear(left[below] as Float64Array, pivot, { column, prime })
    rank++
  }
  return rank
}

// row := row × pivot[column] − pivot × row[column]; no inverse needed, since the pivot's entry is not zero.
function clear(row: Float64Array, pivot: Float64Array, { column, prime }: { column: number; prime: number }): void {
  const factor = row[column] ?? 0
  const scale = pivot[column] ?? 0
  if (factor === 0) return
  for (let at = column; at < row.length; at++) row[at] = (((row[at] ?? 0) * scale) % prime - ((pivot[at] ?? 0) * factor) % prime + prime) % prime
}

/** Bounds of the rank over the rationals: it is at least `most`; and `least` is what a cautious reader may rely on. */
export function rankBounds(rows: readonly (readonly number[])[]): { least: number; most: number } {
  const ranks = primes.map((prime) => rankModulo(rows, prime))
  return { least: Math.min(...ranks), most: Math.max(...ranks) }
}
