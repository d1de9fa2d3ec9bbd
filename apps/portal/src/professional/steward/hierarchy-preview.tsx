// What a hierarchy makes of a column's values: labels and people at each level, and how values that several people share go up; never a rarer one.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from '../../words/language.ts'
import { Failed } from '../asked.tsx'
import { useStaff } from '../staff-context.ts'
import type { Hierarchy } from './hierarchies.ts'
import { useSettled } from './settled.ts'

export interface Previewed {
  readonly values: number
  readonly missing: { readonly values: number; readonly rows: number; readonly common: readonly string[] }
  readonly levels: readonly { readonly labels: number; readonly fewest: number; readonly alone: number }[]
  readonly groups: readonly { readonly labels: readonly (string | null)[]; readonly people: number }[]
  readonly moreGroups: number
  readonly rare: number
  readonly rows: readonly (readonly string[])[] | null
  readonly csv: string | null
}

export function usePreview(draft: string, column: string, hierarchy: Hierarchy): UseQueryResult<Previewed> {
  const { node } = useStaff()
  const settled = useSettled(JSON.stringify(hierarchy))
  return useQuery({
    queryKey: ['hierarchy', draft, column, settled], placeholderData: keepPreviousData, retry: false, staleTime: 60_000,
    queryFn: () => node.post<Previewed>(`/staff/1/datasets/drafts/${draft}/hierarchy`, { column, hierarchy: JSON.parse(settled) as Hierarchy }),
  })
}

export function HierarchyPreview({ asked: { data, error, isFetching }, column, isEmptyYet }: { readonly asked: UseQueryResult<Previewed>; readonly column: string; readonly isEmptyYet: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  if (isEmptyYet) return null
  if (error !== null) return <Failed error={error} />
  if (data === undefined) return <p role="status" className="muted">{t('coarser.previewing')}</p>
  if (data.missing.values > 0) return <p className="field-error" role="alert">{t('coarser.lacking', { count: data.missing.values, rows: data.missing.rows })}</p>
  const { levels, groups, moreGroups, rare, values } = data
  return (
    <div aria-busy={isFetching}>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('coarser.previewOf', { column })}>
        <table>
          <caption>{t('coarser.previewOf', { column })}: {t('coarser.values', { count: values })}</caption>
          <thead><tr><th scope="col">{t('coarser.what')}</th>{levels.map((_, level) => <th key={level} scope="col">{level === 0 ? t('coarser.asItIs') : t('coarser.level', { level })}</th>)}</tr></thead>
          <tbody>
            <tr><th scope="row">{t('coarser.labels')}</th>{levels.map(({ labels }, level) => <td key={level}>{labels}</td>)}</tr>
            <tr><th scope="row">{t('coarser.fewest')}</th>{levels.map(({ fewest }, level) => <td key={level}>{number(fewest)}</td>)}</tr>
            <tr><th scope="row">{t('coarser.aloneAt')}</th>{levels.map(({ alone }, level) => <td key={level}>{number(alone)}</td>)}</tr>
            {groups.map(({ labels, people }) => <tr key={labels.join('\u0000')}><th scope="row">{t('coarser.people', { count: people })}</th>{labels.map((label, level) => <td key={level}>{label === null ? <span className="muted" title={t('coarser.rarer')}>…</span> : label === '' ? <span className="muted">{t('coarser.empty')}</span> : label}</td>)}</tr>)}
          </tbody>
        </table>
      </div>
      <p className="small muted">{t('coarser.never')}{moreGroups === 0 ? '' : ` ${t('coarser.moreGroups', { count: moreGroups })}`}{rare === 0 ? '' : ` ${t('coarser.rare', { count: rare })}`}</p>
    </div>
  )
}
