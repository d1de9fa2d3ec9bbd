// Consent terms in her words, row by row: the same rows when she checks, signs, and looks again.
import type { ConsentTerms, Permission } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../design/facts.tsx'
import type { Fact } from '../design/facts.tsx'
import { day, listed } from '../words/language.ts'
import { dataGroupNames, dataGroups } from './answers.ts'
import { countryName } from './names.ts'

type T = TFunction<'citizen'>
type NameOf = (member: string) => string

const areaOf = (countries: readonly string[], t: T): string => listed(countries.map((code) => code === 'EEA' || code === '*' ? t(`ask.areaName.${code}`) : t('ask.areaName.home', { country: countryName(code) })))

const whoOf = ({ recipients: { members, classes } }: Permission, t: T, nameOf: NameOf): string => listed([...members.map(nameOf), ...classes.map((one) => t(`recipient.${one}`))])

const dataOf = (categories: Permission['categories'], t: T): string => listed(dataGroupNames.filter((name) => dataGroups[name].some((code) => categories.includes(code))).map((name) => t(`group.${name}`)))

const orNothing = (text: string, t: T): string => text === '' ? t('choices.nothingElse') : text

/** The rows of one permission. */
export const permissionFacts = (permission: Permission, t: T, nameOf: NameOf): readonly Fact[] => [
  { name: t('choices.who'), value: whoOf(permission, t, nameOf) },
  ...(permission.recipients.classes.length === 0 ? [] : [{ name: t('choices.area'), value: areaOf(permission.recipients.countries, t) }]),
  { name: t('choices.why'), value: listed(permission.purposes.map((one) => t(`purpose.${one}`))) },
  { name: t('choices.what'), value: dataOf(permission.categories, t) },
  { name: t('choices.form'), value: t(`form.${permission.form}`) },
  { name: t('choices.also'), value: orNothing(listed(permission.uses.map((one) => t(`use.${one}`))), t) },
]

/** What she rules out, if anything, and what must come back. */
function otherFacts(terms: ConsentTerms, t: T, nameOf: NameOf): readonly Fact[] {
  const never = terms.prohibitions.flatMap(({ members = [], classes = [], purposes = [] }) => [...members.map(nameOf), ...classes.map((one) => t(`recipient.${one}`)), ...purposes.map((one) => t(`purpose.${one}`))])
  return [
    ...(never.length === 0 ? [] : [{ name: t('choices.except'), value: listed(never) }]),
    ...(terms.returnsWanted.length === 0 ? [] : [{ name: t('choices.returns'), value: listed(terms.returnsWanted.map((one) => t(`giveBack.${one}`))) }]),
    { name: t('study.until'), value: day(terms.until) },
  ]
}

interface TermsFactsProps {
  readonly terms: ConsentTerms
  readonly nameOf: NameOf
  /** Titles of studies by their ids, where a permission names some. */
  readonly titles?: (ids: readonly string[]) => string
}

/** All of the terms: each permission's rows, then what holds for all of them. */
export function TermsFacts({ terms, nameOf, titles }: TermsFactsProps): ReactNode {
  const { t } = useTranslation()
  const rowsOf = (permission: Permission): readonly Fact[] => [...permissionFacts(permission, t, nameOf), ...(permission.requests === undefined || titles === undefined ? [] : [{ name: t('choices.only'), value: titles(permission.requests) }])]
  const last = terms.permissions.length - 1
  if (last < 0) return <Facts facts={otherFacts(terms, t, nameOf)} />
  return <>{terms.permissions.map((permission, at) => <Facts key={at} facts={[...rowsOf(permission), ...(at === last ? otherFacts(terms, t, nameOf) : [])]} />)}</>
}
