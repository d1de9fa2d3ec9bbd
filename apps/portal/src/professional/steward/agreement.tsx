// The agreement under which a table may leave: offered by the steward for days, accepted by the requester, ended by either.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../design/facts.tsx'
import { TextQuestion } from '../../design/questions.tsx'
import { State } from '../../design/state.tsx'
import { day, moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'

interface Agreement {
  readonly document: { readonly agreement: string; readonly recipient: string; readonly form: 'anonymised' | 'pseudonymised'; readonly until: number; readonly duties: readonly ('only-for-this-request' | 'no-re-identification' | 'no-onward-transfer' | 'delete-at-the-end' | 'answer-recalls')[] }
  readonly state: 'offered' | 'accepted' | 'ended' | null
  readonly since: number | null
  readonly by: string | null
}
interface Asking {
  readonly request: string
  readonly until: number
}

export const useAgreement = (request: string): ReturnType<typeof useAsked<{ agreement: Agreement | null }>> => useAsked(`/staff/1/inbox/${request}/agreement`, { on: ['ledger', 'message'] })

export const isInForce = (agreement: Agreement | null | undefined): boolean => agreement?.state === 'accepted' && agreement.document.until > Date.now()

export function AgreementPart({ request, until }: Asking): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <section>
      <h3>{t('share.agreement')}</h3>
      <Asked asked={useAgreement(request)}>{({ agreement }) => (
        <>
          {agreement === null ? <p>{t('share.agreementLead')}</p> : <Standing agreement={agreement} />}
          {agreement === null || agreement.state === 'ended' || agreement.document.until <= Date.now() ? <Offer request={request} until={until} isAgain={agreement !== null} /> : <End request={request} />}
        </>
      )}</Asked>
    </section>
  )
}

function Standing({ agreement: { document, state, since, by } }: { readonly agreement: Agreement }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const isOver = document.until <= Date.now()
  return (
    <>
      <p>{isOver ? <State kind="none">{t('share.over')}</State> : state === 'accepted' ? <State kind="yes">{t('share.accepted')}</State> : state === 'offered' ? <State kind="wait">{t('share.offered')}</State> : state === 'ended' ? <State kind="none">{t('share.ended')}</State> : <State kind="wait">{t('share.unrecorded')}</State>}</p>
      <Facts facts={[
        { name: t('share.recipient'), value: nameOf(document.recipient) }, { name: t('share.form'), value: t(`draft.form.${document.form}`) }, ...(state === null || since === null ? [] : [{ name: t(`share.since.${state}`), value: `${moment(since)}${state === 'ended' && by !== null ? `, ${nameOf(by)}` : ''}` }]), { name: t('share.until'), value: day(document.until) },
        { name: t('share.duties'), value: document.duties.map((duty) => t(`share.duty.${duty}`)).join('; ') },
      ]} />
    </>
  )
}

const DAY_MILLISECONDS = 86_400_000
/** What a node takes at most. */
const MOST_DAYS = 3650

function Offer({ request, until, isAgain }: Asking & { readonly isAgain: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [days, setDays] = useState('30')
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const most = Math.min(MOST_DAYS, Math.max(1, Math.ceil((until - Date.now()) / DAY_MILLISECONDS)))
  const isRight = /^[1-9][0-9]{0,3}$/.test(days.trim()) && Number(days) <= most
  const submit = (): void => isRight ? doing.run(() => node.post(`/staff/1/inbox/${request}/agreement`, { days: Number(days) })) : setTried(true)
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <TextQuestion label={t('share.days')} hint={t('share.daysHint', { date: day(until) })} error={isTried && !isRight ? t('share.daysError', { most }) : undefined} value={days} change={setDays} />
      {doing.error}
      <div className="actions"><button type="submit" className={isAgain ? undefined : 'primary'} disabled={doing.working}>{isAgain ? t('share.offerAgain') : t('share.offer')}</button></div>
    </form>
  )
}

function End({ request }: Pick<Asking, 'request'>): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  return <Sure label={t('share.end')} sure={t('share.endSure')} act={() => node.delete(`/staff/1/inbox/${request}/agreement`)}><p>{t('share.endText')}</p></Sure>
}
