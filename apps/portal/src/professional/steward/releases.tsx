// What left this holder: to whom, how many people were considered, which figures the gate measured, and whether it was called back.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Bars } from '../../design/bars.tsx'
import { Facts } from '../../design/facts.tsx'
import { State } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Figures } from '../figures.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'
import { Timeline } from '../timeline.tsx'

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
  readonly tallies: { readonly answers: Readonly<Record<string, number>>; readonly reasons: Readonly<Record<string, number>> }
  readonly table?: { readonly form: string; readonly digest: string; readonly size: number; readonly figures: { readonly rows: number; readonly suppressedRows: number; readonly people: number; readonly classes: number; readonly smallestClass: number; readonly memberships: number; readonly uniques: number } }
}

export function RecallState({ recall }: { readonly recall: Recall | null }): ReactNode {
  const { t } = useTranslation('professional')
  if (recall === null) return <State kind="none">{t('releases.stands')}</State>
  if (recall.answered !== null) return <State kind="yes">{t('releases.removed')}</State>
  return recall.late ? <State kind="no">{t('releases.late')}</State> : <State kind="wait">{t('releases.told')}</State>
}

const useReleases = (): ReturnType<typeof useAsked<{ releases: readonly Release[] }>> => useAsked('/staff/1/releases', { every: 5000 })

export function Releases(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={t('pages.steward.releases')}>
      <Asked asked={useReleases()}>{({ releases }) => (
        <List caption={t('pages.steward.releases')} rows={[...releases].sort((a, b) => b.at - a.at)} keyOf={({ id }) => id} textOf={({ id, to, request, table }) => `${id} ${to} ${nameOf(to)} ${request} ${table?.form ?? 'computation'}`} empty={<p>{t('releases.none')}</p>} columns={[
          { name: t('releases.when'), cell: ({ id, at }) => <Link className="row" href={`/releases/${id}`}>{moment(at)}</Link> },
          { name: t('releases.to'), cell: ({ to }) => nameOf(to) },
          { name: t('request.form'), cell: ({ table }) => table?.form ?? 'computation' },
          { name: t('releases.considered'), isNumber: true, cell: ({ considered }) => considered },
          { name: t('releases.risk'), isNumber: true, cell: ({ table }) => table === undefined ? '–' : `1 / ${table.figures.smallestClass}` },
          { name: t('health.height'), isNumber: true, cell: ({ height }) => height },
          { name: t('request.state'), cell: ({ recall }) => <RecallState recall={recall} /> },
        ]} />
      )}</Asked>
    </Page>
  )
}

export function ReleasePage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const up = { href: '/releases', label: t('pages.steward.releases') }
  return (
    <Asked asked={useReleases()}>{({ releases }) => {
      const release = releases.find((one) => one.id === id)
      if (release === undefined) return <Page title={t('notFound')} up={up}><p>{t('notFoundText')}</p></Page>
      const { tallies: { answers, reasons }, table, recall } = release
      return (
        <Page title={t('releases.one', { to: nameOf(release.to) })} up={up}>
          <Figures figures={[{ name: t('releases.considered'), value: release.considered }, { name: t('releases.exact'), value: release.exact, note: t('releases.exactNote') }, { name: t('releases.answers'), value: Object.entries(answers).map(([answer, count]) => `${answer} ${count}`).join(' · ') }]} />
          <Bars title={t('releases.reasons')} summary={t('releases.reasonsSummary')} columns={[t('jobs.code'), t('releases.people')]} tableLabel={t('table')} bars={Object.entries(reasons).map(([label, value]) => ({ label, value, shown: String(value) }))} />
          {table === undefined ? null : <TableFigures table={table} />}
          <div className="columns">
            <section><h2>{t('request.course')}</h2><Timeline happenings={[{ at: release.at, what: t('releases.left') }, ...(recall === null ? [] : [{ at: recall.sent, what: t('releases.told') }, { at: recall.answered, what: <RecallState recall={recall} /> }])]} /></section>
            <section><h2>{t('request.what')}</h2><Facts facts={[{ name: t('request.id'), value: <Link href={`/requests/${release.request}`}><code>{release.request}</code></Link> }, { name: t('releases.id'), value: <code>{release.id}</code> }, { name: t('health.height'), value: release.height }]} /></section>
          </div>
        </Page>
      )
    }}</Asked>
  )
}

function TableFigures({ table: { form, digest, size, figures } }: { readonly table: NonNullable<Release['table']> }): ReactNode {
  const { t } = useTranslation('professional')
  const prosecutor = figures.smallestClass === 0 ? 0 : 1 / figures.smallestClass
  const marketer = figures.people === 0 ? 0 : figures.classes / figures.people
  return (
    <section>
      <h2>{t('releases.gate', { form })}</h2>
      <Figures figures={[{ name: t('releases.rows'), value: figures.rows }, { name: t('releases.suppressed'), value: figures.suppressedRows }, { name: t('releases.people'), value: figures.people }, { name: t('releases.classes'), value: figures.classes }, { name: t('releases.smallest'), value: figures.smallestClass }, { name: t('releases.uniques'), value: figures.uniques }]} />
      <Bars title={t('releases.risks')} summary={t('releases.risksSummary')} columns={[t('releases.measure'), t('releases.risk')]} whole={1} tableLabel={t('table')} bars={[{ label: t('releases.prosecutor'), value: prosecutor, shown: prosecutor.toFixed(3) }, { label: t('releases.marketer'), value: marketer, shown: marketer.toFixed(3) }]} />
      <p className="small muted">SHA-256 <code>{digest}</code>, {size} B</p>
    </section>
  )
}
