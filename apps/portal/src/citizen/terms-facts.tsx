// Consent terms in her words, row by row: the same rows when she checks, signs, and looks again.
import type { ConsentTerms, Permission } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import type { Fact } from '../design/facts.tsx'
import { day, listed } from '../words/language.ts'
import { dataGroupNames, dataGroups } from './answers.ts'
import { countryName } from './names.ts'

type T = TFunction<'citizen'>
type NameOf = (member: string) => string

const areaOf = (countries: readonly string[], t: T): string => listed(countries.map((code) => code === 'EEA' || code === '*' ? t(`ask.areaName.${code}`) : t('ask.areaName.home', { country: countryName(code) })))

function whoOf({ recipients: { members, classes, countries } }: Permission, t: T, nameOf: NameOf): string {
  const groups = classes.length === 0 || countries.length === 0 ? '' : `${listed(classes.map((one) => t(`recipient.${one}`)))} (${areaOf(countries, t)})`
  return [listed(members.map(nameOf)), groups].filter((part) => part !== '').join('; ')
}

const dataOf = (categories: Permission['categories'], t: T): string => listed(dataGroupNames.filter((name) => dataGroups[name].some((code) => categories.includes(code))).map((name) => t(`group.${name}`)))

const orNothing = (text: string, t: T): string => text === '' ? t('choices.nothingElse') : text

/** The rows of one permission. */
export const permissionFacts = (permission: Permission, t: T, nameOf: NameOf): readonly Fact[] => [
  { name: t('choices.who'), value: whoOf(permission, t, nameOf) },
  { name: t('choices.why'), value: listed(permission.purposes.map((one) => t(`purpose.${one}`))) },
  { name: t('choices.what'), value: dataOf(permission.categories, t) },
  { name: t('choices.form'), value: t(`form.${permission.form}`) },
  { name: t('choices.also'), value: orNothing(listed(permission.uses.map((one) => t(`use.${one}`))), t) },
]

/** What she rules out, if anything, and what must come back. */
export function otherFacts(terms: ConsentTerms, t: T, nameOf: NameOf): readonly Fact[] {
  const never = terms.prohibitions.flatMap(({ members = [], classes = [], purposes = [] }) => [...members.map(nameOf), ...classes.map((one) => t(`recipient.${one}`)), ...purposes.map((one) => t(`purpose.${one}`))])
  return [
    ...(never.length === 0 ? [] : [{ name: t('choices.except'), value: listed(never) }]),
    ...(terms.returnsWanted.length === 0 ? [] : [{ name: t('choices.returns'), value: listed(terms.returnsWanted.map((one) => t(`giveBack.${one}`))) }]),
    { name: t('study.until'), value: day(terms.until) },
  ]
}
