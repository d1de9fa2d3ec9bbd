// Numbers in nested intervals, with bottom and top coding.
import { badSpec, labelled } from './levels.ts'
import type { LabelsOf } from './levels.ts'
import type { IntervalSpec } from './spec.ts'

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** The number a text stands for; undefined where it stands for none. */
export function numberOf(text: string): number | undefined {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

export function intervalLevels(attribute: string, values: readonly string[], spec: IntervalSpec): string[][] {
  const place = { attribute, builder: spec.type }
  const problem = problemOf(spec)
  if (problem !== undefined) throw badSpec(place, problem)
  return labelled(place, values, { depth: spec.widths.length, labelsOf: labelsOf(spec) })
}

function problemOf({ widths, origin = 0, bottom, top }: IntervalSpec): string | undefined {
  if (widths.length === 0 || !widths.every((width) => width > 0 && Number.isFinite(width))) return 'widths are one or more positive numbers'
  const isNested = widths.every((width, level) => level === 0 || isWhole(width / (widths[level - 1] as number)))
  if (!isNested) return 'each width must be a multiple of the one before'
  if (bottom !== undefined && top !== undefined && bottom >= top) return 'bottom must lie below top'
  const widest = widths.at(-1) as number
  const cuts = [bottom, top].filter((cut) => cut !== undefined)
  return cuts.every((cut) => isWhole((cut - origin) / widest)) ? undefined : 'bottom and top must be ends of the widest intervals'
}

/** Ratios of decimal widths carry rounding. */
function isWhole(ratio: number): boolean {
  return Math.abs(ratio - Math.round(ratio)) < 1e-9
}

function labelsOf({ widths, origin = 0, bottom, top }: IntervalSpec): LabelsOf {
  return (value) => {
    const number = numberOf(value)
    if (number === undefined) return undefined
    if (bottom !== undefined && number < bottom) return widths.map(() => `< ${bottom}`)
    if (top !== undefined && number >= top) return widths.map(() => `>= ${top}`)
    return intervals(number, origin, widths)
  }
}

/** The finest interval is found by division; the wider ones from its index in whole numbers, so that rounding cannot break the nesting. */
function intervals(number: number, origin: number, widths: readonly number[]): string[] {
  const [finest = 1] = widths
  const index = Math.floor((number - origin) / finest + 1e-9)
  return widths.map((width) => {
    const ratio = Math.round(width / finest)
    const start = Math.floor(index / ratio) * ratio
    return `[${ends(origin + start * finest)}, ${ends(origin + (start + ratio) * finest)}[`
  })
}

function ends(value: number): string {
  return String(Number(value.toPrecision(12)))
}
