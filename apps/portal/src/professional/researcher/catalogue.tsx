// The catalogue: what holders offer, each entry as it stands behind the ledger's commitment.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { day } from '../../words/language.ts'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { useNameOf } from '../staff-context.ts'
import type { Offered } from './dataset.tsx'

export function Catalogue(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={t('pages.researcher.catalogue')}>
      <PagedList<Offered> path="/catalogue/1/datasets" name="datasets" isSearchable on={['ledger', 'message']} caption={t('pages.researcher.catalogue')} keyOf={({ holder, dataset }) => `${holder} ${dataset}`} empty={<p>{t('catalogue.none')}</p>} columns={[
        { name: t('catalogue.title'), cell: ({ entry, dataset, holder }) => <Link className="row" href={`/catalogue/${holder}/${dataset}`}>{entry?.title ?? dataset}</Link> },
        { name: t('answers.holder'), cell: ({ holder }) => nameOf(holder) },
        { name: t('catalogue.people'), isNumber: true, cell: ({ entry }) => entry?.peopleAtLeast === undefined ? '–' : t('catalogue.atLeast', { count: entry.peopleAtLeast }) },
        { name: t('catalogue.columns'), cell: ({ entry }) => (entry?.columns ?? []).map(({ name }) => name).join(', ') },
        { name: t('request.form'), cell: ({ entry }) => (entry?.forms ?? []).map((form) => t(`formNames.${form}`)).join(', ') },
        { name: t('datasets.version'), isNumber: true, cell: ({ version }) => version },
        { name: t('catalogue.since'), cell: ({ since }) => day(since) },
      ]} />
    </Page>
  )
}
