// A figure's cell for a reader: members by name, days as dates, codes as the other pages call them. Files keep the codes.
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { day } from '../../words/language.ts'
import { useNameOf } from '../staff-context.ts'
import { written } from './answers.ts'
import type { Cell } from './answers.ts'

const codes = 'ledgerFigures.codes'
/** The words of a column's codes. */
const lists: Readonly<Record<string, string>> = {
  purpose: 'purposeNames', about: 'purposeNames', form: 'formNames', basis: 'basisNames', category: 'categoryNames', role: 'members.roleNames',
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
    const key = `${lists[column]}.${cell}`
    if (lists[column] !== undefined && /^[a-z-]+$/.test(cell) && i18next.exists(key, { ns: 'professional' })) return t(key as 'ledgerFigures.codes.active')
    return ofMembers.has(column) ? nameOf(cell) : written(cell)
  }
}
