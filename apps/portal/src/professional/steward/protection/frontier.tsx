// The alternatives that were tried: the plot, the table it was drawn from, and the two of them that are looked at.
import type { Dataset, DatasetPolicy } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { State } from '../../../design/state.tsx'
import { figure, isSamePolicy, lossAxes, percent, riskAxes } from './answers.ts'
import type { Alternative, LossAxis, Protection, RiskAxis } from './answers.ts'
import { Chosen } from './chosen.tsx'
import { nameInWords, policyInWords } from './in-words.ts'
import { Plot } from './plot.tsx'

const oneOf = <V extends string>(all: readonly V[], text: string | null): V => all.find((one) => one === text) ?? (all[0] as V)

/** What is looked at stands in the address, so that a link shows the same. */
export function Frontier({ draft, protection, document, approve }: { readonly draft: string; readonly protection: Protection; readonly document: Dataset; readonly approve: (policy: DatasetPolicy) => Promise<unknown> }): ReactNode {
  const { t } = useTranslation('professional')
  const [address, go] = useSearchParams()
  const { alternatives, undominated, impossible } = protection
  const [risk, loss] = [oneOf<RiskAxis>(riskAxes, address.get('risk')), oneOf<LossAxis>(lossAxes, address.get('loss'))]
  const best = undominated[`${risk}/${loss}`] ?? []
  const [chosen, beside] = [alternatives.find(({ name }) => name === address.get('point')), alternatives.find(({ name }) => name === address.get('with'))]
  const set = (name: string, value: string): void => go((now) => {
    const next = new URLSearchParams(now)
    if (value === '') next.delete(name)
    else next.set(name, value)
    return next
  }, { replace: true })
  return (
    <section>
      <h2>{t('protection.frontier')}</h2>
      <p>{t('protection.frontierLead')}</p>
      <div className="bar">
        <Choice label={t('protection.risk')} hint={t(`protection.riskHint.${risk}`)} value={risk} options={riskAxes.map((one) => [one, t(`protection.risks.${one}`)])} choose={(value) => set('risk', value)} />
        <Choice label={t('protection.loss')} hint={t(`protection.lossHint.${loss}`)} value={loss} options={lossAxes.map((one) => [one, t(`protection.losses.${one}`)])} choose={(value) => set('loss', value)} />
      </div>
      <Plot alternatives={alternatives} best={best} risk={risk} loss={loss} chosen={chosen?.name} choose={(name) => set('point', name)} threshold={risk === 'highestRisk' ? document.policy.thresholds.highestRisk : undefined} />
      <Table alternatives={alternatives} best={best} document={document} risk={risk} loss={loss} choose={(name) => set('point', name)} chosen={chosen?.name} />
      {impossible.length === 0 ? null : <p className="small muted">{t('protection.impossible', { count: impossible.length })}</p>}
      {chosen === undefined ? null : (
        <>
          <Choice label={t('protection.compareWith')} value={beside?.name ?? ''} options={[['', t('protection.nobody')], ...alternatives.filter(({ name }) => name !== chosen.name).map(({ name }): [string, string] => [name, nameInWords(name, t)])]} choose={(value) => set('with', value)} />
          <div className={beside === undefined ? undefined : 'two'}>
            <Chosen key={chosen.name} draft={draft} name={chosen.name} policy={chosen.policy} document={document} approve={approve} isOutdated={protection.isOutdated} />
            {beside === undefined ? null : <Chosen key={beside.name} draft={draft} name={beside.name} policy={beside.policy} document={document} />}
          </div>
        </>
      )}
    </section>
  )
}

function Choice({ label, hint, value, options, choose }: { readonly label: string; readonly hint?: string; readonly value: string; readonly options: readonly (readonly [string, string])[]; readonly choose: (value: string) => void }): ReactNode {
  return <label className="field"><span className="label">{label}</span>{hint === undefined ? null : <span className="hint">{hint}</span>}<select value={value} onChange={(event) => choose(event.target.value)} aria-label={label}>{options.map(([one, name]) => <option key={one} value={one}>{name}</option>)}</select></label>
}

interface TableProps {
  readonly alternatives: readonly Alternative[]
  readonly best: readonly string[]
  readonly document: Dataset
  readonly risk: RiskAxis
  readonly loss: LossAxis
  readonly chosen: string | undefined
  readonly choose: (name: string) => void
}

function Table({ alternatives, best, document, risk, loss, chosen, choose }: TableProps): ReactNode {
  const { t } = useTranslation('professional')
  const rows = alternatives.toSorted((a, b) => a.axes[risk] - b.axes[risk] || a.axes[loss] - b.axes[loss])
  return (
    <details className="small">
      <summary>{t('protection.table')} ({alternatives.length})</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('protection.table')}>
        <table>
          <thead><tr><th scope="col">{t('protection.alternative')}</th><th scope="col" className="number">{t(`protection.risks.${risk}`)}</th><th scope="col" className="number">{t(`protection.losses.${loss}`)}</th><th scope="col" className="number">{t('protection.given')}</th><th scope="col" /></tr></thead>
          <tbody>{rows.map(({ name, axes, policy, whole, optimal }) => (
            <tr key={name} aria-current={name === chosen ? 'true' : undefined}>
              <th scope="row"><button type="button" className="plain" onClick={() => choose(name)}>{nameInWords(name, t)}</button> <span className="muted">{policyInWords(policy, t)}</span>{optimal ? null : <> <span className="muted">({t('protection.notOptimal')})</span></>}</th>
              <td className="number">{figure(axes[risk])}</td>
              <td className="number">{loss === 'loss' ? t('protection.plusMinus', { figure: figure(axes.loss), spread: figure(1.96 * whole.lossStandardError) }) : figure(axes[loss])}</td>
              <td className="number">{percent(whole.suppressed.share)} %</td>
              <td>{best.includes(name) ? <State kind="yes">{t('protection.best')}</State> : null} {isSamePolicy(policy, document.policy) ? <State kind="info">{t('protection.approvedBefore')}</State> : null}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </details>
  )
}
