// Health: what this node says of itself: doors, ledger, jobs, what waits, room on the disk, certificate, versions.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Note, State } from '../../design/state.tsx'
import { wordsFor } from '../../words/error-words.ts'
import { day, moment, number, tenths } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Figures } from '../figures.tsx'
import { Page } from '../page.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'

interface HealthShown {
  readonly startedAt: number
  readonly now: number
  /** Of a holder. */
  readonly doors: string | null
  readonly ledger: { readonly height: number; readonly hash: string; readonly confirmedMillisecondsAgo: number | null; readonly forked: boolean; readonly pendingEffects: number }
  readonly jobs: Readonly<Record<'waiting' | 'failed' | 'done' | 'cancelled', number>>
  readonly messagesWaiting: number
  readonly disk: { readonly dataBytes: number; readonly freeBytes: number }
  readonly certificateExpires: number
  readonly versions: { readonly node: string; readonly interface: string; readonly contracts: readonly string[] }
}

interface Status {
  readonly member: string
  readonly network: string
  readonly behind: boolean
  readonly disputes: number
}

const MONTH_MILLISECONDS = 30 * 86_400_000
const GIGABYTE = 1e9
const LEAST_FREE_BYTES = 2 * GIGABYTE
const bytes = (count: number): string => count >= GIGABYTE ? `${number(count / GIGABYTE, tenths)} GB` : `${number(Math.ceil(count / 1e6))} MB`

export function Health(): ReactNode {
  const { t } = useTranslation('professional')
  return <Page title={t('health.title')}><Asked asked={useAsked<HealthShown>('/staff/1/health', { on: ['ledger', 'job', 'message'], every: 5000 })}>{(health) => <Shown health={health} />}</Asked></Page>
}

function Shown({ health }: { readonly health: HealthShown }): ReactNode {
  const { t } = useTranslation('professional')
  const { ledger, jobs, messagesWaiting, disk } = health
  const ago = ledger.confirmedMillisecondsAgo
  return (
    <>
      <Warnings health={health} />
      <Figures figures={[
        { name: t('health.height'), value: ledger.height, note: ago === null ? t('health.never') : t('health.confirmed', { seconds: number(ago / 1000, tenths) }) },
        { name: t('health.pending'), value: ledger.pendingEffects },
        { name: t('health.messages'), value: messagesWaiting },
        { name: t('health.jobsWaiting'), value: jobs.waiting, note: <Link href="/jobs">{t('jobs.title')}</Link> },
        { name: t('health.jobsFailed'), value: jobs.failed, note: jobs.failed === 0 ? undefined : <Link href="/jobs?q=failed">{t('health.seeFailed')}</Link> },
        { name: t('health.free'), value: bytes(disk.freeBytes), note: t('health.data', { size: bytes(disk.dataBytes) }) },
      ]} />
      <Asked asked={useAsked<Status>('/staff/1/status', { on: ['ledger'], every: 5000 })}>{(status) => <About health={health} status={status} />}</Asked>
    </>
  )
}

/** What needs somebody, or that nothing does. */
function Warnings({ health: { ledger, doors, now, certificateExpires, disk } }: { readonly health: HealthShown }): ReactNode {
  const { t } = useTranslation('professional')
  const closedBy = doors === null || doors === 'open' ? undefined : doors.replace('closed: ', '')
  const warnings = [
    ...(ledger.forked ? [t('health.forkedYes')] : []),
    ...(closedBy !== undefined && !ledger.forked ? [t('health.closed', { code: closedBy, why: wordsFor(closedBy, 'unavailable') })] : []),
    ...(certificateExpires - now < MONTH_MILLISECONDS ? [t('health.certificateSoon', { date: day(certificateExpires) })] : []),
    ...(disk.freeBytes < LEAST_FREE_BYTES ? [t('health.diskLow', { size: bytes(disk.freeBytes) })] : []),
  ]
  if (warnings.length === 0) return <p><State kind="yes">{t(doors === null ? 'health.well' : 'health.wellOpen')}</State></p>
  return <Note kind={ledger.forked ? 'no' : 'wait'} alert>{warnings.map((words) => <p key={words}>{words}</p>)}</Note>
}

function About({ health: { startedAt, certificateExpires, versions, ledger }, status: { member, network, behind, disputes } }: { readonly health: HealthShown; readonly status: Status }): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  const nameOf = useNameOf()
  return (
    <Facts facts={[
      { name: t('health.member'), value: `${nameOf(member)} (${member})` },
      { name: t('health.network'), value: <code>{network}</code> },
      { name: t('health.histories'), value: ledger.forked ? <State kind="no">{t('health.forked')}</State> : behind ? <State kind="wait">{t('health.behind')}</State> : disputes > 0 ? <State kind="wait">{t('health.disputes', { count: disputes })}</State> : <State kind="yes">{t('health.same')}</State> },
      { name: t('health.head'), value: <code>{ledger.hash}</code> },
      { name: t('health.started'), value: moment(startedAt) },
      { name: t('health.certificate'), value: day(certificateExpires) },
      { name: t('health.versions'), value: t('health.versionsOf', { node: versions.node, interface: versions.interface }) },
      { name: t('health.contracts'), value: versions.contracts.join(', ') },
      { name: t('health.session'), value: moment(session.expires) },
    ]} />
  )
}
