// One dataset: what others see of it, each column with its role and reason, the scenario, the policy, its versions; the next version, and withdrawing it.
import type { Dataset } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'
import { Timeline } from '../timeline.tsx'
import { DatasetState } from './datasets.tsx'
import type { DatasetRow } from './datasets.tsx'
import { hierarchyInWords, limitsInWords } from './hierarchies.ts'
import { modelInWords, percent } from './models.ts'

export function DatasetPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  return <Asked asked={useAsked<{ dataset: DatasetRow; versions: readonly DatasetRow[] }>(`/staff/1/datasets/${id}`)}>{({ dataset, versions }) => {
    const { description, entry, state, version } = dataset
    return (
      <Page title={description.title} up={{ href: '/datasets', label: t('pages.steward.datasets') }} actions={<Acts dataset={dataset} />}>
        <p><DatasetState state={state} /> <span className="muted">{t('datasets.version')} {version} · <code>{id}</code></span></p>
        <p>{description.summary}</p>
        {'view' in description ? <Whole document={description} /> : <p>{t('datasets.description')}</p>}
        <div className="columns">
          <section><h2>{t('datasets.seen')}</h2><p>{entry.peopleAtLeast === undefined ? t('datasets.noFigure') : t('datasets.atLeast', { count: entry.peopleAtLeast })}</p></section>
          <section><h2>{t('datasets.versions')}</h2><Timeline happenings={[...versions].reverse().map((one) => ({ at: one.at, what: <>{t('datasets.version')} {one.version}: {t(`datasets.${one.state}`)}</>, note: one.description.title }))} /></section>
        </div>
      </Page>
    )
  }}</Asked>
}

function Whole({ document: { title, columns, scenario, policy } }: { readonly document: Dataset }): ReactNode {
  const { t } = useTranslation('professional')
  const { thresholds } = policy
  const chance = (share: number): string => share === 0 ? '0 %' : `${percent(share)} (${t('protection.oneIn', { n: Math.round(10 / share) / 10 })})`
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('datasets.columns', { title })}>
        <table>
          <caption>{t('datasets.columns', { title })}</caption>
          <thead><tr><th scope="col">{t('datasets.column')}</th><th scope="col">{t('datasets.role')}</th><th scope="col">{t('datasets.coarsened')}</th><th scope="col">{t('datasets.reason')}</th></tr></thead>
          <tbody>{columns.map(({ name, role, reason, hierarchy, minLevel, maxLevel, weight }) => <tr key={name}><th scope="row"><code>{name}</code></th><td>{t(`draft.roles.${role}`)}</td><td>{hierarchy === undefined ? '–' : hierarchyInWords(hierarchy, t)}{minLevel === undefined && maxLevel === undefined && weight === undefined ? null : <div className="small muted">{limitsInWords({ minLevel, maxLevel, weight }, t)}</div>}</td><td>{reason}</td></tr>)}</tbody>
        </table>
      </div>
      <div className="columns">
        <section><h2>{t('datasets.scenario')}</h2><Facts facts={[{ name: t('draft.attacker'), value: t(`draft.attackers.${scenario.attacker}`) }, { name: t('draft.knows'), value: scenario.knows.join(', ') }, { name: t('draft.scenario'), value: scenario.text }]} /></section>
        <section><h2>{t('datasets.policy')}</h2><Facts facts={[
          { name: t('draft.forms'), value: policy.forms.map((form) => t(`draft.form.${form}`)).join(', ') },
          { name: t('datasets.models'), value: policy.models.map((model) => modelInWords(model, t)).join('; ') },
          { name: t('gate.highest'), value: t('gate.atMost', { figure: chance(thresholds.highestRisk) }) }, { name: t('gate.average'), value: t('gate.atMost', { figure: chance(thresholds.averageRisk) }) },
          { name: t('gate.uniques'), value: t('gate.atMost', { figure: percent(thresholds.uniques) }) }, { name: t('gate.suppressed'), value: t('gate.atMost', { figure: percent(policy.suppressionLimit) }) },
        ]} /></section>
      </div>
    </>
  )
}

function Acts({ dataset: { id, state, description } }: { readonly dataset: DatasetRow }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [, go] = useLocation()
  const doing = useDoing()
  const next = (view: object): void => doing.run(async () => go(`/datasets/drafts/${(await node.post<{ draft: string }>('/staff/1/datasets/drafts', { view, dataset: id })).draft}`))
  return (
    <>
      {doing.error}
      {'view' in description ? <><button type="button" disabled={doing.working} onClick={() => next(description.view)}>{t('datasets.next')}</button><Link className="button" href={`/datasets/${id}/protection`}>{t('datasets.protection')}</Link></> : null}
      {state === 'withdrawn' ? null : <Sure label={t('datasets.withdraw')} sure={t('datasets.withdrawSure')} act={() => node.delete(`/staff/1/datasets/${id}`)}><p>{t('datasets.withdrawText')}</p></Sure>}
    </>
  )
}
