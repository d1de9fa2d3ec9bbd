// One request of this organisation: its course with each state's author, time and reason, its clock, the answers that came, and what was written about it.
import type { UseRequest } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { clock } from '../../device/ports.ts'
import { Note } from '../../design/state.tsx'
import { day, moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Figures } from '../figures.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { Deliveries, PermitFacts, PermitState, usePermit, usePermitCourse } from '../permit.tsx'
import type { PermitShown } from '../permit.tsx'
import { Reason } from '../reason.tsx'
import { RequestMessages } from '../request-messages.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { AnswerState } from '../steward/requests.tsx'
import { Timeline } from '../timeline.tsx'
import type { Happening } from '../timeline.tsx'
import { AgreementEnd, AgreementOffer } from './agreement-offer.tsx'
import type { Agreement } from './agreement-offer.tsx'
import { RequestFacts } from './dataset.tsx'
import { HoldingState } from './holding.tsx'
import type { Holding } from './holding.tsx'
import type { Answers } from './requests.tsx'
import { TimeLeft } from './time-left.tsx'

interface RequestView {
  readonly document: UseRequest
  readonly holders: readonly string[]
  readonly authority?: string
  readonly answers: Answers
  readonly answered: readonly { readonly ask: string; readonly holder: string; readonly answer: { readonly released: boolean; readonly count?: number; readonly code?: string }; readonly manifest: { readonly height: number; readonly notes?: readonly string[] }; readonly at: number }[]
}

export function MyRequest({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const asked = useAsked<RequestView>(`/staff/1/requests/${id}`, { on: ['message', 'ledger'] })
  return (
    <Asked asked={asked}>{(view) => {
      const { document, holders, authority, answers, answered } = view
      return (
        <Page title={document.title} up={{ href: '/requests', label: t('pages.researcher.requests') }}>
          <p>{document.summary}</p>
          <Figures figures={[
            { name: t('clock.ends'), value: <TimeLeft until={document.until} />, note: day(document.until) },
            ...(authority === undefined ? [{ name: t('clock.answered'), value: t('clock.of', { some: Object.keys(answers).length, all: holders.length }) }] : []),
            { name: t('request.form'), value: t(`formNames.${document.form}`) },
          ]} />
          <div className="columns">
            <section>
              <h2>{t('request.course')}</h2>
              {authority === undefined ? <Course view={view} begun={consentCourse(view, t, nameOf)} /> : <PermitPart view={view} />}
              {authority === undefined ? <Next id={id} isCount={document.form === 'computation'} willing={holders.filter((holder) => answers[holder]?.state === 'accepted')} /> : null}
            </section>
            <section><h2>{t('request.what')}</h2><RequestFacts document={document} /></section>
          </div>
          {document.form === 'computation' ? <CountAnswers answered={answered} /> : null}
          <RequestMessages request={id} others={[...authority === undefined ? [] : [authority], ...holders]} />
        </Page>
      )
    }}</Asked>
  )
}

const DAY_MILLISECONDS = 86_400_000

function answerOf(holder: string, { document, answers }: RequestView, t: TFunction<'professional'>): Pick<Happening, 'at' | 'note'> {
  const answer = answers[holder]
  if (answer !== undefined) return { at: answer.at, note: <Reason code={answer.reason} /> }
  const days = Math.floor((clock.now() - document.from) / DAY_MILLISECONDS)
  return { at: null, note: days === 0 ? undefined : t('clock.waits', { count: days }) }
}

const consentCourse = (view: RequestView, t: TFunction<'professional'>, nameOf: (id: string) => string): readonly Happening[] => [
  { at: view.document.from, what: <>{nameOf(view.document.requester.member)}: {t('request.filed')}</> },
  ...view.holders.map((holder) => ({ what: <>{nameOf(holder)}: <AnswerState answer={view.answers[holder] ?? null} /></>, ...answerOf(holder, view, t) })),
]

/** Where an access body decides: how the application stands, what to do about it, the permit with its conditions and end. */
function PermitPart({ view }: { readonly view: RequestView }): ReactNode {
  return <Asked asked={usePermit(view.document.id)}>{(shown) => <UnderPermit view={view} shown={shown} />}</Asked>
}

function UnderPermit({ view, shown }: { readonly view: RequestView; readonly shown: PermitShown }): ReactNode {
  const { t } = useTranslation('professional')
  const begun = usePermitCourse(shown)
  const { permit } = shown
  const { document: { id, form }, holders } = view
  return (
    <>
      <p><PermitState state={permit.state} /></p>
      {permit.state === 'incomplete' ? <Note kind="wait"><h3>{t('permit.missing')}</h3><p className="written">{permit.explanation ?? permit.reason}</p><div className="actions"><Link className="button primary" href={`/requests/${id}/amend`}>{t('amend.link')}</Link></div></Note> : null}
      <Course view={view} begun={begun} />
      <PermitFacts permit={permit} />
      {permit.state === 'issued' ? <Next id={id} isCount={form === 'computation'} willing={holders} /> : null}
      <Deliveries permit={permit} />
    </>
  )
}

/** What happened, by whom, and what is still to come. */
function Course({ view: { document }, begun }: { readonly view: RequestView; readonly begun: readonly Happening[] }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const isTable = document.form !== 'computation'
  const agreements = useAsked<{ agreements: readonly Agreement[] }>('/staff/1/agreements', { on: ['message', 'ledger'], enabled: isTable }).data?.agreements.filter(({ document: { request } }) => request === document.id) ?? []
  const holdings = useAsked<{ holdings: readonly Holding[] }>('/staff/1/holdings', { on: ['job', 'message', 'ledger'], enabled: isTable }).data?.holdings.filter(({ request }) => request === document.id) ?? []
  return (
    <>
      <Timeline happenings={[
        ...begun,
        ...agreements.map((agreement) => agreementHappening(agreement, t, nameOf)),
        ...holdings.map(({ holder, state, at }) => ({ at, what: <Link href="/holdings">{t('clock.table', { name: nameOf(holder) })}</Link>, note: <HoldingState state={state} /> })),
        { at: document.until, what: t('request.ends') },
      ]} />
      {agreements.map((agreement) => agreement.state === 'offered' ? <AgreementOffer key={agreement.document.holder} agreement={agreement} /> : agreement.state === 'accepted' ? <AgreementEnd key={agreement.document.holder} agreement={agreement} /> : null)}
    </>
  )
}

const agreementHappening = ({ document: { holder }, state, since, by }: Agreement, t: TFunction<'professional'>, nameOf: (id: string) => string): Happening =>
  ({ at: since, what: t('clock.agreement', { name: nameOf(holder) }), note: state === null || by === null ? undefined : t(`clock.agreementStates.${state}`, { name: nameOf(by) }) })

function CountAnswers({ answered }: Pick<RequestView, 'answered'>): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <section>
      <h2>{t('answers.title')}</h2>
      <List caption={t('answers.title')} rows={[...answered].sort((a, b) => b.at - a.at)} keyOf={({ ask, holder }) => `${ask} ${holder}`} textOf={({ holder, answer }) => `${holder} ${nameOf(holder)} ${answer.code ?? ''}`} empty={<p>{t('answers.none')}</p>} columns={[
        { name: t('answers.holder'), cell: ({ holder }) => nameOf(holder) },
        { name: t('answers.figure'), isNumber: true, cell: ({ answer }) => answer.released ? t('answers.rounded', { count: answer.count ?? 0 }) : answer.code === 'RELEASE_WITHHELD' ? <>{t('answers.withheld')} <code className="small">{answer.code}</code></> : <code>{answer.code}</code> },
        { name: t('health.height'), isNumber: true, cell: ({ manifest }) => manifest.height },
        { name: t('answers.at'), cell: ({ at }) => moment(at) },
      ]} />
      {[...new Set(answered.flatMap(({ manifest }) => manifest.notes ?? []))].map((note) => <p key={note} className="small muted" lang="en">{note}</p>)}
    </section>
  )
}

function Next({ id, isCount, willing }: { readonly id: string; readonly isCount: boolean; readonly willing: readonly string[] }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  if (!isCount) return <p>{t('answers.table')} <Link href="/holdings">{t('pages.researcher.holdings')}</Link></p>
  if (willing.length === 0) return <p className="muted">{t('answers.notYet')}</p>
  return <>{doing.error}<div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={() => doing.run(() => node.post(`/staff/1/requests/${id}/asks`, {}))}>{t('answers.ask', { count: willing.length })}</button></div></>
}
