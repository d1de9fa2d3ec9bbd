// A policy in plain words: what is asked of each group, and how much may be given up.
import type { DatasetPolicy } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import { modelInWords, percentOf } from '../models.ts'

/** The draft's own policy is tried under a name of its own. */
export const nameInWords = (name: string, t: TFunction<'professional'>): string => name === 'own' ? t('protection.own') : name

export function policyInWords({ models, suppressionLimit }: DatasetPolicy, t: TFunction<'professional'>): string {
  const said = models.map((model) => modelInWords(model, t))
  const text = [...said, t('protection.limit', { percent: percentOf(suppressionLimit) })].join('; ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
