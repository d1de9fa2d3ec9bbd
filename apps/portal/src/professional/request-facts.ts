// A request in the terms of the field: codes, and the articles they stand for.
import { bases, citationText, forms, purposes } from '@mhmd/schema'
import type { UseRequest } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import type { Fact } from '../design/facts.tsx'
import { day } from '../words/language.ts'

type T = TFunction<'professional'>

const cited = (code: string, { citation }: { readonly citation: string }): string => `${code} (${citationText(citation as Parameters<typeof citationText>[0])})`

export function requestFacts(document: UseRequest, t: T, nameOf: (id: string) => string): readonly Fact[] {
  const { requester, purpose, basis, form, categories, fhirTypes, uses, safeguards, returns, dataset, variables } = document
  const orNone = (items: readonly string[]): string => items.length === 0 ? t('request.none') : items.join(', ')
  return [
    { name: t('request.requester'), value: `${nameOf(requester.member)} (${requester.class}, ${requester.country})` },
    { name: t('request.purpose'), value: cited(purpose, purposes[purpose]) },
    { name: t('request.basis'), value: `${basis} (${bases[basis].citations.map(citationText).join('; ')})` },
    { name: t('request.form'), value: cited(form, forms[form]) },
    { name: t('request.data'), value: `${categories.map((code) => `51(1)(${code})`).join(', ')}; ${orNone(fhirTypes)}` },
    ...(dataset === undefined ? [] : [{ name: t('request.dataset'), value: `${nameOf(dataset.holder)}, ${dataset.id}, v${dataset.version}: ${orNone(variables ?? [])}` }]),
    { name: t('request.uses'), value: orNone(uses) },
    { name: t('request.safeguards'), value: orNone(safeguards) },
    { name: t('request.returns'), value: orNone(returns) },
    { name: t('request.time'), value: `${day(document.from)} – ${day(document.until)}` },
  ]
}
