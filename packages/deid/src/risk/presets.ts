// Thresholds that rules and authorities name, each with its source.

export interface RiskPreset {
  readonly id: string
  readonly title: string
  /** Largest acceptable 1 / class size. */
  readonly highestRisk: number
  readonly source: string
  readonly remark: string
}

export const riskPresets: readonly RiskPreset[] = [
  {
    id: 'ema-0070',
    title: 'EMA policy 0070',
    highestRisk: 1 / 11,
    source: 'European Medicines Agency, External guidance on the implementation of policy 0070 on the publication of clinical data for medicinal products for human use (EMA/90915/2016), chapter 3',
    remark: 'The guidance prints 0.09; the smallest class is 11 people.',
  },
  {
    id: 'health-canada-prci',
    title: 'Health Canada, public release of clinical information',
    highestRisk: 1 / 11,
    source: 'Health Canada, Guidance document on Public Release of Clinical Information (2019)',
    remark: 'Printed as 0.09, as at the EMA.',
  },
  {
    id: 'cms-cell-size',
    title: 'CMS cell size suppression',
    highestRisk: 1 / 11,
    source: 'US Centers for Medicare & Medicaid Services, cell size suppression policy: no cell of 1 to 10 people',
    remark: 'A rule for tables of counts, often taken over by an expert under 45 CFR 164.514(b)(1).',
  },
  {
    id: 'expert-five',
    title: 'Expert determination, controlled recipient',
    highestRisk: 1 / 5,
    source: '45 CFR 164.514(b)(1) asks an expert for a "very small" risk and names no figure; classes of five are the practice described in El Emam, Guide to the De-Identification of Personal Health Information (2013), and IOM, Sharing Clinical Trial Data (2015), appendix B',
    remark: 'An expert\'s figure for the United States. It says nothing about anonymity under EU law.',
  },
]

export interface SafeHarborIdentifier {
  readonly letter: string
  readonly what: string
}

/** The identifiers that Safe Harbor removes, of the person and of relatives, employers and household members: 45 CFR 164.514(b)(2)(i). */
export const safeHarborIdentifiers: readonly SafeHarborIdentifier[] = [
  { letter: 'A', what: 'names' },
  { letter: 'B', what: 'places smaller than a state; the first three ZIP digits may stay where the area holds more than 20,000 people, else 000' },
  { letter: 'C', what: 'dates about the person except the year; ages above 89, which become 90 or older' },
  { letter: 'D', what: 'telephone numbers' },
  { letter: 'E', what: 'fax numbers' },
  { letter: 'F', what: 'e-mail addresses' },
  { letter: 'G', what: 'social security numbers' },
  { letter: 'H', what: 'medical record numbers' },
  { letter: 'I', what: 'health plan beneficiary numbers' },
  { letter: 'J', what: 'account numbers' },
  { letter: 'K', what: 'certificate and licence numbers' },
  { letter: 'L', what: 'vehicle identifiers and plates' },
  { letter: 'M', what: 'device identifiers and serial numbers' },
  { letter: 'N', what: 'web addresses' },
  { letter: 'O', what: 'IP addresses' },
  { letter: 'P', what: 'biometric identifiers, finger and voice prints among them' },
  { letter: 'Q', what: 'full-face photographs and comparable images' },
  { letter: 'R', what: 'any other unique identifying number, characteristic or code' },
]

/** The preset of that id. */
export function riskPreset(id: string): RiskPreset | undefined {
  return riskPresets.find((preset) => preset.id === id)
}
