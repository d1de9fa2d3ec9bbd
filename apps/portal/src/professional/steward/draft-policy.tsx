// What the roles are decided against, and what must hold before anything leaves: the written scenario, forms, models and thresholds.
import { kOf, leastClass, mended, policyPresets, secondaryFormCodes, unimplied, withClassesOf } from '@mhmd/schema'
import type { Dataset, DatasetPolicy, PolicyPreset } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks, LongTextQuestion, Radios } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { knowableColumns } from './draft-document.ts'
import { Models } from './model-editor.tsx'
import { percentOf } from './models.ts'
import { NumberQuestion } from './number-question.tsx'

interface Part {
  readonly document: Dataset
  readonly change: (document: Dataset) => void
}

export function DraftAttack({ document, change }: Part): ReactNode {
  const { t } = useTranslation('professional')
  const { scenario } = document
  const set = (part: Partial<Dataset['scenario']>): void => change({ ...document, scenario: { ...scenario, ...part } })
  const knowable = knowableColumns(document)
  return (
    <section id="draft-attack" tabIndex={-1}>
      <h2>{t('draft.attack')}</h2>
      <Radios legend={t('draft.attacker')} options={(['prosecutor', 'journalist', 'marketer'] as const).map((value) => ({ value, label: t(`draft.attackers.${value}`) }))} chosen={scenario.attacker} choose={(attacker) => set({ attacker })} />
      {knowable.length === 0 ? <p className="muted">{t('draft.knowsNone')}</p> : <Checks legend={t('draft.knows')} options={knowable.map((name) => ({ value: name, label: name }))} chosen={scenario.knows} choose={(knows) => set({ knows: [...knows] })} />}
      <LongTextQuestion label={t('draft.scenario')} hint={t('draft.scenarioHint')} value={scenario.text} change={(text) => set({ text: text.slice(0, 4000) })} />
    </section>
  )
}

export function DraftPolicy({ document, change, hasSeveralRows }: Part & { readonly hasSeveralRows: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  const { policy } = document
  const set = (part: Partial<DatasetPolicy>): void => change({ ...document, policy: { ...policy, ...part } })
  return (
    <section id="draft-policy" tabIndex={-1}>
      <h2>{t('draft.policy')}</h2>
      <Checks legend={t('draft.forms')} options={secondaryFormCodes.map((value) => ({ value, label: t(`draft.form.${value}`), hint: t(`draft.formHint.${value}`) }))} chosen={policy.forms} choose={(forms) => set({ forms: [...forms] })} />
      <Presets policy={policy} set={set} />
      <Demands policy={policy} set={set} />
      <Models document={document} hasSeveralRows={hasSeveralRows} set={(models) => set({ models })} />
      <Unreached document={document} set={set} />
    </section>
  )
}

interface PolicyPart {
  readonly policy: DatasetPolicy
  readonly set: (part: Partial<DatasetPolicy>) => void
}

/** Classes by who receives, each with its source. */
function Presets({ policy, set }: PolicyPart): ReactNode {
  const { t } = useTranslation('professional')
  const presets = Object.entries(policyPresets) as [PolicyPreset, number][]
  const { highestRisk, averageRisk } = policy.thresholds
  const present = presets.find(([, k]) => kOf(policy.models) === k && leastClass(highestRisk) === k && leastClass(averageRisk) === k)?.[0]
  const choose = (preset: PolicyPreset): void => set(withClassesOf(policyPresets[preset], { ...policy, thresholds: { ...policy.thresholds, averageRisk: 1 } }))
  return <Radios legend={t('policy.presets')} chosen={present} choose={choose} options={presets.map(([value, k]) => ({ value, label: t(`policy.preset.${value}`, { k }), hint: t(`policy.source.${value}`) }))} />
}

function Demands({ policy, set }: PolicyPart): ReactNode {
  const { t } = useTranslation('professional')
  const { highestRisk, averageRisk, uniques, distinctValues } = policy.thresholds
  const threshold = (part: Partial<DatasetPolicy['thresholds']>): void => set({ thresholds: { ...policy.thresholds, ...part } })
  return (
    <div className="columns">
      <NumberQuestion kind="whole" least={1} label={t('draft.k')} hint={t('draft.kHint')} value={kOf(policy.models)} change={(k) => set(withClassesOf(k, policy))} />
      <NumberQuestion kind="percent" label={t('draft.suppression')} hint={t('policy.suppressionHint')} value={policy.suppressionLimit} change={(suppressionLimit) => set({ suppressionLimit })} />
      <NumberQuestion kind="chance" label={t('draft.highest')} value={highestRisk} change={(value) => threshold({ highestRisk: value })} />
      <NumberQuestion kind="chance" label={t('draft.average')} value={averageRisk} change={(value) => threshold({ averageRisk: value })} />
      <NumberQuestion kind="percent" label={t('draft.uniques')} value={uniques} change={(value) => threshold({ uniques: value })} />
      <NumberQuestion kind="whole" least={1} label={t('draft.distinct')} hint={t('policy.distinctHint')} value={distinctValues} change={(value) => threshold({ distinctValues: value })} />
    </div>
  )
}

/** Where the gate demands what the models alone don't ask for. */
function Unreached({ document: { columns, policy }, set }: { readonly document: Dataset; readonly set: PolicyPart['set'] }): ReactNode {
  const { t } = useTranslation('professional')
  const sensitive = columns.filter(({ role }) => role === 'sensitive').map(({ name }) => name)
  const gaps = unimplied(policy, sensitive)
  if (gaps.length === 0) return <p className="small muted">{t('policy.reached')}</p>
  return (
    <Note kind="wait">
      <p>{t('policy.unreached')}</p>
      <ul>{gaps.map((gap) => <li key={'column' in gap ? gap.column : gap.threshold}>{'column' in gap ? t('policy.gaps.distinctValues', { needs: gap.needs, column: gap.column }) : gap.threshold === 'highestRisk' ? t('policy.gaps.highestRisk', { needs: gap.needs }) : t('policy.gaps.averageRisk', { percent: percentOf(gap.needs) })}</li>)}</ul>
      <p><button type="button" onClick={() => set(mended(policy, sensitive))}>{t('policy.mend')}</button></p>
    </Note>
  )
}
