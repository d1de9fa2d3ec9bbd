// Her answers to the questions, and the consent terms they come to. What she does not tick is not permitted.
import type { Basis, ConsentBasis, Verdict } from '@mhmd/consent'
import { decide } from '@mhmd/consent'
import type { ConsentTerms, DataCategory, Form, Permission, Purpose, RecipientClass, Return, Use, UseRequest } from '@mhmd/schema'
import type { Asking } from './views.ts'

/** Categories of Art. 51(1) EHDS as she is asked about them: neighbours that few people would tell apart stand together. */
export const dataGroups = {
  records: ['a'], genes: ['f', 'g'], devices: ['h', 'n'], apps: ['i'], living: ['b'], payments: ['e'], samples: ['q'], registers: ['k', 'l', 'o', 'j', 'c'], germs: ['d'], studies: ['m', 'p'],
} as const satisfies Record<string, readonly DataCategory[]>
export type DataGroup = keyof typeof dataGroups
export const dataGroupNames = Object.keys(dataGroups) as DataGroup[]

export const askedRecipients = ['research-organisation', 'healthcare-provider', 'public-body', 'educational-institution', 'non-profit', 'business', 'insurer'] as const satisfies readonly RecipientClass[]
export const askedPurposes = ['health-research', 'care-improvement', 'public-health', 'education', 'official-statistics', 'policy-making', 'ancestry-research', 'research'] as const satisfies readonly Purpose[]
export const askedUses = ['commercial', 'methods-development', 'genetic-analysis', 'linkage', 'model-publication'] as const satisfies readonly Use[]
export const askedForms = ['computation', 'anonymised', 'pseudonymised'] as const satisfies readonly Form[]
export const askedReturns = ['study-results', 'own-findings', 'derived-data'] as const satisfies readonly Return[]
export const areas = ['home', 'EEA', '*'] as const
export const spans = ['1', '2', '5'] as const

export interface Answers {
  readonly holders: readonly string[]
  readonly recipients: readonly (typeof askedRecipients)[number][]
  readonly area: (typeof areas)[number] | undefined
  readonly purposes: readonly (typeof askedPurposes)[number][]
  readonly data: readonly DataGroup[]
  readonly form: (typeof askedForms)[number] | undefined
  readonly uses: readonly (typeof askedUses)[number][]
  readonly years: (typeof spans)[number] | undefined
  readonly returns: readonly (typeof askedReturns)[number][]
  readonly despiteOptOut: 'yes' | 'no' | undefined
}

export const noAnswers: Answers = { holders: [], recipients: [], area: undefined, purposes: [], data: [], form: undefined, uses: [], years: undefined, returns: [], despiteOptOut: undefined }

const YEAR_MILLISECONDS = 365.25 * 86_400_000

/** The terms that the answers come to, from now on. Unanswered questions leave the permission empty. */
export function termsOf(answers: Answers, { now, country }: { readonly now: number; readonly country: string }): ConsentTerms {
  const permission: Permission = {
    recipients: { members: [], classes: [...answers.recipients], countries: answers.area === undefined ? [] : [answers.area === 'home' ? country : answers.area] },
    purposes: [...answers.purposes], uses: [...answers.uses], categories: answers.data.flatMap((group) => [...dataGroups[group]]), form: answers.form ?? 'computation',
  }
  return { format: 'mhmd-consent-terms/1', from: now, until: now + Math.round(Number(answers.years ?? 1) * YEAR_MILLISECONDS), permissions: [permission], prohibitions: [], despiteOptOut: answers.despiteOptOut === 'yes', returnsWanted: [...answers.returns] }
}

/** What stands already, and this one study besides. What stands keeps its end: a new yes doesn't lengthen an old one. */
export function withStudy(standing: ConsentTerms | undefined, request: UseRequest, { now, despiteOptOut }: { readonly now: number; readonly despiteOptOut: boolean }): ConsentTerms {
  const permission: Permission = {
    recipients: { members: [request.requester.member], classes: [], countries: [] }, purposes: [request.purpose] as Permission['purposes'], uses: [...request.uses] as Permission['uses'],
    categories: [...request.categories], form: request.form as Permission['form'], requests: [request.id], ...(request.fhirTypes.length === 0 ? {} : { fhirTypes: [...request.fhirTypes] }), ...(request.dataWindow === undefined ? {} : { dataWindow: request.dataWindow }),
  }
  if (standing === undefined) return { format: 'mhmd-consent-terms/1', from: now, until: request.until, permissions: [permission], prohibitions: [], despiteOptOut, returnsWanted: [] }
  return { ...standing, permissions: [...standing.permissions, permission], despiteOptOut: standing.despiteOptOut || despiteOptOut }
}

/** What stands without this one study: it is taken out where it is named, and where a broader yes would cover it, its requester is shut out. */
export function withoutStudy(standing: ConsentTerms, request: UseRequest, now: number): ConsentTerms {
  const permissions = standing.permissions.flatMap((permission) => permission.requests?.includes(request.id) !== true ? [permission] : permission.requests.length === 1 ? [] : [{ ...permission, requests: permission.requests.filter((id) => id !== request.id) }])
  const named = { ...standing, permissions }
  const stillCovered = decide(request, [basisOf(named, 1)], now).answer === 'permit'
  return stillCovered ? { ...named, prohibitions: [...named.prohibitions, { members: [request.requester.member] }] } : named
}

const basisOf = (terms: ConsentTerms, version: number): ConsentBasis => ({ basis: 'consent', version, state: 'active', by: 'subject', expires: terms.until, record: 'held', terms })

/**
 * What a request would get under terms that she has not signed yet: the same engine that decides at the hospital, on her device.
 * What rests on no consent her terms don't change, and only the hospital has the permit: there its own word stands.
 */
export function previewOf({ document, verdict }: Asking, { bases, terms, now }: { readonly bases: readonly Basis[]; readonly terms: ConsentTerms; readonly now: number }): Verdict {
  return document.basis === 'consent' ? decide(document, [...bases.filter((basis) => basis.basis !== 'consent'), basisOf(terms, 1)], now) : verdict
}
