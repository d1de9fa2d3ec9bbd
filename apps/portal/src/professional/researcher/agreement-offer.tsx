// An agreement with a holder: what this organisation promises with it, until when; accepting it, and ending it, on the ledger.
import type { UseRequest } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { day } from '../../words/language.ts'
import { useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'

export interface Agreement {
  readonly document: { readonly agreement: string; readonly request: string; readonly holder: string; readonly until: number; readonly duties: readonly ('only-for-this-request' | 'no-re-identification' | 'no-onward-transfer' | 'delete-at-the-end' | 'answer-recalls')[] }
  readonly state: 'offered' | 'accepted' | 'ended' | null
  /** On the ledger. */
  readonly since: number | null
  readonly by: string | null
}

export function AgreementOffer({ agreement: { document: { request, holder, until, duties } } }: { readonly agreement: Agreement }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const nameOf = useNameOf()
  const doing = useDoing()
  return (
    <section className="note wait">
      <h2>{t('holdings.offer', { name: nameOf(holder) })}</h2>
      <p>{t('holdings.offerText', { date: day(until) })} <RequestLink request={request} /></p>
      <p>{t('holdings.duties')}</p>
      <ul>{duties.map((duty) => <li key={duty}>{t(`holdings.dutyNames.${duty}`)}</li>)}</ul>
      {doing.error}
      <div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={() => doing.run(() => node.post(`/staff/1/agreements/${request}/${holder}/acceptance`, {}))}>{t('holdings.accept')}</button></div>
    </section>
  )
}

/** By its title, and its id. */
export function RequestLink({ request }: { readonly request: string }): ReactNode {
  const title = useAsked<{ document: UseRequest }>(`/staff/1/requests/${request}`).data?.document.title
  return <Link href={`/requests/${request}`}>{title === undefined ? null : `${title} `}<code>{request}</code></Link>
}

export function AgreementEnd({ agreement: { document: { request, holder } } }: { readonly agreement: Agreement }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const nameOf = useNameOf()
  return <Sure label={t('holdings.end')} sure={t('holdings.endSure')} of={nameOf(holder)} act={() => node.delete(`/staff/1/agreements/${request}/${holder}`)}><p>{t('holdings.endText')}</p></Sure>
}
