// Exact samplers in whole numbers and rationals (Canonne, Kamath and Steinke, The Discrete Gaussian for Differential Privacy, NeurIPS 2020,
// algorithms 1 to 3): no floating point stands between the random bits and the result, so that no rounding betrays what was added to.
// Left out: constant time. How long a draw takes depends on it, and is seen by nobody outside the holder.
import type { BitSource } from './secret-stream.ts'

/** numerator / denominator, the denominator above 0. */
export interface Rational {
  readonly num: bigint
  readonly den: bigint
}

/** Uniform in 0 … n − 1, by rejection. */
export function uniformBelow(n: bigint, source: BitSource): bigint {
  const bits = (n - 1n).toString(2).length
  const bytes = Math.ceil(bits / 8)
  const mask = (1n << BigInt(bits)) - 1n
  for (;;) {
    let value = 0n
    for (const byte of source.bytes(bytes)) value = (value << 8n) | BigInt(byte)
    value &= mask
    if (value < n) return value
  }
}

/** As `uniformBelow` for small numbers. */
export function indexBelow(n: number, source: BitSource): number {
  if (n <= 1) return 0
  const limit = 2 ** 32 - 2 ** 32 % n
  for (;;) {
    const [a, b, c, d] = source.bytes(4) as unknown as [number, number, number, number]
    const value = a * 2 ** 24 + b * 2 ** 16 + c * 256 + d
    if (value < limit) return value % n
  }
}

/** True with probability p, 0 ≤ p ≤ 1. */
export function bernoulli({ num, den }: Rational, source: BitSource): boolean {
  return uniformBelow(den, source) < num
}

/** True with probability exp(−γ), γ ≥ 0 (algorithm 1). */
export function bernoulliExp({ num, den }: Rational, source: BitSource): boolean {
  for (let whole = num / den; whole > 0n; whole--) if (!isOddRun(1n, 1n, source)) return false
  return isOddRun(num % den, den, source)
}

/** For γ ≤ 1: the first failure of trials with chances γ/1, γ/2, γ/3 … comes at an odd place with probability exp(−γ). */
function isOddRun(num: bigint, den: bigint, source: BitSource): boolean {
  let place = 1n
  while (bernoulli({ num, den: den * place }, source)) place++
  return place % 2n === 1n
}

/** A whole number z with probability proportional to exp(−|z| / scale) (algorithm 2). */
export function discreteLaplace({ num: t, den: s }: Rational, source: BitSource): bigint {
  for (;;) {
    const part = uniformBelow(t, source)
    if (!bernoulliExp({ num: part, den: t }, source)) continue
    let whole = 0n
    while (bernoulliExp({ num: 1n, den: 1n }, source)) whole++
    const size = (part + t * whole) / s
    const isNegative = bernoulli({ num: 1n, den: 2n }, source)
    if (!(isNegative && size === 0n)) return isNegative ? -size : size
  }
}

/** A whole number z with probability proportional to exp(−z² / 2σ²), given σ² (algorithm 3). */
export function discreteGaussian({ num: a, den: b }: Rational, source: BitSource): bigint {
  const t = floorRoot(a / b) + 1n
  for (;;) {
    const z = discreteLaplace({ num: t, den: 1n }, source)
    const distance = (z < 0n ? -z : z) * t * b - a
    if (bernoulliExp({ num: distance * distance, den: 2n * a * b * t * t }, source)) return z
  }
}

/** ⌊√n⌋, by Newton's steps from above. */
export function floorRoot(n: bigint): bigint {
  if (n < 2n) return n
  let x = 1n << BigInt(Math.ceil(n.toString(2).length / 2))
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) return x
    x = next
  }
}
