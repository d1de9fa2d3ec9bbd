// A figure's cell for a reader: members by name, days as dates, codes as the other pages call them. Files keep the codes.
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { day } from '../../words/language.ts'
import { useNameOf } from '../staff-context.ts'
import { written } from './answers.ts'
import type { Cell } from './answers.ts'

const codes = (code: string): string => `ledgerFigures.codes.${code}`
const purposes = (code: string): string => `purposeNames.${code}`
/** Where a column's codes have their words. */
const keys: Readonly<Record<string, (code: string) => string>> = {
  purpose: purposes, about: purposes, form: (code) => `formNames.${code}`, basis: (code) => `basisNames.${code}`, category: (code) => `categoryNames.${code}`, role: (code) => `members.roleNames.${code}`,
  state: codes, kind: codes, actor: codes, what: codes, waits_for: codes,
}
const ofMembers = new Set(['holder', 'requester', 'recipient', 'who', 'authority', 'submitter', 'actor'])
const DAY = /^\d{4}-\d{2}-\d{2}$/

export function useCellInWords(): (column: string, cell: Cell) => string {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (column, cell) => {
    if (typeof cell !== 'string') return written(cell)
    if (DAY.test(cell)) return day(Date.parse(`${cell}T12:00`))
    const key = /^[a-z-]+$/.test(cell) ? keys[column]?.(cell) : undefined
    if (key !== undefined && i18next.exists(key, { ns: 'professional' })) return t(key as 'ledgerFigures.codes.active')
    return ofMembers.has(column) ? nameOf(cell) : written(cell)
  }
}
