// Datasets described here: what each offers, with its columns and their roles, and withdrawing it.
import type { Dataset } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../design/state.tsx'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'

interface DatasetRow {
  readonly id: string
  readonly version: number
  readonly state: 'offered' | 'withdrawn'
  readonly description: { readonly title: string; readonly summary: string; readonly categories: readonly string[] } & Partial<Pick<Dataset, 'columns' | 'scenario' | 'policy'>>
}

export function Datasets(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.steward.datasets')}>
      <Asked asked={useAsked<{ datasets: readonly DatasetRow[] }>('/staff/1/datasets')}>{({ datasets }) => datasets.length === 0 ? <div className="note"><p>{t('datasets.none')}</p></div> : datasets.map((row) => <One key={row.id} row={row} />)}</Asked>
    </Page>
  )
}

function One({ row: { id, version, state, description: { title, summary, categories, columns = [], scenario } } }: { readonly row: DatasetRow }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  return (
    <section>
      <h2>{title}</h2>
      <p><State kind={state === 'offered' ? 'yes' : 'none'}>{t(`datasets.${state}`)}</State> <span className="muted">v{version} · {categories.map((code) => `51(1)(${code})`).join(', ')} · <code>{id}</code></span></p>
      <p>{summary}</p>
      {columns.length === 0 ? null : <div className="scroll" tabIndex={0} role="region" aria-label={t('datasets.columns', { title })}><table><caption>{t('datasets.columns', { title })}</caption><thead><tr><th scope="col">{t('datasets.column')}</th><th scope="col">{t('datasets.role')}</th><th scope="col">{t('datasets.reason')}</th></tr></thead><tbody>{columns.map(({ name, role, reason }) => <tr key={name}><th scope="row"><code>{name}</code></th><td>{role}</td><td>{reason}</td></tr>)}</tbody></table></div>}
      {scenario === undefined ? null : <p>{t('datasets.scenario', { attacker: scenario.attacker })} {scenario.text}</p>}
      {doing.error}
      {state === 'offered' ? <div className="actions"><button type="button" disabled={doing.working} onClick={() => doing.run(() => node.delete(`/staff/1/datasets/${id}`))}>{t('datasets.withdraw')}</button></div> : null}
    </section>
  )
}
