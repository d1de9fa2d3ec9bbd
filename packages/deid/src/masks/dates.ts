// Masks by person: dates moved by one secret number of days a person, and pseudonyms. Intervals between a person's dates stay.
import type { Column } from '@mhmd/columns'
import { columnOf, textAt } from '@mhmd/columns'
import { toHex } from '@mhmd/base'
import { deidErrors } from '../errors.ts'
import { indexBelow } from './samplers.ts'
import { streamOfText } from './secret-stream.ts'

const dayMilliseconds = 86_400_000
const isoDate = /^(\d{4}-\d{2}-\d{2})(T.*)?$/

/** Each person's dates moved by −most … −1 or 1 … most days, uniformly. The clock time of a date with one stays; empty cells stay. */
export function shiftedDates(column: Column, persons: Column, { secret, mostDays }: { secret: Uint8Array; mostDays: number }): Column {
  const shifts = persons.dictionary.map((person) => {
    const drawn = indexBelow(2 * mostDays, streamOfText(secret, person, 'date-shift'))
    return drawn < mostDays ? drawn - mostDays : drawn - mostDays + 1
  })
  return columnOf(column.name, Array.from(column.codes, (_, row) => {
    const moved = movedBy(textAt(column, row), shifts[persons.codes[row] as number] as number)
    if (moved === undefined) throw deidErrors.MASK_VALUE({ mask: 'date-shift', column: column.name, row: row + 1 })
    return moved
  }))
}

function movedBy(text: string, days: number): string | undefined {
  if (text === '') return text
  const [, day, time = ''] = isoDate.exec(text) ?? []
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`)
  // Date.parse takes the 31st of a short month for the next one's first.
  if (day === undefined || Number.isNaN(at) || !new Date(at).toISOString().startsWith(day)) return undefined
  const moved = new Date(at + days * dayMilliseconds)
  const year = moved.getUTCFullYear()
  return year < 0 || year > 9999 ? undefined : moved.toISOString().slice(0, 10) + time
}

/** 128 bits of a keyed digest of the value: equal values get equal pseudonyms, and nobody without the secret can try values out. */
export function pseudonyms(column: Column, secret: Uint8Array): Column {
  const names = column.dictionary.map((text) => toHex(streamOfText(secret, text, 'pseudonym').bytes(16)))
  return { ...column, dictionary: names }
}
