// The models that a policy asks for beside classes of k: each in a sentence with its parameters, another added, one taken away.
import type { Dataset, DatasetPolicy } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { begun, modelInWords, modelTypes, shapeOf } from './models.ts'
import type { Field, Model } from './models.ts'
import { NumberQuestion } from './number-question.tsx'

interface ModelsProps {
  readonly document: Dataset
  /** Whether somebody has several rows: models that count rows can't be asked then. */
  readonly hasSeveralRows: boolean
  readonly set: (models: DatasetPolicy['models']) => void
}

export function Models({ document: { columns, policy: { models } }, hasSeveralRows, set }: ModelsProps): ReactNode {
  const { t } = useTranslation('professional')
  const sensitive = columns.filter(({ role }) => role === 'sensitive').map(({ name }) => name)
  const [chosen, choose] = useState<(typeof modelTypes)[number]>('distinct-l-diversity')
  const offered = modelTypes.filter((type) => shapeOf(type)?.protects === 'table' || sensitive.length > 0).filter((type) => !hasSeveralRows || shapeOf(type)?.countsPeople === true)
  const next = offered.includes(chosen) ? chosen : offered[0]
  const put = (at: number, model: Model | undefined): void => set(models.flatMap((one, index) => (index !== at ? [one] : model === undefined ? [] : [model])))
  return (
    <section>
      <h3>{t('policy.models')}</h3>
      <p>{t('policy.modelsLead')}</p>
      <ul className="plain-rows">{models.map((model, at) => model.type === 'k-anonymity' ? null : (
        <li key={`${model.type} ${at}`}><One model={model} sensitive={sensitive} isRefused={hasSeveralRows && shapeOf(model.type)?.countsPeople !== true} put={(one) => put(at, one)} /></li>
      ))}</ul>
      {next === undefined ? <p className="small muted">{t('policy.noModel')}</p> : (
        <>
          <div className="bar">
            <label className="field"><span className="label">{t('policy.another')}</span><select aria-label={t('policy.another')} value={next} onChange={(event) => choose(event.target.value as typeof chosen)}>{offered.map((type) => <option key={type} value={type}>{t(`models.names.${type}`)}</option>)}</select></label>
            <button type="button" onClick={() => set([...models, begun(next, sensitive[0])])}>{t('policy.add')}</button>
          </div>
          <p className="small muted">{t(`models.hints.${next}`)}</p>
        </>
      )}
      {hasSeveralRows ? <p className="small muted">{t('policy.peopleOnly')}</p> : null}
    </section>
  )
}

function One({ model, sensitive, isRefused, put }: { readonly model: Model; readonly sensitive: readonly string[]; readonly isRefused: boolean; readonly put: (model: Model | undefined) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const shape = shapeOf(model.type)
  const set = (name: string, value: number | string): void => put({ ...model, [name]: value })
  const name = t(`models.names.${model.type}`)
  return (
    <div className="model">
      <p><strong>{name}</strong> <button type="button" className="plain" onClick={() => put(undefined)}>{t('policy.remove')}<span className="visually-hidden"> ({name})</span></button><br />{modelInWords(model, t)}.</p>
      {isRefused ? <Note kind="wait"><p>{t('policy.countsRows')}</p></Note> : null}
      <div className="criterion">
        {'column' in model ? <label className="field"><span className="label">{t('policy.protects')}</span><select aria-label={t('policy.protects')} value={model.column} onChange={(event) => set('column', event.target.value)}>{sensitive.map((column) => <option key={column} value={column}>{column}</option>)}</select></label> : null}
        {shape?.fields.map((field) => <Parameter key={field.name} field={field} value={(model as unknown as Readonly<Record<string, number | string | undefined>>)[field.name] ?? shape.first[field.name] ?? 0} set={(value) => set(field.name, value)} />)}
      </div>
      {shape?.needsHierarchy === true ? <p className="small muted">{t('policy.needsHierarchy')}</p> : null}
    </div>
  )
}

function Parameter({ field, value, set }: { readonly field: Field; readonly value: number | string; readonly set: (value: number | string) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const label = t(`models.fields.${field.name as 'l'}`)
  if (field.kind === 'choice') return <label className="field"><span className="label">{label}</span><select aria-label={label} value={value} onChange={(event) => set(event.target.value)}>{field.of.map((one) => <option key={one} value={one}>{t(`models.estimators.${one as 'dankar'}`)}</option>)}</select></label>
  return <NumberQuestion label={label} kind={field.kind} {...(field.least === undefined ? {} : { least: field.least })} value={Number(value)} change={set} />
}
