// What was removed: signed statements of hospitals and of those who got something, each checked in this browser, and who is late.
import type { RecipientAnswer, StatementsView } from '@mhmd/client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Page, Partial } from '../page.tsx'
import { saveFile } from '../../device/saved-file.ts'
import { useStatements } from '../views.ts'

export function StatementsPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const views = useStatements(opened)
  const nameOf = nameIn(opened)
  const isEmpty = !views.waiting && views.known.every(({ pending, statements }) => pending === 0 && statements.length === 0)
  return (
    <Page title={t('statements.title')} back="/rights">
      <p>{t('statements.lead')}</p>
      <Partial gathered={views} nameOf={nameOf}>
        {isEmpty ? <p><strong>{t('statements.none')}</strong></p> : views.known.map((view) => <HolderStatements key={view.holder} view={view} nameOf={nameOf} />)}
        {isEmpty ? null : <div className="actions"><button type="button" onClick={() => saveFile('statements.json', views.known.flatMap(({ statements }) => statements))}>{t('statements.save')}</button></div>}
      </Partial>
    </Page>
  )
}

function HolderStatements({ view: { holder, pending, statements }, nameOf }: { readonly view: StatementsView; readonly nameOf: (id: string) => string }): ReactNode {
  const { t } = useTranslation()
  if (pending === 0 && statements.length === 0) return null
  const name = nameOf(holder)
  return (
    <section>
      <h2>{name}</h2>
      {pending === 0 ? null : <p><State kind="wait">{t('statements.pending', { count: pending, name })}</State></p>}
      <ul className="rows">{statements.map(({ document: { statement, signature }, recipients }) => (
        <li key={signature}>
          <p><State kind="yes">{statement.outcome === 'purged' ? t('statements.purged', { count: statement.removed.reduce((sum, row) => sum + row.rows, 0), name, date: day(statement.at) }) : t('statements.stopped', { name, date: day(statement.at) })}</State></p>
          {recipients.length === 0 ? null : <ul>{recipients.map((row) => <li key={row.release}><Recipient row={row} nameOf={nameOf} /></li>)}</ul>}
        </li>
      ))}</ul>
    </section>
  )
}

function Recipient({ row: { recipient, sent, late, document }, nameOf }: { readonly row: RecipientAnswer; readonly nameOf: (id: string) => string }): ReactNode {
  const { t } = useTranslation()
  const who = nameOf(recipient)
  if (document === null) return <>{t('statements.told', { who, date: day(sent) })} <State kind={late ? 'no' : 'wait'}>{t(late ? 'statements.late' : 'statements.waiting')}</State></>
  const said = { purged: 'statements.removed', recomputed: 'statements.recomputed', 'released-as-anonymous-on': 'statements.kept' } as const
  return <>{t(said[document.statement.outcome], { who, date: day(document.statement.at) })} <State kind="yes">{t('statements.answered')}</State></>
}
