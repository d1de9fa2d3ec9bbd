// Tables that this organisation was given: under which agreement, until when, and its duty to delete with a receipt; and agreements whose table is still to come.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { clock } from '../../device/ports.ts'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'
import { AgreementOffer, RequestLink } from './agreement-offer.tsx'
import type { Agreement } from './agreement-offer.tsx'
import { HoldingPart } from './holding.tsx'
import type { Holding } from './holding.tsx'

const order: Readonly<Record<Holding['state'], number>> = { held: 0, offered: 1, deleting: 2, stopped: 3, refused: 4, deleted: 5 }

export function Holdings(): ReactNode {
  const { t } = useTranslation('professional')
  const holdings = useAsked<{ holdings: readonly Holding[] }>('/staff/1/holdings', { on: ['job', 'message', 'ledger'] })
  return (
    <Page title={t('pages.researcher.holdings')}>
      <Asked asked={useAsked<{ agreements: readonly Agreement[] }>('/staff/1/agreements', { on: ['message', 'ledger'] })}>{({ agreements }) => <Asked asked={holdings}>{(held) => <Shown agreements={agreements} holdings={held.holdings} />}</Asked>}</Asked>
    </Page>
  )
}

function Shown({ agreements, holdings }: { readonly agreements: readonly Agreement[]; readonly holdings: readonly Holding[] }): ReactNode {
  const { t } = useTranslation('professional')
  const awaited = agreements.filter(({ document: { agreement, until }, state }) => state === 'accepted' && until > clock.now() && !holdings.some((holding) => holding.agreement === agreement))
  return (
    <>
      {agreements.filter(({ state }) => state === 'offered').map((agreement) => <AgreementOffer key={agreement.document.agreement} agreement={agreement} />)}
      {awaited.map((agreement) => <Awaited key={agreement.document.agreement} agreement={agreement} />)}
      {holdings.length + awaited.length === 0 ? <div className="note"><p>{t('holdings.none')}</p></div> : [...holdings].sort((a, b) => order[a.state] - order[b.state] || b.at - a.at).map((one) => <HoldingPart key={`${one.holder} ${one.release}`} holding={one} agreement={agreements.find(({ document }) => document.agreement === one.agreement)} />)}
    </>
  )
}

function Awaited({ agreement: { document: { holder, request }, since } }: { readonly agreement: Agreement }): ReactNode {
  const { t } = useTranslation('professional')
  const name = useNameOf()(holder)
  return <section className="note wait"><h2>{t('holdings.awaitedTitle', { name })}</h2><p>{t('holdings.awaited', { name, date: moment(since ?? clock.now()) })}</p><p><RequestLink request={request} /></p></section>
}
