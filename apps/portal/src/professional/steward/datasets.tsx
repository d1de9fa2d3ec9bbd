// Datasets described here and drafts of them.
import type { CatalogueEntry, Dataset, DatasetDescription } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { State } from '../../design/state.tsx'
import type { StateKind } from '../../design/state.tsx'
import { draftInWords } from '../../words/error-words.ts'
import { day, moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import type { Draft } from './draft-document.ts'

export interface DatasetRow {
  readonly id: string
  readonly version: number
  readonly state: 'offered' | 'withdrawn'
  readonly at: number
  readonly description: Dataset | DatasetDescription
  readonly entry: CatalogueEntry
}

export const DatasetState = ({ state }: Pick<DatasetRow, 'state'>): ReactNode => {
  const { t } = useTranslation('professional')
  return <State kind={state === 'offered' ? 'yes' : 'none'}>{t(`datasets.${state}`)}</State>
}

export function Datasets(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.steward.datasets')} actions={<Link className="button primary" href="/datasets/new">{t('datasets.new')}</Link>}>
      <p>{t('datasets.lead')}</p>
      <PagedList<Omit<DatasetRow, 'description'>> path="/staff/1/datasets" name="datasets" isSearchable caption={t('datasets.offeredTitle')} keyOf={({ id }) => id} empty={<p>{t('datasets.none')}</p>} columns={[
        { name: t('datasets.name'), cell: ({ id, entry }) => <Link className="row" href={`/datasets/${id}`}>{entry.title}</Link> },
        { name: t('request.state'), cell: ({ state }) => <DatasetState state={state} /> },
        { name: t('datasets.forms'), cell: ({ entry }) => entry.columns === undefined ? t('datasets.countsOnly') : entry.forms.map((form) => t(`draft.form.${form}`)).join(', ') },
        { name: t('datasets.people'), isNumber: true, cell: ({ entry }) => entry.peopleAtLeast ?? '–' },
        { name: t('datasets.version'), isNumber: true, cell: ({ version }) => version },
        { name: t('datasets.since'), cell: ({ at }) => day(at) },
      ]} />
      <Drafts />
    </Page>
  )
}

const kinds: Readonly<Record<Draft['state'], StateKind>> = { waiting: 'wait', done: 'info', failed: 'no', cancelled: 'none' }

function Drafts(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <>
      <h2>{t('datasets.drafts')}</h2>
      <Asked asked={useAsked<{ drafts: readonly Pick<Draft, 'id' | 'resource' | 'title' | 'state' | 'created' | 'dataset'>[] }>('/staff/1/datasets/drafts', { on: ['job'] })}>{({ drafts }) => drafts.length === 0 ? <p className="muted">{t('datasets.draftsNone')}</p> : (
        <ul className="plain-list">{[...drafts].sort((a, b) => b.created - a.created).map(({ id, state, created, dataset, ...named }) => <li key={id}><Link className="row" href={`/datasets/drafts/${id}`}>{dataset === null ? draftInWords(named) : t('datasets.nextOf', { title: draftInWords(named) })}</Link> <State kind={kinds[state]}>{t(`datasets.draftStates.${state}`)}</State> <span className="muted">{t('datasets.made')} {moment(created)}</span></li>)}</ul>
      )}</Asked>
    </>
  )
}
