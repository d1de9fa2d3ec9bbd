// Postal codes cut where each country's system has its areas.
import { labelled } from './levels.ts'
import type { LabelsOf } from './levels.ts'
import type { PostalCountry, PostalSpec } from './spec.ts'

/**
 * Three-digit ZIP areas of 20,000 people or fewer by the 2000 census, which Safe Harbor turns to 000
 * (45 CFR 164.514(b)(2)(i)(B); list: HHS guidance on de-identification, 26 November 2012).
 */
const SMALL_ZIP_AREAS: readonly string[] = ['036', '059', '063', '102', '203', '556', '692', '790', '821', '823', '830', '831', '878', '879', '884', '890', '893']

interface PostalRule {
  readonly depth: number
  readonly labelsOf: LabelsOf
}

const RULES: Readonly<Record<PostalCountry, PostalRule>> = {
  us: prefixes(/^\d{5}(-\d{4})?$/, [5, 4, 3, 2, 1]),
  'us-safe-harbor': { depth: 1, labelsOf: (code) => (/^\d{5}(-\d{4})?$/.test(code) ? [safeHarborArea(code)] : undefined) },
  gb: { depth: 3, labelsOf: britishLabels },
  nl: { depth: 3, labelsOf: dutchLabels },
  de: prefixes(/^\d{5}$/, [4, 3, 2, 1]),
  fr: prefixes(/^(\d{5}|2[AB]\d{3})$/, [3, 2]),
  it: prefixes(/^\d{5}$/, [3, 2, 1]),
  es: prefixes(/^\d{5}$/, [3, 2]),
}

/** What is cut off is shown as `x`, so that a prefix is not taken for a shorter code. */
function prefixes(pattern: RegExp, lengths: readonly number[]): PostalRule {
  return { depth: lengths.length, labelsOf: (code) => (pattern.test(code) ? lengths.map((length) => code.slice(0, length).padEnd(5, 'x')) : undefined) }
}

function safeHarborArea(code: string): string {
  return isSmallZipArea(code) ? '000' : code.slice(0, 3)
}

/** Whether the first three digits are of an area of 20,000 people or fewer. */
export function isSmallZipArea(code: string): boolean {
  return SMALL_ZIP_AREAS.includes(code.slice(0, 3))
}

/** Sector, district, area: SW1A 1, SW1A, SW. */
function britishLabels(code: string): readonly string[] | undefined {
  const match = /^(([A-Z]{1,2})\d[0-9A-Z]?) ?(\d)[A-Z]{2}$/.exec(code)
  return match === null ? undefined : [`${match[1]} ${match[3]}`, match[1] as string, match[2] as string]
}

/** Four digits, two, one: 1234, 12xx, 1xxx. */
function dutchLabels(code: string): readonly string[] | undefined {
  const match = /^([1-9]\d{3}) ?[A-Z]{2}$/.exec(code)
  return match === null ? undefined : [4, 2, 1].map((length) => (match[1] as string).slice(0, length).padEnd(4, 'x'))
}

export function postalLevels(attribute: string, values: readonly string[], spec: PostalSpec): string[][] {
  return labelled({ attribute, builder: `${spec.type} ${spec.country}` }, values, RULES[spec.country])
}

/** The first country whose codes all these texts are, the commoner forms first. */
export function postalCountryOf(values: readonly string[]): PostalCountry | undefined {
  return (['gb', 'nl', 'us'] as const).find((country) => values.every((value) => RULES[country].labelsOf(value) !== undefined))
}
