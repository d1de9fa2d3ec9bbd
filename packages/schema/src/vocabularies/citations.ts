// Where a rule comes from: an instrument and a place in it, written `EHDS:71(3)`; `NETWORK:…` are this network's own rules (docs/law/decision-rules.md).

/** The instruments that reasons cite. */
export const instruments = {
  EHDS: 'Regulation (EU) 2025/327 (European Health Data Space)',
  GDPR: 'Regulation (EU) 2016/679 (General Data Protection Regulation)',
  NETWORK: 'Rules of the network, docs/law/decision-rules.md',
} as const

export type Instrument = keyof typeof instruments
export type Citation = `${Instrument}:${string}`

/** The citation as a lawyer reads it: `Regulation (EU) 2025/327 (European Health Data Space), Art. 71(3)`. */
export function citationText(citation: Citation): string {
  const at = citation.indexOf(':')
  const instrument = citation.slice(0, at) as Instrument
  return `${instruments[instrument]}, ${instrument === 'NETWORK' ? 'rule' : 'Art.'} ${citation.slice(at + 1)}`
}
