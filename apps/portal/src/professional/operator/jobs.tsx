// Jobs of this node, newest first, refreshed while one looks.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../design/state.tsx'
import type { StateKind } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'

export interface Job {
  readonly id: string
  readonly kind: string
  readonly input: Readonly<Record<string, string | number>>
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly attempts: number
  readonly created: number
  readonly progress?: { readonly done: number; readonly total: number }
  readonly code?: string
}

const kinds: Readonly<Record<Job['state'], StateKind>> = { waiting: 'wait', done: 'yes', failed: 'no', cancelled: 'none' }

export function JobState({ state }: Pick<Job, 'state'>): ReactNode {
  const { t } = useTranslation('professional')
  return <State kind={kinds[state]}>{t(`jobs.states.${state}`)}</State>
}

export function Jobs(): ReactNode {
  const { t } = useTranslation('professional')
  const asked = useAsked<{ jobs: readonly Job[] }>('/staff/1/jobs', { every: 2000 })
  return (
    <Page title={t('jobs.title')}>
      <p className="muted small">{t('jobs.live')}</p>
      <Asked asked={asked}>{({ jobs }) => (
        <List caption={t('jobs.title')} rows={jobs} keyOf={({ id }) => id} textOf={({ id, kind, state, code = '' }) => `${id} ${kind} ${state} ${code}`} empty={<p>{t('jobs.empty')}</p>} columns={[
          { name: t('jobs.kind'), cell: ({ kind }) => kind },
          { name: t('jobs.state'), cell: ({ state }) => <JobState state={state} /> },
          { name: t('jobs.progress'), isNumber: true, cell: ({ progress }) => progress === undefined ? '' : progress.total === 0 ? progress.done : `${progress.done} / ${progress.total}` },
          { name: t('jobs.attempts'), isNumber: true, cell: ({ attempts }) => attempts },
          { name: t('jobs.created'), cell: ({ created }) => moment(created) },
          { name: t('jobs.code'), cell: ({ code }) => code === undefined ? '' : <code>{code}</code> },
        ]} />
      )}</Asked>
    </Page>
  )
}
