// How the network is used, by whom and for what, in plain words: for everybody; and for her who is signed in, her own part in it.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberRole, Purpose } from '@mhmd/schema'
import { Link } from 'wouter'
import { Bars } from '../../design/bars.tsx'
import { csvOf } from '../../design/csv.ts'
import { Note } from '../../design/state.tsx'
import { Skeleton } from '../../design/waiting.tsx'
import { saveText } from '../../device/saved-file.ts'
import { day, listed, number } from '../../words/language.ts'
import { Erased } from '../erased.tsx'
import type { Opened } from '../opened.ts'
import { Failed, Page, Partial } from '../page.tsx'
import { decisions, isBehind, useBehind, useMembers, usePublicFigures, usePublicPeople } from '../public-figures.ts'
import type { PublicFigures, PublicPeople } from '../public-figures.ts'
import { useHolders, useUses } from '../views.ts'

type NameOf = (member: string) => string
type Figure = PublicFigures['figures'][number]

export default function NetworkPage({ opened }: { readonly opened?: Opened }): ReactNode {
  const { t } = useTranslation()
  const [figures, people, members] = [usePublicFigures(), usePublicPeople(), useMembers()]
  const nameOf: NameOf = (member) => members.data?.members.find(({ id }) => id === member)?.name ?? member
  return (
    <Page title={t('network.title')} back={opened === undefined ? '/' : '/used'}>
      <p className="lead">{t('network.lead')}</p>
      {opened === undefined ? null : <YourPart opened={opened} nameOf={nameOf} />}
      {figures.error === null ? null : <Failed error={figures.error} again={() => void figures.refetch()} />}
      {figures.data === undefined ? (figures.error === null ? <Skeleton label={t('loading')} /> : null) : isBehind(figures.data) ? <Note kind="wait"><p role="status">{t('network.notYet', { height: figures.data.height, tip: figures.data.tip })}</p></Note> : <Organisations figures={figures.data} nameOf={nameOf} />}
      <h2>{t('network.peopleTitle')}</h2>
      <p>{t('network.peopleLead')}</p>
      {people.error === null ? null : <Failed error={people.error} again={() => void people.refetch()} />}
      {people.data === undefined ? null : <People people={people.data} nameOf={nameOf} />}
    </Page>
  )
}

function YourPart({ opened, nameOf }: { readonly opened: Opened; readonly nameOf: NameOf }): ReactNode {
  const { t } = useTranslation()
  const [uses, holders] = [useUses(opened), useHolders(opened)]
  const all = uses.known.flat()
  const by = [...new Set(all.map(({ request }) => request.requester.member))].map(nameOf)
  const saidYes = holders.known.filter(({ bases }) => bases.some((basis) => basis.basis === 'consent' && basis.state === 'active')).map(({ holder }) => nameOf(holder))
  return (
    <>
      <h2>{t('network.yours')}</h2>
      <Partial gathered={uses} nameOf={nameOf}>
        <Erased known={holders.known} nameOf={nameOf} />
        <p>{all.length === 0 ? t(holders.known.some(({ erased }) => erased !== null) ? 'used.noneLeft' : 'network.yoursNone') : t('network.yoursUsed', { count: all.length, who: listed(by) })} <Link href="/used">{t('network.yoursAll')}</Link></p>
        <p>{saidYes.length === 0 ? t('network.yoursNo') : t('network.yoursYes', { where: listed(saidYes) })} <Link href="/choices">{t('network.yoursChoices')}</Link></p>
      </Partial>
    </>
  )
}

const rowsOf = (figures: PublicFigures, name: string): Figure['answer']['rows'] => figures.figures.find(({ question }) => question.name === name)?.answer.rows ?? []

function Organisations({ figures, nameOf }: { readonly figures: PublicFigures; readonly nameOf: NameOf }): ReactNode {
  const { t } = useTranslation()
  const use = rowsOf(figures, 'use').map(([who, purpose, asked, allowed, refused, , deliveries]) => ({ who: String(who), purpose: purpose as Purpose, asked: Number(asked), allowed: Number(allowed), refused: Number(refused), got: Number(deliveries) }))
  const roles = Map.groupBy(rowsOf(figures, 'participants').filter(([, , state]) => state === 'active'), ([role]) => role as MemberRole)
  const kinds = Map.groupBy(rowsOf(figures, 'datasets').filter(([, , state]) => state === 'offered'), ([holder]) => String(holder))
  return (
    <>
      <section id="use">
        <h2>{t('network.use')}</h2>
        {use.length === 0 ? <p>{t('network.useNone')}</p> : (
          <>
            <ul className="rows">{use.map(({ who, purpose, asked, allowed, refused, got }) => <li key={`${who} ${purpose}`}><p><strong>{nameOf(who)}</strong>: {t(`purpose.${purpose}`)}</p><p className="muted">{t('network.asked', { count: asked })} {t('network.answered', { allowed, refused })} {t('network.got', { count: got })}</p></li>)}</ul>
            <Bars title={t('network.chart')} summary={t('network.chartSummary')} columns={[t('used.organisation'), t('used.times')]} tableLabel={t('data.table')} bars={[...Map.groupBy(use, ({ who }) => who)].map(([who, rows]) => ({ label: nameOf(who), value: sum(rows.map(({ got }) => got)), shown: number(sum(rows.map(({ got }) => got))) }))} />
          </>
        )}
        <Source figures={figures} name="use" />
      </section>
      <section id="participants">
        <h2>{t('network.members')}</h2>
        <ul>{[...roles].map(([role, rows]) => <li key={role}>{t(`network.role.${role}`)}: {sum(rows.map(([, , , count]) => Number(count)))}</li>)}</ul>
        <Source figures={figures} name="participants" />
      </section>
      <section id="datasets">
        <h2>{t('network.datasets')}</h2>
        {kinds.size === 0 ? <p>{t('network.datasetsNone')}</p> : <ul>{[...kinds].map(([holder, rows]) => <li key={holder}>{t('network.datasetsOf', { holder: nameOf(holder), count: sum(rows.map(([, , , count]) => Number(count))) })}</li>)}</ul>}
        <Source figures={figures} name="datasets" />
      </section>
    </>
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** Where a figure comes from: its block, the file with all of it, how it is computed, the transactions behind it. */
function Source({ figures, name }: { readonly figures: PublicFigures; readonly name: string }): ReactNode {
  const { t } = useTranslation()
  const [isOpen, open] = useState(false)
  const behind = useBehind(name, isOpen)
  const figure = figures.figures.find(({ question }) => question.name === name)
  if (figure === undefined) return null
  return (
    <details className="small" onToggle={(event) => open(event.currentTarget.open)}>
      <summary>{t('network.source', { height: figures.height })}</summary>
      <p>{t('network.block', { height: figures.height })} <code>{figures.hash.slice(0, 12)}…</code></p>
      <p><button type="button" onClick={() => saveText(`${name}-${figures.height}.csv`, csvOf(figure.question.columns.map((column) => column.name), figure.answer.rows))}>{t('network.csv')}</button></p>
      <p>{t('network.recompute')}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('network.recompute')}><pre>{figure.question.sql}</pre></div>
      {behind.error === null ? null : <Failed error={behind.error} again={() => void behind.refetch()} />}
      {behind.data === undefined ? null : <><p>{t('network.behind', { count: behind.data.total })}</p><ul>{behind.data.rows.map((row) => <li key={`${String(row[0])}/${String(row[1])}`}>{String(row[3])} {String(row[4])}, {String(row[5])}, {String(row[0])}: <code>{String(row[2])}</code></li>)}</ul></>}
    </details>
  )
}

function People({ people: { publication, publisher, rule }, nameOf }: { readonly people: PublicPeople; readonly nameOf: NameOf }): ReactNode {
  const { t } = useTranslation()
  if (publication === null) return <Note><p>{t('network.peopleNone', { who: nameOf(publisher) })}</p></Note>
  const { cells, height, published, hash } = publication
  return (
    <section id="people">
      {decisions.map((decision) => {
        const of = cells.filter((cell) => cell.decision === decision)
        const hidden = of.filter(({ people }) => people === null).map(({ holder }) => nameOf(holder))
        const shown = of.flatMap(({ holder, people }) => people === null ? [] : [{ label: nameOf(holder), value: people, shown: t('network.about', { number: people }) }])
        return (
          <div key={decision}>
            {shown.length === 0 ? <h3>{t(`network.decision.${decision}`)}</h3> : <Bars title={t(`network.decision.${decision}`)} summary="" columns={[t('network.hospital'), t('network.people')]} tableLabel={t('data.table')} bars={shown} />}
            {hidden.length === 0 ? null : <p className="muted">{t('network.hidden', { where: listed(hidden), threshold: rule.threshold })}</p>}
          </div>
        )
      })}
      <p className="muted small">{t('network.noise', { days: rule.periodDays })} {t('network.published', { date: day(published), who: nameOf(publisher), height })} <code>{hash.slice(0, 12)}…</code></p>
      <p><button type="button" onClick={() => saveText(`people-${height}.csv`, csvOf(['holder', 'decision', 'people'], cells.map(({ holder, decision, people }) => [holder, decision, people])))}>{t('network.csv')}</button></p>
    </section>
  )
}
