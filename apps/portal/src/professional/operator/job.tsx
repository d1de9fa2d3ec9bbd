// One job: how far it is, what it noted, why it failed and what to do; cancelled or made to go on from here.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Progress } from '../job-bar.tsx'
import { Page } from '../page.tsx'
import { Problem } from '../problem.tsx'
import { useStaff } from '../staff-context.ts'
import { Timeline } from '../timeline.tsx'
import { JobState, kindInWords } from './jobs.tsx'
import type { Job } from './jobs.tsx'

interface JobShown {
  readonly job: Job
  readonly log: readonly { readonly at: number; readonly event: string; readonly details: Readonly<Record<string, string | number>> }[]
}

export function JobPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  const up = { href: '/jobs', label: t('jobs.title') }
  return (
    <Asked asked={useAsked<JobShown>(`/staff/1/jobs/${id}`, { on: ['job'] })}>{({ job, log }) => (
      <Page title={t('jobs.one', { kind: kindInWords(job.kind, t) })} up={up} actions={<Acts job={job} />}>
        {job.state === 'waiting' ? <Progress label={t('jobs.progress')} progress={job.progress} /> : null}
        <Problem job={job} />
        <div className="columns">
          <section><h2>{t('jobs.log')}</h2><Timeline happenings={[{ at: job.created, what: t('jobs.created') }, ...log.map(({ at, event, details }) => ({ at, what: event, note: Object.keys(details).length === 0 ? undefined : <code>{Object.entries(details).map(([name, value]) => `${name}=${value}`).join(' ')}</code> }))]} /></section>
          <section>
            <h2>{t('jobs.about')}</h2>
            <Facts facts={[
              { name: t('jobs.state'), value: <JobState state={job.state} /> },
              { name: t('jobs.kind'), value: <code>{job.kind}</code> },
              { name: t('jobs.attempts'), value: job.attempts },
              ...(job.resumed === undefined ? [] : [{ name: t('jobs.resumed'), value: moment(job.resumed) }]),
              ...Object.entries(job.input).map(([name, value]) => ({ name, value: <code>{value}</code> })),
              { name: t('request.id'), value: <code>{job.id}</code> },
              // What its file is called stewards alone see: patients' names stand in names of files.
              ...(['import', 'bulk'].includes(job.kind) && session.roles.includes('steward') ? [{ name: t('imports.source'), value: <Link href={`~/pro/steward/imports/${job.id}`}>{t('jobs.toImport')}</Link> }] : []),
            ]} />
          </section>
        </div>
      </Page>
    )}</Asked>
  )
}

/** Whoever may, by her roles: the node asks again. */
const mayAct = ['steward', 'admin', 'researcher']
/** What must be done by law is not anybody's to stop. */
const bound = ['erasure', 'recall', 'deletion']

function Acts({ job: { id, state, kind } }: { readonly job: Job }): ReactNode {
  const { t } = useTranslation('professional')
  const { node, session } = useStaff()
  const doing = useDoing()
  if (state === 'done' || !session.roles.some((role) => mayAct.includes(role))) return null
  return (
    <>
      {doing.error}
      {state !== 'waiting' ? <button type="button" className="primary" disabled={doing.working} onClick={() => doing.run(() => node.post(`/staff/1/jobs/${id}/resumption`, {}))}>{t('jobs.resume')}</button>
        : bound.includes(kind) ? <p className="muted">{t('jobs.bound')}</p>
        : <button type="button" className="grave" disabled={doing.working} onClick={() => doing.run(() => node.delete(`/staff/1/jobs/${id}`))}>{t('jobs.cancel')}</button>}
    </>
  )
}
