// Requests of this organisation: how far each holder is, the answers that came, and asking again.
import type { UseRequest } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { day, moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { requestFacts } from '../request-facts.ts'
import { useNameOf, useStaff } from '../staff-context.ts'
import { AnswerState } from '../steward/requests.tsx'
import { Timeline } from '../timeline.tsx'

type Answers = Readonly<Record<string, { readonly state: string; readonly reason: string; readonly at: number }>>

interface RequestView {
  readonly document: UseRequest
  readonly holders: readonly string[]
  readonly answers: Answers
  readonly answered: readonly { readonly ask: string; readonly holder: string; readonly answer: { readonly released: boolean; readonly count?: number; readonly code?: string }; readonly manifest: { readonly height: number; readonly notes?: readonly string[] }; readonly at: number }[]
}

export function MyRequests(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.researcher.requests')} actions={<Link className="button primary" href="/new">{t('pages.researcher.new')}</Link>}>
      <Asked asked={useAsked<{ requests: readonly { readonly request: string; readonly title: string; readonly filed: number; readonly answers: Answers }[] }>('/staff/1/requests', { every: 5000 })}>{({ requests }) => (
        <List caption={t('pages.researcher.requests')} rows={[...requests].sort((a, b) => b.filed - a.filed)} keyOf={({ request }) => request} textOf={({ request, title }) => `${request} ${title}`} empty={<p>{t('request.emptyOut')}</p>} columns={[
          { name: t('request.title'), cell: ({ request, title }) => <Link className="row" href={`/requests/${request}`}>{title}</Link> },
          { name: t('request.filed'), cell: ({ filed }) => day(filed) },
          { name: t('request.acceptedBy'), isNumber: true, cell: ({ answers }) => Object.values(answers).filter(({ state }) => state === 'accepted').length },
          { name: t('request.refusedBy'), isNumber: true, cell: ({ answers }) => Object.values(answers).filter(({ state }) => state === 'refused').length },
        ]} />
      )}</Asked>
    </Page>
  )
}

export function MyRequest({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const asked = useAsked<RequestView>(`/staff/1/requests/${id}`, { every: 3000 })
  return (
    <Asked asked={asked}>{({ document, holders, answers, answered }) => (
      <Page title={document.title} up={{ href: '/requests', label: t('pages.researcher.requests') }}>
        <p>{document.summary}</p>
        <div className="columns">
          <section><h2>{t('request.what')}</h2><Facts facts={requestFacts(document, t, nameOf)} /></section>
          <section>
            <h2>{t('request.course')}</h2>
            <Timeline happenings={[{ at: document.from, what: t('request.filed') }, ...holders.map((holder) => ({ at: answers[holder]?.at ?? null, what: <>{nameOf(holder)}: <AnswerState answer={answers[holder] ?? null} /></>, note: answers[holder] === undefined ? undefined : <code>{answers[holder].reason}</code> })), { at: document.until, what: t('request.ends') }]} />
            <Ask id={id} isCount={document.form === 'computation'} willing={holders.filter((holder) => answers[holder]?.state === 'accepted')} />
          </section>
        </div>
        <h2>{t('answers.title')}</h2>
        <List caption={t('answers.title')} rows={[...answered].sort((a, b) => b.at - a.at)} keyOf={({ ask, holder }) => `${ask} ${holder}`} textOf={({ holder, answer }) => `${holder} ${nameOf(holder)} ${answer.code ?? ''}`} empty={<p>{t('answers.none')}</p>} columns={[
          { name: t('answers.holder'), cell: ({ holder }) => nameOf(holder) },
          { name: t('answers.figure'), isNumber: true, cell: ({ answer }) => answer.released ? t('answers.rounded', { count: answer.count ?? 0 }) : <code>{answer.code}</code> },
          { name: t('health.height'), isNumber: true, cell: ({ manifest }) => manifest.height },
          { name: t('answers.at'), cell: ({ at }) => moment(at) },
        ]} />
        {[...new Set(answered.flatMap(({ manifest }) => manifest.notes ?? []))].map((note) => <p key={note} className="small muted" lang="en">{note}</p>)}
      </Page>
    )}</Asked>
  )
}

function Ask({ id, isCount, willing }: { readonly id: string; readonly isCount: boolean; readonly willing: readonly string[] }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  if (!isCount) return <p>{t('answers.table')} <Link href="/holdings">{t('pages.researcher.holdings')}</Link></p>
  if (willing.length === 0) return <p className="muted">{t('answers.notYet')}</p>
  return <>{doing.error}<div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={() => doing.run(() => node.post(`/staff/1/requests/${id}/asks`, {}))}>{t('answers.ask', { count: willing.length })}</button></div></>
}
