// Who receives: classes of recipients, and countries (ISO 3166-1 alpha-2) with the groups that terms may name.

export const recipientClasses = {
  'public-body': { label: 'Public bodies and Union institutions', citation: 'EHDS:53(2)' },
  'healthcare-provider': { label: 'Hospitals and other providers of care', citation: 'EHDS:2(1)(b)' },
  'research-organisation': { label: 'Universities and research centres', citation: 'EHDS:53(1)(e)' },
  'educational-institution': { label: 'Schools of health and care', citation: 'EHDS:53(1)(d)' },
  'non-profit': { label: 'Charities and patient organisations', citation: 'GDPR:4(9)' },
  business: { label: 'Businesses', citation: 'GDPR:4(9)' },
  insurer: { label: 'Insurers', citation: 'EHDS:54(b)' },
  citizen: { label: 'The person herself', citation: 'EHDS:3' },
} as const

export type RecipientClass = keyof typeof recipientClasses
export const recipientClassCodes = Object.keys(recipientClasses) as RecipientClass[]

const unionCountries: readonly string[] = ['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK']
const economicArea: readonly string[] = [...unionCountries, 'IS', 'LI', 'NO']

/** Whether a country falls under a name used in terms: its own code, `EU`, `EEA`, or `*` for any. */
export function countryMatches(country: string, named: string): boolean {
  if (named === '*') return true
  if (named === 'EU') return unionCountries.includes(country)
  if (named === 'EEA') return economicArea.includes(country)
  return named === country
}
