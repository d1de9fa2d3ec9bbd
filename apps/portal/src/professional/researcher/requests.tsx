// Requests of this organisation, and how far each has come.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { day } from '../../words/language.ts'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { PermitState } from '../permit.tsx'
import type { Permit } from '../permit.tsx'

export type Answers = Readonly<Record<string, { readonly state: string; readonly reason: string; readonly at: number }>>

interface MyRequest {
  readonly request: string
  readonly title: string
  readonly filed: number
  readonly answers: Answers
  /** How its application stands, where an access body decides. */
  readonly permit: Permit['state'] | null
}

export function MyRequests(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.researcher.requests')} actions={<Link className="button primary" href="/new">{t('pages.researcher.new')}</Link>}>
      <PagedList<MyRequest> path="/staff/1/requests" name="requests" isSearchable on={['message', 'ledger']} caption={t('pages.researcher.requests')} keyOf={({ request }) => request} empty={<p>{t('request.emptyOut')}</p>} columns={[
        { name: t('request.title'), cell: ({ request, title }) => <Link className="row" href={`/requests/${request}`}>{title}</Link> },
        { name: t('request.filed'), cell: ({ filed }) => day(filed) },
        ...(['accepted', 'refused'] as const).map((kind) => ({ name: t(`request.${kind}By`), isNumber: true, cell: ({ answers, permit }: MyRequest) => permit === null ? Object.values(answers).filter(({ state }) => state === kind).length : '–' })),
        { name: t('permit.title'), cell: ({ permit }) => permit === null ? '–' : <PermitState state={permit} /> },
      ]} />
    </Page>
  )
}
