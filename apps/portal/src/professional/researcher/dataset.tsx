// One dataset on offer: what it is about, its columns with their roles, the forms in which it may leave; and the way to ask for it.
import type { CatalogueEntry, UseRequest } from '@mhmd/schema'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Note } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { requestFacts } from '../request-facts.ts'
import { useNameOf } from '../staff-context.ts'

export interface Offered {
  readonly holder: string
  readonly dataset: string
  readonly version: number
  readonly since: number
  readonly categories: readonly string[]
  readonly entry: CatalogueEntry | null
}

export const useOffered = (holder: string, id: string): UseQueryResult<{ readonly dataset: Offered }> => useAsked(`/catalogue/1/datasets/${holder}/${id}`, { on: ['ledger', 'message'] })

/** What a request asks for, with its dataset by the title it has in the catalogue. */
export function RequestFacts({ document }: { readonly document: UseRequest }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const { dataset } = document
  const title = useAsked<{ readonly dataset: Offered }>(`/catalogue/1/datasets/${dataset?.holder ?? ''}/${dataset?.id ?? ''}`, { enabled: dataset !== undefined }).data?.dataset.entry?.title
  return <Facts facts={requestFacts(document, t, nameOf, title)} />
}

export function DatasetPage({ holder, id }: { readonly holder: string; readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const up = { href: '/catalogue', label: t('pages.researcher.catalogue') }
  return (
    <Asked asked={useOffered(holder, id)}>{({ dataset: { entry, version, since, categories } }) => entry === null ? <Page title={id} up={up}><Note kind="wait"><p>{t('catalogue.unread')}</p></Note></Page> : (
      <Page title={entry.title} up={up} actions={entry.columns === undefined ? null : <Link className="button primary" href={`/new/${holder}/${id}`}>{t('catalogue.ask')}</Link>}>
        {entry.summary === '' ? null : <p>{entry.summary}</p>}
        <Facts facts={[
          { name: t('answers.holder'), value: nameOf(holder) },
          { name: t('releases.people'), value: entry.peopleAtLeast === undefined ? t('catalogue.fewer') : t('catalogue.atLeast', { count: entry.peopleAtLeast }) },
          { name: t('request.form'), value: entry.forms.map((form) => t(`formNames.${form}`)).join(', ') },
          { name: t('request.data'), value: `${entry.resource ?? ''} ${categories.map((code) => `51(1)(${code})`).join(', ')}` },
          { name: t('datasets.version'), value: `${version}, ${day(since)}` },
          { name: t('request.id'), value: <code>{holder}/{id}</code> },
        ]} />
        {entry.columns === undefined ? <Note><p>{t('catalogue.countsOnly')} <Link href="/new">{t('pages.researcher.new')}</Link></p></Note> : <Columns columns={entry.columns} />}
      </Page>
    )}</Asked>
  )
}

function Columns({ columns }: { readonly columns: NonNullable<CatalogueEntry['columns']> }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('catalogue.columns')}>
      <table>
        <caption>{t('catalogue.columns')}</caption>
        <thead><tr>{[t('catalogue.column'), t('catalogue.role'), t('catalogue.values'), t('catalogue.missing'), t('catalogue.summary')].map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>{columns.map(({ name, role, values, missing, description }) => <tr key={name}><th scope="row"><code>{name}</code></th><td>{t(`roleNames.${role}`)}</td><td>{t(`valueNames.${values}`)}</td><td>{missing === undefined ? '' : t(`missingNames.${missing}`)}</td><td>{description ?? ''}</td></tr>)}</tbody>
      </table>
    </div>
  )
}
