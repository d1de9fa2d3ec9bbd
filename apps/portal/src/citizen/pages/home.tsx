// Home: one sentence, what is new, and what she is asked.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Note } from '../../design/state.tsx'
import { clock } from '../../device/ports.ts'
import { day, listed } from '../../words/language.ts'
import { Erased } from '../erased.tsx'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Page, Partial } from '../page.tsx'
import { openStudies } from '../standing.ts'
import { Recalled } from '../recalled.tsx'
import { useHolders, useStatements, useUses } from '../views.ts'

const NEWEST = 3

export function HomePage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const holders = useHolders(opened)
  const uses = useUses(opened)
  const statements = useStatements(opened)
  const nameOf = nameIn(opened)
  const may = new Set(holders.known.flatMap(({ asking }) => asking.filter(({ verdict }) => verdict.answer === 'permit').map(({ document }) => document.id))).size
  const newest = uses.known.flat().sort((a, b) => b.at - a.at).slice(0, NEWEST)
  const studies = openStudies(holders.known, clock.now())
  const asks = studies.filter(({ stands }) => stands === 'asks')
  const late = new Set(statements.known.flatMap((view) => view.statements.flatMap(({ recipients }) => recipients.filter((row) => row.late).map((row) => row.recipient)))).size
  if (opened.device.state.links.length === 0) {
    return (
      <Page title={t('home.noHospital')}>
        <Unreached opened={opened} />
        <p>{t('home.noHospitalText')}</p>
        <div className="actions"><Link className="button primary" href="/data/link">{t('home.connect')}</Link></div>
      </Page>
    )
  }
  return (
    <Page title={holders.known.length === 0 ? t('name') : may === 0 ? t('home.none') : t('home.may', { count: may })}>
      <Unreached opened={opened} />
      {late === 0 ? null : <Note kind="wait"><p>{t('home.late', { count: late })} <Link href="/rights/statements">{t('home.lateLink')}</Link></p></Note>}
      <Partial gathered={holders} nameOf={nameOf}>
        <Erased known={holders.known} nameOf={nameOf} />
        <h2>{t('home.asked')}</h2>
        {asks.length === 0 ? <p>{studies.length === 0 ? t('home.nothingAsked') : <>{t('home.allAnswered', { count: studies.length })} <Link href="/choices">{t('home.seeStudies')}</Link></>}</p> : <ul className="rows">{asks.map(({ document }) => <li key={document.id}><p className="muted small">{t('home.asks', { who: nameOf(document.requester.member) })}</p><Link className="row" href={`/choices/study/${document.id}`}>{document.title}</Link></li>)}</ul>}
        <h2>{t('home.changed')}</h2>
        {newest.length === 0 ? <p>{t(holders.known.some(({ erased }) => erased !== null) ? 'used.noneLeft' : 'home.nothingNew')}</p> : <ul className="rows">{newest.map((use) => <li key={use.release}><p className="muted small">{day(use.at)}</p><p>{t(`home.usedBy.${use.form}`, { who: nameOf(use.request.requester.member), title: use.request.title })}</p><Recalled use={use} /></li>)}</ul>}
        {newest.length === 0 ? null : <p><Link className="row" href="/used">{t('home.all')}</Link></p>}
      </Partial>
    </Page>
  )
}

function Unreached({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const { unreached } = opened
  return unreached.length === 0 ? null : <Note kind="wait"><p>{t('home.unreached', { count: unreached.length, names: listed(unreached.map(nameIn(opened))) })}</p></Note>
}
