// One alternative whole: what each attribute pays, who pays, what a model trained on it still tells; its job, and its approval as the draft's policy.
import type { Dataset, DatasetPolicy } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Bars } from '../../../design/bars.tsx'
import { Note } from '../../../design/state.tsx'
import { Asked, useAsked } from '../../asked.tsx'
import { useDoing } from '../../doing.tsx'
import { Figures } from '../../figures.tsx'
import { figure, isSamePolicy, percent } from './answers.ts'
import type { Share, WholeAlternative } from './answers.ts'
import { nameInWords, policyInWords } from './in-words.ts'
import { JobFiles } from './job-files.tsx'

interface ChosenProps {
  readonly draft: string
  readonly name: string
  readonly policy: DatasetPolicy
  readonly document: Dataset
  /** Only the chosen one can be approved, not the one beside it. */
  readonly approve?: (policy: DatasetPolicy) => Promise<unknown>
  readonly isOutdated?: boolean
}

export function Chosen({ draft, name, policy, document, approve, isOutdated = false }: ChosenProps): ReactNode {
  const { t } = useTranslation('professional')
  const asked = useAsked<WholeAlternative>(`/staff/1/datasets/drafts/${draft}/protection/${name}`)
  return (
    <section>
      <h3 id={`alternative-${name}`}>{t(approve === undefined ? 'protection.compared' : 'protection.chosen', { name: nameInWords(name, t) })}</h3>
      <p>{policyInWords(policy, t)}.</p>
      <Asked asked={asked}>{(one) => (
        <>
          <Costs one={one} />
          {approve === undefined ? null : <Approval policy={policy} document={document} approve={approve} isOutdated={isOutdated} />}
          <Payers one={one} />
          {approve === undefined ? null : <JobFiles draft={draft} name={name} job={one.job} />}
        </>
      )}</Asked>
    </section>
  )
}

function Costs({ one: { axes, sample, suppressedPersons, suppressedRows, whole, unit, lossByAttribute, levels, heights } }: { readonly one: WholeAlternative }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <>
      <Figures figures={[
        { name: t('protection.risks.highestRisk'), value: t('protection.oneIn', { n: Math.round(1 / axes.highestRisk) }), note: figure(axes.highestRisk) },
        { name: t('protection.risks.averageRisk'), value: figure(axes.averageRisk) }, { name: t('protection.smallest'), value: sample.smallestClassSize },
        { name: unit === 'person' ? t('protection.suppressedPeople') : t('protection.given'), value: suppressedPersons ?? suppressedRows, note: between(whole.suppressed, t) },
        { name: t('protection.losses.loss'), value: figure(whole.loss), note: `± ${figure(1.96 * whole.lossStandardError)}` },
      ]} />
      <p className="small muted">{t(unit === 'person' ? 'protection.unitPerson' : 'protection.unitRow')}</p>
      <Bars title={t('protection.attributes')} summary={t('protection.attributesSummary')} columns={[t('protection.attribute'), t('protection.paid')]} tableLabel={t('protection.attributes')} whole={1}
        bars={Object.entries(lossByAttribute).map(([name, value]) => ({ label: `${name} (${t('protection.level', { level: levels[name] ?? 0, height: heights[name] ?? 0 })})`, value, shown: figure(value) }))} />
    </>
  )
}

const between = ({ share, low, high }: Share, t: ReturnType<typeof useTranslation<'professional'>>['t']): string => t('protection.between', { share: percent(share), low: percent(low), high: percent(high) })

function Approval({ policy, document, approve, isOutdated }: { readonly policy: DatasetPolicy; readonly document: Dataset; readonly approve: (policy: DatasetPolicy) => Promise<unknown>; readonly isOutdated: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  const doing = useDoing()
  if (isSamePolicy(policy, document.policy)) return <Note kind="yes"><p role="status">{t('protection.approved')}</p></Note>
  return (
    <>
      <p>{t('protection.approveText')}</p>
      {doing.error}
      <div className="actions"><button type="button" className="primary" disabled={doing.working || isOutdated} onClick={() => doing.run(() => approve(policy))}>{t('protection.approve')}</button></div>
    </>
  )
}

function Payers({ one: { subgroups, predictions, marginals, pairs, unit } }: { readonly one: WholeAlternative }): ReactNode {
  const { t } = useTranslation('professional')
  const distances = [...marginals, ...pairs].toSorted((a, b) => b.distance - a.distance).slice(0, 12)
  return (
    <>
      {Object.entries(subgroups).map(([column, groups]) => (
        <Bars key={column} title={t('protection.who', { column })} summary={t('protection.whoSummary')} columns={[t('protection.group'), t('protection.given')]} tableLabel={t('protection.who', { column })} whole={Math.max(0.05, ...groups.map(({ suppressed }) => suppressed.high))}
          bars={groups.map(({ value, rows, suppressed, loss, lossStandardError }) => ({
            label: `${value === null ? t('protection.others') : value === '' ? '–' : value} · ${t(unit === 'person' ? 'protection.groupPeople' : 'protection.groupRows', { count: rows })} · ${t('protection.lossOf')} ${t('protection.plusMinus', { figure: figure(loss), spread: figure(1.96 * lossStandardError) })}`,
            value: suppressed.share, shown: between(suppressed, t), spread: (suppressed.high - suppressed.low) / 2,
          }))} />
      ))}
      <ByGroup subgroups={subgroups} />
      {predictions.map(({ target, release, input, baseline }) => (
        <Bars key={target} title={`${t('protection.predictions')}: ${target}`} summary={t('protection.predictionsSummary')} columns={[t('protection.target'), t('protection.figure')]} tableLabel={`${t('protection.predictions')}: ${target}`} whole={1}
          bars={([['trainedHere', release], ['trainedInput', input], ['commonest', baseline]] as const).map(([name, found]) => ({ label: t(`protection.${name}`), value: found.share, shown: between(found, t), spread: (found.high - found.low) / 2 }))} />
      ))}
      <details className="small">
        <summary>{t('protection.distances')}</summary>
        <p>{t('protection.distancesSummary')}</p>
        <div className="scroll" tabIndex={0} role="region" aria-label={t('protection.distances')}><table><thead><tr><th scope="col">{t('protection.columnsOf')}</th><th scope="col" className="number">{t('protection.distance')}</th><th scope="col" className="number">{t('protection.byChance')}</th></tr></thead>
          <tbody>{distances.map(({ columns, distance, standardError, byChance }) => <tr key={columns.join()}><th scope="row">{columns.join(' × ')}</th><td className="number">{t('protection.plusMinus', { figure: figure(distance), spread: figure(1.96 * standardError) })}</td><td className="number">{figure(byChance)}</td></tr>)}</tbody></table></div>
      </details>
    </>
  )
}

/** What a group's own figures cost: how wrongly its pairs of columns are read, and how often a model trained on the table is right about it. */
function ByGroup({ subgroups }: Pick<WholeAlternative, 'subgroups'>): ReactNode {
  const { t } = useTranslation('professional')
  const targets = Object.values(subgroups)[0]?.[0]?.predictions.map(({ target }) => target) ?? []
  return (
    <details className="small">
      <summary>{t('protection.byGroup')}</summary>
      <p>{t('protection.byGroupSummary')}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('protection.byGroup')}><table><thead><tr><th scope="col">{t('protection.group')}</th><th scope="col" className="number">{t('protection.losses.pairs')}</th><th scope="col" className="number">{t('protection.byChance')}</th>{targets.map((target) => <th key={target} scope="col" className="number">{t('protection.accuracyOf', { target })}</th>)}</tr></thead>
        <tbody>{Object.entries(subgroups).flatMap(([column, groups]) => groups.map(({ value, pairs, predictions }) => (
          <tr key={`${column} ${value ?? ''}${value === null ? ' others' : ''}`}><th scope="row">{column}: {value === null ? t('protection.others') : value === '' ? '–' : value}</th><td className="number">{t('protection.plusMinus', { figure: figure(pairs.distance), spread: figure(1.96 * pairs.standardError) })}</td><td className="number">{figure(pairs.byChance)}</td>
            {predictions.map(({ target, release, input }) => <td key={target} className="number">{between(release, t)}; {t('protection.trainedInput')} {between(input, t)}</td>)}</tr>
        )))}</tbody></table></div>
    </details>
  )
}
