// Calendar dates in months, quarters, years and longer spans.
import { badSpec, labelled } from './levels.ts'
import type { DateSpec, DateUnit } from './spec.ts'

/** FHIR's date (R4 §2.24.0.1) and the day of a dateTime. */
const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$/

interface PartialDate {
  readonly year: number
  /** 1 to 12; undefined where only the year is known. */
  readonly month: number | undefined
}

/** Year and month of a date that exists; undefined for any other text. */
export function dateOf(text: string): PartialDate | undefined {
  const match = DATE.exec(text)
  if (match === null) return undefined
  const [year, month, day] = [match[1], match[2], match[3]].map((part) => (part === undefined ? undefined : Number(part)))
  if (month !== undefined && (month < 1 || month > 12)) return undefined
  if (day !== undefined && (day < 1 || day > new Date(Date.UTC(year as number, month as number, 0)).getUTCDate())) return undefined
  return { year: year as number, month }
}

const ORDER: readonly DateUnit[] = ['month', 'quarter', 'half-year', 'year', 'five-years', 'decade', 'century']

/** A date known less exactly than a unit keeps its year as the label. */
const LABELS: Readonly<Record<DateUnit, (date: PartialDate) => string>> = {
  month: ({ year, month }) => (month === undefined ? four(year) : `${four(year)}-${String(month).padStart(2, '0')}`),
  quarter: ({ year, month }) => (month === undefined ? four(year) : `${four(year)}-Q${Math.ceil(month / 3)}`),
  'half-year': ({ year, month }) => (month === undefined ? four(year) : `${four(year)}-H${Math.ceil(month / 6)}`),
  year: ({ year }) => four(year),
  'five-years': ({ year }) => `${four(year - (year % 5))}-${four(year - (year % 5) + 4)}`,
  decade: ({ year }) => `${four(year - (year % 10))}-${four(year - (year % 10) + 9)}`,
  century: ({ year }) => `${four(year - (year % 100))}-${four(year - (year % 100) + 99)}`,
}

function four(year: number): string {
  return String(year).padStart(4, '0')
}

export function dateLevels(attribute: string, values: readonly string[], spec: DateSpec): string[][] {
  const place = { attribute, builder: spec.type }
  const ranks = spec.units.map((unit) => ORDER.indexOf(unit))
  if (ranks.length === 0 || ranks.some((rank, i) => rank <= (ranks[i - 1] ?? -1))) throw badSpec(place, `units are some of ${ORDER.join(', ')} in this order`)
  return labelled(place, values, {
    depth: spec.units.length,
    labelsOf: (value) => {
      const date = dateOf(value)
      return date && spec.units.map((unit) => LABELS[unit](date))
    },
  })
}
