// Requests that others addressed to this holder: what is asked, on which ground, and the decision with its reason.
import type { UseRequest } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Radios, TextQuestion } from '../../design/questions.tsx'
import { State } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { requestFacts } from '../request-facts.ts'
import { useNameOf, useStaff } from '../staff-context.ts'
import { Timeline } from '../timeline.tsx'

interface InboxRow {
  readonly document: UseRequest
  readonly received: number
  readonly answer: { readonly state: 'accepted' | 'refused'; readonly reason: string; readonly at: number } | null
}

const useInbox = (): ReturnType<typeof useAsked<{ requests: readonly InboxRow[] }>> => useAsked('/staff/1/inbox', { every: 5000 })

export function AnswerState({ answer }: { readonly answer: { readonly state: string } | null }): ReactNode {
  const { t } = useTranslation('professional')
  if (answer === null) return <State kind="wait">{t('request.open')}</State>
  return answer.state === 'accepted' ? <State kind="yes">{t('request.accepted')}</State> : <State kind="no">{t('request.refused')}</State>
}

export function Requests(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={t('pages.steward.requests')}>
      <Asked asked={useInbox()}>{({ requests }) => (
        <List caption={t('pages.steward.requests')} rows={[...requests].sort((a, b) => Number(a.answer !== null) - Number(b.answer !== null) || b.received - a.received)} keyOf={({ document }) => document.id} textOf={({ document, answer }) => `${document.title} ${document.requester.member} ${nameOf(document.requester.member)} ${document.purpose} ${document.form} ${answer?.state ?? 'open'}`} empty={<p>{t('request.emptyInbox')}</p>} columns={[
          { name: t('request.title'), cell: ({ document }) => <Link className="row" href={`/requests/${document.id}`}>{document.title}</Link> },
          { name: t('request.requester'), cell: ({ document }) => nameOf(document.requester.member) },
          { name: t('request.purpose'), cell: ({ document }) => document.purpose },
          { name: t('request.form'), cell: ({ document }) => document.form },
          { name: t('request.basis'), cell: ({ document }) => document.basis },
          { name: t('request.received'), cell: ({ received }) => day(received) },
          { name: t('request.state'), cell: ({ answer }) => <AnswerState answer={answer} /> },
        ]} />
      )}</Asked>
    </Page>
  )
}

export function RequestPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const up = { href: '/requests', label: t('pages.steward.requests') }
  return (
    <Asked asked={useInbox()}>{({ requests }) => {
      const row = requests.find(({ document }) => document.id === id)
      if (row === undefined) return <Page title={t('notFound')} up={up}><p>{t('notFoundText')}</p></Page>
      const { document, received, answer } = row
      return (
        <Page title={document.title} up={up}>
          <p>{document.summary}</p>
          <div className="columns">
            <section><h2>{t('request.what')}</h2><Facts facts={requestFacts(document, t, nameOf)} /></section>
            <section>
              <h2>{t('request.course')}</h2>
              <Timeline happenings={[{ at: received, what: t('request.received') }, ...(answer === null ? [] : [{ at: answer.at, what: <AnswerState answer={answer} />, note: <code>{answer.reason}</code> }]), { at: document.until, what: t('request.ends') }]} />
              {answer === null ? <Decide id={id} /> : null}
              <p className="small muted">{t('request.id')} <code>{id}</code></p>
            </section>
          </div>
        </Page>
      )
    }}</Asked>
  )
}

function Decide({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [state, setState] = useState<'accepted' | 'refused'>()
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const submit = (): void => state === undefined ? setTried(true) : doing.run(() => node.post(`/staff/1/inbox/${id}/answer`, { state, ...(reason === '' ? {} : { reason }) }))
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Radios legend={t('request.decide')} error={isTried && state === undefined ? t('request.decideError') : undefined} options={[{ value: 'accepted', label: t('request.accept') }, { value: 'refused', label: t('request.refuse') }]} chosen={state} choose={setState} />
      <TextQuestion label={t('request.reason')} hint={t('request.reasonHint')} value={reason} change={(value) => setReason(value.toUpperCase())} isCode />
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('request.record')}</button></div>
    </form>
  )
}
