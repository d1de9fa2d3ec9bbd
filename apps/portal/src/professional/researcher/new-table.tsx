// A request for a table of one dataset: which columns, in which form, of whom, what for, for how long, with which safeguards, on which ground.
import type { CatalogueEntry } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Checks, Radios } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { Asked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { useTyped } from '../typed.ts'
import { Cohort, criteriaOf } from './cohort.tsx'
import type { Typed } from './cohort.tsx'
import { useOffered } from './dataset.tsx'
import type { Offered } from './dataset.tsx'
import { today } from './new-request.tsx'
import { BasisField, TermsFields, TitleFields, authorityIn, noTerms, termsAsked, wrongIn } from './terms.tsx'
import type { Basis, Terms } from './terms.tsx'

const tableForms = ['anonymised', 'pseudonymised'] as const
type TableForm = (typeof tableForms)[number]

export function NewTable({ holder, id }: { readonly holder: string; readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const up = { href: `/catalogue/${holder}/${id}`, label: t('catalogue.title') }
  return (
    <Asked asked={useOffered(holder, id)}>{({ dataset }) => {
      const { entry } = dataset
      if (entry?.columns === undefined || entry.resource === undefined) return <Page title={t('new.tableTitle')} up={up}><Note kind="wait"><p>{t('catalogue.countsOnly')}</p></Note></Page>
      return <Page title={t('new.tableOf', { title: entry.title })} up={up}><TableForm offered={dataset} columns={entry.columns} resource={entry.resource} forms={tableForms.filter((form) => entry.forms.includes(form))} /></Page>
    }}</Asked>
  )
}

interface TableFormProps {
  readonly offered: Offered
  readonly columns: NonNullable<CatalogueEntry['columns']>
  readonly resource: string
  readonly forms: readonly TableForm[]
}

interface Answers {
  readonly variables: readonly string[]
  readonly form: TableForm | undefined
  readonly basis: Basis | undefined
  readonly terms: Terms
  readonly typed: readonly Typed[]
}

/** What identifies never leaves, so it is not offered. */
const isFree = ({ role }: TableFormProps['columns'][number]): boolean => role !== 'identifying'

const wrongsIn = ({ variables, form, basis, terms, typed }: Answers): boolean =>
  variables.length === 0 || form === undefined || basis === undefined || criteriaOf(typed, today()) === undefined || Object.values(wrongIn(terms)).some((one) => one)

function TableForm({ offered: { holder, dataset, version, categories }, columns, resource, forms }: TableFormProps): ReactNode {
  const { t } = useTranslation('professional')
  const { node, directory } = useStaff()
  const nameOf = useNameOf()
  const [, go] = useLocation()
  const authority = authorityIn(directory)
  const [answers, setAnswers, sent] = useTyped<Answers>(`table ${holder} ${dataset} ${version}`, () => ({ variables: columns.filter(isFree).map(({ name }) => name), form: forms.length === 1 ? forms[0] : undefined, basis: authority === undefined ? 'consent' : undefined, terms: noTerms, typed: [] }))
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const set = (part: Partial<Answers>): void => setAnswers({ ...answers, ...part })
  const submit = (): void => {
    setTried(true)
    if (wrongsIn(answers)) return
    const all = criteriaOf(answers.typed, today()) ?? []
    doing.run(async () => {
      const { request } = await node.post<{ request: string }>('/staff/1/requests', {
        ...termsAsked(answers.terms), holders: [holder], categories, fhirTypes: [resource], form: answers.form, dataset: { holder, id: dataset, version }, variables: answers.variables,
        ...(all.length === 0 ? {} : { question: { all } }), ...(answers.basis === 'permit' ? { authority } : {}),
      })
      sent()
      go(`/requests/${request}`)
    })
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <p>{t('new.tableLead', { name: nameOf(holder) })}</p>
      <TitleFields terms={answers.terms} change={(terms) => set({ terms })} isTried={isTried} />
      <Variables columns={columns} chosen={answers.variables} choose={(variables) => set({ variables })} isTried={isTried} />
      <Radios legend={t('request.form')} error={isTried && answers.form === undefined ? t('new.missing.form') : undefined} options={forms.map((form) => ({ value: form, label: t(`formNames.${form}`), hint: t(`formHints.${form}`) }))} chosen={answers.form} choose={(form) => set({ form })} />
      <Cohort typed={answers.typed} change={(typed) => set({ typed })} isTried={isTried} least={0} />
      {authority === undefined ? null : <BasisField authority={authority} chosen={answers.basis} choose={(basis) => set({ basis })} isTried={isTried} />}
      <TermsFields terms={answers.terms} change={(terms) => set({ terms })} isTried={isTried} />
      {isTried && wrongsIn(answers) ? <Note kind="no" alert><p>{t('new.look')}</p></Note> : null}
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('new.file')}</button></div>
    </form>
  )
}

interface VariablesProps {
  readonly columns: TableFormProps['columns']
  readonly chosen: readonly string[]
  readonly choose: (variables: readonly string[]) => void
  readonly isTried: boolean
}

function Variables({ columns, chosen, choose, isTried }: VariablesProps): ReactNode {
  const { t } = useTranslation('professional')
  const kept = columns.filter((column) => !isFree(column)).map(({ name }) => name)
  return (
    <>
      <Checks legend={t('new.variables')} hint={t('new.variablesHint')} error={isTried && chosen.length === 0 ? t('new.missing.variables') : undefined} options={columns.filter(isFree).map(({ name, description, role }) => ({ value: name, label: name, hint: [t(`roleNames.${role}`), description ?? ''].filter((part) => part !== '').join('. ') }))} chosen={chosen} choose={choose} />
      {kept.length === 0 ? null : <p className="muted">{t('new.identifying', { names: kept.join(', ') })}</p>}
    </>
  )
}
