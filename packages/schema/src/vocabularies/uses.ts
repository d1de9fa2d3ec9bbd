// Uses a requester declares beside the purpose: those of Regulation (EU) 2025/327, Art. 54(a)–(e) and 61(3), which are refused everywhere, and those a person may prohibit.
import type { Citation } from './citations.ts'

interface UseRow {
  readonly label: string
  /** Refused whatever anyone consents to: by law under a permit, by a rule of the network elsewhere. */
  readonly prohibited: boolean
  /** GA4GH Data Use Ontology code of the restriction that excludes or concerns it. */
  readonly duo: string | null
  readonly citation: Citation
}

const refused = (label: string, citation: Citation): UseRow => ({ label, prohibited: true, duo: null, citation })
const choice = (label: string, duo: string | null): UseRow => ({ label, prohibited: false, duo, citation: 'GDPR:4(11)' })

export const uses = {
  'detrimental-decisions': refused('Decisions to the detriment of people, based on their health data', 'EHDS:54(a)'),
  'discriminatory-terms': refused('Job offers, worse terms, insurance, credit, discrimination', 'EHDS:54(b)'),
  advertising: refused('Advertising and marketing', 'EHDS:54(c)'),
  'harmful-products': refused('Products or services that may harm', 'EHDS:54(d)'),
  'unethical-activities': refused('Activities against ethical provisions of national law', 'EHDS:54(e)'),
  're-identification': refused('Finding out who people are', 'EHDS:61(3)'),
  commercial: choice('Use for profit', 'DUO:0000046'),
  'methods-development': choice('Development of general methods', 'DUO:0000015'),
  'genetic-analysis': choice('Genetic analysis', 'DUO:0000016'),
  linkage: choice('Linking with data from elsewhere', null),
  'model-publication': choice('Publishing a trained model', null),
} as const satisfies Record<string, UseRow>

export type Use = keyof typeof uses
export const useCodes = Object.keys(uses) as Use[]
export const permissibleUseCodes = useCodes.filter((code) => !uses[code].prohibited)
