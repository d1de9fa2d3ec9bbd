// My choices: for each hospital what stands, and how to change or end it.
import type { ConsentBasis } from '@mhmd/consent'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { State } from '../../design/state.tsx'
import { clock } from '../../device/ports.ts'
import { day } from '../../words/language.ts'
import { Erased } from '../erased.tsx'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Page, Partial } from '../page.tsx'
import { Ribbon } from '../ribbon.tsx'
import { consentIn, optOutIn } from '../standing.ts'
import { TermsFacts } from '../terms-facts.tsx'
import { useHolders, whereSheDecides } from '../views.ts'
import { OpenStudies } from './open-studies.tsx'
import type { HolderNow } from '../views.ts'

export function ChoicesPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const holders = useHolders(opened)
  const nameOf = nameIn(opened)
  if (opened.device.state.links.length === 0) return <Page title={t('choices.title')}><p>{t('choices.none')}</p><div className="actions"><Link className="button primary" href="/data/link">{t('data.connect')}</Link></div></Page>
  const time = clock.now()
  const open = whereSheDecides(opened, holders.known)
  const isOut = holders.known.some(({ bases }) => optOutIn(bases, time) !== undefined)
  const hasYes = holders.known.some(({ bases }) => consentIn(bases, time) !== undefined)
  return (
    <Page title={t('choices.title')}>
      <p>{t('choices.lead')}</p>
      <Partial gathered={holders} nameOf={nameOf}>
        {holders.known.map((now) => <Stands key={now.holder} now={now} opened={opened} />)}
        {open.length === 0 ? null : <div className="actions">
          <Link className={hasYes ? 'button' : 'button primary'} href="/choices/new/begin">{hasYes ? t('choices.makeAgain') : t('choices.make')}</Link>
          {hasYes ? <Link className="button" href="/rights/withdraw">{t('choices.withdraw')}</Link> : null}
          {isOut ? <Link className="button" href="/rights/opt-in">{t('choices.optIn')}</Link> : <Link className="button" href="/rights/opt-out">{t('choices.optOut')}</Link>}
        </div>}
        <h2>{t('choices.asked')}</h2>
        <OpenStudies known={holders.known} nameOf={nameOf} />
      </Partial>
      <Ribbon decisions={opened.device.state.decisions.filter(({ statement: { holder } }) => open.includes(holder))} nameOf={nameOf} />
      <p><Link className="row" href="/rights/receipts">{t('choices.receipts')}</Link></p>
    </Page>
  )
}

function Stands({ now, opened }: { readonly now: HolderNow; readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const [time] = useState(() => clock.now())
  const nameOf = nameIn(opened)
  const consent = consentIn(now.bases, time)
  const optOut = optOutIn(now.bases, time)
  const link = opened.device.state.links.find(({ holder }) => holder === now.holder)
  return (
    <section>
      <h2>{nameOf(now.holder)}</h2>
      <Erased known={[now]} nameOf={nameOf} />
      {optOut === undefined ? null : <p><State kind="no">{t('choices.optedOut')}</State> <span className="muted">{t('choices.since', { date: day(optOut.since) })}</span></p>}
      {now.erased !== null ? null : consent === undefined ? <p><State kind="none">{t('choices.nothing')}</State></p> : <Consent consent={consent} known={link?.versions.consent ?? 0} now={now} nameOf={nameOf} />}
    </section>
  )
}

interface ConsentProps {
  readonly consent: ConsentBasis
  /** The newest version that this device knows of. */
  readonly known: number
  readonly now: HolderNow
  readonly nameOf: (id: string) => string
}

function Consent({ consent: { terms, version, by, expires }, known, now, nameOf }: ConsentProps): ReactNode {
  const { t } = useTranslation()
  if (terms === null) return <p><State kind="wait">{known >= version ? t('choices.pending') : t('choices.missing')}</State></p>
  const titles = (ids: readonly string[]): string => now.asking.filter(({ document }) => ids.includes(document.id)).map(({ document }) => document.title).join('; ')
  return (
    <>
      <p><State kind="yes">{by === 'desk' ? t('choices.desk') : t('choices.yes')}</State> <span className="muted">{t('choices.until', { date: day(expires) })}</span></p>
      <TermsFacts terms={terms} nameOf={nameOf} titles={titles} />
    </>
  )
}
