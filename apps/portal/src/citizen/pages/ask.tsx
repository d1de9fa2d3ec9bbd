// A choice, question by question: what to know, what matters, the questions, who could use her data today, her answers once more, and the signature.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect, useLocation, useParams } from 'wouter'
import { Checks } from '../../design/questions.tsx'
import { clock } from '../../device/ports.ts'
import { matter, matterNames, useAsked } from '../asked.ts'
import { steps } from '../ask-steps.tsx'
import type { AskContext, Step } from '../ask-steps.tsx'
import { homeCountry, nameIn } from '../names.ts'
import { NoticeText } from '../notice.tsx'
import type { Opened } from '../opened.ts'
import { Page, Question } from '../page.tsx'
import { optOutIn } from '../standing.ts'
import { useHolders, whereSheDecides } from '../views.ts'
import type { HolderNow } from '../views.ts'
import { CheckAnswers, Preview } from './ask-end.tsx'

const at = (step: string): string => `/choices/new/${step}`

export function AskPages({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const { step } = useParams<{ step: string }>()
  const { answers } = useAsked()
  const holders = useHolders(opened)
  const nameOf = nameIn(opened)
  const links = whereSheDecides(opened, holders.known).map((id) => ({ id, name: nameOf(id) }))
  const context = { answers, t, holders: links, country: homeCountry(opened), isOptedOut: holders.known.some(({ bases }) => optOutIn(bases, clock.now()) !== undefined) }
  const asked = steps.filter(({ applies }) => applies?.(context) ?? true)
  if (links.length === 0) return <Redirect to="/choices" />
  switch (step) {
    case 'begin': return <Begin known={holders.known.filter(({ erased }) => erased === null)} nameOf={nameOf} next={at('matters')} />
    case 'matters': return <Matters next={at(asked[0]?.name ?? 'preview')} />
    case 'preview':
    case 'check': {
      // A question that was skipped, by an address or after a lock, comes first.
      const open = asked.find(({ missing }) => missing(answers, t) !== undefined)
      if (open !== undefined) return <Redirect to={at(open.name)} replace />
      return step === 'preview' ? <Preview opened={opened} holders={holders} back={at(asked.at(-1)?.name ?? 'matters')} /> : <CheckAnswers opened={opened} holders={holders} asked={asked} />
    }
    default: return <AskStep name={step} asked={asked} context={context} />
  }
}

function AskStep({ name, asked, context }: { readonly name: string; readonly asked: readonly Step[]; readonly context: Omit<AskContext, 'error'> }): ReactNode {
  const index = asked.findIndex((step) => step.name === name)
  const current = asked[index]
  if (current === undefined) return <Redirect to={at('begin')} replace />
  return <One key={current.name} step={current} context={context} place={{ at: index + 1, of: asked.length }} back={at(asked[index - 1]?.name ?? 'matters')} next={at(asked[index + 1]?.name ?? 'preview')} />
}

function Begin({ known, nameOf, next }: { readonly known: readonly HolderNow[]; readonly nameOf: (id: string) => string; readonly next: string }): ReactNode {
  const { t } = useTranslation()
  return (
    <Page title={t('ask.begin')} back="/choices">
      <p className="lead">{t('ask.beginLead')}</p>
      <p>{t('ask.layer1')}</p>
      <p>{t('ask.layer2')}</p>
      {known.map(({ holder, notices }) => <NoticeText key={holder} notices={notices} label={t('ask.full', { name: nameOf(holder) })} />)}
      <div className="actions"><Link className="button primary" href={next}>{t('next')}</Link></div>
    </Page>
  )
}

function Matters({ next }: { readonly next: string }): ReactNode {
  const { t } = useTranslation()
  const { matters } = useAsked()
  return (
    <Page title={t('ask.matters')} back={at('begin')} headed>
      <Checks legend={<Question>{t('ask.matters')}</Question>} hint={t('ask.mattersHint')} options={matterNames.map((value) => ({ value, label: t(`ask.matter.${value}`) }))} chosen={matters} choose={matter} />
      <div className="actions"><Link className="button primary" href={next}>{t('next')}</Link></div>
    </Page>
  )
}

interface OneProps {
  readonly step: Step
  readonly context: Omit<AskContext, 'error'>
  readonly place: { readonly at: number; readonly of: number }
  readonly back: string
  readonly next: string
}

function One({ step, context, place, back, next }: OneProps): ReactNode {
  const { t } = useTranslation()
  const { matters } = useAsked()
  const [, go] = useLocation()
  const [isTried, setTried] = useState(false)
  const missing = step.missing(context.answers, t)
  const submit = (): void => missing === undefined ? go(next) : setTried(true)
  return (
    <Page title={t('ask.step', place)} back={back} headed before={<p className="question-count">{t('ask.step', place)}</p>}>
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        {isTried && missing !== undefined ? <div className="note no" role="alert"><p><strong>{t('problem')}</strong></p><p>{missing}</p></div> : null}
        {step.touches !== undefined && matters.includes(step.touches) ? <p className="note">{t('ask.reminds', { what: t(`ask.matter.${step.touches}`) })}</p> : null}
        {step.ask({ ...context, error: isTried ? missing : undefined })}
        <div className="actions"><button type="submit" className="primary">{t('next')}</button></div>
      </form>
    </Page>
  )
}
