// What a draft's document would leave and cost over the rows as they are, measured anew whenever she has changed it.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Dataset } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { Failed } from '../asked.tsx'
import { Figures } from '../figures.tsx'
import { useStaff } from '../staff-context.ts'
import { tellingColumns } from './draft-document.ts'
import type { Draft } from './draft-document.ts'
import { percent } from './models.ts'
import { figure } from './protection/answers.ts'
import type { Alternative } from './protection/answers.ts'
import { useSettled } from './settled.ts'

interface Estimated {
  readonly alternative: Alternative | null
  readonly code: string | null
  readonly rows: number
  readonly people: number
}

const isDecided = ({ columns }: Dataset): boolean => columns.every(({ role }) => role !== 'unclassified') && columns.some(({ role }) => role === 'quasi-identifying')

/** Words and reasons change no figure. */
const measuredPart = ({ columns, policy, view, scenario }: Dataset): string => JSON.stringify({ view, columns: columns.map(({ reason: _, ...column }) => column), models: policy.models, limit: policy.suppressionLimit, thresholds: policy.thresholds, knows: scenario.knows })

export function Estimate({ draft, document }: { readonly draft: Draft; readonly document: Dataset }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const settled = useSettled(measuredPart(document))
  const isSettled = settled === measuredPart(document)
  const { data, error, isFetching } = useQuery({
    queryKey: ['estimate', draft.id, settled], enabled: isDecided(document) && isSettled, retry: false, staleTime: 60_000, placeholderData: keepPreviousData,
    queryFn: () => node.post<Estimated>(`/staff/1/datasets/drafts/${draft.id}/estimate`, document),
  })
  return (
    <section className="estimate" aria-busy={isFetching}>
      <h2>{t('policy.estimate')}</h2>
      {tellingColumns(document, draft.profile).map(({ name, alone }) => <Note key={name} kind="wait"><p>{t('policy.tellsApart', { column: name, count: alone, people: draft.profile?.people ?? 0 })}</p></Note>)}
      <div role="status">{!isDecided(document) ? <p className="small muted">{t('policy.estimateLater')}</p> : error !== null && isSettled ? <Failed error={error} /> : data === undefined ? <p className="small muted">{t('policy.estimating')}</p> : <Found estimated={data} isOld={isFetching || !isSettled} />}</div>
    </section>
  )
}

function Found({ estimated: { alternative, people }, isOld }: { readonly estimated: Estimated; readonly isOld: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  if (alternative === null) return <Note kind="wait"><p>{t('policy.noWay')}</p></Note>
  const { axes, whole, optimal } = alternative
  return (
    <>
      <Figures figures={[
        { name: t('protection.risks.highestRisk'), value: t('protection.oneIn', { n: Math.round(1 / axes.highestRisk) }), note: percent(axes.highestRisk) },
        { name: t('protection.risks.averageRisk'), value: percent(axes.averageRisk) },
        { name: t('protection.given'), value: percent(whole.suppressed.share) },
        { name: t('protection.losses.loss'), value: figure(whole.loss), note: t('protection.lossHint.loss') },
      ]} />
      <p className="small muted">{isOld ? t('policy.estimating') : t('policy.estimateOf', { count: people })}{optimal ? '' : ` ${t('protection.notOptimal')}.`}</p>
    </>
  )
}
