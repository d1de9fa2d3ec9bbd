// What every request says beside its question: title and words for citizens, purpose, duration, safeguards, what comes back, and the ground it rests on.
import { purposes, recipientClassCodes, returnCodes, returns, safeguardCodes, safeguards, secondaryPurposeCodes } from '@mhmd/schema'
import { isActive } from '@mhmd/client'
import type { Directory } from '@mhmd/client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks, LongTextQuestion, Radios, TextQuestion } from '../../design/questions.tsx'
import { cited } from '../cited.ts'
import { Select } from '../select.tsx'
import { useNameOf } from '../staff-context.ts'

export interface Terms {
  readonly title: string
  readonly summary: string
  readonly class: string
  readonly purpose: string
  readonly days: string
  readonly safeguards: readonly (typeof safeguardCodes)[number][]
  readonly returns: readonly (typeof returnCodes)[number][]
}

export const noTerms: Terms = { title: '', summary: '', class: 'research-organisation', purpose: 'health-research', days: '30', safeguards: [], returns: [] }

export const wrongIn = ({ title, summary, days }: Terms): Readonly<Record<'title' | 'summary' | 'days', boolean>> => ({ title: title.trim() === '', summary: summary.trim() === '', days: !/^(?:[1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)$/.test(days) })

/** As the node takes them. */
export const termsAsked = ({ title, summary, class: recipientClass, purpose, days, safeguards: promised, returns: given }: Terms): object =>
  ({ title: title.trim(), summary: summary.trim(), class: recipientClass, purpose, days: Number(days), safeguards: promised, returns: given })

/** The article in short: `EHDS Art. 73(1)`. */
const withArticle = (label: string, citation: string): string => `${label} (${cited(citation)})`

interface TermsFieldsProps {
  readonly terms: Terms
  readonly change: (terms: Terms) => void
  readonly isTried: boolean
}

export function TitleFields({ terms, change, isTried }: TermsFieldsProps): ReactNode {
  const { t } = useTranslation('professional')
  const set = (part: Partial<Terms>): void => change({ ...terms, ...part })
  return (
    <>
      <TextQuestion label={t('new.title')} value={terms.title} change={(title) => set({ title: title.slice(0, 200) })} error={isTried && wrongIn(terms).title ? t('new.missing.title') : undefined} />
      <LongTextQuestion label={t('new.summary')} hint={t('new.summaryHint')} error={isTried && wrongIn(terms).summary ? t('new.missing.summary') : undefined} rows={3} value={terms.summary} change={(summary) => set({ summary: summary.slice(0, 4000) })} />
    </>
  )
}

export function TermsFields({ terms, change, isTried }: TermsFieldsProps): ReactNode {
  const { t } = useTranslation('professional')
  const set = (part: Partial<Terms>): void => change({ ...terms, ...part })
  return (
    <>
      <Select label={t('request.purpose')} value={terms.purpose} options={secondaryPurposeCodes.map((code) => [code, withArticle(t(`purposeNames.${code}`), purposes[code].citation)] as const)} change={(purpose) => set({ purpose })} />
      <Select label={t('new.class')} value={terms.class} options={recipientClassCodes.map((code) => [code, t(`classNames.${code}`)] as const)} change={(value) => set({ class: value })} />
      <TextQuestion label={t('new.days')} value={terms.days} change={(days) => set({ days })} error={isTried && wrongIn(terms).days ? t('new.missing.days') : undefined} />
      <Checks legend={t('request.safeguards')} hint={t('new.safeguardsHint')} options={safeguardCodes.map((code) => ({ value: code, label: withArticle(t(`safeguardNames.${code}`), safeguards[code].citation) }))} chosen={terms.safeguards} choose={(chosen) => set({ safeguards: chosen })} />
      <Checks legend={t('request.returns')} hint={t('new.returnsHint')} options={returnCodes.map((code) => ({ value: code, label: withArticle(t(`returnNames.${code}`), returns[code].citation) }))} chosen={terms.returns} choose={(chosen) => set({ returns: chosen })} />
    </>
  )
}

export type Basis = 'consent' | 'permit'

/** The access body of this network, where there is one. */
export const authorityIn = ({ members }: Directory): string | undefined => members.filter(isActive).find(({ roles }) => roles.includes('access-body'))?.id

interface BasisProps {
  readonly authority: string
  readonly chosen: Basis | undefined
  readonly choose: (basis: Basis) => void
  readonly isTried: boolean
}

export function BasisField({ authority, chosen, choose, isTried }: BasisProps): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return <Radios legend={t('request.basis')} error={isTried && chosen === undefined ? t('new.missing.basis') : undefined} options={[{ value: 'consent', label: t('new.basis.consent'), hint: t('new.basis.consentHint') }, { value: 'permit', label: t('new.basis.permit', { name: nameOf(authority) }), hint: t('new.basis.permitHint') }]} chosen={chosen} choose={choose} />
}
