// The catalogue: what holders offer, each entry as it stands behind the ledger's commitment.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'

interface Offered {
  readonly holder: string
  readonly dataset: string
  readonly version: number
  readonly since: number
  readonly categories: readonly string[]
  readonly entry: { readonly title: string; readonly summary: string; readonly columns?: readonly { readonly name: string }[]; readonly forms?: readonly string[] } | null
}

export function Catalogue(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={t('pages.researcher.catalogue')}>
      <Asked asked={useAsked<{ datasets: readonly Offered[] }>('/catalogue/1/datasets')}>{({ datasets }) => (
        <List caption={t('pages.researcher.catalogue')} rows={datasets} keyOf={({ holder, dataset }) => `${holder} ${dataset}`} textOf={({ holder, dataset, entry, categories }) => `${holder} ${nameOf(holder)} ${dataset} ${entry?.title ?? ''} ${entry?.summary ?? ''} ${(entry?.columns ?? []).map(({ name }) => name).join(' ')} ${categories.join(' ')}`} empty={<p>{t('catalogue.none')}</p>} columns={[
          { name: t('catalogue.title'), cell: ({ entry, dataset }) => <>{entry?.title ?? t('catalogue.unread')}<br /><code className="small">{dataset}</code></> },
          { name: t('answers.holder'), cell: ({ holder }) => nameOf(holder) },
          { name: t('catalogue.summary'), cell: ({ entry }) => entry?.summary ?? '' },
          { name: t('catalogue.columns'), cell: ({ entry }) => (entry?.columns ?? []).map(({ name }) => name).join(', ') },
          { name: t('request.form'), cell: ({ entry }) => (entry?.forms ?? []).join(', ') },
          { name: t('members.version'), isNumber: true, cell: ({ version }) => version },
          { name: t('catalogue.since'), cell: ({ since }) => day(since) },
        ]} />
      )}</Asked>
    </Page>
  )
}
