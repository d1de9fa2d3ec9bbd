// The pseudonymised form: rows under a name made for one agreement, with each person's dates moved by a number of days of her own.
// A pseudonym is HMAC-SHA-256 (RFC 2104) of the subject under a key that only this agreement has: two agreements can't be joined by it.
import { base32, utf8 } from '@mhmd/base'
import { makeCodes } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { deriveKey, mac, secretKey } from '@mhmd/crypto'
import type { SecretKey } from '@mhmd/crypto'
import type { DatasetColumn } from '@mhmd/schema'
import { pick } from './people.ts'
import type { PersonRows } from './ports.ts'

const DAY_MILLISECONDS = 86_400_000
/** Dates move back by one to so many days. */
const MOST_DAYS = 365
const PSEUDONYM = 'pseudonym'

/** Both are made ready for use and may be handed to another thread: their bytes stay outside its heap, and are overwritten once nobody holds them. */
export interface AgreementKeys {
  readonly pseudonyms: SecretKey
  readonly shifts: SecretKey
}

export const agreementKeys = (secret: Uint8Array, agreement: string): AgreementKeys => ({ pseudonyms: readyKey(secret, `release/pseudonyms/${agreement}`), shifts: readyKey(secret, `release/date-shifts/${agreement}`) })

function readyKey(secret: Uint8Array, purpose: string): SecretKey {
  const bytes = deriveKey(secret, purpose)
  const key = secretKey(bytes)
  bytes.fill(0)
  return key
}

export const pseudonymOf = ({ pseudonyms }: AgreementKeys, subject: string): string => base32(mac(pseudonyms, utf8(subject)).subarray(0, 16))

/** Days by which her dates move, negative, the same through the agreement. 48 bits modulo 365: off from uniform by less than 365 / 2^48. */
const daysOf = ({ shifts }: AgreementKeys, subject: string): number => -1 - Buffer.from(mac(shifts, utf8(subject))).readUIntBE(0, 6) % MOST_DAYS

/** The columns with a pseudonym before them. Every cell that is a date moves; in columns of dates, months and years move too. */
export function pseudonymised({ table, person }: PersonRows, columns: readonly DatasetColumn[], keys: AgreementKeys): Column[] {
  const days = person.dictionary.map((subject) => daysOf(keys, subject))
  const shown = pick(table, columns.map(({ name }) => name)).map((column, index) => movedColumn(column, columns[index]?.values === 'date', (row) => days[person.codes[row] as number] as number))
  return [{ name: PSEUDONYM, dictionary: person.dictionary.map((subject) => pseudonymOf(keys, subject)), codes: person.codes }, ...shown]
}

/** Each text is read once, and each day written once: a table has many more cells than either. */
function movedColumn(column: Column, isDated: boolean, daysAt: (row: number) => number): Column {
  const dates = column.dictionary.map((text) => readDate(text, isDated))
  if (dates.every((date) => date === undefined)) return column
  const made = new Map<string, number>()
  const known = new Map<number, number>()
  const wide = Uint32Array.from(column.codes, (code, row) => {
    const days = daysAt(row)
    const place = code * PLACES + days
    const found = known.get(place)
    if (found !== undefined) return found
    const date = dates[code]
    const text = date === undefined ? column.dictionary[code] as string : writtenDate(date, days)
    let to = made.get(text)
    if (to === undefined) made.set(text, to = made.size)
    known.set(place, to)
    return to
  })
  const codes = makeCodes(made.size, wide.length)
  codes.set(wide)
  return { name: column.name, dictionary: [...made.keys()], codes }
}

/** More than `MOST_DAYS`, so that text and days make one number. */
const PLACES = 1024
const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.*)?)?)?$/

interface FhirDate {
  readonly start: number
  /** Characters of a date as exact as it was. */
  readonly length: 4 | 7 | 10
  readonly time: string
}

/** A FHIR date (R4 §2.24.0.1); in a column that is not of dates, one with its day alone. A month stands for its 15th, a year for its 1 July. */
function readDate(text: string, isDated: boolean): FhirDate | undefined {
  const match = DATE.exec(text)
  if (match === null || (!isDated && match[3] === undefined)) return undefined
  const [, year, month, day, time = ''] = match
  const start = Date.UTC(Number(year), Number(month ?? '7') - 1, Number(day ?? (month === undefined ? '1' : '15')))
  return { start, length: month === undefined ? 4 : day === undefined ? 7 : 10, time }
}

const writtenDate = ({ start, length, time }: FhirDate, days: number): string => new Date(start + days * DAY_MILLISECONDS).toISOString().slice(0, length) + time

/** So many days later, as exact as it was. What is no date stays. */
export function moved(text: string, days: number, isDated = true): string {
  const date = readDate(text, isDated)
  return date === undefined ? text : writtenDate(date, days)
}
