// What left this holder: to whom, how many people were considered, which figures the gate measured, and whether it was called back.
import type { UseRequest } from '@mhmd/schema'
import i18next from 'i18next'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Bars } from '../../design/bars.tsx'
import { Facts } from '../../design/facts.tsx'
import { State } from '../../design/state.tsx'
import { day, moment, number } from '../../words/language.ts'
import { useAsked } from '../asked.tsx'
import { Figures } from '../figures.tsx'
import { OneThing } from '../one-thing.tsx'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { useNameOf } from '../staff-context.ts'
import { Timeline } from '../timeline.tsx'
import type { Happening } from '../timeline.tsx'
import { Assessment, useIsAssessed } from './assessment.tsx'
import { GateFiguresShown } from './gate-figures.tsx'
import type { GateFigures } from './gate-figures.tsx'
import { usePolicy } from './table-release.tsx'

interface Recall {
  readonly sent: number
  readonly answered: number | null
  readonly late: boolean
}

interface Release {
  readonly id: string
  readonly at: number
  readonly request: string
  readonly to: string
  readonly height: number
  readonly exact: number
  readonly considered: number
  readonly recall: Recall | null
  readonly tallies: { readonly answers: Readonly<Record<'permit' | 'deny' | 'undetermined', number>>; readonly reasons: Readonly<Record<string, number>> }
  readonly table?: { readonly form: 'anonymised' | 'pseudonymised'; readonly dataset: string; readonly digest: string; readonly size: number; readonly figures: GateFigures; readonly received?: number; readonly stopped?: number; readonly deleted?: { readonly at: number } }
}

/** Where it is now: what was deleted or stopped on its way stands nowhere. */
function ReleaseState({ release: { recall, table } }: { readonly release: Release }): ReactNode {
  const { t } = useTranslation('professional')
  if (table?.deleted !== undefined) return <State kind="yes">{t('releases.deleted', { date: day(table.deleted.at) })}</State>
  return table?.stopped !== undefined && recall === null ? <State kind="none">{t('releases.stoppedShort')}</State> : <RecallState recall={recall} />
}

export function RecallState({ recall }: { readonly recall: Recall | null }): ReactNode {
  const { t } = useTranslation('professional')
  if (recall === null) return <State kind="none">{t('releases.stands')}</State>
  if (recall.answered !== null) return <State kind="yes">{t('releases.removed')}</State>
  return recall.late ? <State kind="no">{t('releases.late')}</State> : <State kind="wait">{t('releases.told')}</State>
}

/** In words, with the code to quote. */
const reasonInWords = (code: string, t: TFunction<'professional'>): string => i18next.exists(`reasonNames.${code}`, { ns: 'professional' }) ? `${t(`reasonNames.${code as 'CONSENT_GIVEN'}`)} (${code})` : code

const ON = ['job', 'message', 'ledger'] as const

export function Releases(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={t('pages.steward.releases')}>
      <PagedList<Release> path="/staff/1/releases" name="releases" isSearchable on={ON} caption={t('pages.steward.releases')} keyOf={({ id }) => id} empty={<p>{t('releases.none')}</p>} columns={[
        { name: t('releases.when'), cell: ({ id, at }) => <Link className="row" href={`/releases/${id}`}>{moment(at)}</Link> },
        { name: t('releases.to'), cell: ({ to }) => nameOf(to) },
        { name: t('request.form'), cell: ({ table }) => t(`draft.form.${table?.form ?? 'computation'}`) },
        { name: t('releases.considered'), isNumber: true, cell: ({ considered }) => considered },
        { name: t('releases.risk'), isNumber: true, cell: ({ table }) => table === undefined ? '–' : `1 / ${number(table.figures.smallestClass)}` },
        { name: t('health.height'), isNumber: true, cell: ({ height }) => height },
        { name: t('request.state'), cell: (release) => <ReleaseState release={release} /> },
      ]} />
    </Page>
  )
}

export function ReleasePage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const up = { href: '/releases', label: t('pages.steward.releases') }
  return (
    <OneThing<Release> path={`/staff/1/releases/${id}`} on={ON} up={up}>{(release) => {
      const { tallies: { answers, reasons }, table } = release
      return (
        <Page title={t('releases.one', { to: nameOf(release.to) })} up={up}>
          <Figures figures={[{ name: t('releases.considered'), value: release.considered }, table === undefined ? { name: t('releases.exact'), value: release.exact, note: t('releases.exactNote') } : { name: t('releases.exactTable'), value: release.exact }, { name: t('releases.answers'), value: (['permit', 'deny', 'undetermined'] as const).map((answer) => t(`releases.answerNames.${answer}`, { count: answers[answer] })).join(' · ') }]} />
          <Bars title={t('releases.reasons')} summary={t('releases.reasonsSummary')} columns={[t('datasets.reason'), t('releases.people')]} tableLabel={t('table')} bars={Object.entries(reasons).map(([code, value]) => ({ label: reasonInWords(code, t), value, shown: number(value) }))} />
          {table === undefined ? null : <TableFigures at={release.at} table={table} />}
          {table === undefined || table.deleted !== undefined || table.stopped !== undefined ? null : <Assessment release={id} />}
          <div className="columns">
            <section><h2>{t('request.course')}</h2><Course release={release} /></section>
            <section><h2>{t('request.what')}</h2><Facts facts={[{ name: t('holdings.request'), value: <RequestLink request={release.request} /> }, { name: t('releases.id'), value: <code>{release.id}</code> }, { name: t('health.height'), value: release.height }]} /></section>
          </div>
        </Page>
      )
    }}</OneThing>
  )
}

function RequestLink({ request }: { readonly request: string }): ReactNode {
  const title = useAsked<{ document: UseRequest }>(`/staff/1/inbox/${request}`).data?.document.title
  return <Link href={`/requests/${request}`}>{title === undefined ? null : `${title} `}<code>{request}</code></Link>
}

/** Under a permit a table is made and measured, and leaves once a person holds it anonymous: until then it is not on its way. */
function Course({ release: { id, at, request, table, recall } }: { readonly release: Release }): ReactNode {
  const { t } = useTranslation('professional')
  const isUnderPermit = useAsked<{ document: UseRequest }>(`/staff/1/inbox/${request}`).data?.document.basis === 'permit'
  const isAssessed = useIsAssessed(id, table !== undefined && isUnderPermit)
  const waits = table !== undefined && isUnderPermit && !isAssessed && table.received === undefined
  return <Timeline happenings={[{ at, what: t(waits ? 'releases.passed' : 'releases.left') }, ...(waits && table.stopped === undefined ? [{ at: null, what: t('releases.waitsForAssessment') }] : way(table, t)), ...(recall === null ? [] : [{ at: recall.sent, what: t('releases.told') }, { at: recall.answered, what: <RecallState recall={recall} /> }])]} />
}

/** A table on its way, and its end. */
const way = (table: Release['table'], t: TFunction<'professional'>): readonly Happening[] => table === undefined ? [] : [
  ...(table.received === undefined ? table.stopped === undefined ? [{ at: null, what: t('releases.onItsWay') }] : [] : [{ at: table.received, what: t('releases.received') }]),
  ...(table.stopped === undefined ? [] : [{ at: table.stopped, what: t('releases.stopped') }]),
  ...(table.deleted === undefined ? [] : [{ at: table.deleted.at, what: t('releases.deletedWithReceipt') }]),
]

function TableFigures({ at, table: { dataset, digest, size, figures } }: { readonly at: number; readonly table: NonNullable<Release['table']> }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <section>
      <h2>{t('gate.title')}</h2>
      <GateFiguresShown figures={figures} policy={usePolicy(dataset, at)} />
      <p className="small muted">SHA-256 <code>{digest}</code>, {number(size)} B</p>
    </section>
  )
}
