// Applications for permits that this access body decides on, by pages: first those that wait for it.
import type { UseRequest } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { day } from '../../words/language.ts'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { PermitState } from '../permit.tsx'
import type { Permit } from '../permit.tsx'
import { useNameOf } from '../staff-context.ts'

export interface Application {
  readonly document: UseRequest
  readonly received: number
  readonly permit: Permit
}

export function Applications(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={t('pages.officer.applications')}>
      <p className="muted small">{t('officer.lead')}</p>
      <PagedList<Application> path="/staff/1/applications" name="applications" isSearchable on={['message', 'ledger']} caption={t('pages.officer.applications')} keyOf={({ document }) => document.id} empty={<p>{t('officer.none')}</p>} columns={[
        { name: t('request.title'), cell: ({ document }) => <Link className="row" href={`/applications/${document.id}`}>{document.title}</Link> },
        { name: t('permit.state'), cell: ({ permit: { state } }) => <PermitState state={state} /> },
        { name: t('officer.applicant'), cell: ({ document }) => nameOf(document.requester.member) },
        { name: t('request.purpose'), cell: ({ document }) => t(`purposeNames.${document.purpose}`) },
        { name: t('request.form'), cell: ({ document }) => t(`formNames.${document.form}`) },
        { name: t('officer.received'), cell: ({ received }) => day(received) },
      ]} />
    </Page>
  )
}
