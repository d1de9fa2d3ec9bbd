// My data: which hospitals keep records about her, and how many open studies may use them.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Bars } from '../../design/bars.tsx'
import { Note, State } from '../../design/state.tsx'
import { clock } from '../../device/ports.ts'
import { Erased } from '../erased.tsx'
import { nameIn } from '../names.ts'
import { NoticeText } from '../notice.tsx'
import type { Opened } from '../opened.ts'
import { Failed, Page, Partial } from '../page.tsx'
import { lookEverywhere } from '../session.ts'
import { consentIn, optOutIn } from '../standing.ts'
import { useHolders, whereSheDecides } from '../views.ts'
import type { HolderNow } from '../views.ts'

export function DataPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const holders = useHolders(opened)
  const nameOf = nameIn(opened)
  const isLinked = opened.device.state.links.length > 0
  return (
    <Page title={t('data.title')}>
      <p>{!isLinked ? t('data.none') : whereSheDecides(opened, holders.known).length === 0 ? null : t('data.lead')}</p>
      {isLinked ? <Partial gathered={holders} nameOf={nameOf}><ul className="rows">{holders.known.map((now) => <li key={now.holder}><h2>{nameOf(now.holder)}</h2>{now.erased === null ? <Holder now={now} name={nameOf(now.holder)} /> : <Erased known={[now]} nameOf={nameOf} />}</li>)}</ul><WhoMay known={holders.known.filter(({ erased }) => erased === null)} nameOf={nameOf} /></Partial> : null}
      <div className="actions"><Link className={isLinked ? 'button' : 'button primary'} href="/data/link">{t('data.connect')}</Link></div>
      <LookEverywhere />
    </Page>
  )
}

/** A hospital that knows her and that her account provider doesn't name is found by asking them all. */
function LookEverywhere(): ReactNode {
  const { t } = useTranslation()
  const [state, setState] = useState<{ working?: boolean; found?: number; error?: unknown }>({})
  const look = (): void => {
    setState({ working: true })
    lookEverywhere().then((found) => setState({ found }), (error: unknown) => setState({ error }))
  }
  return (
    <details>
      <summary>{t('data.missing')}</summary>
      <p>{t('data.missingText')}</p>
      {state.error === undefined ? null : <Failed error={state.error} />}
      {state.found === undefined ? null : <p role="status"><strong>{state.found === 0 ? t('data.foundNone') : t('data.found', { count: state.found })}</strong></p>}
      <button type="button" disabled={state.working === true} onClick={look}>{t('data.look')}</button>
    </details>
  )
}

function Holder({ now, name }: { readonly now: HolderNow; readonly name: string }): ReactNode {
  const { t } = useTranslation()
  const time = clock.now()
  return (
    <>
      <p>{consentIn(now.bases, time) === undefined ? <State kind="none">{t('data.no')}</State> : <State kind="yes">{t('data.yes')}</State>}</p>
      {optOutIn(now.bases, time) === undefined ? null : <p><State kind="no">{t('data.optedOut')}</State></p>}
      {now.isOpen ? null : <Note kind="wait"><p>{t('data.closed')}</p></Note>}
      {now.numbers === 1 ? null : <Note><p>{t('data.merged', { count: now.numbers })}</p></Note>}
      <NoticeText notices={now.notices} label={t('data.notice', { name })} />
    </>
  )
}

function WhoMay({ known, nameOf }: { readonly known: readonly HolderNow[]; readonly nameOf: (id: string) => string }): ReactNode {
  const { t } = useTranslation()
  const all = Math.max(0, ...known.map(({ asking }) => asking.length))
  if (all === 0) return null
  return <Bars title={t('data.map')} summary={t('data.mapSummary', { count: all })} columns={[t('data.mapHolder'), t('data.mapFigure')]} tableLabel={t('data.table')}
    bars={known.map(({ holder, asking }) => ({ some: asking.filter(({ verdict }) => verdict.answer === 'permit').length, holder, asked: asking.length })).map(({ some, holder, asked }) => ({ label: nameOf(holder), value: some, shown: t('data.of', { some, all: asked }) }))}
    whole={all} />
}
