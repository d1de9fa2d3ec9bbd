// Who has delivered under the permits of this access body: the late ones first (Art. 60(2)), then every permit, each by pages.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { day } from '../../words/language.ts'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { DeliveryRows } from '../permit.tsx'
import type { Permit } from '../permit.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'

export function DeliveriesPage(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.officer.deliveries')}>
      <p>{t('officer.lateLead')}</p>
      <h2>{t('officer.late')}</h2>
      <Permits only="late" caption={t('officer.late')} empty={t('officer.lateNone')} />
      <h2>{t('officer.allPermits')}</h2>
      <Permits only="issued" caption={t('officer.allPermits')} empty={t('officer.permitsNone')} />
    </Page>
  )
}

interface PermitsProps {
  readonly only: 'late' | 'issued'
  readonly caption: string
  readonly empty: string
}

function Permits({ only, caption, empty }: PermitsProps): ReactNode {
  const { t } = useTranslation('professional')
  const { directory } = useStaff()
  const nameOf = useNameOf()
  return (
    <PagedList<Permit> path={`/staff/1/permits?only=${only}`} name="permits" isSearchable={only === 'issued'} on={['message', 'ledger']} without={({ authority }) => authority !== directory.self} caption={caption} keyOf={({ request }) => request} empty={<p>{empty}</p>} columns={[
      { name: t('request.title'), cell: ({ title, request }) => <Link className="row" href={`/applications/${request}`}>{title ?? request}</Link> },
      { name: t('officer.applicant'), cell: ({ requester }) => nameOf(requester) },
      { name: t('permit.deliverBy'), cell: ({ permit, form }) => form === 'computation' || permit === null || permit.deliverBy === null ? '–' : day(permit.deliverBy) },
      { name: t('permit.deliveries'), cell: (permit) => <DeliveryRows permit={permit} /> },
    ]} />
  )
}
