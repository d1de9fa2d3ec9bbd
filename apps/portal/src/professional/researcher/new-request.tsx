// A request for a count: of whom, at which holders, what for, for how long. Each field is a member of the request document.
import type { fhirTypeNames } from '@mhmd/schema'
import { holdersOf, isActive } from '@mhmd/client'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { clock } from '../../device/ports.ts'
import { Checks } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'
import { useTyped } from '../typed.ts'
import { Cohort, criteriaOf, newCriterion } from './cohort.tsx'
import type { Typed } from './cohort.tsx'
import { BasisField, TermsFields, TitleFields, authorityIn, noTerms, termsAsked, wrongIn } from './terms.tsx'
import type { Basis, Terms } from './terms.tsx'

/** The resources that a criterion is answered from. */
export const readFor: Readonly<Record<Typed['type'], (typeof fhirTypeNames)[number]>> = {
  condition: 'Condition', observation: 'Observation', procedure: 'Procedure', medication: 'MedicationRequest', immunization: 'Immunization', encounter: 'Encounter', allergy: 'AllergyIntolerance', sex: 'Patient', age: 'Patient',
}

interface Answers {
  readonly holders: readonly string[]
  readonly terms: Terms
  readonly typed: readonly Typed[]
  readonly basis: Basis | undefined
}

export const today = (): string => new Date(clock.now()).toISOString().slice(0, 10)

export function NewRequest(): ReactNode {
  const { t } = useTranslation('professional')
  const { node, directory } = useStaff()
  const [, go] = useLocation()
  const authority = authorityIn(directory)
  const [answers, setAnswers, sent] = useTyped<Answers>('request', () => ({ holders: [], terms: noTerms, typed: [newCriterion(1)], basis: authority === undefined ? 'consent' : undefined }))
  const { holders, terms, typed, basis } = answers
  const set = (part: Partial<Answers>): void => setAnswers({ ...answers, ...part })
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const all = criteriaOf(typed, today())
  const isMissing = holders.length === 0 || all === undefined || basis === undefined || Object.values(wrongIn(terms)).some((one) => one)
  const submit = (): void => {
    setTried(true)
    if (isMissing || all === undefined) return
    doing.run(async () => {
      const { request } = await node.post<{ request: string }>('/staff/1/requests', { ...termsAsked(terms), holders, categories: ['a'], fhirTypes: [...new Set(typed.map(({ type }) => readFor[type]))], question: { all }, ...(basis === 'permit' ? { authority } : {}) })
      sent()
      go(`/requests/${request}`)
    })
  }
  return (
    <Page title={t('pages.researcher.new')} up={{ href: '/requests', label: t('pages.researcher.requests') }}>
      <p>{t('new.count')} <Link href="/catalogue">{t('new.table')}</Link></p>
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        <Checks legend={t('new.holders')} error={isTried && holders.length === 0 ? t('new.missing.holders') : undefined} options={holdersOf(directory).filter(isActive).map(({ id, name }) => ({ value: id, label: name }))} chosen={holders} choose={(next) => set({ holders: next })} />
        <TitleFields terms={terms} change={(next) => set({ terms: next })} isTried={isTried} />
        <Cohort typed={typed} change={(next) => set({ typed: next })} isTried={isTried} least={1} />
        {authority === undefined ? null : <BasisField authority={authority} chosen={basis} choose={(next) => set({ basis: next })} isTried={isTried} />}
        <TermsFields terms={terms} change={(next) => set({ terms: next })} isTried={isTried} />
        {isMissing && isTried ? <Note kind="no" alert><p>{t('new.look')}</p></Note> : null}
        {doing.error}
        <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('new.file')}</button></div>
      </form>
    </Page>
  )
}
