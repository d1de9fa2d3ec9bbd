// The ways in which a column's values can be made coarser: what each begins with, and each in words.
import type { Dataset } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import { number } from '../../words/language.ts'

export type Hierarchy = NonNullable<Dataset['columns'][number]['hierarchy']>
type Built = Extract<Hierarchy, { readonly type: string }>
type Values = NonNullable<Dataset['columns'][number]['values']>
export type Way = Built['type'] | 'rows'

export const dateUnits = ['month', 'quarter', 'half-year', 'year', 'five-years', 'decade', 'century'] as const
export const countries = ['it', 'de', 'fr', 'es', 'nl', 'gb', 'us', 'us-safe-harbor'] as const
export const ways = ['suppression', 'redaction', 'date', 'interval', 'order', 'postal-code', 'code-prefix', 'parts', 'rows'] as const satisfies readonly Way[]

export const wayOf = (hierarchy: Hierarchy): Way => 'rows' in hierarchy ? 'rows' : hierarchy.type

/** Where each way begins; none for what must be written first. */
const first: Readonly<Record<Exclude<Way, 'rows' | 'parts'>, (values: Values) => Built>> = {
  suppression: () => ({ type: 'suppression' }),
  redaction: () => ({ type: 'redaction' }),
  date: () => ({ type: 'date', units: ['month', 'year', 'decade'] }),
  interval: () => ({ type: 'interval', widths: [5, 10, 20] }),
  order: (values) => ({ type: 'order', groups: [2, 2], by: values === 'number' ? 'number' : 'text' }),
  'postal-code': () => ({ type: 'postal-code', country: 'it' }),
  'code-prefix': () => ({ type: 'code-prefix', system: 'icd-10' }),
}

export const beginningOf = (way: Way, values: Values): Hierarchy | undefined => way === 'rows' || way === 'parts' ? undefined : first[way](values)

export function hierarchyInWords(hierarchy: Hierarchy, t: TFunction<'professional'>): string {
  if ('rows' in hierarchy) return t('hierarchy.rows', { count: hierarchy.rows.length })
  switch (hierarchy.type) {
    case 'date': return t('hierarchy.date', { steps: hierarchy.units.map((unit) => t(`hierarchy.units.${unit}`)).join(' → ') })
    case 'postal-code': return t('hierarchy.postal-code', { country: hierarchy.country.toUpperCase() })
    case 'code-prefix': return t('hierarchy.code-prefix', { system: hierarchy.system.toUpperCase() })
    case 'interval': return `${t('hierarchy.interval')}: ${hierarchy.widths.map((width) => number(width)).join(' → ')}`
    case 'redaction': return hierarchy.from === 'left' ? t('hierarchy.redaction-left') : t('hierarchy.redaction')
    default: return t(`hierarchy.${hierarchy.type}`)
  }
}

/** Between which levels a column stays, and what it weighs; nothing where that is left open. */
export function limitsInWords({ minLevel, maxLevel, weight }: { readonly minLevel?: number | undefined; readonly maxLevel?: number | undefined; readonly weight?: number | undefined }, t: TFunction<'professional'>): string {
  return [...(minLevel === undefined ? [] : [t('coarser.fromLevel', { level: minLevel })]), ...(maxLevel === undefined ? [] : [t('coarser.toLevel', { level: maxLevel })]), ...(weight === undefined ? [] : [t('coarser.weighs', { weight })])].join(', ')
}

/** Numbers as they are typed, between commas or spaces; undefined where one is none. */
export function numbersOf(text: string): number[] | undefined {
  const numbers = text.split(/[\s,;]+/).filter((part) => part !== '').map(Number)
  return numbers.length > 0 && numbers.every((number) => Number.isFinite(number) && number > 0) ? numbers : undefined
}

/** A table of parts as it is typed or read of a file: a line a code, `code;part;coarser part`; undefined where a line has no part. */
export function partsOf(text: string): Record<string, string[]> | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '').map((line) => line.split(';').map((cell) => cell.trim()))
  return lines.length > 0 && lines.every((cells) => cells.length > 1 && cells[0] !== '') ? Object.fromEntries(lines.map(([code = '', ...parts]) => [code, parts])) : undefined
}

export const partsText = (parts: Readonly<Record<string, readonly string[]>>): string => Object.entries(parts).map(([code, cells]) => [code, ...cells].join(';')).join('\n')
