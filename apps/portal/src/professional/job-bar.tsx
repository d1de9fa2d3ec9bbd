// A job that works now, by what it was asked: how far it is, live, and where it leads.
import { pathOf } from '@mhmd/client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useAsked } from './asked.tsx'
import type { Job } from './operator/jobs.tsx'

/** The newest job of a kind that was asked for these things. */
export function useJob(kind: string, input: Readonly<Record<string, string>>): Job | undefined {
  const { data } = useAsked<{ jobs: readonly Job[] }>(pathOf('/staff/1/jobs', { text: [kind, ...Object.values(input)].join(' ') }), { on: ['job'] })
  return data?.jobs.find((job) => job.kind === kind && Object.entries(input).every(([name, value]) => job.input[name] === value))
}

/** Without a total, only that it works. */
export function Progress({ label, progress }: { readonly label: string; readonly progress: Job['progress'] }): ReactNode {
  const { t } = useTranslation('professional')
  const { done = 0, total = 0 } = progress ?? {}
  return <div className="field" role="status"><span className="label">{label}</span>{total > 0 ? <><progress max={total} value={done} aria-label={label} /> <span className="muted">{t('jobs.of', { done, total })}</span></> : <><progress aria-label={label} />{done > 0 ? <> <span className="muted">{done}</span></> : null}</>}</div>
}

export function JobBar({ kind, input, label }: { readonly kind: string; readonly input: Readonly<Record<string, string>>; readonly label: string }): ReactNode {
  const job = useJob(kind, input)
  return <Progress label={label} progress={job?.progress} />
}
