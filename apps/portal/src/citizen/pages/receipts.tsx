// Receipts: what was signed, its number, and how many hospitals have confirmed it, counted live until all have.
import type { KeptDecision } from '@mhmd/accounts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { State } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { arrivals, sendAgain } from '../acts.ts'
import type { Arrival, Signed } from '../acts.ts'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Failed, Page } from '../page.tsx'
import { saidIn } from '../ribbon.tsx'
import { TermsFacts } from '../terms-facts.tsx'
import { ByAnotherWay } from './by-another-way.tsx'
import { ProofPart } from './proof.tsx'

const LIVE_MILLISECONDS = 1000
const PATIENCE_MILLISECONDS = 4000
const isSettled = ({ atHolder, ledger }: Arrival): boolean => atHolder && ledger?.code === 'VALID'
const signedIn = ({ kind, statement: { holder, operationId, version } }: KeptDecision): Signed => ({ kind, holder, operationId, version })

export function ReceiptsPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const nameOf = nameIn(opened)
  const decisions = [...opened.device.state.decisions].reverse()
  return (
    <Page title={t('receipts.title')} back="/rights">
      <p>{decisions.length === 0 ? t('receipts.none') : t('receipts.lead')}</p>
      <ul className="rows">{decisions.map((decision) => <li key={decision.statement.operationId}><p className="muted small">{nameOf(decision.statement.holder)} · {t('receipt.version')} {decision.statement.version}</p><Link className="row" href={`/rights/receipts/${decision.statement.operationId}`}>{t(`receipt.${saidIn(decision)}`)}</Link></li>)}</ul>
    </Page>
  )
}

export function ReceiptPage({ opened, ids }: { readonly opened: Opened; readonly ids: readonly string[] }): ReactNode {
  const { t } = useTranslation()
  const decisions = opened.device.state.decisions.filter(({ statement }) => ids.includes(statement.operationId))
  const [first] = decisions
  if (first === undefined) return <Page title={t('receipt.missing')} back="/rights/receipts"><p>{t('receipt.missingText')}</p></Page>
  const nameOf = nameIn(opened)
  const { terms } = first.opening.content
  return (
    <Page title={t(`receipt.${saidIn(first)}`)}>
      <Live decisions={decisions} opened={opened} />
      {terms === null ? null : <><h2>{t('receipt.what')}</h2><TermsFacts terms={terms} nameOf={nameOf} /></>}
      <div className="actions"><Link className="button primary" href="/choices">{t('receipt.next')}</Link><button type="button" onClick={() => print()}>{t('print')}</button></div>
    </Page>
  )
}

/** What another choice overtook before it was recorded is shown and no longer waited for. */
function Live({ decisions: all, opened }: { readonly decisions: readonly KeptDecision[]; readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const nameOf = nameIn(opened)
  const queries = useQueryClient()
  const decisions = all.filter(({ over }) => over === undefined)
  const [sending, setSending] = useState<unknown>()
  const { data = [] } = useQuery({
    queryKey: ['arrivals', ...decisions.map(({ statement }) => statement.operationId)], queryFn: () => arrivals(decisions.map(signedIn)), staleTime: 0, enabled: decisions.length > 0,
    refetchInterval: ({ state }) => state.data?.every(isSettled) === true ? false : LIVE_MILLISECONDS,
  })
  const confirmed = data.filter(isSettled).length
  const isStuck = decisions.some(({ sent }) => !sent.holder || !sent.provider)
  // What her hospitals say has changed with it.
  useEffect(() => void queries.invalidateQueries({ queryKey: ['holder'] }), [confirmed, queries])
  // A new account's first choice may be ahead of the ledger's word that she is enrolled: it is sent again until it arrives.
  useEffect(() => {
    if (!isStuck) return undefined
    const timer = setInterval(() => void sendAgain().catch(setSending), 3000)
    return () => clearInterval(timer)
  }, [isStuck])
  return (
    <div className="receipt">
      {decisions.length === 0 ? null : <p role="status"><strong>{t('receipt.confirmed', { some: confirmed, all: decisions.length })}</strong> {confirmed === decisions.length ? t('receipt.everywhere') : t('receipt.underWay')}</p>}
      <Facts facts={all.map((decision) => ({ name: nameOf(decision.statement.holder), value: <Row decision={decision} arrival={data.find(({ holder }) => holder === decision.statement.holder)} /> }))} />
      {isStuck && sending !== undefined ? <Failed error={sending} /> : null}
      <ProofPart recorded={decisions.filter(({ statement: { holder } }) => data.find((arrival) => arrival.holder === holder)?.ledger?.code === 'VALID')} nameOf={nameOf} />
      {decisions.some(({ sent }) => !sent.holder) ? <Later><ByAnotherWay opened={opened} /></Later> : null}
    </div>
  )
}

/** What is offered only when it has lasted: most choices arrive within a second. */
function Later({ children }: { readonly children: ReactNode }): ReactNode {
  const [isDue, setDue] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), PATIENCE_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [])
  return isDue ? children : null
}

function Row({ decision, arrival }: { readonly decision: KeptDecision; readonly arrival: Arrival | undefined }): ReactNode {
  const { t } = useTranslation()
  const { statement: { operationId, version }, opening: { content: { terms } }, over } = decision
  return (
    <>
      {over === true ? <span className="line"><State kind="none">{t('receipt.over')}</State></span> : <Ways decision={decision} ledger={arrival?.ledger} />}
      <span className="line small muted">{t('receipt.version')} {version}{terms === null ? '' : ` · ${t('choices.until', { date: day(terms.until) })}`}</span>
      <span className="line small muted">{t('receipt.number')} <span className="mono">{operationId}</span></span>
    </>
  )
}

/** How far it is on its two ways: to the hospital, and to the ledger. */
function Ways({ decision: { sent }, ledger }: { readonly decision: KeptDecision; readonly ledger: Arrival['ledger'] }): ReactNode {
  const { t } = useTranslation()
  const code = ledger?.code
  const isRefused = code !== undefined && !['VALID', 'WAITING', 'SENT'].includes(code)
  return (
    <>
      <span className="line">{sent.holder ? <State kind="yes">{t('receipt.withHospital')}</State> : <State kind="wait">{t('receipt.waitingHospital')}</State>}</span>
      <span className="line">{isRefused ? <State kind="no">{t('receipt.refused', { code })}</State> : code === 'VALID' ? <State kind="yes">{t('receipt.onLedger', { height: ledger?.height ?? '?' })}</State> : <State kind="wait">{t('receipt.waitingLedger')}</State>}</span>
    </>
  )
}
