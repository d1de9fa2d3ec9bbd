// Unbiased random rounding, drawn from a key: a count goes to one of its two neighbouring multiples, with the chance that keeps its expectation.
// The draw belongs to the people, not to the wording: asking again in other words brings no second draw to average. It belongs to the population as well, so that
// an answer that changes after a withdrawal may have changed for anyone's sake.
import { byCodeUnits, utf8 } from '@mhmd/base'
import { deriveKey, sha256 } from '@mhmd/crypto'

/** A keyed digest of a set of subjects: tells equal from different to whoever has the secret, and nothing to others. */
export function digestOf(subjects: Iterable<string>, secret: Uint8Array): string {
  return Buffer.from(deriveKey(secret, 'count/set', sha256(utf8([...subjects].sort(byCodeUnits).join('\n'))))).toString('base64url')
}

export interface Draw {
  readonly population: string
  readonly cohort: string
}

/** The name of a draw: equal exactly for equal population and cohort. */
export const drawName = (draw: Draw): string => `${draw.population}.${draw.cohort}`

/** The count rounded to a multiple of `base`; its expectation over keys is the count. */
export function roundedCount(count: number, base: number, { draw, secret }: { draw: Draw; secret: Uint8Array }): number {
  const rest = count % base
  const bytes = Buffer.from(deriveKey(secret, 'count/rounding', utf8(drawName(draw))))
  // 64 bits modulo a small base: off from uniform by less than base / 2^64.
  const chance = Number(bytes.readBigUInt64BE(0) % BigInt(base))
  return count - rest + (chance < rest ? base : 0)
}
