// The pseudonymised form: rows under a name made for one agreement, with each person's dates moved by a number of days of her own.
// A pseudonym is HMAC-SHA-256 (RFC 2104) of the subject under a key that only this agreement has: two agreements can't be joined by it.
import { base32, utf8 } from '@mhmd/base'
import { columnOf, textAt } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { deriveKey, mac } from '@mhmd/crypto'
import type { DatasetColumn } from '@mhmd/schema'
import { pick } from './people.ts'
import type { PersonRows } from './ports.ts'

const DAY_MILLISECONDS = 86_400_000
/** Dates move back by one to so many days. */
const MOST_DAYS = 365
const PSEUDONYM = 'pseudonym'

export interface AgreementKeys {
  readonly pseudonym: (subject: string) => string
  /** Days by which her dates move, negative, the same through the agreement. */
  readonly days: (subject: string) => number
}

export function agreementKeys(secret: Uint8Array, agreement: string): AgreementKeys {
  const names = deriveKey(secret, `release/pseudonyms/${agreement}`)
  const shifts = deriveKey(secret, `release/date-shifts/${agreement}`)
  return {
    pseudonym: (subject) => base32(mac(names, utf8(subject)).subarray(0, 16)),
    // 48 bits modulo 365: off from uniform by less than 365 / 2^48.
    days: (subject) => -1 - Buffer.from(mac(shifts, utf8(subject))).readUIntBE(0, 6) % MOST_DAYS,
  }
}

/** The columns with a pseudonym before them. Every cell that is a date moves; in columns of dates, months and years move too. */
export function pseudonymised({ table, person }: PersonRows, columns: readonly DatasetColumn[], keys: AgreementKeys): Column[] {
  const names = person.dictionary.map(keys.pseudonym)
  const days = person.dictionary.map(keys.days)
  const shown = pick(table, columns.map(({ name }) => name)).map((column, index) => {
    const isDated = columns[index]?.values === 'date'
    if (!isDated && !column.dictionary.some((text) => isDay(text))) return column
    return columnOf(column.name, Array.from({ length: table.rows }, (_unused, row) => moved(textAt(column, row), days[person.codes[row] as number] as number, isDated)))
  })
  return [columnOf(PSEUDONYM, Array.from(person.codes, (code) => names[code] as string)), ...shown]
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.*)?)?)?$/
const isDay = (text: string): boolean => text.length >= 10 && DATE.test(text)

/** A FHIR date (R4 §2.24.0.1) as many days later, as exact as it was: a month by its 15th, a year by its 1 July. What is no date stays. */
export function moved(text: string, days: number, isDated = true): string {
  const match = DATE.exec(text)
  if (match === null || (!isDated && match[3] === undefined)) return text
  const [, year = '', month, day, time = ''] = match
  const start = Date.UTC(Number(year), Number(month ?? '7') - 1, Number(day ?? (month === undefined ? '1' : '15')))
  const iso = new Date(start + days * DAY_MILLISECONDS).toISOString()
  return day === undefined ? iso.slice(0, month === undefined ? 4 : 7) : iso.slice(0, 10) + time
}
