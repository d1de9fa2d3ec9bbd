// (ε, δ)-differential privacy by random sampling and k-anonymity: the sampling rate β and the k that ε and δ ask for (Bild, Kuhn and Prasser, SafePub,
// PoPETs 2018(1), after Li, Qardaji and Su, On Sampling, Anonymization and Differential Privacy, ASIACCS 2012, theorem 1).
// δ(k) = max over n ≥ ⌈k/γ − 1⌉ of P[Binomial(n, β) > γn], γ = (e^ε − 1 + β)/e^ε. Every figure here is rounded towards more privacy.

export interface Sampling {
  /** Chance of a row to be in the sample: β = `kept` / 2⁴⁰, at most 1 − e^−ε. */
  readonly kept: bigint
  readonly beta: number
  readonly k: number
  readonly gamma: number
}

export const samplingDenominator = 1n << 40n

/** Room for the rounding of logarithms of factorials: far above their error, far below what matters. */
const margin = 1e-6

/** The largest sampling rate that ε allows, and the least k whose δ is small enough. */
export function samplingFor(epsilon: number, delta: number): Sampling {
  const kept = BigInt(Math.floor(-Math.expm1(-epsilon) * (1 - 1e-12) * Number(samplingDenominator)))
  const beta = Number(kept) / Number(samplingDenominator)
  let high = 1
  while (deltaOf(high, { epsilon, beta }) > delta) high *= 2
  let low = high >> 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (deltaOf(middle, { epsilon, beta }) > delta) low = middle
    else high = middle
  }
  return { kept, beta, k: high, gamma: gammaOf({ epsilon, beta }) }
}

const gammaOf = ({ epsilon, beta }: { epsilon: number; beta: number }): number => 1 - (1 - beta) * Math.exp(-epsilon)

/** An upper bound of δ for this k, hardly above δ itself unless γn is whole: then j = γn counts as above it, whichever way γ was rounded. */
export function deltaOf(k: number, rates: { readonly epsilon: number; readonly beta: number }): number {
  const gamma = gammaOf(rates)
  const { beta } = rates
  // Chernoff: P[Binomial(n, β) ≥ γn] ≤ exp(−n·D(γ‖β)), which falls with n: beyond some n nothing larger comes.
  const divergence = gamma * Math.log(gamma / beta) + (1 - gamma) * Math.log((1 - gamma) / (1 - beta))
  let most = 0
  for (let n = Math.max(1, Math.ceil(k / gamma - 1)); Math.exp(-n * divergence) > most; n++) most = Math.max(most, tail(n, Math.floor(gamma * n * (1 - 1e-15)) + 1, beta))
  return Math.min(1, most * (1 + margin))
}

/** P[Binomial(n, β) ≥ from], summed from its largest term down. */
function tail(n: number, from: number, beta: number): number {
  if (from > n) return 0
  const start = Math.max(from, 0)
  let term = Math.exp(logFactorial(n) - logFactorial(start) - logFactorial(n - start) + start * Math.log(beta) + (n - start) * Math.log1p(-beta))
  let sum = 0
  for (let j = start; j <= n; j++) {
    sum += term
    term *= (n - j) / (j + 1) * beta / (1 - beta)
    if (term < sum * 1e-17) break
  }
  return sum
}

const logFactorials: number[] = [0]

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++) logFactorials.push((logFactorials[next - 1] as number) + Math.log(next))
  return logFactorials[n] as number
}
