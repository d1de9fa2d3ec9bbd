// One table that is held here: its bytes, its agreement and clock, what may be assumed of it, its deletion and the receipt.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { clock } from '../../device/ports.ts'
import { Facts } from '../../design/facts.tsx'
import { Note, State } from '../../design/state.tsx'
import type { StateKind } from '../../design/state.tsx'
import { day, moment, number } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { JobBar } from '../job-bar.tsx'
import type { Message } from '../request-messages.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'
import { saveFile } from '../../device/saved-file.ts'
import { RequestLink } from './agreement-offer.tsx'
import type { Agreement } from './agreement-offer.tsx'
import { TimeLeft } from './time-left.tsx'

export interface Holding {
  readonly holder: string
  readonly release: string
  readonly request: string
  readonly agreement: string
  readonly form: 'anonymised' | 'pseudonymised'
  readonly until: number
  readonly size: number
  readonly got: number
  readonly digest: string
  readonly at: number
  readonly state: 'offered' | 'held' | 'stopped' | 'refused' | 'deleting' | 'deleted'
  readonly receipt: object | null
  readonly assessment: { readonly state: string; readonly until: number } | null
}

const kinds: Readonly<Record<Holding['state'], StateKind>> = { offered: 'wait', held: 'yes', stopped: 'wait', refused: 'no', deleting: 'wait', deleted: 'none' }

export function HoldingState({ state }: Pick<Holding, 'state'>): ReactNode {
  const { t } = useTranslation('professional')
  return <State kind={kinds[state]}>{t(`holdings.states.${state}`)}</State>
}

export function HoldingPart({ holding, agreement: under }: { readonly holding: Holding; readonly agreement: Agreement | undefined }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const { holder, release, form, agreement, request, until, size, state, digest, at, assessment, receipt } = holding
  const isAnonymous = assessment?.state === 'anonymous' && assessment.until > clock.now()
  return (
    <section>
      <h2>{t('holdings.from', { name: nameOf(holder), form: t(`formNames.${form}`) })}</h2>
      <Facts facts={[
        { name: t('request.state'), value: <HoldingState state={state} /> },
        ...(state === 'held' || state === 'offered' ? [{ name: t('holdings.left'), value: <>{day(until)} (<TimeLeft until={until} />)<br /><span className="muted">{t('holdings.duty')}</span></> }] : []),
        { name: t('holdings.request'), value: <RequestLink request={request} /> },
        { name: t('holdings.agreement'), value: <code>{agreement}</code> },
        ...(state === 'held' ? [{ name: t('holdings.verified'), value: moment(at) }, { name: t('holdings.digest'), value: <><code>{digest}</code>, {number(size)} B</> }] : []),
      ]} />
      {state === 'offered' ? <JobBar kind="transfer" input={{ holder, release }} label={t('holdings.states.offered')} /> : null}
      {state !== 'held' || form !== 'anonymised' ? null : <p>{isAnonymous ? t('holdings.assessed', { date: day(assessment.until) }) : t('holdings.notAssessed')}</p>}
      {receipt === null ? null : <><h3>{t('holdings.receipt')}</h3><p>{t('holdings.receiptText')} <button type="button" className="plain" onClick={() => saveFile(`receipt-${release}.json`, receipt)}>{t('holdings.save')}</button></p></>}
      <Ended holding={holding} agreement={under} />
      <Acts holding={holding} />
    </section>
  )
}

/** What ended its agreement, when and by whom; and what this organisation owes for the copies that left its node. */
function Ended({ holding: { holder, until, state, request, release }, agreement }: { readonly holding: Holding; readonly agreement: Agreement | undefined }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const why = agreement?.state === 'ended' && agreement.since !== null && agreement.by !== null ? t('holdings.ended', { name: nameOf(agreement.by), date: moment(agreement.since) }) : until <= clock.now() ? t('holdings.lapsed', { date: day(until) }) : undefined
  if (why === undefined && state !== 'deleting' && state !== 'deleted') return null
  return <Note kind="wait">{why === undefined ? null : <p>{why}</p>}<p>{t('holdings.copies', { name: nameOf(holder) })}</p><Declaration holder={holder} request={request} release={release} /></Note>
}

/** That no downloaded copy is left: her organisation's word, as a message about the request. */
function Declaration({ holder, request, release }: Pick<Holding, 'holder' | 'request' | 'release'>): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const name = useNameOf()(holder)
  const path = `/staff/1/requests/${request}/messages`
  const text = t('holdings.declaration', { release })
  return <Asked asked={useAsked<{ messages: readonly Message[] }>(path, { on: ['message'] })}>{({ messages }) => {
    const sent = messages.find((one) => one.with === holder && one.from !== holder && one.text.includes(release))
    return sent === undefined
      ? <Sure label={t('holdings.declare')} sure={t('holdings.declareSure')} of={name} act={() => node.post(path, { to: holder, text })}><p>{t('holdings.declareText', { name })}</p><blockquote>{text}</blockquote></Sure>
      : <p role="status">{t('holdings.declared', { name, date: moment(sent.at) })}</p>
  }}</Asked>
}

function Acts({ holding: { holder, release, state } }: { readonly holding: Holding }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const nameOf = useNameOf()
  const path = `/staff/1/holdings/${release}/${holder}`
  if (!['offered', 'held', 'stopped'].includes(state)) return null
  return (
    <>
      {doing.error}
      <div className="actions">
        {state === 'offered' ? <button type="button" disabled={doing.working} onClick={() => doing.run(() => node.post(`${path}/transfer`, {}))}>{t('holdings.fetch')}</button> : null}
        {state === 'held' ? <a className="button primary" href={`${path}/bytes`} download={`${release}.csv`}>{t('holdings.download')}</a> : null}
        {state === 'offered' ? null : <Sure label={t('holdings.delete')} sure={t('holdings.sure')} of={nameOf(holder)} act={() => node.post(`${path}/deletion`, { reason: 'NO_LONGER_NEEDED' })} />}
      </div>
    </>
  )
}
