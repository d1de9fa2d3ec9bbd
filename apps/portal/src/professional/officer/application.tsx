// One application: its whole text, its course, and what an officer can do with it as it stands.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LongTextQuestion, Radios } from '../../design/questions.tsx'
import { Asked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { OneThing } from '../one-thing.tsx'
import { Page } from '../page.tsx'
import { Deliveries, PermitCourse, PermitFacts, PermitState, usePermit } from '../permit.tsx'
import type { Permit } from '../permit.tsx'
import { RequestFacts } from '../researcher/dataset.tsx'
import { RequestMessages } from '../request-messages.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import type { Application } from './applications.tsx'
import { Decide } from './decide.tsx'

export function ApplicationPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const up = { href: '/applications', label: t('pages.officer.applications') }
  return <OneThing<Application> path={`/staff/1/applications/${id}`} on={['message', 'ledger']} up={up}>{(application) => <Page title={application.document.title} up={up}><Whole application={application} /></Page>}</OneThing>
}

function Whole({ application }: { readonly application: Application }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const { document, permit } = application
  const asked = usePermit(document.id)
  const isOpen = permit.state === 'filed' || permit.state === 'complete' || permit.state === 'incomplete'
  return (
    <>
      <p><PermitState state={permit.state} /></p>
      <p className="written">{document.summary}</p>
      <div className="columns">
        <section>
          <h2>{t('request.what')}</h2>
          <RequestFacts document={document} />
          <p>{t('officer.holders')}: {permit.holders.map(nameOf).join(', ')}</p>
        </section>
        <section>
          <h2>{t('request.course')}</h2>
          <Asked asked={asked}>{(shown) => <PermitCourse shown={shown} more={[{ at: document.until, what: t('request.ends') }]} />}</Asked>
          <p className="small muted">{t('request.id')} <code>{document.id}</code></p>
        </section>
      </div>
      {permit.permit === null ? null : <div className="columns"><section><h2>{t('permit.title')}</h2><PermitFacts permit={permit} /></section><Deliveries permit={permit} /></div>}
      {isOpen ? <Decide key={`${permit.version} ${application.received}`} application={application} /> : null}
      {permit.state === 'issued' ? <Revoke permit={permit} /> : null}
      <RequestMessages request={document.id} others={[document.requester.member]} />
    </>
  )
}

const revokeReasons = ['CONDITIONS_BROKEN', 'PURPOSE_LEFT', 'NO_ANSWER_GIVEN', 'NO_LONGER_NEEDED'] as const

function Revoke({ permit: { request } }: { readonly permit: Permit }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [state, setState] = useState<{ sure?: boolean; tried?: boolean; text: string; reason?: typeof revokeReasons[number] }>({ text: '' })
  const submit = (): void => {
    if (state.text.trim() === '' || state.reason === undefined) return setState({ ...state, tried: true })
    doing.run(() => node.post(`/staff/1/applications/${request}/revocation`, { reason: state.reason, explanation: state.text.trim() }))
  }
  return (
    <section>
      <h2>{t('officer.revoke')}</h2>
      <p>{t('officer.revokeLead')}</p>
      {state.sure !== true ? <button type="button" onClick={() => setState({ ...state, sure: true })}>{t('officer.revoke')}</button> : (
        <form onSubmit={(event) => { event.preventDefault(); submit() }}>
          <Radios legend={t('officer.reason')} error={state.tried === true && state.reason === undefined ? t('officer.reasonError') : undefined} options={revokeReasons.map((value) => ({ value, label: t(`officer.revokeReasons.${value}`) }))} chosen={state.reason} choose={(reason) => setState({ ...state, reason })} />
          <LongTextQuestion label={t('officer.because')} hint={t('officer.becauseHint')} error={state.tried === true && state.text.trim() === '' ? t('officer.becauseError') : undefined} rows={3} value={state.text} change={(text) => setState({ ...state, text: text.slice(0, 4000) })} />
          {doing.error}
          <div className="actions"><button type="submit" className="grave" disabled={doing.working}>{t('officer.revokeSure')}</button><button type="button" onClick={() => setState({ text: '' })}>{t('leave')}</button></div>
        </form>
      )}
    </section>
  )
}
