// Noise calibrated to a sensitivity, on a grid of steps: discrete Laplace for ε, discrete Gaussian for ρ of zero-concentrated differential
// privacy (Bun and Steinke, TCC 2016): σ² = Δ²/2ρ.
import { columnOf, textAt } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import type { MaskSpec } from '../job.ts'
import { product, quotient, rationalOf, rationalOfNumber, stepsOf, textOfSteps } from './decimals.ts'
import { discreteGaussian, discreteLaplace } from './samplers.ts'
import type { Rational } from './samplers.ts'
import type { BitSource } from './secret-stream.ts'

type NoiseSpec = Extract<MaskSpec, { type: 'laplace-noise' | 'gaussian-noise' }>

/** Every number rounded to the step and moved by its own draw; empty cells stay. */
export function withNoise(column: Column, spec: NoiseSpec, source: BitSource): Column {
  const step = rationalOfNumber(spec.step ?? 1)
  const draw = drawOf(spec, quotient(rationalOfNumber(spec.sensitivity), step))
  const numbers = column.dictionary.map((text) => rationalOf(text))
  return columnOf(column.name, Array.from(column.codes, (code, row) => {
    const value = numbers[code]
    if (value !== undefined) return textOfSteps(stepsOf(value, step) + draw(source), step)
    if (textAt(column, row) !== '') throw deidErrors.MASK_VALUE({ mask: spec.type, column: column.name, row: row + 1 })
    return ''
  }))
}

/** The sensitivity counted in steps, rounded up: rounding may move two neighbours apart by a step. */
function drawOf(spec: NoiseSpec, steps: Rational): (source: BitSource) => bigint {
  const sensitivity = { num: (steps.num + steps.den - 1n) / steps.den, den: 1n }
  if (spec.type === 'laplace-noise') {
    const scale = quotient(sensitivity, rationalOfNumber(spec.epsilon))
    return (source) => discreteLaplace(scale, source)
  }
  const variance = quotient(product(sensitivity, sensitivity), product({ num: 2n, den: 1n }, rationalOfNumber(spec.rho)))
  return (source) => discreteGaussian(variance, source)
}
