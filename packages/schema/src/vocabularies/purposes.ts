// Purposes as a tree: Regulation (EU) 2025/327, Art. 53(1)(a)–(f), with identifiers of the Data Privacy Vocabulary (DPV 2.2, eu-ehds and core) and codes of
// the GA4GH Data Use Ontology; and the purposes outside secondary use. A permission for a purpose covers the purposes beneath it.
import type { Citation } from './citations.ts'

const dpv = 'https://w3id.org/dpv#'
const ehds = `${dpv.slice(0, -1)}/legal/eu/ehds#`

interface PurposeRow {
  readonly label: string
  readonly parent: string | null
  /** The point of Art. 53(1), where it is one. */
  readonly article53: 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | null
  /** Which kind of use: only `secondary` may rest on consent terms or a permit. */
  readonly use: 'secondary' | 'primary' | 'duty'
  readonly dpv: readonly string[]
  readonly duo: readonly string[]
  readonly citation: Citation
}

const secondary = (article53: PurposeRow['article53'], label: string, more: { parent?: string; dpv?: readonly string[]; duo?: readonly string[]; point?: string } = {}): PurposeRow => ({
  label, parent: more.parent ?? null, article53, use: 'secondary', dpv: more.dpv ?? [], duo: more.duo ?? [],
  citation: article53 === null ? 'GDPR:5(1)(b)' : `EHDS:53(1)(${article53})${more.point ?? ''}`,
})
const other = (use: 'primary' | 'duty', label: string, citation: Citation, duo: readonly string[] = []): PurposeRow => ({ label, parent: null, article53: null, use, dpv: [], duo, citation })

export const purposes = {
  'public-health': secondary('a', 'Public and occupational health', { dpv: [`${ehds}PublicInterestRelatedToHealth`] }),
  'health-threats': secondary('a', 'Protection against serious cross-border threats to health', { parent: 'public-health', dpv: [`${ehds}ProtectAgainstCrossBorderThreatsToHealth`] }),
  'health-surveillance': secondary('a', 'Public health surveillance', { parent: 'public-health', dpv: [`${ehds}PublicHealthSurveillance`] }),
  'patient-safety': secondary('a', 'Quality and safety of care, medicines and devices', { parent: 'public-health', dpv: [`${ehds}EnsureQualitySafetyHealthcare`, `${ehds}EnsureQualitySafetyMedicinalProducts`, `${ehds}EnsureQualitySafetyMedicalDevices`] }),
  'policy-making': secondary('b', 'Policy and regulation by public bodies', { dpv: [`${ehds}SupportAuthoritiesRegulatoryActivities`] }),
  'official-statistics': secondary('c', 'Official statistics', { dpv: [`${ehds}ProvideHealthcareOfficialStatistics`] }),
  education: secondary('d', 'Teaching in health and care', { dpv: [`${ehds}ImproveHealthcareEducation`] }),
  research: secondary(null, 'Any research', { dpv: [`${dpv}ScientificResearch`], duo: ['DUO:0000042'] }),
  'health-research': secondary('e', 'Research in health and care', { parent: 'research', dpv: [`${ehds}HealthcareScientificResearch`], duo: ['DUO:0000006'] }),
  'product-development': secondary('e', 'Development of products and services', { parent: 'health-research', point: '(i)', dpv: [`${ehds}DevelopPublicHealthProductsAndServices`] }),
  'algorithm-training': secondary('e', 'Training, testing and evaluation of algorithms', { parent: 'health-research', point: '(ii)', dpv: [`${ehds}TrainTestAndEvaluateHealthAlgorithms`] }),
  'disease-research': secondary('e', 'Research on a named disease', { parent: 'health-research', duo: ['DUO:0000007'] }),
  'ancestry-research': secondary(null, 'Research on origins and ancestry', { parent: 'research', duo: ['DUO:0000011'] }),
  'care-improvement': secondary('f', 'Better care for others', { dpv: [`${dpv}ImproveHealthcare`, `${ehds}PersonalisedHealthcare`] }),
  care: other('primary', 'Care of the person herself', 'EHDS:2(2)(d)', ['DUO:0000043']),
  'own-access': other('primary', 'Her own access to her records', 'EHDS:3'),
  import: other('duty', 'Taking records into the holder\'s vault', 'GDPR:6(1)(c)'),
  quality: other('duty', 'Keeping records accurate', 'GDPR:5(1)(d)'),
  backup: other('duty', 'Keeping records available', 'GDPR:32(1)(c)'),
} as const satisfies Record<string, PurposeRow>

export type Purpose = keyof typeof purposes
export const purposeCodes = Object.keys(purposes) as Purpose[]
export const secondaryPurposeCodes = purposeCodes.filter((code) => purposes[code].use === 'secondary')

/** Whether `inner` is `outer` or lies beneath it. */
export function isWithinPurpose(inner: Purpose, outer: Purpose): boolean {
  for (let at: Purpose | null = inner; at !== null; at = purposes[at].parent as Purpose | null) if (at === outer) return true
  return false
}

/** Whether some act could serve both: one lies within the other. */
export const purposesOverlap = (a: Purpose, b: Purpose): boolean => isWithinPurpose(a, b) || isWithinPurpose(b, a)

/** Art. 53(2): purposes (a) to (c) are reserved for public bodies, or others acting on their behalf. */
export function isReservedForPublicBodies(purpose: Purpose): boolean {
  const point = purposes[purpose].article53
  return point === 'a' || point === 'b' || point === 'c'
}
