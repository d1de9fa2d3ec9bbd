// Who is asked about: criteria that must all hold, of the kinds that a holder answers.
import { codedTypes } from '@mhmd/schema'
import type { Criterion } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TextQuestion } from '../../design/questions.tsx'
import { Select } from '../select.tsx'

type Coded = (typeof codedTypes)[number]

/** A criterion as it is typed. */
export interface Typed {
  readonly id: number
  readonly type: Coded | 'sex' | 'age'
  readonly system: string
  readonly code: string
  readonly sex: 'female' | 'male' | 'other' | 'unknown'
  readonly from: string
  readonly to: string
}

const kinds = [...codedTypes, 'sex', 'age'] as const
const sexes = ['female', 'male', 'other', 'unknown'] as const
const systems: Readonly<Record<Coded, string>> = {
  condition: 'http://snomed.info/sct', procedure: 'http://snomed.info/sct', encounter: 'http://snomed.info/sct', allergy: 'http://snomed.info/sct',
  observation: 'http://loinc.org', medication: 'http://www.nlm.nih.gov/research/umls/rxnorm', immunization: 'http://hl7.org/fhir/sid/cvx',
}
const isCoded = (type: Typed['type']): type is Coded => type !== 'sex' && type !== 'age'

export const newCriterion = (id: number, type: Typed['type'] = 'condition'): Typed => ({ id, type, system: isCoded(type) ? systems[type] : '', code: '', sex: 'female', from: '', to: '' })

const AGE = /^(?:[0-9]|[1-9][0-9]|1[0-4][0-9]|150)?$/

/** A code system has an absolute address (FHIR R4, Coding.system); a mere name finds nobody. */
const ADDRESS = /^[a-z][a-z0-9+.-]*:\S+$/i

/** What is wrong with it, by the name of its words; undefined where nothing is. */
function wrongIn({ type, system, code, from, to }: Typed): 'code' | 'system' | 'age' | undefined {
  if (type === 'sex') return undefined
  if (type === 'age') return AGE.test(from) && AGE.test(to) && from + to !== '' && (from === '' || to === '' || Number(from) <= Number(to)) ? undefined : 'age'
  return code.trim() === '' ? 'code' : ADDRESS.test(system.trim()) ? undefined : 'system'
}

/** The criteria as a request has them; undefined while one is not whole. Ages are those of the given day. */
export function criteriaOf(typed: readonly Typed[], day: string): readonly Criterion[] | undefined {
  if (typed.some((one) => wrongIn(one) !== undefined)) return undefined
  return typed.map((one): Criterion => {
    if (one.type === 'sex') return { type: 'sex', value: one.sex }
    if (one.type === 'age') return { type: 'age', ...(one.from === '' ? {} : { from: Number(one.from) }), ...(one.to === '' ? {} : { to: Number(one.to) }), on: day }
    return { type: one.type, code: { system: one.system.trim(), code: one.code.trim() } }
  })
}

/** Criteria as they are typed, to be changed. */
export const typedOf = (criteria: readonly Criterion[]): readonly Typed[] => criteria.map((one, at): Typed => {
  const empty = newCriterion(at + 1, one.type)
  if (one.type === 'sex') return { ...empty, sex: one.value }
  if (one.type === 'age') return { ...empty, from: String(one.from ?? ''), to: String(one.to ?? '') }
  return { ...empty, ...one.code }
})

interface CohortProps {
  readonly typed: readonly Typed[]
  readonly change: (typed: readonly Typed[]) => void
  readonly isTried: boolean
  /** A table may be of everybody in the dataset; a count needs a question. */
  readonly least: 0 | 1
}

export function Cohort({ typed, change, isTried, least }: CohortProps): ReactNode {
  const { t } = useTranslation('professional')
  const put = (next: Typed): void => change(typed.map((one) => one.id === next.id ? next : one))
  const add = (): void => change([...typed, newCriterion(Math.max(0, ...typed.map(({ id }) => id)) + 1)])
  return (
    <fieldset>
      <legend>{t('cohort.title')}</legend>
      <div className="hint">{t(least === 0 ? 'cohort.hintTable' : 'cohort.hint')}</div>
      {typed.map((one, at) => <One key={one.id} typed={one} at={at} put={put} isTried={isTried} remove={typed.length > least ? () => change(typed.filter(({ id }) => id !== one.id)) : undefined} />)}
      {typed.length < 10 ? <p><button type="button" onClick={add}>{t('cohort.add')}</button></p> : null}
    </fieldset>
  )
}

interface OneProps {
  readonly typed: Typed
  readonly at: number
  readonly put: (next: Typed) => void
  readonly remove: (() => void) | undefined
  readonly isTried: boolean
}

function One({ typed, at, put, remove, isTried }: OneProps): ReactNode {
  const { t } = useTranslation('professional')
  const wrong = isTried ? wrongIn(typed) : undefined
  // The first has the plain words; others are told apart by their number.
  const named = (text: string): string => at === 0 ? text : `${text} (${at + 1})`
  const errorAt = (name: 'code' | 'system' | 'age'): string | undefined => wrong === name ? t(`cohort.wrong.${name}`) : undefined
  return (
    <div className="criterion">
      <Select label={named(t('cohort.kind'))} value={typed.type} options={kinds.map((kind) => [kind, t(`cohort.kinds.${kind}`)] as const)} change={(type) => put({ ...newCriterion(typed.id, type as Typed['type']), code: typed.code })} />
      {typed.type === 'sex' ? <Select label={named(t('cohort.sex'))} value={typed.sex} options={sexes.map((sex) => [sex, t(`cohort.sexes.${sex}`)] as const)} change={(sex) => put({ ...typed, sex: sex as Typed['sex'] })} /> : null}
      {typed.type === 'age' ? <><TextQuestion label={named(t('cohort.from'))} value={typed.from} change={(from) => put({ ...typed, from })} error={errorAt('age')} /><TextQuestion label={named(t('cohort.to'))} value={typed.to} change={(to) => put({ ...typed, to })} /></> : null}
      {isCoded(typed.type) ? <><TextQuestion label={named(t('new.code'))} value={typed.code} change={(code) => put({ ...typed, code })} isCode error={errorAt('code')} /><TextQuestion label={named(t('new.system'))} value={typed.system} change={(system) => put({ ...typed, system })} isCode error={errorAt('system')} /></> : null}
      {remove === undefined ? null : <button type="button" className="plain" onClick={remove}>{t('cohort.remove')}<span className="visually-hidden"> {at + 1}</span></button>}
    </div>
  )
}
