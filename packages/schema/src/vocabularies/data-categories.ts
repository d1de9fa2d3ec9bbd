// Categories of electronic health data for secondary use: Regulation (EU) 2025/327, Art. 51(1)(a)–(q). Labels are ours; the article has the wording.
// DPV identifiers: Data Privacy Vocabulary 2.2, extension eu-ehds, module data.
import { applicationDates } from './dates.ts'
import type { Citation } from './citations.ts'

const ehds = 'https://w3id.org/dpv/legal/eu/ehds#'
const now = applicationDates.secondaryUse
const later = applicationDates.laterCategories

interface CategoryRow {
  readonly label: string
  /** The time from which Art. 51(1) applies to it (Art. 105). */
  readonly appliesFrom: number
  /** Art. 51(4): Member States may add stricter measures. */
  readonly stricterNationalRules: boolean
  readonly dpv: readonly string[]
  readonly citation: Citation
}

const sensitive = 'fgiq'

const row = (letter: string, label: string, applies: { time: number }, dpv: readonly string[] = []): CategoryRow =>
  ({ label, appliesFrom: applies.time, stricterNationalRules: sensitive.includes(letter), dpv: dpv.map((name) => ehds + name), citation: `EHDS:51(1)(${letter})` })

export const dataCategories = {
  a: row('a', 'Health records', now, ['ElectronicHealthRecord']),
  b: row('b', 'Social, environmental and behavioural factors', later, ['SocialData', 'EnvironmentalData', 'BehaviouralData']),
  c: row('c', 'Aggregated figures on needs, resources, access and spending', now),
  d: row('d', 'Pathogens', now, ['PathogenGenomicData']),
  e: row('e', 'Administration: dispensations, claims, reimbursements', now, ['HealthAdminData', 'ClaimData', 'ReimbursementData']),
  f: row('f', 'Genetic, epigenomic and genomic data', later, ['GenomicData']),
  g: row('g', 'Other molecular data (proteins, metabolites, lipids …)', later, ['ProteomicData']),
  h: row('h', 'Data recorded automatically by medical devices', now, ['PersonGeneratedMedicalDevice']),
  i: row('i', 'Wellness applications', now, ['PersonGeneratedWellnessAppData', 'WellnessData']),
  j: row('j', 'Professionals involved in the treatment', now, ['HealthProfessionalData']),
  k: row('k', 'Public health registries', now, ['PublicHealthRegistryData']),
  l: row('l', 'Medical and mortality registries', now, ['MedicalRegistryData']),
  m: row('m', 'Clinical trials, studies and investigations', later, ['ClinicalTrialsData']),
  n: row('n', 'Other data from medical devices', now, ['MedicalDevicesData']),
  o: row('o', 'Registries of medicines and devices', now, ['MedicinalProductsRegistryData', 'MedicalDevicesRegistryData']),
  p: row('p', 'Research cohorts, questionnaires and surveys, once published', later, ['ResearchCohortData', 'HealthQuestionnaire', 'HealthSurvey']),
  q: row('q', 'Biobanks', now, ['BiobankData']),
} as const satisfies Record<string, CategoryRow>

export type DataCategory = keyof typeof dataCategories
export const dataCategoryCodes = Object.keys(dataCategories) as DataCategory[]
