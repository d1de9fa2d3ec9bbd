// A request in the terms of the field, each with the article it stands for.
import { bases, forms, purposes } from '@mhmd/schema'
import type { Criterion, UseRequest } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import type { Fact } from '../design/facts.tsx'
import { day } from '../words/language.ts'
import { cited } from './cited.ts'

type T = TFunction<'professional'>

const withArticle = (name: string, { citation }: { readonly citation: string }): string => `${name} (${cited(citation)})`

export function requestFacts(document: UseRequest, t: T, nameOf: (id: string) => string, datasetTitle?: string): readonly Fact[] {
  const { requester, purpose, basis, form, categories, fhirTypes, uses, safeguards, returns, dataset, variables, question } = document
  const orNone = (items: readonly string[]): string => items.length === 0 ? t('request.none') : items.join(', ')
  return [
    { name: t('request.requester'), value: `${nameOf(requester.member)} (${t(`classNames.${requester.class}`)}, ${requester.country})` },
    { name: t('request.purpose'), value: withArticle(t(`purposeNames.${purpose}`), purposes[purpose]) },
    { name: t('request.basis'), value: `${t(`basisNames.${basis}`)} (${bases[basis].citations.map(cited).join('; ')})` },
    { name: t('request.form'), value: withArticle(t(`formNames.${form}`), forms[form]) },
    { name: t('request.data'), value: `${categories.map((code) => `${t(`categoryNames.${code}`)} (${cited(`EHDS:51(1)(${code})`)})`).join(', ')}; ${orNone(fhirTypes)}` },
    { name: t('officer.question'), value: question === undefined ? t('officer.everybody') : question.all.map((criterion) => criterionInWords(criterion, t)).join('; ') },
    ...(dataset === undefined ? [] : [{ name: t('request.dataset'), value: `${nameOf(dataset.holder)}, ${datasetTitle ?? dataset.id}, v${dataset.version}: ${orNone(variables ?? [])}` }]),
    { name: t('request.uses'), value: orNone(uses.map((code) => t(`useNames.${code}`))) },
    { name: t('request.safeguards'), value: orNone(safeguards.map((code) => t(`safeguardNames.${code}`))) },
    { name: t('request.returns'), value: orNone(returns.map((code) => t(`returnNames.${code}`))) },
    { name: t('request.time'), value: `${day(document.from)} – ${day(document.until)}` },
  ]
}

/** One criterion of a question, as its form asks for it. */
function criterionInWords(criterion: Criterion, t: T): string {
  if (criterion.type === 'sex') return `${t('cohort.kinds.sex')}: ${t(`cohort.sexes.${criterion.value}`)}`
  if (criterion.type === 'age') return `${t('cohort.kinds.age')}: ${criterion.from ?? 0} – ${criterion.to ?? '…'} (${criterion.on})`
  return `${t(`cohort.kinds.${criterion.type}`)}: ${criterion.code.code} (${criterion.code.system})`
}
