// Top and bottom coding: numbers beyond a bound become one label, or the bound (Hundepool et al., Statistical Disclosure Control, 2012, §3.3).
import type { Column } from '@mhmd/columns'
import { columnOf, textAt } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import type { MaskSpec } from '../job.ts'
import { rationalOf } from './decimals.ts'

type TopBottomSpec = Extract<MaskSpec, { type: 'top-bottom-coding' }>

/** A number on the bound is coded with those beyond it, so that the label is true of it. */
export function topBottomCoded(column: Column, { type, bottom = -Infinity, top = Infinity, as = 'label' }: TopBottomSpec): Column {
  const codes = new Map(column.dictionary.map((text) => {
    const value = rationalOf(text) === undefined ? undefined : Number(text)
    if (value === undefined) return [text, text === '' ? text : undefined] as const
    if (value >= top) return [text, as === 'label' ? `≥ ${top}` : String(top)] as const
    return [text, value > bottom ? text : as === 'label' ? `≤ ${bottom}` : String(bottom)] as const
  }))
  return columnOf(column.name, Array.from(column.codes, (_, row) => {
    const text = codes.get(textAt(column, row))
    if (text === undefined) throw deidErrors.MASK_VALUE({ mask: type, column: column.name, row: row + 1 })
    return text
  }))
}
