// Tables that this organisation was given: under which agreement, until when, and its duty to delete with a receipt.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { AgreementOffer } from './agreement-offer.tsx'
import type { Agreement } from './agreement-offer.tsx'
import { HoldingPart } from './holding.tsx'
import type { Holding } from './holding.tsx'

const order: Readonly<Record<Holding['state'], number>> = { held: 0, offered: 1, deleting: 2, stopped: 3, refused: 4, deleted: 5 }

export function Holdings(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.researcher.holdings')}>
      <Asked asked={useAsked<{ agreements: readonly Agreement[] }>('/staff/1/agreements', { on: ['message', 'ledger'] })}>{({ agreements }) => agreements.filter(({ state }) => state === 'offered').map((agreement) => <AgreementOffer key={`${agreement.document.request} ${agreement.document.holder}`} agreement={agreement} />)}</Asked>
      <Asked asked={useAsked<{ holdings: readonly Holding[] }>('/staff/1/holdings', { on: ['job', 'message', 'ledger'] })}>{({ holdings }) => holdings.length === 0 ? <div className="note"><p>{t('holdings.none')}</p></div> : [...holdings].sort((a, b) => order[a.state] - order[b.state] || b.at - a.at).map((one) => <HoldingPart key={`${one.holder} ${one.release}`} holding={one} />)}</Asked>
    </Page>
  )
}
