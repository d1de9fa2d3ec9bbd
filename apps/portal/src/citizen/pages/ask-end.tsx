// The end of the questions: who could use her data today under what she answered, and the answers once more before she signs.
import { explain } from '@mhmd/consent'
import type { Verdict } from '@mhmd/consent'
import type { ConsentTerms, UseRequest } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Note, State } from '../../design/state.tsx'
import { clock } from '../../device/ports.ts'
import { day, listed, spoken } from '../../words/language.ts'
import { declare } from '../acts.ts'
import { previewOf, termsOf } from '../answers.ts'
import { askAfresh, useAsked } from '../asked.ts'
import type { Step } from '../ask-steps.tsx'
import { homeCountry, nameIn } from '../names.ts'
import { noticeIn } from '../notice.tsx'
import type { Opened } from '../opened.ts'
import { Failed, Page, Partial } from '../page.tsx'
import { permissionFacts } from '../terms-facts.tsx'
import { whereSheDecides } from '../views.ts'
import type { Gathered, HolderNow } from '../views.ts'

interface EndProps {
  readonly opened: Opened
  readonly holders: Gathered<HolderNow>
}

/** For each open study what each of the chosen hospitals would answer. */
function foreseen(known: readonly HolderNow[], terms: ConsentTerms, now: number): readonly { readonly request: UseRequest; readonly verdicts: readonly { readonly holder: string; readonly verdict: Verdict }[] }[] {
  const requests = new Map(known.flatMap(({ asking }) => asking.map(({ document }) => [document.id, document])))
  return [...requests.values()].map((request) => ({
    request,
    verdicts: known.flatMap(({ holder, asking, bases }) => asking.filter(({ document }) => document.id === request.id).map((one) => ({ holder, verdict: previewOf(one, { bases, terms, now }) }))),
  }))
}

function useDraft({ opened, holders }: EndProps): { readonly terms: ConsentTerms; readonly chosen: readonly string[]; readonly known: readonly HolderNow[] } {
  const { answers } = useAsked()
  const [now] = useState(() => clock.now())
  const links = whereSheDecides(opened, holders.known)
  const chosen = links.length === 1 ? links : answers.holders.filter((holder) => links.includes(holder))
  return { terms: termsOf(answers, { now, country: homeCountry(opened) }), chosen, known: holders.known.filter(({ holder }) => chosen.includes(holder)) }
}

export function Preview({ back, ...props }: EndProps & { readonly back: string }): ReactNode {
  const { t } = useTranslation()
  const { terms, known } = useDraft(props)
  const nameOf = nameIn(props.opened)
  const studies = foreseen(known, terms, clock.now())
  return (
    <Page title={t('ask.preview')} back={back}>
      <p>{t('ask.previewLead')}</p>
      <Partial gathered={props.holders} nameOf={nameOf}>
        {studies.length === 0 ? <p>{t('ask.previewNone')}</p> : <ul className="rows">{studies.map(({ request, verdicts }) => <Foreseen key={request.id} request={request} verdicts={verdicts} nameOf={nameOf} />)}</ul>}
      </Partial>
      <div className="actions"><Link className="button primary" href="/choices/new/check">{t('next')}</Link></div>
    </Page>
  )
}

interface ForeseenProps {
  readonly request: UseRequest
  readonly verdicts: readonly { readonly holder: string; readonly verdict: Verdict }[]
  readonly nameOf: (id: string) => string
}

function Foreseen({ request, verdicts, nameOf }: ForeseenProps): ReactNode {
  const { t } = useTranslation()
  const yes = verdicts.filter(({ verdict }) => verdict.answer === 'permit').length
  return (
    <li>
      <p className="muted small">{nameOf(request.requester.member)} · {t(`purpose.${request.purpose}`)}</p>
      <p><strong>{request.title}</strong></p>
      <p>{yes === 0 ? null : <State kind="yes">{t('ask.previewYes', { count: yes })}</State>} {yes === verdicts.length ? null : <State kind="none">{t('ask.previewNo', { count: verdicts.length - yes })}</State>}</p>
      <ul>{verdicts.map(({ holder, verdict }) => <li key={holder}><strong>{nameOf(holder)}:</strong> {explain(verdict, 'citizen', spoken())}</li>)}</ul>
    </li>
  )
}

export function CheckAnswers({ asked, ...props }: EndProps & { readonly asked: readonly Step[] }): ReactNode {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [state, setState] = useState<{ working: boolean; error?: unknown }>({ working: false })
  const { terms, chosen, known } = useDraft(props)
  const nameOf = nameIn(props.opened)
  const { answers } = useAsked()
  const change = (name: Step['name']): ReactNode => asked.some((step) => step.name === name) ? <Link href={`/choices/new/${name}`}>{t('change')}<span className="visually-hidden"> ({t(`ask.${titles[name]}`)})</span></Link> : undefined
  const [permission] = terms.permissions
  const sign = (): void => {
    setState({ working: true })
    const notice = (holder: string): string | undefined => noticeIn(known.find((now) => now.holder === holder)?.notices ?? [])?.hash
    declare(chosen, (holder) => ({ kind: 'agree', terms, notice: notice(holder) })).then((signed) => {
      askAfresh()
      go(`/rights/receipts/${signed.map(({ operationId }) => operationId).join('+')}`)
    }, (error: unknown) => setState({ working: false, error }))
  }
  const rows = permission === undefined ? [] : permissionFacts(permission, t, nameOf).map((fact, at) => ({ ...fact, change: change((['recipients', 'area', 'purposes', 'data', 'form', 'uses'] as const)[at] ?? 'recipients') }))
  return (
    <Page title={t('ask.check')} back="/choices/new/preview">
      <p>{t('ask.checkLead')}</p>
      <Facts facts={[
        { name: t('receipt.where'), value: listed(chosen.map(nameOf)), change: change('holders') },
        ...rows,
        { name: t('choices.returns'), value: answers.returns.length === 0 ? t('ask.returnsNone') : listed(answers.returns.map((one) => t(`giveBack.${one}`))), change: change('returns') },
        ...(answers.despiteOptOut === undefined ? [] : [{ name: t('choices.optOut'), value: t(answers.despiteOptOut === 'yes' ? 'ask.despiteYes' : 'ask.despiteNo'), change: change('despiteOptOut') }]),
        { name: t('study.until'), value: day(terms.until), change: change('years') },
      ]} />
      <p className="muted">{t('ask.replaces')}</p>
      <Note><p>{t('ask.cannot')}</p></Note>
      {state.error === undefined ? null : <Failed error={state.error} />}
      <div className="actions"><button type="button" className="primary" disabled={state.working} onClick={sign}>{state.working ? t('ask.signing') : t('ask.sign')}</button></div>
    </Page>
  )
}

const titles = { holders: 'holders', recipients: 'recipients', area: 'area', purposes: 'purposes', data: 'data', form: 'form', uses: 'uses', years: 'years', returns: 'returns', despiteOptOut: 'despite' } as const
