// What a table still shows of the identifiers that HIPAA's Safe Harbor removes: 45 CFR 164.514(b)(2)(i), letters as in presets.ts.
// By the names of columns and the shapes of their values. It finds; that nothing is left is for a person to say, and so is paragraph (ii).
import type { Column, Table } from '@mhmd/columns'
import { dateOf } from '../hierarchies/builders/date.ts'
import { numberOf } from '../hierarchies/builders/interval.ts'
import { isSmallZipArea } from '../hierarchies/builders/postal-code.ts'
import { SUPPRESSED } from '../hierarchies/source.ts'

export interface SafeHarborFinding {
  readonly column: string
  readonly letter: string
  readonly by: 'name' | 'values'
  readonly rows: number
}

interface Rule {
  readonly letter: string
  readonly name?: RegExp
  /** Whether a value is one of these; where `name` is given too, only in columns of such a name. */
  readonly isOne?: (value: string) => boolean
}

const isIp = (value: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(value) && value.split('.').every((part) => Number(part) <= 255)
const isDay = (value: string): boolean => dateOf(value)?.month !== undefined || /^\d{4}-[QH]\d$/.test(value)
const isZip = (value: string): boolean => /^\d{4,5}(-\d{4})?$/.test(value) || (/^\d{3}/.test(value) && isSmallZipArea(value))

const rules: readonly Rule[] = [
  { letter: 'A', name: /^(.*[\s_-])?(name|surname|forename)$|^(first|last|full|sur|maiden)name$/i },
  { letter: 'B', name: /address|street|\bcity\b|county|parish|precinct|geocode|latitude|longitude/i },
  { letter: 'B', name: /zip|postal|postcode/i, isOne: isZip },
  { letter: 'C', isOne: isDay },
  { letter: 'C', name: /\bage\b|^age|_age/i, isOne: (value) => (numberOf(value) ?? 0) > 89 },
  { letter: 'D', name: /phone|mobile|\btel\b/i },
  { letter: 'D', isOne: (value) => /^(\+\d[\d\s().-]{6,}|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4})$/.test(value) },
  { letter: 'E', name: /\bfax/i },
  { letter: 'F', name: /e-?mail/i },
  { letter: 'F', isOne: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) },
  { letter: 'G', name: /\bssn\b|social.?security/i },
  { letter: 'G', isOne: (value) => /^\d{3}-\d{2}-\d{4}$/.test(value) },
  { letter: 'H', name: /\bmrn\b|(medical.?record|patient).?(id|no|nr|number|nbr)/i },
  { letter: 'I', name: /(health.?plan|insurance|insured|beneficiary|member).?(id|no|nr|number)/i },
  { letter: 'J', name: /\biban\b|account/i },
  { letter: 'K', name: /licen[cs]e|certificate|passport/i },
  { letter: 'L', name: /vehicle|\bvin\b|number.?plate|license.?plate/i },
  { letter: 'M', name: /device.?(id|serial|no|nr|number)|serial.?(no|nr|number)/i },
  { letter: 'N', name: /\burl\b|website|homepage/i },
  { letter: 'N', isOne: (value) => /^(https?:\/\/|www\.)/i.test(value) },
  { letter: 'O', name: /\bip\b|ip.?address/i },
  { letter: 'O', isOne: isIp },
  { letter: 'P', name: /biometric|finger.?print|voice.?print|iris|retina/i },
  { letter: 'Q', name: /photo|portrait|face.?image/i },
  { letter: 'R', name: /(person|subject|record|encounter|case|study|device).?(id|no|nr|number|nbr)$|^id$|identifier|uuid/i },
]

/** Each column and letter once, in the table's order; cells that show nothing are not counted. */
export function safeHarborFindings(table: Table): SafeHarborFinding[] {
  return table.columns.flatMap((column) => {
    const found = new Map<string, SafeHarborFinding>()
    for (const rule of rules) {
      const rows = rowsOf(column, rule)
      if (rows > (found.get(rule.letter)?.rows ?? 0)) found.set(rule.letter, { column: column.name, letter: rule.letter, by: rule.isOne === undefined ? 'name' : 'values', rows })
    }
    return [...found.values()]
  })
}

function rowsOf({ name, dictionary, codes }: Column, rule: Rule): number {
  if (rule.name?.test(name) === false) return 0
  const isShown = dictionary.map((value) => value !== '' && value !== SUPPRESSED && (rule.isOne?.(value) ?? true))
  let rows = 0
  for (const code of codes) if (isShown[code] === true) rows++
  return rows
}
