// Jobs of this node, newest first, kept up to date while one looks.
import i18next from 'i18next'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { State } from '../../design/state.tsx'
import type { StateKind } from '../../design/state.tsx'
import type { Described } from '../../words/error-words.ts'
import { moment, number } from '../../words/language.ts'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'

export interface Job {
  readonly id: string
  readonly kind: string
  readonly input: Readonly<Record<string, string | number>>
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly attempts: number
  readonly created: number
  readonly resumed?: number
  readonly progress?: { readonly done: number; readonly total: number }
  readonly code?: string
  readonly problem?: Described
}

/** What kind of job it is, in words where there are any. */
export const kindInWords = (kind: string, t: TFunction<'professional'>): string => i18next.exists(`jobs.kinds.${kind}`, { ns: 'professional' }) ? t(`jobs.kinds.${kind as 'count'}`) : kind

const kinds: Readonly<Record<Job['state'], StateKind>> = { waiting: 'wait', done: 'yes', failed: 'no', cancelled: 'none' }

export function JobState({ state }: Pick<Job, 'state'>): ReactNode {
  const { t } = useTranslation('professional')
  return <State kind={kinds[state]}>{t(`jobs.states.${state}`)}</State>
}

export function Jobs(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('jobs.title')}>
      <p className="muted small">{t('jobs.live')}</p>
      <PagedList<Job> path="/staff/1/jobs" name="jobs" isSearchable on={['job']} caption={t('jobs.title')} keyOf={({ id }) => id} empty={<p>{t('jobs.empty')}</p>} columns={[
        { name: t('jobs.kind'), cell: ({ kind, id }) => <Link className="row" href={`/jobs/${id}`}>{kindInWords(kind, t)}</Link> },
        { name: t('jobs.state'), cell: ({ state }) => <JobState state={state} /> },
        { name: t('jobs.progress'), isNumber: true, cell: ({ progress }) => progress === undefined ? '' : progress.total === 0 ? progress.done : `${number(progress.done)} / ${number(progress.total)}` },
        { name: t('jobs.attempts'), isNumber: true, cell: ({ attempts }) => attempts },
        { name: t('jobs.created'), cell: ({ created }) => moment(created) },
        { name: t('jobs.code'), cell: ({ code }) => code === undefined ? '' : <code>{code}</code> },
      ]} />
    </Page>
  )
}
