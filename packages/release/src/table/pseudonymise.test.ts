import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textAt } from '@mhmd/columns'
import fc from 'fast-check'
import { dataset, personRows, secret } from '../../testing/people.ts'
import { agreementKeys, moved, pseudonymised, pseudonymOf } from './pseudonymise.ts'

const rows = personRows(100)
const dated = dataset.columns.filter(({ name }) => ['birth', 'onset', 'diagnosis'].includes(name))
const texts = (columns: ReturnType<typeof pseudonymised>, name: string): string[] => {
  const column = columns.find((one) => one.name === name)
  assert.ok(column)
  return Array.from({ length: rows.table.rows }, (_unused, row) => textAt(column, row))
}
const before = (name: string): string[] => texts(rows.table.columns.slice(), name)
const daysBetween = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 86_400_000

test('a pseudonym is the same for a person in one agreement, and another in the next', () => {
  const [one, two] = [agreementKeys(secret, 'a'), agreementKeys(secret, 'b')]
  const names = texts(pseudonymised(rows, dated, one), 'pseudonym')
  const bySubject = Map.groupBy(names.keys(), (row) => textAt(rows.person, row))
  for (const own of bySubject.values()) assert.equal(new Set(own.map((row) => names[row])).size, 1)
  assert.equal(new Set(names).size, bySubject.size)
  assert.notEqual(pseudonymOf(one, 'subject-1'), pseudonymOf(two, 'subject-1'))
  assert.notEqual(pseudonymOf(one, 'subject-1'), pseudonymOf(agreementKeys(Buffer.alloc(32, 1), 'a'), 'subject-1'))
})

test('every date of a person moves by the same number of days of her own, never by none', () => {
  const columns = pseudonymised(rows, dated, agreementKeys(secret, 'a'))
  const shifts = ['birth', 'onset'].flatMap((name) => {
    const [was, is] = [before(name), texts(columns, name)]
    return was.map((text, row) => ({ subject: textAt(rows.person, row), days: daysBetween(text, is[row] as string) }))
  })
  for (const own of Map.groupBy(shifts, ({ subject }) => subject).values()) assert.equal(new Set(own.map(({ days }) => days)).size, 1)
  assert.ok(shifts.every(({ days }) => days <= -1 && days >= -365))
  assert.ok(new Set(shifts.map(({ days }) => days)).size > 50)
  assert.deepEqual(texts(columns, 'diagnosis'), before('diagnosis'))
})

test('a date keeps its exactness, its time of day, and its distance to others', () => {
  // Days by the Gregorian calendar: 2024 is a leap year.
  assert.equal(moved('2024-03-01', -1), '2024-02-29')
  assert.equal(moved('2024-03-01T08:30:00+01:00', -366), '2023-03-01T08:30:00+01:00')
  assert.equal(moved('2024-01', -31), '2023-12')
  assert.equal(moved('2024', -365), '2023')
  assert.equal(moved('2024', -365, false), '2024', 'in a column that is not of dates a year may be any number')
  assert.equal(moved('J45', -10), 'J45')
  fc.assert(fc.property(fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), fc.integer({ min: -365, max: -1 }), (a, b, days) => {
    const [first, second] = [a, b].map((date) => date.toISOString().slice(0, 10)) as [string, string]
    assert.equal(daysBetween(moved(first, days), moved(second, days)), daysBetween(first, second))
  }))
})
