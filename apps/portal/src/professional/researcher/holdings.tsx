// Tables that this organisation was given: under which agreement, until when, and its duty to delete with a receipt.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../design/state.tsx'
import type { StateKind } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'

interface Holding {
  readonly holder: string
  readonly release: string
  readonly request: string
  readonly agreement: string
  readonly form: string
  readonly until: number
  readonly size: number
  readonly got: number
  readonly state: 'offered' | 'held' | 'stopped' | 'refused' | 'deleting' | 'deleted'
}

interface Agreement {
  readonly document: { readonly id: string; readonly request: string; readonly holder: string; readonly until: number }
  readonly state: 'offered' | 'accepted' | 'ended' | null
}

const kinds: Readonly<Record<Holding['state'], StateKind>> = { offered: 'wait', held: 'yes', stopped: 'wait', refused: 'no', deleting: 'wait', deleted: 'none' }

export function Holdings(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.researcher.holdings')}>
      <Asked asked={useAsked<{ agreements: readonly Agreement[] }>('/staff/1/agreements', { every: 5000 })}>{({ agreements }) => agreements.filter(({ state }) => state === 'offered').map((agreement) => <Offer key={`${agreement.document.request} ${agreement.document.holder}`} agreement={agreement} />)}</Asked>
      <Asked asked={useAsked<{ holdings: readonly Holding[] }>('/staff/1/holdings', { every: 3000 })}>{({ holdings }) => holdings.length === 0 ? <div className="note"><p>{t('holdings.none')}</p></div> : holdings.map((one) => <One key={`${one.holder} ${one.release}`} holding={one} />)}</Asked>
    </Page>
  )
}

function Offer({ agreement: { document } }: { readonly agreement: Agreement }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const nameOf = useNameOf()
  const doing = useDoing()
  return <section className="note wait"><h2>{t('holdings.offer', { name: nameOf(document.holder) })}</h2><p>{t('holdings.offerText', { date: day(document.until) })} <code>{document.request}</code></p>{doing.error}<div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={() => doing.run(() => node.post(`/staff/1/agreements/${document.request}/${document.holder}/acceptance`, {}))}>{t('holdings.accept')}</button></div></section>
}

function One({ holding: { holder, release, form, agreement, until, size, got, state } }: { readonly holding: Holding }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const nameOf = useNameOf()
  const doing = useDoing()
  const [isSure, setSure] = useState(false)
  const path = `/staff/1/holdings/${release}/${holder}`
  return (
    <section>
      <h2>{t('holdings.from', { name: nameOf(holder), form })}</h2>
      <p><State kind={kinds[state]}>{t(`holdings.states.${state}`)}</State> <span className="muted">{t('holdings.bytes', { got, size })}</span></p>
      <p>{t('holdings.until', { date: day(until) })} {t('holdings.agreement')} <code>{agreement}</code></p>
      {doing.error}
      <div className="actions">
        {state === 'offered' ? <button type="button" disabled={doing.working} onClick={() => doing.run(() => node.post(`${path}/transfer`, {}))}>{t('holdings.fetch')}</button> : null}
        {state === 'held' ? <a className="button" href={`${path}/bytes`} download={`${release}.csv`}>{t('holdings.download')}</a> : null}
        {state !== 'held' && state !== 'stopped' ? null : isSure ? <button type="button" className="grave" disabled={doing.working} onClick={() => doing.run(() => node.post(`${path}/deletion`, { reason: 'NO_LONGER_NEEDED' }))}>{t('holdings.sure')}</button> : <button type="button" onClick={() => setSure(true)}>{t('holdings.delete')}</button>}
      </div>
    </section>
  )
}
