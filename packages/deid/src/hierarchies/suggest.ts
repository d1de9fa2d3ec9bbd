// Suggests how to build a hierarchy for a column from the shape of its values.
import type { Column } from '@mhmd/columns'
import { isAtc, isIcd10, isIcd9 } from './builders/code-prefix.ts'
import { dateOf } from './builders/date.ts'
import { numberOf } from './builders/interval.ts'
import { isMissing } from './builders/levels.ts'
import { isLoinc } from './builders/parts.ts'
import { postalCountryOf } from './builders/postal-code.ts'
import type { HierarchySpec } from './builders/spec.ts'

/** `spec` builds over the column's own values; without one the reason says what is still needed. */
export interface HierarchySuggestion {
  readonly kind: 'date' | 'icd-10' | 'icd-9-cm' | 'atc' | 'loinc' | 'postal-code' | 'age' | 'number' | 'digits' | 'category' | 'text'
  readonly spec?: HierarchySpec
  readonly reason: string
}

type Rule = (values: readonly string[], name: string) => HierarchySuggestion | undefined

const every = (values: readonly string[], holds: (value: string) => boolean): boolean => values.length > 0 && values.every(holds)

/** From the most particular shape to the most general; the first that fits is taken. */
const rules: readonly Rule[] = [
  (values) => (every(values, (value) => value.length > 4 && dateOf(value) !== undefined) ? { kind: 'date', spec: { type: 'date', units: ['month', 'quarter', 'year', 'decade'] }, reason: 'every value is a calendar date' } : undefined),
  (values) => (every(values, isLoinc) ? { kind: 'loinc', reason: 'every value has the form and check digit of LOINC: give the parts (component, class) of your LOINC table, builder "parts"' } : undefined),
  (values) => (every(values, isAtc) && values.some((value) => value.length > 3) ? { kind: 'atc', spec: { type: 'code-prefix', system: 'atc' }, reason: 'every value has the form of an ATC code' } : undefined),
  (values) => (every(values, isIcd10) ? { kind: 'icd-10', spec: { type: 'code-prefix', system: 'icd-10' }, reason: 'every value has the form of an ICD-10 code' } : undefined),
  (values) => (values.length > 0 && isIcd9(values) ? { kind: 'icd-9-cm', spec: { type: 'code-prefix', system: 'icd-9-cm' }, reason: 'every value has the form of an ICD-9-CM code' } : undefined),
  postal,
  numeric,
  (values) => (values.length <= 20 ? { kind: 'category', spec: { type: 'suppression' }, reason: 'few values without a shape in common: group them by meaning, or keep value and *' } : undefined),
]

/** Missing values are left out of account: every builder keeps them apart. */
export function suggestHierarchy(column: Column): HierarchySuggestion {
  const values = column.dictionary.filter((value) => !isMissing(value))
  for (const rule of rules) {
    const suggestion = rule(values, column.name)
    if (suggestion !== undefined) return suggestion
  }
  return { kind: 'text', spec: { type: 'redaction' }, reason: 'many values without a shape in common: characters are masked from the right' }
}

/** Five digits alone could be anything: the column's name must say that they are postal codes. */
function postal(values: readonly string[], name: string): HierarchySuggestion | undefined {
  const country = values.length > 0 ? postalCountryOf(values) : undefined
  const isNamed = /zip|post|plz|cap\b/i.test(name)
  if (country === undefined || (country === 'us' && !isNamed)) return undefined
  return { kind: 'postal-code', spec: { type: 'postal-code', country }, reason: country === 'us' ? 'five digits each, and the column\'s name says postal code' : `every value is a postal code (${country})` }
}

function numeric(values: readonly string[]): HierarchySuggestion | undefined {
  const numbers = values.map(numberOf).filter((number) => number !== undefined)
  if (numbers.length === 0 || numbers.length < values.length) return undefined
  if (values.some((value) => /^0\d/.test(value))) return { kind: 'digits', spec: { type: 'redaction' }, reason: 'digits with leading zeros are codes, not amounts: characters are masked from the right' }
  const ordered = numbers.toSorted((a, b) => a - b)
  const low = ordered[0] as number
  const high = ordered.at(-1) as number
  const areWhole = ordered.every(Number.isInteger)
  if (low >= 0 && high <= 130 && ordered.length > 20 && areWhole) return { kind: 'age', spec: { type: 'interval', widths: [5, 10, 20, 40] }, reason: 'whole numbers up to 130, as ages are' }
  if (ordered.length <= 2) return { kind: 'category', spec: { type: 'suppression' }, reason: 'no more than two numbers: kept, or *' }
  const spec = { type: 'interval' as const, widths: widthsFor(high - low, smallestGap(ordered)) }
  if (areWhole && ordered.length <= 20) return { kind: 'number', spec, reason: 'few whole numbers: intervals where they count or measure, but codes are grouped by meaning' }
  return { kind: 'number', spec, reason: 'every value is a number: intervals over their range, wider with each level' }
}

function smallestGap(ordered: readonly number[]): number {
  return ordered.reduce((gap, number, at) => (at === 0 ? gap : Math.min(gap, number - (ordered[at - 1] as number) || gap)), Infinity)
}

/**
 * A power of ten or twice or five times one, near a sixty-fourth of the range but wide enough for two neighbouring values;
 * then 2, 8 and 32 times as wide, as long as there is more than one interval.
 */
function widthsFor(range: number, gap: number): number[] {
  const wanted = Math.max(range / 64, Math.min(2 * gap, range))
  const power = 10 ** Math.floor(Math.log10(wanted))
  const factors = range / 64 < 2 * gap ? [1, 2, 5, 10].find((factor) => factor * power >= wanted * (1 - 1e-9)) : [5, 2, 1].find((factor) => factor * power <= wanted)
  const finest = (factors ?? 1) * power
  return [finest, ...[2, 8, 32].map((factor) => factor * finest).filter((width) => width < range)]
}
