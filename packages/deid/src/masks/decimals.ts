// Decimal texts as exact rationals and back: what is added to a cell must not pass through a float.
import type { Rational } from './samplers.ts'

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

/** The number a text writes, or undefined. */
export function rationalOf(text: string): Rational | undefined {
  const found = decimal.exec(text.trim())
  if (found === null) return undefined
  const [, sign, whole, part = '', exponent = '0'] = found as unknown as [string, string, string, string | undefined, string | undefined]
  const shift = Number(exponent) - part.length
  const digits = BigInt(whole + part) * (sign === '-' ? -1n : 1n)
  return shift >= 0 ? { num: digits * 10n ** BigInt(shift), den: 1n } : { num: digits, den: 10n ** BigInt(-shift) }
}

/** A number of the job as the decimal it was written as. */
export function rationalOfNumber(value: number): Rational {
  return rationalOf(String(value)) as Rational
}

export const product = (a: Rational, b: Rational): Rational => ({ num: a.num * b.num, den: a.den * b.den })
export const quotient = (a: Rational, b: Rational): Rational => ({ num: a.num * b.den, den: a.den * b.num })

/** The nearest whole number of steps; halves go up. */
export function stepsOf(value: Rational, step: Rational): bigint {
  const { num, den } = quotient(value, step)
  return floorOf(2n * num + den, 2n * den)
}

function floorOf(num: bigint, den: bigint): bigint {
  const whole = num / den
  return num % den < 0n ? whole - 1n : whole
}

/** So many steps as a decimal text; the step's denominator is a power of ten. */
export function textOfSteps(count: bigint, step: Rational): string {
  const places = step.den.toString().length - 1
  const digits = count * step.num
  if (places === 0) return digits.toString()
  const size = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0')
  return `${digits < 0n ? '-' : ''}${size.slice(0, -places)}.${size.slice(-places)}`
}
