// What the node's analytics answer, and how a figure is written: in the reader's language, as CSV, as bars.
import type { Bar } from '../../design/bars.tsx'
import { moment, number } from '../../words/language.ts'

export type Cell = string | number | boolean | null
/** English, Italian. */
export type Words = readonly [string, string]

export interface Question {
  readonly name: string
  readonly title: Words
  readonly says: Words
  readonly parameters: readonly { readonly name: string; readonly kind: string; readonly says: Words; readonly standard: string | null; readonly required: boolean }[]
  readonly columns: readonly { readonly name: string; readonly says: Words }[]
  readonly chart: { readonly label: string; readonly value: string } | null
  readonly missing: Words | null
  readonly sql: string
}

export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly isCut: boolean
}

export interface Answer extends Rows {
  readonly height: number
  readonly hash: string
}

export interface Evidence extends Rows {
  readonly height: number
  readonly total: number
}

export const inLanguage = ([english, italian]: Words, language: string): string => language.startsWith('it') ? italian : english

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

const WRITTEN: Intl.NumberFormatOptions = { maximumFractionDigits: 3 }

/** A cell for a reader: times and numbers in her language. */
export function written(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return number(cell, WRITTEN)
  if (typeof cell === 'boolean') return cell ? '✓' : '–'
  return ISO.test(cell) ? moment(Date.parse(cell)) : cell
}

/** Bars drawn at once. */
const BARS = 12

/** One bar a label, over all rows that have it: the largest, or where labels are days, the latest. */
export function barsOf({ columns, rows }: Rows, { label, value }: { readonly label: string; readonly value: string }): readonly Bar[] {
  const [labels, values] = [columns.indexOf(label), columns.indexOf(value)]
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(String(row[labels] ?? '–'), (sums.get(String(row[labels] ?? '–')) ?? 0) + Number(row[values] ?? 0))
  const bars = [...sums].map(([name, sum]) => ({ label: name, value: sum, shown: number(sum, WRITTEN) }))
  return label === 'day' ? bars.slice(-BARS) : bars.sort((a, b) => b.value - a.value).slice(0, BARS)
}
