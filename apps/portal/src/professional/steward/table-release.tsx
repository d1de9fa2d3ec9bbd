// Making the table that a request asks for: the job as it works, what it noted, the gate's refusal with its remedy and figures, and the way to what left.
import type { DatasetPolicy } from '@mhmd/schema'
import i18next from 'i18next'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Note, State } from '../../design/state.tsx'
import { wordsFor } from '../../words/error-words.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Progress, useJob } from '../job-bar.tsx'
import type { Job } from '../operator/jobs.tsx'
import { useStaff } from '../staff-context.ts'
import { Timeline } from '../timeline.tsx'
import { isInForce, useAgreement } from './agreement.tsx'
import type { DatasetRow } from './datasets.tsx'
import { figuresNoted, GateFiguresShown } from './gate-figures.tsx'

interface Noted {
  readonly at: number
  readonly event: string
  readonly details: Readonly<Record<string, string | number>>
}

interface Asking {
  readonly request: string
  readonly dataset: { readonly id: string; readonly version: number } | undefined
  /** Then it leaves once a steward holds it anonymous, and not before. */
  readonly isUnderPermit: boolean
}

export function TableRelease({ request, dataset, isUnderPermit }: Asking): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const { data } = useAgreement(request)
  const job = useJob('release', { request })
  const doing = useDoing()
  const start = (): void => doing.run(() => node.post('/staff/1/releases/tables', { request }))
  const canStart = isInForce(data?.agreement) && job?.state !== 'waiting'
  return (
    <section>
      <h3>{t('share.release')}</h3>
      {job === undefined ? <p>{t('share.releaseLead')}</p> : <Made job={job} dataset={dataset} isUnderPermit={isUnderPermit} />}
      {doing.error}
      {isInForce(data?.agreement) ? null : <p className="muted">{t('share.notYet')}</p>}
      {!canStart ? null : job?.state === 'done' ? <Another key={job.id} isWorking={doing.working} start={start} /> : <div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={start}>{job === undefined ? t('share.start') : t('share.startAgain')}</button></div>}
    </section>
  )
}

/** One left already: another beside it is made only by whoever has read what that means. */
function Another({ isWorking, start }: { readonly isWorking: boolean; readonly start: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const [isAsked, ask] = useState<boolean>()
  if (isAsked !== true) return <div className="actions"><button type="button" autoFocus={isAsked === false} onClick={() => ask(true)}>{t('share.another')}</button></div>
  return <><Note kind="wait" alert><p>{t('share.anotherText')}</p></Note><div className="actions"><button type="button" className="grave" disabled={isWorking} onClick={start}>{t('share.anotherSure')}</button><button type="button" autoFocus onClick={() => ask(false)}>{t('share.anotherNot')}</button></div></>
}

function Made({ job, dataset, isUnderPermit }: Omit<Asking, 'request'> & { readonly job: Job }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const asked = useAsked<{ job: Job; log: readonly Noted[] }>(`/staff/1/jobs/${job.id}`, { on: ['job'] })
  return <Asked asked={asked}>{({ job: { state, progress, code }, log }) => {
    const release = log.findLast(({ event }) => event === 'gate-passed')?.details['release']
    return (
      <>
        {state === 'waiting' ? <><Progress label={`${t('share.working')}: ${t(`share.steps.${stepOf(progress?.done)}`)}`} progress={progress ?? { done: 0, total: 3 }} />{doing.error}<button type="button" disabled={doing.working} onClick={() => doing.run(() => node.delete(`/staff/1/jobs/${job.id}`))}>{t('share.stop')}</button></> : null}
        {state === 'done' ? <p><State kind="yes">{t(isUnderPermit ? 'share.passed' : 'share.left')}</State> {release === undefined ? null : <Link href={`/releases/${String(release)}`}>{t('share.see')}</Link>}</p> : null}
        {state === 'failed' ? <><Refusal code={code ?? ''} /><HeldBack log={log} dataset={dataset} /></> : null}
        <details open={state === 'failed'}><summary>{t('share.course')}</summary><Timeline happenings={log.map(({ at, event, details }) => ({ at, what: noteInWords(event, details, t) }))} /></details>
      </>
    )
  }}</Asked>
}

const stepOf = (done: number | undefined): '0' | '1' | '2' => done === undefined || done < 1 ? '0' : done < 2 ? '1' : '2'

function noteInWords(event: string, details: Noted['details'], t: TFunction<'professional'>): string {
  return i18next.exists(`share.notes.${event}`, { ns: 'professional' }) ? t(`share.notes.${event as 'done'}`, details) : event
}

/** What held it back, and what would change that. */
function Refusal({ code }: { readonly code: string }): ReactNode {
  const { t } = useTranslation('professional')
  const known = (i18next.exists(`gate.remedies.${code}.what`, { ns: 'professional' }) ? code : 'OTHER') as 'OTHER'
  // A code of the node itself has its words with the other errors.
  const isNodes = known === 'OTHER' && i18next.exists(`errors.codes.${code}`, { ns: 'professional' })
  return <Note kind="no" alert><p><strong>{t('share.held')} {isNodes ? wordsFor(code, 'bug') : t(`gate.remedies.${known}.what`)}</strong></p>{isNodes ? null : <p>{t(`gate.remedies.${known}.remedy`)}</p>}<p className="small"><code>{code}</code></p></Note>
}

function HeldBack({ log, dataset }: { readonly log: readonly Noted[]; readonly dataset: Asking['dataset'] }): ReactNode {
  const { t } = useTranslation('professional')
  const noted = log.findLast(({ event }) => event === 'held-back')
  const figures = noted === undefined ? undefined : figuresNoted(noted.details)
  const policy = usePolicy(dataset?.id, noted?.at)
  return (
    <>
      {dataset === undefined ? null : <p><Link href={`/datasets/${dataset.id}`}>{t('share.toDataset')}</Link></p>}
      {figures === undefined ? null : <GateFiguresShown figures={figures} policy={policy} />}
    </>
  )
}

/** The policy that was in force for a dataset at a time. */
export function usePolicy(dataset: string | undefined, at: number | undefined): DatasetPolicy | undefined {
  const { data } = useAsked<{ versions: readonly DatasetRow[] }>(`/staff/1/datasets/${dataset ?? ''}`, { enabled: dataset !== undefined })
  const version = data?.versions.findLast((one) => one.state === 'offered' && (at === undefined || one.at <= at))
  return version !== undefined && 'policy' in version.description ? version.description.policy : undefined
}
