// One study asks: what it wants, and yes or no, each in one step.
import { explain } from '@mhmd/consent'
import type { UseRequest } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Radios } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { clock } from '../../device/ports.ts'
import { day, listed, spoken } from '../../words/language.ts'
import { declare } from '../acts.ts'
import type { Act } from '../acts.ts'
import { dataGroupNames, dataGroups, previewOf, withStudy, withoutStudy } from '../answers.ts'
import { countryName, nameIn } from '../names.ts'
import { NoticeText, noticeIn } from '../notice.tsx'
import type { Opened } from '../opened.ts'
import { Failed, Page, Partial } from '../page.tsx'
import { consentIn, optOutIn } from '../standing.ts'
import { useHolders } from '../views.ts'
import type { HolderNow } from '../views.ts'

export function StudyPage({ opened, id }: { readonly opened: Opened; readonly id: string }): ReactNode {
  const { t } = useTranslation()
  const holders = useHolders(opened)
  const nameOf = nameIn(opened)
  const asked = holders.known.filter(({ asking }) => asking.some(({ document }) => document.id === id))
  const request = asked[0]?.asking.find(({ document }) => document.id === id)?.document
  if (request === undefined) return holders.waiting ? <Page title={t('study.title')} back="/choices"><Partial gathered={holders} nameOf={nameOf}>{null}</Partial></Page> : <Page title={t('study.gone')} back="/choices"><Partial gathered={holders} nameOf={nameOf}><p>{t('study.goneText')}</p></Partial></Page>
  return (
    <Page title={request.title} back="/choices">
      <p className="lead">{request.summary}</p>
      <Facts facts={[
        { name: t('choices.who'), value: `${nameOf(request.requester.member)} (${t(`recipient.${request.requester.class}`)}, ${countryName(request.requester.country)})` },
        { name: t('choices.why'), value: t(`purpose.${request.purpose}`) },
        { name: t('choices.what'), value: listed(dataGroupNames.filter((name) => dataGroups[name].some((code) => request.categories.includes(code))).map((name) => t(`group.${name}`))) },
        { name: t('choices.form'), value: t(`form.${request.form}`) },
        { name: t('choices.returns'), value: request.returns.length === 0 ? t('ask.returnsNone') : listed(request.returns.map((one) => t(`giveBack.${one}`))) },
        { name: t('study.from'), value: day(request.from) }, { name: t('study.until'), value: day(request.until) },
      ]} />
      <h2>{t('study.today')}</h2>
      <ul>{asked.map(({ holder, asking }) => asking.filter(({ document }) => document.id === id).map(({ verdict }) => <li key={holder}><strong>{nameOf(holder)}:</strong> {explain(verdict, 'citizen', spoken())}</li>))}</ul>
      {request.basis === 'consent' ? <Answer request={request} asked={asked} nameOf={nameOf} /> : <ByLaw asked={asked} />}
    </Page>
  )
}

/** What a public office allows takes no yes from her: she can opt out of what comes later (Art. 71 EHDS). */
function ByLaw({ asked }: { readonly asked: readonly HolderNow[] }): ReactNode {
  const { t } = useTranslation()
  const isOut = asked.some(({ bases }) => optOutIn(bases, clock.now()) !== undefined)
  return (
    <>
      <Note><p>{t('study.notConsent')}</p><p>{t(isOut ? 'study.outAlready' : 'study.outLater')}</p></Note>
      <div className="actions">{isOut ? <Link className="button" href="/rights/opt-in">{t('rights.optIn')}</Link> : <Link className="button" href="/rights/opt-out">{t('rights.optOut')}</Link>}</div>
    </>
  )
}

interface AnswerProps {
  readonly request: UseRequest
  readonly asked: readonly HolderNow[]
  readonly nameOf: (id: string) => string
}

/** What each hospital must be told so that the answer holds there; nothing where it holds already. */
function actsFor(request: UseRequest, asked: readonly HolderNow[], { isYes, despiteOptOut, now }: { readonly isYes: boolean; readonly despiteOptOut: boolean; readonly now: number }): readonly { readonly holder: string; readonly act: Act }[] {
  return asked.flatMap(({ holder, bases, asking, notices }) => {
    const holds = asking.some(({ document, verdict }) => document.id === request.id && (verdict.answer === 'permit') === isYes)
    const present = consentIn(bases, now)?.terms ?? undefined
    if (holds || (!isYes && present === undefined)) return []
    const terms = isYes || present === undefined ? withStudy(present, request, { now, despiteOptOut }) : withoutStudy(present, request, now)
    return [{ holder, act: { kind: 'agree' as const, terms, notice: noticeIn(notices)?.hash } }]
  })
}

function Answer({ request, asked, nameOf }: AnswerProps): ReactNode {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [says, setSays] = useState<'yes' | 'no'>()
  const [state, setState] = useState<{ tried?: boolean; working?: boolean; error?: unknown; done?: 'yes' | 'no' }>({})
  const now = clock.now()
  const isOut = asked.some(({ bases }) => optOutIn(bases, now) !== undefined)
  const against = says !== 'yes' ? [] : actsFor(request, asked, { isYes: true, despiteOptOut: isOut, now }).flatMap(({ holder, act }) => {
    const there = asked.find((one) => one.holder === holder)
    const asking = there?.asking.find(({ document }) => document.id === request.id)
    const verdict = act.kind === 'agree' && asking !== undefined ? previewOf(asking, { bases: there?.bases ?? [], terms: act.terms, now }) : undefined
    return verdict === undefined || verdict.answer === 'permit' ? [] : [{ holder, words: explain(verdict, 'citizen', spoken()) }]
  })
  const submit = (): void => {
    if (says === undefined) return setState({ tried: true })
    const acts = actsFor(request, asked, { isYes: says === 'yes', despiteOptOut: isOut, now: clock.now() })
    if (acts.length === 0) return setState({ done: says })
    setState({ working: true })
    declare(acts.map(({ holder }) => holder), (holder) => acts.find((one) => one.holder === holder)?.act as Act)
      .then((signed) => go(`/rights/receipts/${signed.map(({ operationId }) => operationId).join('+')}`), (error: unknown) => setState({ error }))
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Radios legend={<h2>{t('study.question')}</h2>} error={state.tried === true && says === undefined ? t('study.error') : undefined} options={[{ value: 'yes', label: t('study.yes') }, { value: 'no', label: t('study.no') }]} chosen={says} choose={setSays} />
      {isOut && says === 'yes' ? <Note kind="wait"><p>{t('study.optedOut')} {t('ask.despiteYes')}.</p></Note> : null}
      {against.length === 0 ? null : <Note kind="wait"><p>{t('study.stays')}</p><ul>{against.map(({ holder, words }) => <li key={holder}>{nameOf(holder)}: {words}</li>)}</ul></Note>}
      {state.done === undefined ? null : <Note><p role="status">{t(state.done === 'yes' ? 'study.already2' : 'study.already')}</p></Note>}
      {state.error === undefined ? null : <Failed error={state.error} />}
      {asked.map(({ holder, notices }) => <NoticeText key={holder} notices={notices} label={t('ask.full', { name: nameOf(holder) })} />)}
      <p className="muted">{t('ask.cannot')}</p>
      <div className="actions"><button type="submit" className="primary" disabled={state.working === true}>{state.working === true ? t('ask.signing') : t('study.submit')}</button></div>
    </form>
  )
}
