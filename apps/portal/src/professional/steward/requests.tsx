// Requests that others addressed to this holder: what is asked, on which ground, and the decision with its reason.
import type { UseRequest } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Radios } from '../../design/questions.tsx'
import { State } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { OneThing } from '../one-thing.tsx'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { PermitState } from '../permit.tsx'
import type { Permit } from '../permit.tsx'
import { Reason } from '../reason.tsx'
import { RequestMessages } from '../request-messages.tsx'
import { RequestFacts } from '../researcher/dataset.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { Timeline } from '../timeline.tsx'
import { AgreementPart } from './agreement.tsx'
import type { DatasetRow } from './datasets.tsx'
import { PermitPart } from './permit-part.tsx'
import { TableRelease } from './table-release.tsx'

interface InboxRow {
  readonly document: UseRequest
  readonly received: number
  readonly answer: { readonly state: 'accepted' | 'refused'; readonly reason: string; readonly at: number } | null
  /** How its application stands, where an access body decides. */
  readonly permit: Permit['state'] | null
}

const ON = ['message', 'ledger'] as const

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
      <PagedList<InboxRow> path="/staff/1/inbox" name="requests" isSearchable on={ON} caption={t('pages.steward.requests')} keyOf={({ document }) => document.id} empty={<p>{t('request.emptyInbox')}</p>} columns={[
        { name: t('request.title'), cell: ({ document }) => <Link className="row" href={`/requests/${document.id}`}>{document.title}</Link> },
        { name: t('request.state'), cell: ({ document, answer, permit }) => document.basis === 'permit' ? <PermitState state={permit ?? 'filed'} /> : <AnswerState answer={answer} /> },
        { name: t('request.requester'), cell: ({ document }) => nameOf(document.requester.member) },
        { name: t('request.purpose'), cell: ({ document }) => t(`purposeNames.${document.purpose}`) },
        { name: t('request.form'), cell: ({ document }) => t(`formNames.${document.form}`) },
        { name: t('request.basis'), cell: ({ document }) => t(`basisNames.${document.basis}`) },
        { name: t('request.received'), cell: ({ received }) => day(received) },
      ]} />
    </Page>
  )
}

/** By its title; a request may name another holder's. */
function OwnDataset({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const found = useAsked<{ datasets: readonly Omit<DatasetRow, 'description'>[] }>(`/staff/1/datasets?text=${id}`).data?.datasets.find((dataset) => dataset.id === id)
  return found === undefined ? null : <p>{t('request.dataset')}: <Link href={`/datasets/${id}`}>{found.entry.title}</Link></p>
}

export function RequestPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const up = { href: '/requests', label: t('pages.steward.requests') }
  return (
    <OneThing<InboxRow> path={`/staff/1/inbox/${id}`} on={ON} up={up}>{({ document, received, answer, permit }) => (
      <Page title={document.title} up={up}>
        <p>{document.summary}</p>
        <div className="columns">
          <section><h2>{t('request.what')}</h2><RequestFacts document={document} />{document.dataset === undefined ? null : <OwnDataset id={document.dataset.id} />}</section>
          <section>
            <h2>{t('request.course')}</h2>
            {document.basis === 'permit' ? <PermitPart document={document} /> : <Timeline happenings={[{ at: received, what: t('request.received') }, ...(answer === null ? [] : [{ at: answer.at, what: <AnswerState answer={answer} />, note: <Reason code={answer.reason} /> }]), { at: document.until, what: t('request.ends') }]} />}
            {answer === null && document.basis !== 'permit' ? <Decide id={id} /> : null}
            <p className="small muted">{t('request.id')} <code>{id}</code></p>
          </section>
        </div>
        {(document.basis === 'permit' ? permit === 'issued' : answer?.state === 'accepted') && document.form !== 'computation' ? <section><h2>{t('share.title')}</h2><div className="columns"><AgreementPart request={id} until={document.until} /><TableRelease request={id} dataset={document.dataset} isUnderPermit={document.basis === 'permit'} /></div></section> : null}
        <RequestMessages request={id} others={[document.requester.member]} />
      </Page>
    )}</OneThing>
  )
}

/** ReasonCodes of the ledger. */
const reasons = ['NOT_AGREED', 'NOT_ETHICAL', 'DATA_NOT_HELD', 'DATA_NOT_NECESSARY', 'SAFEGUARDS_TOO_WEAK'] as const

function Decide({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [state, setState] = useState<'accepted' | 'refused'>()
  const [reason, setReason] = useState<typeof reasons[number]>()
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const submit = (): void => {
    setTried(true)
    if (state === 'accepted' || (state === 'refused' && reason !== undefined)) doing.run(() => node.post(`/staff/1/inbox/${id}/answer`, state === 'accepted' ? { state } : { state, reason }))
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Radios legend={t('request.decide')} error={isTried && state === undefined ? t('request.decideError') : undefined} options={[{ value: 'accepted', label: t('request.accept') }, { value: 'refused', label: t('request.refuse') }]} chosen={state} choose={setState} />
      {state === 'refused' ? <Radios legend={t('request.reason')} hint={t('request.reasonHint')} error={isTried && reason === undefined ? t('officer.reasonError') : undefined} options={reasons.map((value) => ({ value, label: t(`request.reasons.${value}`) }))} chosen={reason} choose={setReason} /> : null}
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('request.record')}</button></div>
    </form>
  )
}
